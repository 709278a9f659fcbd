/** The boundary's policy at the receiving end: what it does not declare is acknowledged, counted, and not kept. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { expect, onTestFinished, test } from 'vitest';
import type { Admission, BlockArrival, RateCut } from '../ingest/admission.ts';
import { unexplained } from '../ingest/streamLedger.ts';
import type { Historian } from './historian.ts';
import { definitionOf, GatewayStream, type Row } from './testbed/gatewayStream.ts';
import { historiansOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

const END = 1000 as Timestamp;

/** Lets tags cross whose path begins so, and writes down what did not and how many samples did. */
class PrefixAdmission implements Admission {
  readonly refusals: [path: string, samples: number][] = [];
  readonly isOpen = false;
  samples = 0;
  /** Of each block. */
  most = Number.POSITIVE_INFINITY;
  excess = 0;
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  heard(): void {}

  admits(_gateway: string, path: string): boolean {
    return path.startsWith(this.#prefix);
  }

  refused(_gateway: string, path: string, _lane: Lane, samples: number): void {
    this.refusals.push([path, samples]);
  }

  withinRates(_arrival: BlockArrival, tags: Uint32Array): RateCut | undefined {
    if (tags.length <= this.most) return undefined;
    return {
      rows: Array.from({ length: this.most }, (_, row) => row),
      refused: new Map([[0, tags.length - this.most]]),
    };
  }

  exceeded(refused: ReadonlyMap<number, number>): void {
    for (const samples of refused.values()) this.excess += samples;
  }

  taken(tags: Uint32Array): void {
    this.samples += tags.length;
  }
}

async function send(historian: Historian, stream: GatewayStream, rows: readonly Row[]) {
  const { header, bytes } = stream.sealRows(rows);
  expect(await historian.sink.append(header, bytes)).toMatchObject({ ok: true });
}

async function valuesOf(historian: Historian, path: string) {
  const tag = historian.tags().find((candidate) => candidate.path === path);
  if (!tag) return undefined;
  const run = await historian.raw(tag.index, 0 as Timestamp, END, 100);
  return [...run.values.subarray(0, run.times.length)];
}

const DEFINITIONS = [definitionOf(1, { path: 'plant/a' }), definitionOf(2, { path: 'office/b' })];

test('SR 5.2 RE 1: samples of an undeclared tag are acknowledged, counted, told of, and not stored', async () => {
  const admission = new PrefixAdmission('plant/');
  const historian = await openHistorian(await makeDirectory(), { admission });
  const stream = new GatewayStream();
  await historian.sink.defineTags('north', DEFINITIONS);
  await send(historian, stream, [
    [1, 10, 1],
    [2, 11, 99],
    [1, 12, 2],
    [7, 13, 99],
  ]);
  await send(historian, stream, [[2, 14, 99]]);
  expect(historian.tags().map(({ path }) => path)).toEqual(['plant/a']);
  expect(await valuesOf(historian, 'plant/a')).toEqual([1, 2]);
  const [ledger] = historian.ledgers();
  expect(ledger).toMatchObject({ stored: 2, undeclared: 3, lost: 0 });
  expect(unexplained(ledger)).toBe(0);
  expect(admission.samples).toBe(2);
  expect(admission.refusals).toEqual([
    ['office/b', 0],
    ['office/b', 1],
    ['north/undefined/7', 1],
    ['office/b', 1],
  ]);
  await historian.close();
});

test('SR 5.2 RE 1: what was left out stays out when the log is read again', async () => {
  const directory = await makeDirectory();
  const admission = new PrefixAdmission('plant/');
  const first = await openHistorian(directory, { admission });
  await first.sink.defineTags('north', DEFINITIONS);
  const rows: Row[] = [
    [1, 10, 1],
    [2, 11, 99],
  ];
  await send(first, new GatewayStream(), rows);
  await first.close();
  const second = await openHistorian(directory, { admission });
  expect(await valuesOf(second, 'plant/a')).toEqual([1]);
  expect(second.tags()).toHaveLength(1);
  expect(second.ledgers()).toMatchObject([{ stored: 1, undeclared: 1 }]);
  await second.close();
});

test('SR 7.1: what is over the rate of its flow is acknowledged, counted, told of, and not stored, before and after a restart', async () => {
  const directory = await makeDirectory();
  const admission = new PrefixAdmission('plant/');
  admission.most = 2;
  const first = await openHistorian(directory, { admission });
  await first.sink.defineTags('north', DEFINITIONS);
  await send(first, new GatewayStream(), [
    [1, 10, 1],
    [2, 11, 99],
    [1, 12, 2],
    [1, 13, 3],
    [1, 14, 4],
  ]);
  const check = async (historian: Historian) => {
    expect(await valuesOf(historian, 'plant/a')).toEqual([1, 2]);
    const [ledger] = historian.ledgers();
    expect([ledger.stored, ledger.undeclared, unexplained(ledger)]).toEqual([2, 3, 0]);
  };
  await check(first);
  expect([admission.samples, admission.excess]).toEqual([2, 2]);
  await first.close();
  const second = await openHistorian(directory, { admission });
  await check(second);
  await second.close();
});

test('SR 5.2 RE 3: a stricter policy holds before a gateway has said anything, and takes back nothing', async () => {
  const directory = await makeDirectory();
  const stream = new GatewayStream();
  const open = await openHistorian(directory);
  await open.sink.defineTags('north', DEFINITIONS);
  await send(open, stream, [
    [1, 10, 1],
    [2, 10, 2],
  ]);
  await open.close();
  const strict = await openHistorian(directory, { admission: new PrefixAdmission('plant/') });
  await send(strict, stream, [
    [1, 20, 3],
    [2, 20, 99],
  ]);
  expect(await valuesOf(strict, 'plant/a')).toEqual([1, 3]);
  expect(await valuesOf(strict, 'office/b')).toEqual([2]);
  await strict.close();
  const wider = await openHistorian(directory, { admission: new PrefixAdmission('') });
  expect(await valuesOf(wider, 'office/b')).toEqual([2]);
  await wider.sink.defineTags('north', DEFINITIONS);
  await send(wider, stream, [[2, 30, 4]]);
  expect(await valuesOf(wider, 'office/b')).toEqual([2, 4]);
  expect(wider.ledgers().map(unexplained)).toEqual([0]);
  await wider.close();
});

test('SR 5.2 RE 1: a tag that is renamed to what is not declared does not go on under its old name', async () => {
  const historian = await openHistorian(await makeDirectory(), { admission: new PrefixAdmission('plant/') });
  const stream = new GatewayStream();
  await historian.sink.defineTags('north', [definitionOf(1, { path: 'plant/a' })]);
  await send(historian, stream, [[1, 10, 1]]);
  await historian.sink.defineTags('north', [definitionOf(1, { path: 'office/a' })]);
  await send(historian, stream, [[1, 20, 99]]);
  expect(await valuesOf(historian, 'plant/a')).toEqual([1]);
  await historian.close();
});

/** Declares tags of the plant in the lanes given. */
class LaneAdmission extends PrefixAdmission {
  readonly #lanes: readonly Lane[];

