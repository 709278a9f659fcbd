/** Both ends together, over real TLS on the loopback. */

import { MAX_BLOCK_SAMPLES } from '@tidegate/core/block/sampleBlock.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Boundary, TAG } from './boundary.ts';
import { MemorySource } from './memorySource.ts';
import { until } from './until.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, sequence) => sequence);

let boundary: Boundary;
beforeEach(() => {
  boundary = new Boundary();
});
afterEach(() => boundary.stop());

describe('blocks cross', () => {
  it('SR 3.1: the bytes that the source gave are the bytes that the sink gets, in order, once', async () => {
    const source = new MemorySource();
    const { port } = await boundary.receiver();
    const forwarder = boundary.forwarder(port, { source });
    const sealed = upTo(500).map((sequence) => source.seal(1 + (sequence % 50)));
    sealed.push(source.seal(MAX_BLOCK_SAMPLES));
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual(upTo(501));
    const identical = sealed.map(({ bytes }, index) => Buffer.compare(bytes, boundary.sink.stored[index].bytes) === 0);
    expect(identical).not.toContain(false);
    expect(forwarder.status()).toEqual({
      ...{ connected: true, draining: false },
      acknowledged: { epoch: 1, sequence: 500 },
    });
    expect(source.depth().blocks).toBe(0);
  });

  it('a block sealed later crosses at once', async () => {
    const source = new MemorySource();
    const { port } = await boundary.receiver();
    const forwarder = boundary.forwarder(port, { source });
    await forwarder.drained();
    for (const sequence of upTo(20)) {
      source.seal();
      await forwarder.drained();
      expect(boundary.sink.sequences().at(-1)).toBe(sequence);
    }
  });

  it('a gap in the sequence is passed on as it is', async () => {
    const source = new MemorySource();
    const lost = new MemorySource();
    source.put(lost.seal());
    lost.seal();
    source.put(lost.seal());
    const { port } = await boundary.receiver();
    await boundary.forwarder(port, { source }).drained();
    expect(boundary.sink.sequences()).toEqual([0, 2]);
  });

  it('each lane has its own connection: one that cannot store does not hold up the other', async () => {
    const operational = new MemorySource('north', 'operational');
    const analytical = new MemorySource('north', 'analytical');
    const { port } = await boundary.receiver();
    const disk = Promise.withResolvers<void>();
    const append = boundary.sink.append.bind(boundary.sink);
    boundary.sink.append = async (header, bytes) => {
      if (header.lane === 'analytical') await disk.promise;
      return append(header, bytes);
    };
    const fast = boundary.forwarder(port, { source: operational });
    const slow = boundary.forwarder(port, { source: analytical });
    for (const _ of upTo(1_000)) analytical.seal(1_000);
    for (const _ of upTo(10)) operational.seal();
    await fast.drained();
    expect(operational.acknowledged.at(-1)).toEqual({ epoch: 1, sequence: 9 });
    expect(analytical.acknowledged).toEqual([]);
    disk.resolve();
    await slow.drained();
    expect(boundary.sink.stored).toHaveLength(1_010);
  });
});

describe('the tag list', () => {
  it('comes before the blocks, and again before blocks that follow a change', async () => {
    const source = new MemorySource();
    const { port } = await boundary.receiver();
    const tags = [TAG];
    source.seal();
    const forwarder = boundary.forwarder(port, { source, tags: () => tags });
    await forwarder.drained();
    tags.push({ ...TAG, number: 1, id: 'TI-2' });
    forwarder.tagsChanged();
    source.seal();
    await forwarder.drained();
    expect(boundary.sink.log).toEqual(['tags 1', 'block 0', 'tags 2', 'block 1']);
    expect(boundary.sink.tagLists.at(-1)).toEqual(tags);
  });

  it('a change crosses although no block follows', async () => {
    const { port } = await boundary.receiver();
    const forwarder = boundary.forwarder(port);
    await until(() => expect(boundary.sink.tagLists).toHaveLength(1));
    forwarder.tagsChanged();
    await until(() => expect(boundary.sink.tagLists).toHaveLength(2));
  });

  it('of many thousand tags crosses in parts', async () => {
    const { port } = await boundary.receiver();
    const tags = upTo(20_000).map((number) => ({ ...TAG, number, id: `TI-${number}` }));
    boundary.forwarder(port, { tags: () => tags });
    await until(() => expect(boundary.sink.tagLists).toEqual([tags]));
  });
});

