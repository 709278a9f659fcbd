/** Whatever order the blocks of a stream come in, each leaves once, and what is acknowledged has been given. */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Role } from '@tidegate/core/port/blockSink.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BACKLOG_BLOCKS, RelayQueues } from './relayQueues.ts';

const block = (epoch: number, sequence: number, record = 0) => ({ epoch, sequence, record, samples: 1, bytes: 10 });
const placeBefore = ({ epoch, sequence }: BlockPosition) => ({ epoch, sequence: sequence - 1 });
const textOf = ({ epoch, sequence }: BlockPosition) => `${epoch}/${sequence}`;

/** A connection that takes blocks from a queue and has them acknowledged, as a session does. */
class Line {
  readonly #queues: RelayQueues;
  readonly #role: Role;
  #first: BlockPosition;
  #after: BlockPosition;
  #underWay: BlockPosition[] = [];
  readonly acknowledged: string[] = [];

  constructor(queues: RelayQueues, role: Role) {
    this.#queues = queues;
    this.#role = role;
    this.#first = queues.begin(role);
    this.#after = placeBefore(this.#first);
  }

  /** Everything under way is lost. */
  reconnect(): void {
    this.#underWay = [];
    this.#first = this.#queues.begin(this.#role);
    this.#after = placeBefore(this.#first);
  }

  send(bytes: number): void {
    const blocks = this.#queues[this.#role].next(this.#after, bytes);
    const last = blocks.at(-1);
    if (!last) return;
    if (this.#role === 'backlog') this.#queues.drainedTo(last);
    for (const each of blocks) expect(comparePositions(each, this.#after)).toBeGreaterThan(0);
    this.#after = last;
    this.#underWay.push(...blocks);
  }

  acknowledge(count: number): void {
    const acknowledged = this.#underWay.splice(0, count);
    const last = acknowledged.at(-1);
    if (!last) return;
    const removed: string[] = [];
    this.#queues[this.#role].removeThrough(this.#first, last, (each) => removed.push(textOf(each)));
    expect(removed).toEqual(acknowledged.map(textOf));
    this.acknowledged.push(...removed);
  }

  get isIdle(): boolean {
    return this.#underWay.length === 0 && this.#queues[this.#role].next(this.#after, 0).length === 0;
  }
}

it('gives each block once, and takes none for acknowledged that was not given', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ step: fc.constant('add'), count: fc.integer({ min: 1, max: 90 }) }),
      fc.record({
        step: fc.constantFrom('send', 'acknowledge'),
        line: fc.nat(1),
        count: fc.integer({ min: 1, max: 60 }),
      }),
      fc.record({ step: fc.constant('reconnect'), line: fc.nat(1), count: fc.constant(0) }),
    ),
    { maxLength: 60 },
  );
  // Runs that come side by side, with blocks that come again later than those behind them.
  const arrival = fc.shuffledSubarray(
    [1, 2, 3].flatMap((epoch) => Array.from({ length: 100 }, (_, sequence) => block(epoch, sequence))),
  );
  fc.assert(
    fc.property(arrival, steps, (blocks, script) => {
      const queues = new RelayQueues();
      const lines = [new Line(queues, 'live'), new Line(queues, 'backlog')];
      let added = 0;
      for (const entry of script) {
        if (entry.step === 'add') {
          for (const each of blocks.slice(added, added + entry.count)) queues.add({ ...each, record: added++ });
        } else {
          const line = lines['line' in entry ? entry.line : 0];
          if (entry.step === 'send') line.send(entry.count * 10);
          if (entry.step === 'acknowledge') line.acknowledge(entry.count);
          if (entry.step === 'reconnect') line.reconnect();
        }
        const acknowledged = lines.reduce((sum, line) => sum + line.acknowledged.length, 0);
        expect(queues.depth.blocks).toBe(added - acknowledged);
      }
      while (queues.depth.blocks > 0) {
        for (const line of lines) {
          line.send(1e6);
          line.acknowledge(1e6);
          if (line.isIdle) line.reconnect();
        }
      }
      const all = lines.flatMap(({ acknowledged }) => acknowledged);
      expect(all.sort()).toEqual(blocks.slice(0, added).map(textOf).sort());
    }),
  );
});

it('carries live what is newer than all before it, beside what waited when the connection began', () => {
  const queues = new RelayQueues();
  for (let sequence = 0; sequence < BACKLOG_BLOCKS; sequence++) queues.add(block(1, sequence, sequence));
  expect(queues.begin('live')).toEqual({ epoch: 1, sequence: BACKLOG_BLOCKS });
  queues.add(block(1, BACKLOG_BLOCKS, 100));
  queues.add(block(2, 0, 101));
  queues.add(block(1, BACKLOG_BLOCKS + 1, 102));
  expect(queues.live.next(undefined, 1e6).map(textOf)).toEqual([`1/${BACKLOG_BLOCKS}`, '2/0']);
  expect(queues.begin('backlog')).toEqual({ epoch: 1, sequence: 0 });
  const backlog = queues.backlog.next(undefined, 1e6).map(({ sequence }) => sequence);
  expect(backlog).toEqual([...Array(BACKLOG_BLOCKS).keys(), BACKLOG_BLOCKS + 1]);
  expect([queues.oldest, queues.newest, queues.oldestRecord]).toEqual([
    { epoch: 1, sequence: 0 },
    { epoch: 2, sequence: 0 },
    0,
  ]);
});
