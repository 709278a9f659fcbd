/** The lake of a real historian, read by a DuckDB that knows nothing but its files. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Historian, HistorianOptions } from '../query/historian.ts';
import { definitionOf, GatewayStream } from '../query/testbed/gatewayStream.ts';
import { appendAll, historiansOf, mustSucceed } from '../query/testbed/historians.ts';
import { runOf } from '../query/testbed/sampleRuns.ts';
import { MANIFEST_FILE } from './lakeFiles.ts';
import { readManifest } from './lakeManifest.ts';
import { LakeUpkeep } from './lakeUpkeep.ts';
import { LakePublisher } from './publish/lakePublisher.ts';
import { publisherWithin } from './testbed/publisherWithin.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const at = (text: string) => parseTimestamp(`${text}Z`)!;
const HOUR_MS = 3_600_000;
const processOfItsOwn = (directory: string) => new LakePublisher({ directory });

class Plant {
  readonly clock: ManualClock;
  readonly events: PlantEvent[] = [];
  readonly stream = new GatewayStream();
  readonly historian: Historian;
  readonly lake: string;
  readonly upkeep: LakeUpkeep;

  constructor(historian: Historian, clock: ManualClock, directory: string, publishes = publisherWithin) {
    this.historian = historian;
    this.clock = clock;
    this.lake = join(directory, 'lake');
    this.upkeep = new LakeUpkeep({
      ...{ directory: this.lake, history: historian, clock, delayMs: HOUR_MS },
      publisher: publishes(this.lake),
      events: (event) => this.events.push(event),
    });
  }

  static async open(options: Partial<HistorianOptions> = {}, publishes = publisherWithin): Promise<Plant> {
    const directory = await makeDirectory();
    const clock = new ManualClock(at('2026-01-01T00:00:00'));
    const historian = await openHistorian(directory, { clock, ...options });
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0), definitionOf(1)]));
    const plant = new Plant(historian, clock, directory, publishes);
    onTestFinished(() => plant.upkeep.close());
    return plant;
  }

  /** Samples that are in a segment: tag, time, value. */
  async sealed(...rows: [tag: number, time: string, value: number][]): Promise<void> {
    await appendAll(this.historian.sink, [
      this.stream.sealRows(rows.map(([tag, time, value]) => [tag, at(time), value])),
    ]);
    mustSucceed(await this.historian.seal());
  }

  /** Moves the clock to `time` and publishes; gives the days that were. */
  async publishedAt(time: string): Promise<string[]> {
    this.clock.setWallClock(at(time));
    const before = this.events.length;
    mustSucceed(await this.upkeep.publish());
    return this.events.slice(before).map(({ source }) => source);
  }

  /** Lets time go by, then waits for the round that is under way and asks for one more. */
  async pass(hours: number): Promise<void> {
    await this.clock.advance(hours * HOUR_MS);
    mustSucceed(await this.upkeep.publish());
    mustSucceed(await this.upkeep.publish());
  }

  async rows(): Promise<unknown[][]> {
    const { days, tags } = mustSucceed(await readManifest(this.lake));
    const files = days.flatMap((day) => day.files.map(({ path }) => `'${join(this.lake, path)}'`));
    if (files.length === 0) return [];
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(`SELECT path, strftime(time, '%m-%d %H:%M'), value
      FROM read_parquet([${files}]) JOIN '${join(this.lake, tags!.path)}' USING (tag) ORDER BY tag, time`);
    connection.closeSync();
    instance.closeSync();
    return reader.getRowsJson();
  }
}

const [ZERO, ONE] = ['plant/area/tag-0', 'plant/area/tag-1'];

