/** A gateway, a relay and a server, over real TLS on the loopback; any of them may be away. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fetcher } from '../receive/fetcher.ts';
import type { ReceiverOptions, RunningReceiver } from '../receive/receiver.ts';
import { FetchDoor } from '../relay/fetchDoor.ts';
import type { RelayStore } from '../relay/relayStore.ts';
import { RelayFixture, readWaiting, streamOf } from '../relay/testbed/relayFixture.ts';
import { Boundary, TAG } from './boundary.ts';
import { TestAuthority } from './certificates.ts';
import { INSTANCE, MemorySource } from './memorySource.ts';
import { TestRelay } from './relay.ts';
import { until } from './until.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, sequence) => sequence);

let boundary: Boundary;
let relay: TestRelay;
/** What the server holds: another relay is the simplest sink that takes blocks in any order. */
let held: RelayFixture;
let server: RelayStore;

beforeEach(async () => {
  boundary = new Boundary();
  relay = await TestRelay.create(boundary);
  held = new RelayFixture();
  server = await held.open();
});
afterEach(async () => {
  await boundary.stop();
  await relay.remove();
  await held.remove();
});

const receiver = (options: Partial<ReceiverOptions> = {}) =>
  boundary.receiver({ sink: server, gatewaysOf: (holder) => relay.gatewaysOf(holder), ...options });

async function blocksAtServer() {
  return (await readWaiting(streamOf(server))).all.toSorted((a, b) => a.sequence - b.sequence);
}

describe('through a relay', () => {
  it('SR 3.1: the bytes that the gateway gave are the bytes that the server gets, once, with the tags', async () => {
    const source = new MemorySource();
    const { port } = await receiver();
    boundary.forwarder(await relay.start(port), { source });
    const sealed = upTo(300).map((sequence) => source.seal(1 + (sequence % 50)));
    await until(() => expect(streamOf(server).depth.blocks).toBe(300));
    const stored = await blocksAtServer();
    expect(stored.map(({ bytes }) => Buffer.from(bytes))).toEqual(sealed.map(({ bytes }) => Buffer.from(bytes)));
    expect(server.tagsOf('north')).toEqual([TAG]);
    await until(() => expect(streamOf(relay.store).depth.blocks).toBe(0));
  });

  it('the server hears the gateway: its clock and its counts, and what waits in both', async () => {
    const source = new MemorySource();
    for (const _ of upTo(5)) source.seal(10);
    const { port } = await receiver();
    const forwarder = boundary.forwarder(await relay.start(port), { source });
    await forwarder.drained();
    await until(() => {
      const told = streamOf(server).told();
      expect(told).toMatchObject({ tally: { read: 50, accepted: 50 }, head: { epoch: 1, sequence: 4 } });
      expect(told.at).toBeGreaterThan(0);
    });
    // A gateway that is heard no more is not heard at the server either.
    await forwarder.stop();
    const { at } = streamOf(relay.store).told();
    await until(() => expect(streamOf(server).told().at).toBe(at));
  });

  it('SR 7.4: nothing is lost and nothing comes twice while the server and the relay come and go', async () => {
    const source = new MemorySource();
    const { port } = await receiver();
    const relayPort = await relay.start(port);
    boundary.forwarder(relayPort, { source });
    for (const round of upTo(6)) {
      for (const _ of upTo(100)) source.seal(1 + (round % 3));
      await until(() => expect(streamOf(server).depth.blocks).toBeGreaterThan(round * 80));
      await relay.stop();
      for (const _ of upTo(20)) source.seal();
      await relay.start(port, relayPort);
    }
    await until(() => expect(streamOf(server).depth.blocks).toBe(720));
    expect((await blocksAtServer()).map(({ sequence }) => sequence)).toEqual(upTo(720));
  });

  it('SR 5.2: a gateway that the server does not expect from this relay waits in the relay', async () => {
    const { port } = await receiver({ gatewaysOf: () => [] });
    const source = new MemorySource();
    source.seal();
    await boundary.forwarder(await relay.start(port), { source }).drained();
    await until(() => expect(boundary.serverEvents.some(({ kind }) => kind === 'boundary.refused')).toBe(true));
    expect(streamOf(relay.store).depth.blocks).toBe(1);
    expect(server.streams()).toEqual([]);
  });
});

