import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pending, unexplained } from '../ingest/streamLedger.ts';
import { Historian } from './historian.ts';
import type { LiveBatch } from './historianReader.ts';
import { definitionOf, GatewayStream } from './testbed/gatewayStream.ts';
import { appendAll, EARLIEST, historiansOf, LATEST, mustSucceed, NO_LIMIT, rowsOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

const FIRST = { epoch: 1, sequence: 0 };
const at = (time: number) => time as Timestamp;

/** Opens `directory` again as a new process would. */
async function reopened(historian: Historian, directory: string): Promise<Historian> {
  await historian.close();
  return openHistorian(directory);
}

describe('the historian', () => {
  test('gives back what was appended, from memory, from the log and from segments', async () => {
    const directory = await makeDirectory();
    let historian = await openHistorian(directory);
    const stream = new GatewayStream();
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0), definitionOf(4, { type: 'string' })]));
    await appendAll(historian.sink, [
      stream.sealRows([
        [0, 10, 1.5],
        [4, 10, 'open'],
        [0, 20, null, STATUS.BadTimeout],
      ]),
      stream.sealRows([
        [0, 15, -0],
        [4, 30, 'shut'],
        [0, 20, 2.5],
      ]),
    ]);
    const zero = [
      [10, 1.5, 0],
      [15, -0, 0],
      [20, null, STATUS.BadTimeout],
      [20, 2.5, 0],
    ];
    const four = [
      [10, 'open', 0],
      [30, 'shut', 0],
    ];
    const check = async () => {
      expect(rowsOf(await historian.raw(0, EARLIEST, LATEST, NO_LIMIT))).toEqual(zero);
      expect(rowsOf(await historian.raw(1, EARLIEST, LATEST, NO_LIMIT))).toEqual(four);
      expect(rowsOf(await historian.raw(0, at(15), at(20), NO_LIMIT))).toEqual(zero.slice(1, 2));
      expect(rowsOf(await historian.raw(0, EARLIEST, LATEST, 3))).toEqual(zero.slice(0, 3));
      expect(historian.latest(0)).toEqual({ time: 20, value: 2.5, status: 0 });
      expect(historian.latest(1)).toEqual({ time: 30, value: 'shut', status: 0 });
      expect(historian.latest(2)).toBeUndefined();
      expect(historian.statistics()).toMatchObject({ samples: 6, tags: 2, damage: 0 });
    };
    await check();
    historian = await reopened(historian, directory);
    await check();
    mustSucceed(await historian.seal());
    expect(historian.statistics()).toMatchObject({ hotSamples: 0, segments: 1 });
    await check();
    historian = await reopened(historian, directory);
    expect(historian.statistics()).toMatchObject({ hotSamples: 0, segments: 1 });
    await check();
  });

  test('keeps the account of each stream over restarts', async () => {
    const directory = await makeDirectory();
    let historian = await openHistorian(directory);
    const operational = new GatewayStream('north', 'operational');
    const analytical = new GatewayStream('north', 'analytical');
    await appendAll(historian.sink, [
      operational.sealRows([[0, 1, 1]]),
      analytical.sealRows([
        [1, 1, 1],
        [1, 2, 2],
      ]),
    ]);
    mustSucceed(await historian.seal());
    operational.sealRows([
      [0, 2, 2],
      [0, 3, 3],
    ]);
    await appendAll(historian.sink, [operational.sealRows([[0, 4, 4]])]);
    for (let round = 0; round < 2; round++) {
      historian = await reopened(historian, directory);
      const [first, second] = historian.ledgers();
      expect(first).toMatchObject({ lane: 'operational', stored: 2, lost: 0, position: { epoch: 1, sequence: 2 } });
      expect(pending(first)).toBe(2);
      expect(second).toMatchObject({ lane: 'analytical', stored: 2, lost: 0, position: { epoch: 1, sequence: 0 } });
      expect([unexplained(first), unexplained(second)]).toEqual([0, 0]);
      expect(historian.sink.position(operational, FIRST, 'live')).toEqual({ epoch: 1, sequence: 0 });
      expect(historian.sink.position({ gateway: 'south', lane: 'operational' }, FIRST, 'live')).toBeUndefined();
    }
    historian.sink.heartbeat(operational, {
      at: at(5),
      head: { epoch: 1, sequence: 2 },
      oldest: undefined,
      policy: undefined,
      depth: { blocks: 0, samples: 0, bytes: 0 },
      tally: EMPTY_TALLY,
    });
    expect(historian.ledgers()[0].heartbeat?.at).toBe(5);
    expect(historian.ledgers()[0]).toMatchObject({ lost: 2, holes: [], losses: [{ samples: 2, reason: 'unknown' }] });
    expect(historian.sink.position(operational, FIRST, 'live')).toEqual({ epoch: 1, sequence: 2 });
  });

  test('tells those who watch, of what is durable and in the order of the stream', async () => {
    const historian = await openHistorian(await makeDirectory());
    const seen: LiveBatch[] = [];
    const stop = historian.subscribe((batch) => seen.push(batch));
    const stream = new GatewayStream();
    const blocks = [
      stream.sealRows([
        [7, 1, 1],
        [8, 1, 'on', STATUS.Uncertain],
      ]),
      stream.sealRows([[7, 2, null, STATUS.Bad]]),
    ];
    await appendAll(historian.sink, blocks);
    expect(seen.map(samplesOf)).toEqual([
      [
        [0, 1, 1, 0],
        [1, 1, 'on', STATUS.Uncertain],
      ],
      [[0, 2, null, STATUS.Bad]],
    ]);
    stop();
    await appendAll(historian.sink, [stream.sealRows([[7, 3, 3]])]);
    expect(seen.length).toBe(2);
  });

  test('interpolates with the samples that surround a time, wherever they lie', async () => {
    const historian = await openHistorian(await makeDirectory());
    const stream = new GatewayStream();
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0), definitionOf(1, { stepped: true })]));
    await appendAll(historian.sink, [
      stream.sealRows([
        [0, 0, 0],
        [1, 0, 5],
        [0, 10, null, STATUS.Bad],
      ]),
    ]);
    mustSucceed(await historian.seal());
    await appendAll(historian.sink, [
      stream.sealRows([
        [0, 90, null, STATUS.Bad],
        [0, 100, 100],
        [1, 100, 6],
      ]),
    ]);
    mustSucceed(await historian.seal());
    const interpolated = 0x402;
    const doubtful = (STATUS.UncertainDataSubNormal | interpolated) >>> 0;
    const valuesAt = async (index: number, ...times: number[]) => {
      const asked = { tag: historian.tag(index)!, times: Float64Array.from(times) };
      return rowsOf(mustSucceed(await historian.queries.at(asked)).values);
    };
    expect(await valuesAt(0, 40, 50)).toEqual([
      [40, 40, doubtful],
      [50, 50, doubtful],
    ]);
    expect(await valuesAt(1, 40, 50)).toEqual([
      [40, 5, interpolated],
      [50, 5, interpolated],
    ]);
    expect(await valuesAt(0, -10)).toEqual([[-10, null, STATUS.BadNoData]]);
    expect(await valuesAt(0, 150)).toEqual([[150, 100, doubtful]]);
  });

  test('stores samples of tags that nobody has defined yet, and completes the tags later', async () => {
    const directory = await makeDirectory();
    let historian = await openHistorian(directory);
    const stream = new GatewayStream();
    await appendAll(historian.sink, [
      stream.sealRows([
        [3, 1, 1],
        [5_000_000, 1, 2],
      ]),
    ]);
    expect(historian.tags().map(({ path }) => path)).toEqual(['north/undefined/3', 'north/undefined/5000000']);
    const definitions = [definitionOf(1), definitionOf(3), definitionOf(5_000_000)];
    mustSucceed(await historian.sink.defineTags('north', definitions));
    mustSucceed(await historian.sink.defineTags('north', definitions));
    mustSucceed(await historian.sink.defineTags('south', [definitionOf(3, { path: 'south/tag-3' })]));
    for (let round = 0; round < 2; round++) {
      expect(historian.tags().map(({ index, gateway, id }) => [index, gateway, id])).toEqual([
        [0, 'north', 'tag-3'],
        [1, 'north', 'tag-5000000'],
        [2, 'north', 'tag-1'],
        [3, 'south', 'tag-3'],
      ]);
      expect(historian.latest(1)?.value).toBe(2);
      historian = await reopened(historian, directory);
    }
  });

  test('changes what a definition says and keeps the tag; a number that names another tag begins a new one', async () => {
    const directory = await makeDirectory();
    let historian = await openHistorian(directory);
    const stream = new GatewayStream();
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0)]));
    await appendAll(historian.sink, [stream.sealRows([[0, 1, 1]])]);
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0, { unit: 'kPa' })]));
    expect(historian.tags()).toMatchObject([{ id: 'tag-0', unit: 'kPa' }]);
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0, { id: 'other' })]));
    await appendAll(historian.sink, [stream.sealRows([[0, 2, 2]])]);
    historian = await reopened(historian, directory);
    expect(historian.tags().map(({ id }) => id)).toEqual(['tag-0', 'other']);
    expect([historian.latest(0)?.value, historian.latest(1)?.value]).toEqual([1, 2]);
    mustSucceed(await historian.sink.defineTags('north', [definitionOf(0), definitionOf(1, { id: 'other' })]));
    historian = await reopened(historian, directory);
    await appendAll(historian.sink, [
      stream.sealRows([
        [0, 3, 3],
        [1, 3, 4],
      ]),
    ]);
    expect([historian.latest(0)?.value, historian.latest(1)?.value]).toEqual([3, 4]);
    expect(historian.tags().length).toBe(2);
  });

  test('writes what is in memory to disk when it is full, and lets the log go', async () => {
    const directory = await makeDirectory();
    const historian = await openHistorian(directory, { hotBytes: 2_000_000 });
    const stream = new GatewayStream();
    const rows = Array.from({ length: 50_000 }, (_, row) => [row % 100, Math.floor(row / 100) * 1000, row] as const);
    for (let round = 0; round < 20; round++) await appendAll(historian.sink, [stream.sealRows(rows)]);
    const { segments, samples, hotBytes } = historian.statistics();
    expect(segments).toBeGreaterThan(3);
    expect(samples).toBe(1_000_000);
    expect(hotBytes).toBeLessThan(8_000_000);
    const { times } = await historian.raw(42, at(100_000), at(200_000), NO_LIMIT);
    expect(times.length).toBe(20 * 100);
    expect(times.every((time, row) => row === 0 || times[row - 1] <= time)).toBe(true);
  });

  test('writes what is in memory to disk when its time has come', async () => {
    const clock = new ManualClock();
    const historian = await openHistorian(await makeDirectory(), { clock, sealIntervalMs: 1000 });
    await appendAll(historian.sink, [new GatewayStream().sealRows([[0, 1, 1]])]);
    await clock.advance(999);
    expect(historian.statistics()).toMatchObject({ segments: 0, hotSamples: 1 });
    await clock.advance(1);
    await historian.seal();
    expect(historian.statistics()).toMatchObject({ segments: 1, hotSamples: 0 });
  });

  test('holds its directory alone', async () => {
    const directory = await makeDirectory();
    const historian = await openHistorian(directory);
    const second = await Historian.open({ directory, clock: new ManualClock(), events: () => {} });
    expect(second).toMatchObject({ ok: false, fault: { code: 'archive.in-use' } });
    await appendAll(historian.sink, [new GatewayStream().sealRows([[0, 1, 1]])]);
    expect(await readdir(directory)).toEqual(expect.arrayContaining(['log', 'metadata.sqlite', 'segments']));
  });

  test('refuses a place where it cannot be', async () => {
    const directory = join(await makeDirectory(), 'file');
    await (await import('node:fs/promises')).writeFile(directory, '');
    const opened = await Historian.open({ directory, clock: new ManualClock(), events: () => {} });
    expect(opened).toMatchObject({ ok: false, fault: { code: 'archive.unwritable' } });
  });
});

function samplesOf({ tags, block }: LiveBatch): unknown[][] {
  return Array.from({ length: block.count }, (_, row) => {
    const held = block.values[row];
    const value = { [ValueKind.none]: null, [ValueKind.number]: held, [ValueKind.string]: block.strings[held] };
    return [tags[row], block.times[row], value[block.kinds[row] as ValueKind], block.statuses[row]];
  });
}