  constructor(...lanes: Lane[]) {
    super('plant/');
    this.#lanes = lanes;
  }

  override admits(gateway: string, path: string, lane?: Lane): boolean {
    return super.admits(gateway, path) && lane !== undefined && this.#lanes.includes(lane);
  }
}

test('SR 5.2 RE 1: samples that come in another lane than the one declared are left out, and counted', async () => {
  const directory = await makeDirectory();
  const admission = new LaneAdmission('operational');
  const historian = await openHistorian(directory, { admission });
  await historian.sink.defineTags('north', [definitionOf(1, { path: 'plant/a', lane: 'operational' })]);
  await send(historian, new GatewayStream('north', 'operational'), [[1, 10, 1]]);
  for (const lane of ['analytical', 'audit'] as const)
    await send(historian, new GatewayStream('north', lane), [[1, 20, 99]]);
  expect(await valuesOf(historian, 'plant/a')).toEqual([1]);
  expect(historian.ledgers()).toMatchObject([
    { lane: 'operational', stored: 1, undeclared: 0 },
    { lane: 'analytical', stored: 0, undeclared: 1 },
    { lane: 'audit', stored: 0, undeclared: 1 },
  ]);
  expect(historian.ledgers().map(unexplained)).toEqual([0, 0, 0]);
  expect(admission.refusals).toEqual([
    ['plant/a', 1],
    ['plant/a', 1],
  ]);
  await historian.close();
  const again = await openHistorian(directory, { admission: new LaneAdmission('operational') });
  expect(await valuesOf(again, 'plant/a')).toEqual([1]);
  await again.close();
});

test('a tag that changes its lane loses nothing of what waits in the old one, where both are declared', async () => {
  const admission = new LaneAdmission('operational', 'analytical');
  const historian = await openHistorian(await makeDirectory(), { admission });
  await historian.sink.defineTags('north', [definitionOf(1, { path: 'plant/a', lane: 'operational' })]);
  await send(historian, new GatewayStream('north', 'operational'), [[1, 20, 2]]);
  await send(historian, new GatewayStream('north', 'analytical'), [[1, 10, 1]]);
  expect(await valuesOf(historian, 'plant/a')).toEqual([1, 2]);
  await historian.close();
});