describe('SR 5.2: a relay from which the server fetches', () => {
  let door: FetchDoor;
  let fetcher: Fetcher | undefined;
  beforeEach(async () => {
    const listening = await FetchDoor.listen('127.0.0.1', 0);
    if (!listening.ok) throw new Error(listening.fault.detail);
    door = listening.value;
  });
  afterEach(async () => {
    fetcher?.stop();
    await boundary.stop();
    await relay.stop();
    await door.close();
  });

  async function fetchWith(options: Partial<ReceiverOptions> = {}): Promise<RunningReceiver> {
    const started = await receiver(options);
    const place = { host: '127.0.0.1', port: door.port };
    const backoff = { firstMs: 1, maxMs: 20 };
    fetcher = new Fetcher({ ...place, receiver: started, clock: systemClock, events: () => undefined, backoff });
    return started;
  }

  it('opens no connection, and delivers all the same, whoever comes first', async () => {
    const source = new MemorySource();
    for (const _ of upTo(100)) source.seal(10);
    boundary.forwarder(await relay.start(door), { source });
    await until(() => expect(streamOf(relay.store).depth.blocks).toBe(100));
    const first = await fetchWith();
    await until(() => expect(streamOf(server).depth.blocks).toBe(100));
    fetcher?.stop();
    await first.stop();
    for (const _ of upTo(100)) source.seal(10);
    await fetchWith();
    await until(() => expect(streamOf(server).depth.blocks).toBe(200));
    expect((await blocksAtServer()).map(({ sequence }) => sequence)).toEqual(upTo(200));
  });

  it('SR 1.2: gives nothing to who cannot prove to be the server, and goes on with who can', async () => {
    const source = new MemorySource();
    source.seal();
    boundary.forwarder(await relay.start(door), { source });
    const other = await TestAuthority.create('Another');
    await fetchWith({ identity: { ...(await other.server()), ca: boundary.authority.ca } });
    await until(() => expect(boundary.serverEvents.some(({ kind }) => kind === 'boundary.refused')).toBe(true));
    expect(server.streams()).toEqual([]);
    fetcher?.stop();
    await fetchWith();
    await until(() => expect(streamOf(server).depth.blocks).toBe(1));
  });
});

describe('SR 7.1: a backlog of a relay', () => {
  it('drains beside live data and not before it', async () => {
    const source = new MemorySource();
    const first = await receiver();
    const { port } = first;
    boundary.forwarder(await relay.start(port), { source });
    await until(() => expect(streamOf(relay.store).told().at).toBeGreaterThan(0));
    await first.stop();
    for (const _ of upTo(2_000)) source.seal(200);
    await until(() => expect(streamOf(relay.store).depth.blocks).toBe(2_000));
    const order: number[] = [];
    const append = server.append.bind(server);
    server.append = async (header, bytes) => {
      order.push(header.sequence);
      // Whoever is slow has a backlog for longer.
      if (header.sequence < 2_000) await new Promise((resolve) => setTimeout(resolve, 5));
      return append(header, bytes);
    };
    await receiver({ port });
    await until(() => expect(order.length).toBeGreaterThan(10));
    source.seal();
    await until(() => expect(order).toContain(2_000));
    expect(order.length).toBeLessThan(2_000);
    await until(() => expect(streamOf(server).depth.blocks).toBe(2_001));
    expect((await blocksAtServer()).map(({ sequence }) => sequence)).toEqual(upTo(2_001));
  });
});

describe('SR 1.2: two gateways of one name through a relay', () => {
  const OTHER = '5a'.repeat(16);
  const twinOf = (epoch: number) => new MemorySource('north', 'operational', epoch, OTHER);
  const seal = (source: MemorySource, blocks: number) => upTo(blocks).map(() => source.seal());
  const storedOf = (epoch: number) =>
    boundary.sink.stored.filter(({ header }) => header.epoch === epoch).map(({ header }) => header.sequence);
  const refused = () =>
    expect(boundary.gatewayEvents.at(-1)).toMatchObject({ detail: expect.stringMatching(/^boundary\.twin: /) });

  it('the relay refuses the second, also after a restart; the server hears from which spool blocks come', async () => {
    const { port } = await receiver({ sink: boundary.sink });
    const relayPort = await relay.start(port);
    const source = new MemorySource('north', 'operational', 10);
    seal(source, 5);
    const first = boundary.forwarder(relayPort, { source });
    await until(() => expect(storedOf(10)).toEqual(upTo(5)));
    expect(boundary.sink.instances.get('north/operational')).toBe(INSTANCE);
    const older = twinOf(5);
    seal(older, 2);
    const second = boundary.forwarder(relayPort, { source: older });
    await until(refused);
    await first.stop();
    await second.stop();
    await relay.stop();
    boundary.gatewayEvents.length = 0;
    await relay.start(port, relayPort);
    const third = boundary.forwarder(relayPort, { source: older });
    await until(refused);
    await third.stop();
    expect(older.acknowledged).toEqual([]);
    expect(storedOf(5)).toEqual([]);
  });

  it('a replacement takes over when all that the first brought has been delivered', async () => {
    const { port } = await receiver({ sink: boundary.sink });
    const relayPort = await relay.start(port);
    const source = new MemorySource('north', 'operational', 10);
    const first = boundary.forwarder(relayPort, { source });
    seal(source, 1);
    await until(() => expect(storedOf(10)).toEqual(upTo(1)));
    boundary.sink.hold();
    seal(source, 5);
    await until(() => expect(source.depth().blocks).toBe(0));
    await first.stop();
    const replacement = twinOf(20);
    seal(replacement, 5);
    boundary.forwarder(relayPort, { source: replacement });
    await until(refused);
    expect(replacement.acknowledged).toEqual([]);
    boundary.sink.release();
    await until(() => expect(storedOf(20)).toEqual(upTo(5)));
    expect(storedOf(10)).toEqual(upTo(6));
    expect(boundary.sink.instances.get('north/operational')).toBe(OTHER);
    seal(replacement, 3);
    await until(() => expect(storedOf(20)).toEqual(upTo(8)));
  });
});
