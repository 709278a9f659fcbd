/** The line between the ends is cut, falls silent, or loses its server: every block is there once all the same. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Boundary, kindsOf } from './boundary.ts';
import { MemorySource } from './memorySource.ts';
import { TcpProxy } from './tcpProxy.ts';
import { until } from './until.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, sequence) => sequence);

let boundary: Boundary;
let proxy: TcpProxy | undefined;
beforeEach(() => {
  boundary = new Boundary();
});
afterEach(async () => {
  await boundary.stop();
  await proxy?.stop();
  proxy = undefined;
});

const WINDOW = { queueMs: 60, minBytes: 200_000, maxBytes: 200_000 };

describe('after a cut', () => {
  it('a block is acknowledged to the source only when the server holds it', async () => {
    const source = new MemorySource();
    const receiver = await boundary.receiver();
    boundary.sink.hold();
    for (const _ of upTo(5)) source.seal();
    const forwarder = boundary.forwarder(receiver.port, { source });
    await until(() => expect(boundary.sink.log).toContain('block 4'));
    expect(source.acknowledged).toEqual([]);
    boundary.sink.release();
    await forwarder.drained();
    expect(source.acknowledged.at(-1)).toEqual({ epoch: 1, sequence: 4 });
  });

  it('it resumes behind the last block that the server holds, without sending it again', async () => {
    const source = new MemorySource();
    const receiver = await boundary.receiver();
    for (const _ of upTo(10)) source.seal();
    const first = boundary.forwarder(receiver.port, { source });
    await first.drained();
    await first.stop();
    for (const _ of upTo(10)) source.seal();
    await boundary.forwarder(receiver.port, { source }).drained();
    expect(boundary.sink.sequences()).toEqual(upTo(20));
    expect(boundary.sink.repeated).toBe(0);
  });

  it('what was stored but not acknowledged is acknowledged by WELCOME', async () => {
    const source = new MemorySource();
    for (const _ of upTo(10)) source.seal();
    const twin = new MemorySource();
    for (const _ of upTo(10)) twin.seal();
    const { port } = await boundary.receiver();
    const first = boundary.forwarder(port, { source: twin });
    await first.drained();
    await first.stop();
    await boundary.forwarder(port, { source }).drained();
    expect(source.acknowledged).toEqual([{ epoch: 1, sequence: 9 }]);
    expect(boundary.sink.stored).toHaveLength(10);
  });

  it('a server that stops and starts again gets every block', async () => {
    const source = new MemorySource();
    const receiver = await boundary.receiver();
    const { port } = receiver;
    const forwarder = boundary.forwarder(port, { source });
    source.seal();
    await forwarder.drained();
    await receiver.stop();
    for (const _ of upTo(9)) source.seal();
    await until(() => expect(forwarder.status().connected).toBe(false));
    await boundary.receiver({ port });
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual(upTo(10));
    expect(kindsOf(boundary.gatewayEvents)).toEqual(['boundary.connected', 'boundary.lost', 'boundary.connected']);
  });

  it('a server that stops acknowledges first what it holds', async () => {
    const source = new MemorySource();
    const receiver = await boundary.receiver();
    boundary.sink.hold();
    const forwarder = boundary.forwarder(receiver.port, { source });
    for (const _ of upTo(10)) source.seal();
    await until(() => expect(boundary.sink.log).toContain('block 9'));
    const stopped = receiver.stop();
    boundary.sink.release();
    await stopped;
    await until(() => expect(forwarder.status().acknowledged).toEqual({ epoch: 1, sequence: 9 }));
  });

  it('a line that is open and silent is given up, and its blocks cross on the next', async () => {
    const source = new MemorySource();
    const { port } = await boundary.receiver({ idleTimeoutMs: 300 });
    proxy = await TcpProxy.start(port);
    const forwarder = boundary.forwarder(proxy.port, { source, ackTimeoutMs: 200 });
    source.seal();
    await forwarder.drained();
    proxy.frozen = true;
    source.seal();
    await until(() => expect(forwarder.status().connected).toBe(false));
    expect(boundary.gatewayEvents.at(-1)).toMatchObject({ kind: 'boundary.lost' });
    expect(boundary.gatewayEvents.at(-1)?.detail).toMatch(/^boundary\.unanswered/);
    await until(() => expect(boundary.serverEvents.at(-1)?.detail).toMatch(/boundary\.unanswered/));
    proxy.frozen = false;
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual([0, 1]);
  });

  it('a silent line is noticed although nothing waits to be sent', async () => {
    const { port } = await boundary.receiver();
    proxy = await TcpProxy.start(port);
    const forwarder = boundary.forwarder(proxy.port, { ackTimeoutMs: 200 });
    await until(() => expect(forwarder.status().connected).toBe(true));
    proxy.frozen = true;
    await until(() => expect(forwarder.status().connected).toBe(false));
  });

  it('SR 3.1: cut at 50 random places while thousands of blocks flow, every block is there once and in order', async () => {
    const source = new MemorySource();
    const { port } = await boundary.receiver();
    proxy = await TcpProxy.start(port);
    const forwarder = boundary.forwarder(proxy.port, { source, window: WINDOW, readBytes: 20_000 });
    const BLOCKS = 6_000;
    for (let sealed = 0; sealed < BLOCKS; ) {
      for (let batch = 0; batch < 100; batch++, sealed++) source.seal(1 + Math.floor(Math.random() * 60));
      if (proxy.cuts < 50) proxy.cutAfterBytes = 2_500 + Math.floor(Math.random() * 15_000);
      await until(() => expect(source.depth().blocks).toBeLessThan(80));
    }
    await forwarder.drained();
    expect(proxy.cuts).toBeGreaterThanOrEqual(50);
    expect(boundary.sink.sequences()).toEqual(upTo(BLOCKS));
  });
});