describe('SR 5.2: the window', () => {
  it('holds no more than its bytes under way while nothing becomes durable', async () => {
    const source = new MemorySource();
    const { port } = await boundary.receiver();
    boundary.sink.hold();
    const blockBytes = source.seal(1_000).bytes.length;
    for (const _ of upTo(99)) source.seal(1_000);
    const forwarder = boundary.forwarder(port, { source, window: fixed(10 * blockBytes), readBytes: 2 * blockBytes });
    await until(() => expect(boundary.sink.log.length).toBeGreaterThanOrEqual(9));
    const heartbeats = boundary.sink.heartbeats.length;
    await until(() => expect(boundary.sink.heartbeats.length).toBeGreaterThan(heartbeats + 2));
    expect(boundary.sink.log.filter((entry) => entry.startsWith('block')).length).toBeLessThanOrEqual(10);
    expect(forwarder.status().acknowledged).toBeUndefined();
    boundary.sink.release();
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual(upTo(100));
  });

  it('lets one block through that is larger than itself', async () => {
    const source = new MemorySource();
    source.seal(10_000);
    source.seal(10_000);
    const { port } = await boundary.receiver();
    await boundary.forwarder(port, { source, window: fixed(1_000) }).drained();
    expect(boundary.sink.sequences()).toEqual([0, 1]);
  });

  it('SR 7.1: the receiver stops reading while too much waits for the sink', async () => {
    const source = new MemorySource();
    const receiver = await boundary.receiver({ pendingBytes: 100_000 });
    boundary.sink.hold();
    for (const _ of upTo(2_000)) source.seal(1_000);
    const forwarder = boundary.forwarder(receiver.port, {
      source,
      ackTimeoutMs: 60_000,
      window: fixed(64 * 1024 * 1024),
    });
    await until(() => expect(receiver.connections()[0]?.pendingBytes).toBeGreaterThan(100_000));
    const [{ blocks }] = receiver.connections();
    expect(receiver.connections()[0].pendingBytes).toBeLessThan(100_000 + 128 * 1024);
    expect(blocks).toBeLessThan(100);
    boundary.sink.release();
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual(upTo(2_000));
  });
});

describe('a server that cannot store', () => {
  it('is offered the same block until it can, and nothing is skipped', async () => {
    const source = new MemorySource();
    const { port } = await boundary.receiver();
    const forwarder = boundary.forwarder(port, { source });
    source.seal();
    await forwarder.drained();
    boundary.sink.fault = { code: 'boundary.not-stored', detail: 'the disk is full' };
    for (const _ of upTo(5)) source.seal();
    const offers = () => boundary.sink.log.filter((entry) => entry === 'block 1').length;
    // A tag list that cannot be stored ends the connection before the block is offered again: let it through.
    boundary.sink.defineTags = async () => ({ ok: true, value: undefined });
    await until(() => expect(offers()).toBeGreaterThan(3));
    expect(forwarder.status().acknowledged).toEqual({ epoch: 1, sequence: 0 });
    expect(boundary.gatewayEvents.filter(({ kind }) => kind === 'boundary.refused')).toHaveLength(1);
    boundary.sink.fault = undefined;
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual(upTo(6));
  });

  it('a tag list that cannot be stored holds back the blocks', async () => {
    const source = new MemorySource();
    source.seal();
    const { port } = await boundary.receiver();
    boundary.sink.fault = { code: 'boundary.not-stored', detail: 'the disk is full' };
    const forwarder = boundary.forwarder(port, { source });
    await until(() => expect(boundary.gatewayEvents.at(-1)?.kind).toBe('boundary.refused'));
    expect(boundary.sink.log).toEqual([]);
    boundary.sink.fault = undefined;
    await forwarder.drained();
    expect(boundary.sink.log.slice(0, 2)).toEqual(['tags 1', 'block 0']);
  });
});

