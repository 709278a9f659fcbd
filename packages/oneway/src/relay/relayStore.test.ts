/** What a relay keeps: through its own end at any moment, through damage, and up to its limit. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TAG } from '../testbed/boundary.ts';
import { headerOf, numberedBlock } from './testbed/numberedBlock.ts';
import { RelayFixture, readWaiting, settle, store, streamOf } from './testbed/relayFixture.ts';

const STORE_FOREVER = fileURLToPath(new URL('./testbed/storeForever.ts', import.meta.url));
const ROUNDS = 4;

let fixture: RelayFixture;
beforeEach(() => {
  fixture = new RelayFixture();
});
afterEach(() => fixture.remove());

const run = (epoch: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => numberedBlock({ epoch, sequence: from + index }));
const sequences = (blocks: readonly { sequence: number }[]) => blocks.map(({ sequence }) => sequence);
const heartbeat = (from: Partial<Heartbeat> = {}): Heartbeat => ({
  at: 9_000 as Timestamp,
  head: { epoch: 1, sequence: 99 },
  oldest: undefined,
  depth: { blocks: 0, samples: 0, bytes: 0 },
  tally: { ...EMPTY_TALLY, read: 1_000, accepted: 1_000 },
  policy: undefined,
  ...from,
});

describe('SR 3.1: what a relay holds is what a gateway sent', () => {
  it('byte for byte, of many streams, each once', async () => {
    const relay = await fixture.open();
    const names = ['north', 'south'].flatMap((gateway) =>
      (['operational', 'audit'] as const).map((lane) => ({ gateway, lane })),
    );
    const sent = names.map((name) => Array.from({ length: 30 }, (_, sequence) => numberedBlock({ ...name, sequence })));
    await store(relay, ...sent.flat(), ...sent[0]);
    for (const [index, { gateway, lane }] of names.entries()) {
      const { live } = await readWaiting(streamOf(relay, lane, gateway));
      expect(live.map(({ bytes }) => Buffer.from(bytes))).toEqual(sent[index].map(({ bytes }) => Buffer.from(bytes)));
    }
  });

  it('reads runs that came side by side, each in order', async () => {
    const relay = await fixture.open();
    const [old, live] = [run(1, 50, 100), run(2, 0, 50)];
    await store(relay, ...run(1, 0, 50), ...live.flatMap((block, index) => [block, old[index]]));
    const { backlog, live: newest, all } = await readWaiting(streamOf(relay));
    expect(new Set(all.map(({ epoch, sequence }) => `${epoch}/${sequence}`)).size).toBe(150);
    for (const queue of [backlog, newest]) expect(queue).toEqual(queue.toSorted(comparePositions));
    expect(newest).toEqual([]);
  });

  it('answers with the last block up to which nothing is missing, and acknowledges no gap', async () => {
    const relay = await fixture.open();
    const name = { gateway: 'north', lane: 'operational' } as const;
    await store(relay, ...run(1, 0, 5), ...run(1, 7, 9));
    expect(relay.position(name, { epoch: 1, sequence: 2 })).toEqual({ epoch: 1, sequence: 4 });
    expect(relay.position(name, { epoch: 1, sequence: 5 })).toBeUndefined();
    expect(relay.position({ ...name, lane: 'audit' }, { epoch: 1, sequence: 0 })).toBeUndefined();
    // What is before the oldest block that waits at the gateway will not come.
    relay.heartbeat(name, heartbeat({ oldest: { epoch: 1, sequence: 8 } }));
    expect(relay.position(name, { epoch: 1, sequence: 2 })).toEqual({ epoch: 1, sequence: 8 });
  });

  it.each(['../north', '', 'a/b', '.'])('keeps nothing under the name "%s"', async (gateway) => {
    const relay = await fixture.open();
    const { header, bytes } = numberedBlock({ gateway: gateway || '-', sequence: 0 });
    expect(await relay.append(header, bytes)).toMatchObject({ ok: false, fault: { code: 'boundary.identity' } });
    expect(await relay.defineTags(gateway, [TAG])).toMatchObject({ ok: false });
    expect(readdirSync(fixture.directory)).toEqual(['lock']);
  });
});

describe('SR 7.4: a relay that ended', () => {
  it('goes on where it was: what was delivered does not come again, and what the gateway said is known', async () => {
    let relay = await fixture.open();
    await relay.defineTags('north', [TAG]);
    await store(relay, ...run(1, 0, 100));
    streamOf(relay).hear(heartbeat());
    const read = await readWaiting(streamOf(relay));
    settle(streamOf(relay), read, ({ sequence }) => sequence < 40);
    await relay.close();
    relay = await fixture.open();
    expect(sequences((await readWaiting(streamOf(relay))).all)).toEqual(sequences(read.all).slice(40));
    expect(relay.tagsOf('north')).toEqual([TAG]);
    expect(streamOf(relay).told()).toMatchObject({ at: 9_000, oldest: { epoch: 1, sequence: 40 } });
    await store(relay, ...run(1, 0, 100));
    expect(streamOf(relay).depth.blocks).toBe(60);
  });

  it('loses nothing that it acknowledged when it is killed, and takes nothing delivered for a loss', async () => {
    let delivers = false;
    for (let epoch = 1; epoch <= ROUNDS; epoch++, delivers = !delivers) {
      const { durable, delivered } = await storeUntilKilled(epoch, delivers);
      const relay = await fixture.open(1e6);
      const stream = streamOf(relay);
      const waiting = await readWaiting(stream);
      const blocks = waiting.all;
      const ofRun = sequences(blocks.filter((block) => block.epoch === epoch));
      const first = ofRun[0];
      expect(first).toBeLessThanOrEqual(delivered);
      expect(ofRun).toEqual(Array.from({ length: ofRun.length }, (_, index) => first + index));
      expect(first + ofRun.length).toBeGreaterThanOrEqual(durable);
      for (const { bytes, epoch: runEpoch, sequence } of blocks) {
        expect(headerOf(bytes)).toMatchObject({ epoch: runEpoch, sequence });
      }
      expect(stream.told().tally).toMatchObject({ expired: 0, damaged: 0 });
      settle(stream, waiting);
      await relay.close();
    }
  });
});

describe('SR 3.4: a relay whose disk lies', () => {
  it('gives no block that was changed, and counts its samples as damaged', async () => {
    let relay = await fixture.open();
    await store(relay, ...run(1, 0, 50));
    await relay.close();
    const lane = join(fixture.directory, 'north', 'operational');
    const segment = join(lane, readdirSync(lane).find((name) => name.endsWith('.segment')) ?? '');
    const bytes = readFileSync(segment);
    bytes[Math.floor(bytes.length / 2)] ^= 0x10;
    writeFileSync(segment, bytes);
    relay = await fixture.open();
    expect((await readWaiting(streamOf(relay))).all.length).toBe(49);
    expect(streamOf(relay).told().tally.damaged).toBe(10);
    expect(fixture.events.map(({ kind }) => kind)).toEqual(['journal.damaged']);
  });
});

describe('SR 7.2: a relay that is full', () => {
  const lanes = ['analytical', 'operational', 'audit'] as const;

  it('lets the oldest of the least important expire, of the gateway that takes most, and counts it exactly', async () => {
    const maxBytes = 600_000;
    const relay = await fixture.open(maxBytes);
    const place = (gateway: string, lane: (typeof lanes)[number], sequence: number) =>
      numberedBlock({ gateway, lane, sequence, samples: 100 });
    for (let sequence = 0; sequence < 200; sequence++) {
      await store(
        relay,
        ...lanes.map((lane) => place('north', lane, sequence)),
        place('south', 'operational', sequence),
      );
      if (sequence < 50) await store(relay, place('south', 'analytical', sequence));
    }
    expect(relay.diskBytes).toBeLessThan(maxBytes * 1.1);
    const expired = (gateway: string, lane: (typeof lanes)[number]) =>
      streamOf(relay, lane, gateway).told().tally.expired;
    expect(expired('north', 'analytical')).toBeGreaterThan(5_000);
    expect(expired('north', 'analytical')).toBeGreaterThan(expired('south', 'analytical'));
    expect([expired('north', 'operational'), expired('north', 'audit')]).toEqual([0, 0]);
    for (const { gateway, lane, depth } of relay.streams()) {
      const taken = gateway === 'south' && lane === 'analytical' ? 5_000 : 20_000;
      expect(depth.samples + expired(gateway, lane)).toBe(taken);
    }
  });

  it('never lets the audit lane expire, and refuses the others instead', async () => {
    const relay = await fixture.open(100_000);
    for (let sequence = 0; sequence < 100; sequence++) {
      await store(relay, numberedBlock({ lane: 'audit', sequence, samples: 1_000 }));
    }
    expect(streamOf(relay, 'audit').depth.blocks).toBe(100);
    const { header, bytes } = numberedBlock({ sequence: 0 });
    expect(await relay.append(header, bytes)).toMatchObject({ ok: false, fault: { code: 'boundary.not-stored' } });
  });

  it('gives back what was delivered', async () => {
    const relay = await fixture.open(2e6);
    for (let round = 0; round < 10; round++) {
      await store(
        relay,
        ...run(1, round * 100, round * 100 + 100).map(({ header }) => numberedBlock({ ...header, samples: 1_000 })),
      );
      const stream = streamOf(relay);
      settle(stream, await readWaiting(stream));
    }
    await relay.close();
    const lane = join(fixture.directory, 'north', 'operational');
    const bytes = readdirSync(lane)
      .filter((name) => name.endsWith('.segment'))
      .reduce((sum, name) => sum + statSync(join(lane, name)).size, 0);
    expect(bytes).toBeLessThan(100_000);
  });
});

/** Lets a process fill the relay and kills it at some moment; gives the last line that it printed. */
async function storeUntilKilled(epoch: number, delivers: boolean): Promise<{ durable: number; delivered: number }> {
  const args = [STORE_FOREVER, fixture.directory, String(epoch), ...(delivers ? ['deliver'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const lines = 3 + Math.random() * 30;
  while (printed.split('\n').length < lines && child.exitCode === null) await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  const last = printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1) ?? '';
  const [word, durable, delivered] = last.split(' ');
  expect(word).toBe('durable');
  return { durable: Number(durable), delivered: Number(delivered) };
}

it('takes the tag list that all lanes of a new gateway bring at once', async () => {
  const relay = await fixture.open();
  const lists = Array.from({ length: 6 }, (_, at) => [{ ...TAG, description: `list ${at}` }]);
  const defined = await Promise.all(lists.map((list) => relay.defineTags('north', list)));
  expect(defined).toEqual(lists.map(() => ({ ok: true, value: undefined })));
  expect(relay.tagsOf('north')).toEqual(lists.at(-1));
  const kept = readFileSync(join(fixture.directory, 'north', 'tags.json'), 'utf8');
  expect(JSON.parse(kept)).toEqual(lists.at(-1));
});
