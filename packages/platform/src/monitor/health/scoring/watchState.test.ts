import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { expect, it, onTestFinished } from 'vitest';
import { mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { DAY, EVERY, HealthPlant, noise, PUMP, START, samples } from './testbed/healthPlant.ts';
import { judged } from './testbed/learnedPlants.ts';

const LANE: Lane = 'operational';
const UNITS = ['m3/h', 'L/h', 'Cel'];

/** A gateway that has all tags of the first pump, and seals what it measured when it is asked to. */
class Gateway {
  readonly #plant: HealthPlant;
  readonly #encoder = new BlockEncoder(crc32);
  #sequence = 0;
  #accepted = 0;

  constructor(plant: HealthPlant) {
    this.#plant = plant;
  }

  async begin(): Promise<void> {
    const tags = ['flow', 'leak', 'heat'].map((name, number) => {
      const shape = { type: 'number', lane: LANE, description: '', stepped: true, aliases: [] } as const;
      return { ...shape, number, id: name, path: `acme/p1/${name}`, unit: UNITS[number] };
    });
    mustSucceed(await this.#plant.historian.sink.defineTags('north', tags));
  }

  async deliver(from: number, to: number): Promise<void> {
    const block = new SampleBlockBuilder();
    for (const [time, at] of samples(from, to, (interval) => interval) as [number, number][]) {
      for (const [tag, value] of [100 + noise(at), 5 + noise(1e6 + at), 50].entries()) block.push(tag, time, value, 0);
    }
    this.#accepted += block.count;
    const tally = { ...EMPTY_TALLY, read: this.#accepted, accepted: this.#accepted };
    const sealedAt = (START + to * DAY + 2_000_000) as Timestamp;
    const header = { gateway: 'north', lane: LANE, epoch: 1, sequence: this.#sequence++, sealedAt, tally };
    const bytes = this.#encoder.encode(header, block);
    mustSucceed(await this.#plant.historian.sink.append({ ...header, count: block.count }, bytes));
  }
}

it('waits for what a gateway still has on its disk, and judges it when it comes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-state-'));
  const plant = await HealthPlant.open(directory);
  onTestFinished(async () => {
    await plant.close();
    await rm(directory, { recursive: true });
  });
  const gateway = new Gateway(plant);
  await gateway.begin();
  await judged(plant, 0);
  expect(plant.state()).toMatchObject({ state: 'blind', why: 'No model has been learned yet.' });
  await gateway.deliver(0, 4.5);
  plant.at(4.5);
  await plant.trainer.check();
  await gateway.deliver(4.5, 5);
  await judged(plant, 5);
  expect(plant.state()).toMatchObject({ state: 'scoring', why: undefined });
  // All that it measured up to then is known to be here, so the last interval is judged without waiting for the next sample.
  expect(plant.told.at(-1)?.assessment.time).toBe(START + 5 * DAY);

  const before = plant.told.length;
  await judged(plant, 5.5);
  const why = 'It waits for samples of the gateway north, heard of until 2026-01-06 00:00 UTC.';
  expect(plant.state()).toMatchObject({ state: 'blind', why });
  await judged(plant, 8);
  expect(plant.told.length).toBe(before);

  await gateway.deliver(5, 8);
  await judged(plant, 8);
  expect(plant.told.length).toBe(before + (3 * DAY) / EVERY);
  expect(plant.state(PUMP)).toMatchObject({ state: 'scoring', why: undefined, late: { samples: 0 } });
});