describe('a day is published', () => {
  it('when it has been over for the delay, and not twice', async () => {
    const plant = await Plant.open();
    await plant.sealed([0, '2026-01-01T10:00:00', 1], [0, '2026-01-02T00:00:00', 2]);
    expect(await plant.publishedAt('2026-01-02T00:59:59')).toEqual([]);
    expect(await plant.publishedAt('2026-01-02T01:00:00')).toEqual(['2026-01-01']);
    expect(await plant.publishedAt('2026-01-02T23:00:00')).toEqual([]);
    expect(await plant.rows()).toEqual([[ZERO, '01-01 10:00', 1]]);
    expect(await plant.publishedAt('2026-01-03T01:00:00')).toEqual(['2026-01-02']);
    expect(await plant.rows()).toHaveLength(2);
  });

  it('by itself, while time passes', async () => {
    const plant = await Plant.open();
    await plant.sealed([0, '2026-01-01T10:00:00', 1]);
    plant.upkeep.start();
    while (plant.events.length === 0) {
      await plant.clock.advance(HOUR_MS / 4);
      await nextTurn();
    }
    expect(plant.events[0].at).toBeGreaterThanOrEqual(at('2026-01-02T01:00:00'));
    expect(plant.events.map(({ kind, source }) => [kind, source])).toEqual([['lake.published', '2026-01-01']]);
  });

  it('again when late data or an edit touches it, and no other day is', async () => {
    const plant = await Plant.open();
    const { historian } = plant;
    await plant.sealed([0, '2026-01-01T10:00:00', 1], [1, '2026-01-02T10:00:00', 2], [1, '2026-01-03T10:00:00', 3]);
    expect(await plant.publishedAt('2026-01-04T02:00:00')).toHaveLength(3);
    await plant.sealed([0, '2026-01-02T09:00:00', 4]);
    expect(await plant.publishedAt('2026-01-04T02:15:00')).toEqual(['2026-01-02']);
    const by = { by: 'anna', reason: 'recalibrated' };
    const samples = runOf([[at('2026-01-01T10:00:00'), 11]]);
    mustSucceed(await historian.edit({ ...by, tag: 0, kind: 'replace', samples }));
    const [start, end] = [at('2026-01-02T23:00:00'), at('2026-01-04T00:00:00')];
    mustSucceed(await historian.edit({ ...by, tag: 1, kind: 'delete', start, end }));
    expect(await plant.publishedAt('2026-01-04T02:30:00')).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    expect(await plant.rows()).toEqual([
      [ZERO, '01-01 10:00', 11],
      [ZERO, '01-02 09:00', 4],
      [ONE, '01-02 10:00', 2],
    ]);
    expect(await plant.publishedAt('2026-01-04T03:00:00')).toEqual([]);
  });

  it('also where there is nothing but what somebody has written', async () => {
    const plant = await Plant.open();
    const samples = runOf([
      [at('2025-12-24T10:00:00'), 5],
      [at('2025-12-31T10:00:00'), 6],
    ]);
    mustSucceed(await plant.historian.edit({ tag: 0, kind: 'insert', samples, by: 'anna', reason: 'from paper' }));
    expect(await plant.publishedAt('2026-01-04T02:00:00')).toEqual(['2025-12-24', '2025-12-31']);
    expect(await plant.rows()).toHaveLength(2);
  });

  it('not again because segments were merged', async () => {
    const plant = await Plant.open();
    for (let hour = 10; hour < 20; hour++) await plant.sealed([0, `2026-01-01T${hour}:00:00`, hour]);
    expect(await plant.publishedAt('2026-01-02T02:00:00')).toEqual(['2026-01-01']);
    await plant.historian.settle();
    expect(plant.historian.statistics().segments).toBeLessThan(10);
    expect(await plant.publishedAt('2026-01-02T03:00:00')).toEqual([]);
  });

  it('under the names that its tags have then', async () => {
    const plant = await Plant.open();
    await plant.sealed([0, '2026-01-01T10:00:00', 1]);
    await plant.publishedAt('2026-01-02T02:00:00');
    mustSucceed(await plant.historian.sink.defineTags('north', [definitionOf(0, { path: 'plant/new' })]));
    await plant.sealed([0, '2026-01-02T10:00:00', 2]);
    await plant.publishedAt('2026-01-03T02:00:00');
    expect((await plant.rows()).map(([path]) => path)).toEqual(['plant/new', 'plant/new']);
  });

  it('without what has expired since', async () => {
    const retention = [{ tags: '**/tag-0', keepUs: 10 * 86_400e6 }];
    const plant = await Plant.open({ retention });
    await plant.sealed([0, '2026-01-01T10:00:00', 1], [1, '2026-01-01T10:00:00', 2], [0, '2026-01-02T10:00:00', 3]);
    await plant.publishedAt('2026-01-03T02:00:00');
    expect(await plant.rows()).toHaveLength(3);
    // Expiry follows how much time passes, not what a wall clock is set to.
    await plant.pass(9 * 24);
    expect(await plant.rows()).toEqual([
      [ZERO, '01-02 10:00', 3],
      [ONE, '01-01 10:00', 2],
    ]);
    await plant.pass(24);
    expect(await plant.rows()).toEqual([[ONE, '01-01 10:00', 2]]);
  });
});

