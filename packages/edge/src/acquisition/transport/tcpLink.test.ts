import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { afterEach, expect, it, vi } from 'vitest';
import type { Link } from '../driver.ts';
import { manifest } from '../drivers/modbus/manifest.ts';
import { closedPort, openTestPeer, type TestPeer } from '../testbed/testPeer.ts';
import { connectDefect, openTcpLink } from './tcpLink.ts';
import { createWriteGuard } from './writeGuard.ts';

const REQUEST = Uint8Array.from(Buffer.from('000100000006010300000001', 'hex'));
const guard = createWriteGuard(manifest);
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function peerThat(onRequest: Parameters<typeof openTestPeer>[0]): Promise<TestPeer> {
  const peer = await openTestPeer(onRequest);
  closers.push(() => peer.close());
  return peer;
}

function open(port: number, clock = systemClock, signal?: AbortSignal): Promise<Result<Link>> {
  const target = { device: 'pump', host: '127.0.0.1', port, connectTimeoutMs: 2000 };
  return openTcpLink(target, { clock, events: () => {}, guard }, signal);
}

async function opened(port: number, clock = systemClock): Promise<Link> {
  const result = await open(port, clock);
  if (!result.ok) throw new Error(result.fault.detail);
  closers.push(() => result.value.close());
  return result.value;
}

it('carries a request and hands over what comes', async () => {
  const peer = await peerThat((bytes, socket) => socket.write(bytes));
  const link = await opened(peer.port);
  expect(link.send(REQUEST)).toMatchObject({ ok: true });
  const answer = await link.receive(2000);
  expect(answer.ok && Buffer.from(answer.value)).toEqual(Buffer.from(REQUEST));
});

it('hands over what came while nobody waited, in one piece and in order', async () => {
  const peer = await peerThat((_, socket) => {
    socket.write('ab');
    setImmediate(() => socket.end('cd'));
  });
  const link = await opened(peer.port);
  link.send(REQUEST);
  await link.closed;
  const bytes = await link.receive(2000);
  expect(bytes.ok && Buffer.from(bytes.value).toString()).toBe('abcd');
  expect(await link.receive(2000)).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
});

it('waits for as long as it is told, by the clock it is given', async () => {
  const peer = await peerThat(() => {});
  const clock = new ManualClock();
  const link = await opened(peer.port, clock);
  link.send(REQUEST);
  const answer = link.receive(500);
  await clock.advance(499);
  const early = await Promise.race([answer, Promise.resolve('waiting')]);
  expect(early).toBe('waiting');
  await clock.advance(1);
  expect(await answer).toMatchObject({ ok: false, fault: { code: 'link.timeout' } });
});

it('says who refused a connection', async () => {
  const port = await closedPort();
  const refused = { code: 'link.connect', detail: expect.stringContaining(`127.0.0.1:${port}`) };
  expect(await open(port)).toMatchObject({ ok: false, fault: refused });
});

it('gives up connecting after its time, and when it is stopped', async () => {
  const peer = await peerThat(() => {});
  const clock = new ManualClock();
  const late = open(peer.port, clock);
  // The timer fires before the socket can connect: no turn of the event loop lies between.
  clock.advance(2000);
  expect(await late).toMatchObject({
    ok: false,
    fault: { code: 'link.connect', detail: expect.stringContaining('2000 ms') },
  });
  const stopping = new AbortController();
  const stopped = open(peer.port, systemClock, stopping.signal);
  stopping.abort();
  expect(await stopped).toMatchObject({ ok: false, fault: { code: 'link.connect' } });
  expect(await open(peer.port, systemClock, stopping.signal)).toMatchObject({ ok: false });
});

it('closes cleanly: the device sees the end, and nothing can be sent any more', async () => {
  const peer = await peerThat(() => {});
  const link = await opened(peer.port);
  await vi.waitFor(() => expect(peer.sockets.size).toBe(1));
  const waiting = link.receive(5000);
  link.close();
  expect(await waiting).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
  expect(link.send(REQUEST)).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
  await vi.waitFor(() => expect(peer.sockets.size).toBe(0));
});

it('cuts off a device that floods it', async () => {
  const peer = await peerThat((_, socket) => socket.write(Buffer.alloc(4 * 1024 * 1024)));
  const link = await opened(peer.port);
  link.send(REQUEST);
  expect(await link.closed).toMatchObject({ detail: 'the device sends what nobody asked for' });
});

it('will not guard a protocol that nobody can dissect', () => {
  expect(() => createWriteGuard({ ...manifest, protocol: 'telex' })).toThrow('no dissector for telex');
});

it.each([
  [new AggregateError([new Error('a'), new Error('b')]), 'ECONNREFUSED', /^takes no connection \(ECONNREFUSED\)/],
  [new Error('connect EHOSTUNREACH'), 'EHOSTUNREACH', /^cannot be reached \(EHOSTUNREACH\)$/],
  [new Error('getaddrinfo ENOTFOUND plc'), 'ENOTFOUND', /^is a name that cannot be resolved \(ENOTFOUND\)$/],
  [new AggregateError([]), 'EADDRNOTAVAIL', /^cannot be connected to \(EADDRNOTAVAIL\)$/],
  [new Error('bind EINVAL'), 'EINVAL', /^cannot be connected to \(bind EINVAL\)$/],
])('says why a device takes no connection: %s, %s', (error, code, expected) => {
  expect(connectDefect(Object.assign(error, { code }))).toMatch(expected);
});