describe('two connections for one stream', () => {
  it('the newer replaces the older, whose appends finish first', async () => {
    const receiver = await boundary.receiver();
    const source = new MemorySource();
    boundary.sink.hold();
    const older = boundary.forwarder(receiver.port, { source, backoff: { firstMs: 60_000, maxMs: 60_000 } });
    source.seal();
    await until(() => expect(boundary.sink.log).toContain('block 0'));
    const newer = boundary.forwarder(receiver.port, { source, ackTimeoutMs: 60_000 });
    await until(() => expect(older.status().connected).toBe(false));
    expect(boundary.gatewayEvents.at(-1)?.detail).toMatch(/^boundary\.replaced/);
    expect(newer.status().connected).toBe(false);
    boundary.sink.release();
    source.seal();
    await newer.drained();
    expect(boundary.sink.sequences()).toEqual([0, 1]);
    expect(boundary.sink.repeated).toBe(0);
    expect(receiver.connections()).toHaveLength(1);
  });
});

describe('a spool that is behind its server', () => {
  it('is reported, and nothing is acknowledged', async () => {
    const { port } = await boundary.receiver();
    const before = new MemorySource('north', 'operational', 9);
    before.seal();
    const first = boundary.forwarder(port, { source: before });
    await first.drained();
    await first.stop();
    const restored = new MemorySource('north', 'operational', 5);
    restored.seal();
    boundary.forwarder(port, { source: restored });
    await until(() => expect(boundary.gatewayEvents.at(-1)?.detail).toMatch(/^boundary\.ahead/));
    expect(restored.acknowledged).toEqual([]);
  });

  it('is reported when its first block is sealed after WELCOME', async () => {
    const { port } = await boundary.receiver();
    const before = new MemorySource('north', 'operational', 9);
    before.seal();
    const first = boundary.forwarder(port, { source: before });
    await first.drained();
    await first.stop();
    const emptied = new MemorySource('north', 'operational', 5);
    const forwarder = boundary.forwarder(port, { source: emptied });
    await until(() => expect(forwarder.status().connected).toBe(true));
    emptied.seal();
    await until(() => expect(boundary.gatewayEvents.at(-1)?.detail).toMatch(/^boundary\.ahead/));
    expect(emptied.acknowledged).toHaveLength(1);
    expect(boundary.sink.stored).toHaveLength(1);
  });

  it('goes on in a later epoch where nothing waits', async () => {
    const { port } = await boundary.receiver();
    const before = new MemorySource('north', 'operational', 9);
    before.seal();
    const first = boundary.forwarder(port, { source: before });
    await first.drained();
    await first.stop();
    const restored = new MemorySource('north', 'operational', 5);
    const sealed = restored.seal();
    restored.acknowledge(sealed, sealed);
    const forwarder = boundary.forwarder(port, { source: restored });
    await until(() => expect(restored.acknowledged.at(-1)).toEqual({ epoch: 9, sequence: 0 }));
    const heartbeats = boundary.sink.heartbeats.length;
    await until(() => expect(boundary.sink.heartbeats.length).toBeGreaterThan(heartbeats + 1));
    restored.epoch = 10;
    restored.seal();
    await forwarder.drained();
    expect(boundary.sink.stored.map(({ header }) => header.epoch)).toEqual([9, 10]);
  });
});

/** A window that does not change. */
function fixed(bytes: number) {
  return { queueMs: 60, minBytes: bytes, maxBytes: bytes };
}
