import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GatewayStream } from '../query/testbed/gatewayStream.ts';
import { MAX_HOLES } from './hole.ts';
import { Ingest, type IngestOptions } from './ingest.ts';
import type { LogPosition } from './logPosition.ts';
import { MetadataDatabase } from './metadataDatabase.ts';
import { RecordingClock } from './recordingClock.ts';
import type { SampleStore } from './sampleStore.ts';
import { unexplained } from './streamLedger.ts';
import { StreamSpools } from './streamSpools.ts';
import { TagCatalogue } from './tagCatalogue.ts';
import { WriteAheadLog } from './writeAheadLog.ts';

const NORTH = { gateway: 'north', lane: 'operational' } as const;
const place = (sequence: number) => ({ epoch: 1, sequence });
const FIRST = place(0);
const FULL = failure('journal.full', 'no space left');

/** A log whose disk the test plays: every append waits until it is decided upon. */
class PlayedLog {
  readonly waiting: { readonly payload: Uint8Array; readonly decide: (result: Result<LogPosition>) => void }[] = [];
  #records = 0;

  append(payload: Uint8Array): Promise<Result<LogPosition>> {
    return new Promise((decide) => this.waiting.push({ payload, decide }));
  }

  async *replay(): AsyncGenerator<never> {}

  /** Lets the oldest append succeed (true) or fail. */
  decide(...outcomes: boolean[]): void {
    for (const ok of outcomes) {
      this.waiting.shift()?.decide(ok ? success({ generation: 1, record: this.#records++ }) : FULL);
    }
  }
}

class CountingStore implements SampleStore {
  readonly inserted: number[] = [];
  room: Result<void> | undefined;

  admit() {
    return this.room;
  }

  insert(at: LogPosition): void {
    this.inserted.push(at.record);
  }

  async seal() {
    return success(undefined);
  }
}

function setUp() {
  const log = new PlayedLog();
  return { log, ...setUpOver(log) };
}

function setUpOver(log: IngestOptions['log']) {
  const store = new CountingStore();
  const metadata = MetadataDatabase.open(':memory:');
  if (!metadata.ok) throw new Error(metadata.fault.detail);
  onTestFinished(() => metadata.value.close());
  const clock = new ManualClock();
  const recording = new RecordingClock(clock);
  const catalogue = new TagCatalogue(metadata.value, recording.stamp);
  const spools = new StreamSpools(metadata.value);
  const common = { clock, recording, spools, events: () => {}, ledgers: [], publish: () => {} };
  const ingest = new Ingest({ ...common, log, store, catalogue });
  const stream = new GatewayStream();
  const blocks = Array.from({ length: 6 }, (_, at) => stream.sealRows([[0, at, at]]));
  const append = (at: number) => ingest.append(blocks[at].header, blocks[at].bytes);
  return { store, ingest, stream, blocks, append, clock };
}

/** Lets everything happen that waits for nothing outside: after each few milliseconds of work ingest waits for its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  await settled();
  const pending = Symbol();
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
}

describe('a block that comes again', () => {
  test('is counted and succeeds at once when it is held', async () => {
    const { log, ingest, append } = setUp();
    const first = append(0);
    await settled();
    log.decide(true);
    expect(await first).toEqual(success(undefined));
    expect(await append(0)).toEqual(success(undefined));
    expect(log.waiting).toEqual([]);
    expect(ingest.ledgers()).toMatchObject([{ stored: 1, repeated: 1 }]);
  });

  test('waits for its first coming when that is under way, and shares its fate', async () => {
    const { log, store, ingest, append } = setUp();
    const calls = [append(0), append(1), append(0), append(1)];
    expect(await isPending(calls[2])).toBe(true);
    log.decide(true);
    expect(await calls[2]).toEqual(success(undefined));
    expect(await isPending(calls[3])).toBe(true);
    log.decide(false);
    expect(await Promise.all(calls)).toEqual([success(undefined), FULL, success(undefined), FULL]);
    expect(store.inserted).toEqual([0]);
    expect(ingest.ledgers()).toMatchObject([{ stored: 1, repeated: 1, position: { sequence: 0 } }]);
  });

  test('is taken when its first coming failed', async () => {
    const { log, ingest, append } = setUp();
    const first = append(0);
    await settled();
    log.decide(false);
    expect(await first).toEqual(FULL);
    expect(ingest.position(NORTH, FIRST, 'live')).toBeUndefined();
    const second = append(0);
    await settled();
    log.decide(true);
    expect(await second).toEqual(success(undefined));
    expect(ingest.ledgers().map(unexplained)).toEqual([0]);
  });
});

test('what a relay holds of a gateway whose spool was removed is stored, also where the new run comes first', async () => {
  const { log, ingest, append, blocks } = setUp();
  const spool = new GatewayStream();
  spool.epoch = 2;
  const anew = spool.sealRows([[0, 9, 9]]);
  const calls = [append(0), ingest.append(anew.header, anew.bytes), append(1), append(2)];
  await settled();
  log.decide(true, true, true, true);
  await Promise.all(calls);
  expect(ingest.ledgers()).toMatchObject([{ stored: 4, repeated: 0, lost: 0 }]);
  const depth = { blocks: 0, samples: 0, bytes: 0 };
  const { tally } = anew.header;
  const head = { epoch: 2, sequence: 0 };
  ingest.heartbeat(NORTH, { at: 0 as Timestamp, head, oldest: undefined, policy: undefined, depth, tally });
  expect(ingest.ledgers()).toMatchObject([{ holes: [], lost: 0, losses: [] }]);
  expect(ingest.ledgers().map(unexplained)).toEqual([0]);
  expect(await ingest.append(blocks[3].header, blocks[3].bytes)).toEqual(success(undefined));
  expect(ingest.ledgers()).toMatchObject([{ stored: 4, repeated: 1 }]);
});

describe('a block behind one that failed', () => {
  test('is kept, and the place of the failed one stays open until it comes again', async () => {
    const { log, store, ingest, append } = setUp();
    const calls = [append(0), append(1), append(2)];
    await settled();
    log.decide(true, false, true);
    expect(await Promise.all(calls)).toEqual([success(undefined), FULL, success(undefined)]);
    expect(store.inserted).toEqual([0, 1]);
    expect(ingest.position(NORTH, FIRST, 'live')).toEqual({ epoch: 1, sequence: 0 });
    const again = [append(1), append(2)];
    await settled();
    log.decide(true);
    expect(await Promise.all(again)).toEqual([success(undefined), success(undefined)]);
    expect(ingest.position(NORTH, FIRST, 'live')).toEqual({ epoch: 1, sequence: 2 });
    expect(ingest.ledgers()).toMatchObject([{ stored: 3, lost: 0, repeated: 1, holes: [] }]);
  });

  test('is kept also where nothing was held before', async () => {
    const { log, ingest, append } = setUp();
    const calls = [append(0), append(1)];
    await settled();
    log.decide(false, true);
    await Promise.all(calls);
    expect(ingest.ledgers()).toMatchObject([{ stored: 1, baseline: 1, first: { sequence: 1 } }]);
    const again = append(0);
    await settled();
    log.decide(true);
    await again;
    expect(ingest.ledgers()).toMatchObject([{ stored: 2, baseline: 0, lost: 0, holes: [], first: { sequence: 0 } }]);
  });

  test('whose failure was seen at once is kept', async () => {
    const { log, store, ingest, append, blocks } = setUp();
    const ill = blocks[1].bytes.slice();
    ill.fill(0xff, 130, 140);
    const calls = [append(0), ingest.append(blocks[1].header, ill), append(2)];
    await settled();
    log.decide(true, true);
    expect(await Promise.all(calls)).toMatchObject([
      { ok: true },
      { ok: false, fault: { code: 'block.malformed' } },
      { ok: true },
    ]);
    expect(store.inserted).toEqual([0, 1]);
    expect(ingest.ledgers().map(unexplained)).toEqual([0]);
  });
});

describe('what is missing', () => {
  const heartbeat = (oldest: number | undefined): Heartbeat => ({
    ...{
      at: 0 as Timestamp,
      head: place(5),
      oldest: oldest === undefined ? undefined : place(oldest),
      policy: undefined,
    },
    ...{ depth: { blocks: 0, samples: 0, bytes: 0 }, tally: { ...EMPTY_TALLY, expired: 1 } },
  });

  test('is lost when the gateway says that it does not wait, and not before', async () => {
    const { log, ingest, append } = setUp();
    const calls = [append(0), append(2), append(4)];
    await settled();
    log.decide(true, true, true);
    await Promise.all(calls);
    expect(ingest.ledgers()).toMatchObject([
      {
        stored: 3,
        lost: 0,
        holes: [
          { from: 1, to: 2 },
          { from: 3, to: 4 },
        ],
      },
    ]);
    ingest.heartbeat(NORTH, heartbeat(3));
    expect(ingest.ledgers()).toMatchObject([
      { lost: 1, holes: [{ from: 3, to: 4 }], losses: [{ samples: 1, reason: 'expired' }] },
    ]);
    ingest.heartbeat(NORTH, heartbeat(undefined));
    expect(ingest.ledgers()).toMatchObject([{ lost: 2, holes: [], losses: [{ samples: 1 }, { reason: 'unknown' }] }]);
    expect(ingest.ledgers().map(unexplained)).toEqual([0]);
  });

  test('is not given up while it is under way', async () => {
    const { log, ingest, append } = setUp();
    const calls = [append(0), append(2)];
    await settled();
    log.decide(true, true);
    await Promise.all(calls);
    const late = append(1);
    ingest.heartbeat(NORTH, heartbeat(2));
    expect(ingest.ledgers()).toMatchObject([{ lost: 0 }]);
    await settled();
    log.decide(true);
    await late;
    ingest.heartbeat(NORTH, heartbeat(2));
    expect(ingest.ledgers()).toMatchObject([{ stored: 3, lost: 0, holes: [] }]);
  });

  test('SR 7.1: a gateway that leaves more open than any needs is refused until it says what waits', async () => {
    const { log, ingest, stream } = setUp();
    const blocks = Array.from({ length: 4 * MAX_HOLES }, (_, at) => stream.sealRows([[0, at, at]]));
    const calls = blocks.filter((_, at) => at % 2 === 0).map(({ header, bytes }) => ingest.append(header, bytes));
    for (let decided = 0; decided < 2 * MAX_HOLES; decided++) {
      await settled();
      log.decide(true);
    }
    const results = await Promise.all(calls);
    const taken = results.filter(({ ok }) => ok).length;
    expect(taken).toBeLessThanOrEqual(MAX_HOLES + 1);
    expect(results.at(-1)).toMatchObject({ ok: false, fault: { code: 'boundary.not-stored' } });
    ingest.heartbeat(NORTH, { ...heartbeat(undefined), head: blocks.at(-1)?.header });
    const { header, bytes } = blocks[4 * MAX_HOLES - 2];
    const again = ingest.append(header, bytes);
    await settled();
    log.decide(true);
    expect(await again).toEqual(success(undefined));
    expect(ingest.ledgers().map(unexplained)).toEqual([0]);
  });
});

test('a store without room refuses blocks before they are logged, and repetitions of what is held still succeed', async () => {
  const { log, store, append } = setUp();
  const first = append(0);
  await settled();
  log.decide(true);
  await first;
  store.room = failure('archive.full', 'no space left');
  expect(await append(1)).toMatchObject({ ok: false, fault: { code: 'archive.full' } });
  expect(await append(0)).toEqual(success(undefined));
  expect(log.waiting).toEqual([]);
  store.room = undefined;
  const again = append(1);
  await settled();
  log.decide(true);
  expect(await again).toEqual(success(undefined));
});

test('blocks that are appended in one go reach the log together, in the order of the calls', async () => {
  const { log, blocks, append } = setUp();
  const calls = blocks.map((_, at) => append(at));
  await settled();
  expect(log.waiting.map(({ payload }) => payload)).toEqual(blocks.map(({ bytes }) => bytes));
  log.decide(...blocks.map(() => true));
  expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
});

test('a log that the system does not let be read is a fault, not a throw', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ingest-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const clock = new ManualClock();
  const covered = { generation: 1, record: 0 };
  const log = await WriteAheadLog.open({ directory, clock, events: () => {}, covered });
  if (!log.ok) throw new Error(log.fault.detail);
  onTestFinished(() => log.value.close());
  const { ingest, append } = setUpOver(log.value);
  expect(await append(0)).toEqual(success(undefined));
  const [segment] = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.segment'),
  );
  rmSync(join(directory, segment));
  mkdirSync(join(directory, segment));
  expect(await ingest.replay(covered)).toMatchObject({
    ok: false,
    fault: { code: 'archive.unwritable', detail: expect.stringMatching(/cannot be read: EISDIR/) },
  });
});