describe('the upkeep', () => {
  it('leaves a day alone whose segment was lost: the lake has the last copy', async () => {
    const plant = await Plant.open();
    await plant.sealed([0, '2026-01-01T10:00:00', 1]);
    await plant.publishedAt('2026-01-02T02:00:00');
    const { historian, clock } = plant;
    const robbed = {
      tags: () => historian.tags(),
      keepFrom: () => historian.keepFrom(),
      sealedDays: () => ({}),
      leaseSegments: () => ({ segments: [], release() {} }),
      edits: historian.edits,
    };
    const publisher = publisherWithin(plant.lake);
    const events = (event: PlantEvent) => plant.events.push(event);
    const upkeep = new LakeUpkeep({ directory: plant.lake, history: robbed, publisher, clock, events, delayMs: 0 });
    expect(await upkeep.publish()).toEqual({ ok: true, value: 0 });
    await upkeep.close();
    expect(await plant.rows()).toHaveLength(1);
  });

  it('reports a damaged manifest and publishes when it is whole again', async () => {
    const plant = await Plant.open();
    await plant.sealed([0, '2026-01-01T10:00:00', 1]);
    await plant.publishedAt('2026-01-02T02:00:00');
    const file = join(plant.lake, MANIFEST_FILE);
    const manifest = await readFile(file);
    await writeFile(file, manifest.subarray(0, 100));
    await plant.sealed([0, '2026-01-02T10:00:00', 2]);
    plant.clock.setWallClock(at('2026-01-03T02:00:00'));
    expect(await plant.upkeep.publish()).toMatchObject({ ok: false, fault: { code: 'lake.manifest' } });
    expect(plant.events.at(-1)).toMatchObject({ kind: 'lake.failed', source: plant.lake });
    await writeFile(file, manifest);
    expect(await plant.publishedAt('2026-01-03T02:15:00')).toEqual(['2026-01-02']);
  });

  it('may be closed while it publishes, and the next one goes on', async () => {
    const plant = await Plant.open({}, processOfItsOwn);
    for (let day = 1; day <= 9; day++) await plant.sealed([0, `2026-01-0${day}T10:00:00`, day]);
    plant.clock.setWallClock(at('2026-01-20T00:00:00'));
    const publishing = plant.upkeep.publish();
    while (plant.events.length === 0) await nextTurn();
    await plant.upkeep.close();
    expect(await publishing).toMatchObject({ ok: false, fault: { code: 'lake.publisher' } });
    expect(plant.events.every(({ kind }) => kind === 'lake.published')).toBe(true);
    const next = new Plant(plant.historian, plant.clock, join(plant.lake, '..'), processOfItsOwn);
    mustSucceed(await next.upkeep.publish());
    // The news of the last day that was published may have been cut off.
    expect(plant.events.length + next.events.length).toBeLessThanOrEqual(9);
    await next.upkeep.close();
    expect(await next.rows()).toHaveLength(9);
  });
});
