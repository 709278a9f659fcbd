import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { BlockSink, Heartbeat } from '@tidegate/core/port/blockSink.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { BlockDelivery } from './blockDelivery.ts';

const STREAM = { gateway: 'north', lane: 'operational' } as const;

/** A sink whose answers the test gives, one for each call, in whatever order it likes. */
class AskedSink implements BlockSink {
  readonly calls: { readonly what: string; readonly answer: (result: Result<void>) => void }[] = [];
  readonly log: string[] = [];

  async admit(): Promise<Result<void>> {
    return success(undefined);
  }

  position(): undefined {
    return undefined;
  }

  append({ sequence }: BlockHeader): Promise<Result<void>> {
    return this.#ask(`block ${sequence}`);
  }

  defineTags(): Promise<Result<void>> {
    return this.#ask('tags');
  }

  heartbeat(_stream: unknown, { at }: Heartbeat): void {
    this.log.push(`heartbeat ${at}`);
  }

  async answer(what: string, result: Result<void> = success(undefined)): Promise<void> {
    const at = this.calls.findIndex((call) => call.what === what);
    this.calls.splice(at, 1)[0].answer(result);
    await Promise.resolve();
    await Promise.resolve();
  }

  #ask(what: string): Promise<Result<void>> {
    this.log.push(what);
    return new Promise((answer) => this.calls.push({ what, answer }));
  }
}

let sink: AskedSink;
let clock: ManualClock;
let faults: string[];
let delivery: BlockDelivery;
beforeEach(() => {
  sink = new AskedSink();
  clock = new ManualClock();
  faults = [];
  const onFault = ({ code }: { readonly code: string }, dropped: boolean) =>
    faults.push(dropped ? `${code} dropped` : code);
  delivery = new BlockDelivery({ sink, clock, maxBytes: 2_000, onFault });
});

function block(sequence: number, bytes = 100): boolean {
  const header = { ...STREAM, epoch: 1, sequence, sealedAt: 0 as Timestamp, count: 1, tally: EMPTY_TALLY };
  return delivery.block(header, new Uint8Array(bytes));
}

function heartbeat(at: number): void {
  const depth = { blocks: 0, samples: 0, bytes: 0 };
  const said = {
    at: at as Timestamp,
    head: undefined,
    oldest: undefined,
    policy: undefined,
    depth,
    tally: EMPTY_TALLY,
  };
  delivery.heartbeat(STREAM, said);
}

const full = () => failure('boundary.not-stored', 'disk full');

describe('a delivery', () => {
  it('offers blocks at once, and hands a heartbeat on when all before it is durable', async () => {
    block(0);
    block(1);
    heartbeat(7);
    block(2);
    await sink.answer('block 2');
    await sink.answer('block 1');
    expect(sink.log).toEqual(['block 0', 'block 1', 'block 2']);
    await sink.answer('block 0');
    expect(sink.log.at(-1)).toBe('heartbeat 7');
  });

  it('keeps only the newest of heartbeats in a row', async () => {
    block(0);
    for (const at of [1, 2, 3]) heartbeat(at);
    block(1);
    await sink.answer('block 0');
    expect(sink.log).toEqual(['block 0', 'block 1', 'heartbeat 3']);
  });

  it('offers what follows a tag list when the list is durable', async () => {
    block(0);
    delivery.tags('north', []);
    block(1);
    expect(sink.log).toEqual(['block 0', 'tags']);
    await sink.answer('tags');
    expect(sink.log).toEqual(['block 0', 'tags', 'block 1']);
  });

  it('offers refused blocks again after a while, and only those', async () => {
    for (const sequence of [0, 1, 2]) block(sequence);
    heartbeat(7);
    await sink.answer('block 1', full());
    await sink.answer('block 0');
    await sink.answer('block 2', full());
    block(3);
    expect(faults).toEqual(['boundary.not-stored', 'boundary.not-stored']);
    await clock.advance(499);
    expect(sink.log).toHaveLength(3);
    await clock.advance(1);
    expect(sink.log.slice(3)).toEqual(['block 1', 'block 2', 'block 3']);
    for (const sequence of [1, 2, 3]) await sink.answer(`block ${sequence}`);
    expect(sink.log.at(-1)).toBe('heartbeat 7');
  });

  it('drops what will never be taken', async () => {
    block(0);
    delivery.tags('north', []);
    await sink.answer('block 0', failure('block.malformed', 'no block'));
    await sink.answer('tags', full());
    await clock.advance(10_000);
    expect(faults).toEqual(['block.malformed dropped', 'boundary.not-stored dropped']);
    expect(sink.log).toEqual(['block 0', 'tags']);
    await delivery.finish();
  });

  it('SR 7.2: takes no more than it may hold, and goes on when there is room', async () => {
    expect([block(0, 1_000), block(1, 1_000), block(2, 1_000)]).toEqual([true, true, false]);
    await sink.answer('block 0');
    expect(block(3, 1_000)).toBe(true);
  });

  it('is finished when the sink holds everything, or has refused once more', async () => {
    block(0);
    let finished = false;
    const finishing = delivery.finish().then(() => {
      finished = true;
    });
    await clock.advance(0);
    expect(finished).toBe(false);
    await sink.answer('block 0', full());
    await finishing;
  });
});
