import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closedPort, openTestPeer, type TestPeer } from '../testbed/testPeer.ts';
import { GuardedLink } from './guardedLink.ts';
import type { TcpMedium } from './medium.ts';
import { guardedOpener } from './openLine.ts';
import { Refusals } from './refusals.ts';
import { heard, LinkRig, OTHER_READ, opened, READ, readGuard, WRITE } from './testbed/linkRig.ts';

const NEVER = new AbortController().signal;
let rig = new LinkRig();

afterEach(async () => {
  await rig.close();
  rig = new LinkRig();
});

async function peerThat(onRequest: Parameters<typeof openTestPeer>[0]): Promise<TestPeer> {
  const peer = await openTestPeer(onRequest);
  rig.onClose(() => peer.close());
  return peer;
}

function at(port: number): TcpMedium {
  return { kind: 'tcp', host: '127.0.0.1', port, connectTimeoutMs: 2000, tls: undefined };
}

const linkTo = (port: number, clock = systemClock) => opened(rig.link(at(port), clock));

describe('a link', () => {
  it('carries a request, hands over what comes, and counts both', async () => {
    const peer = await peerThat((bytes, socket) => socket.write(bytes));
    const link = await linkTo(peer.port);
    expect(link.send(READ)).toMatchObject({ ok: true });
    const answer = await link.receive(2000);
    expect(answer.ok && Buffer.from(answer.value)).toEqual(Buffer.from(READ));
    expect([link.sentBytes, link.receivedBytes]).toEqual([12, 12]);
  });

  it('sends several frames in one piece', async () => {
    const pieces: string[] = [];
    const peer = await peerThat((bytes) => pieces.push(bytes.toString('hex')));
    const link = await linkTo(peer.port);
    link.send(READ, OTHER_READ, READ);
    const whole = Buffer.concat([READ, OTHER_READ, READ]).toString('hex');
    await vi.waitFor(() => expect(pieces).toEqual([whole]));
    expect(link.sentBytes).toBe(36);
  });

  it('sends none of several frames where one is forbidden, and is closed with an event', async () => {
    const peer = await peerThat(() => expect.unreachable('nothing may be sent'));
    const link = await linkTo(peer.port);
    await vi.waitFor(() => expect(peer.sockets.size).toBe(1));
    expect(link.send(READ, WRITE)).toMatchObject({ ok: false, fault: { code: 'frame.forbidden' } });
    expect(await link.closed).toMatchObject({ code: 'link.closed', detail: 'the guard refused a frame' });
    await vi.waitFor(() => expect(peer.sockets.size).toBe(0));
    expect(rig.events).toMatchObject([{ kind: 'guard.refused', source: 'line-1' }]);
    expect(link.sentBytes).toBe(0);
  });

  it('hands the medium what nobody else can change while it waits', () => {
    const pieces: Uint8Array[] = [];
    const stream = new Duplex({ read() {}, write: (bytes, _, done) => done(void pieces.push(bytes)) });
    const medium = { stream, ended: new Promise<string>(() => {}), release() {} };
    const refusals = new Refusals('guard.refused', 'line-1', systemClock, () => {});
    const link = new GuardedLink(medium, readGuard, refusals, systemClock);
    link.send(READ);
    link.send(READ, OTHER_READ);
    expect(pieces.map(({ buffer, length }) => buffer.byteLength - length)).toEqual([0, 0]);
  });

  it('says once a minute what the guard refuses, however often it is tried', async () => {
    const peer = await peerThat(() => expect.unreachable('nothing may be sent'));
    const clock = new ManualClock();
    const opener = rig.link(at(peer.port), clock);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await opened(opener)).send(WRITE)).toMatchObject({ ok: false, fault: { code: 'frame.forbidden' } });
    }
    expect(rig.events).toMatchObject([{ kind: 'guard.refused', source: 'line-1' }]);
    await clock.advance(60_000);
    (await opened(opener)).send(WRITE);
    expect(rig.events[1]?.detail).toContain('; 2 more were refused before it');
  });

  it('hands over what came while nobody waited, in one piece and in order', async () => {
    const peer = await peerThat((_, socket) => {
      socket.write('ab');
      setImmediate(() => socket.end('cd'));
    });
    const link = await linkTo(peer.port);
    link.send(READ);
    await link.closed;
    const bytes = await link.receive(2000);
    expect(bytes.ok && Buffer.from(bytes.value).toString()).toBe('abcd');
    expect(await link.receive(2000)).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
  });

  it.each([
    ['at first', []],
    ['after a longer wait that was answered', [5_000]],
    ['after shorter waits that were answered', [300, 400]],
  ])('waits for as long as it is told, by the clock it is given: %s', async (_, answeredWaits) => {
    const peer = await peerThat((_bytes, socket) => socket.write('x'));
    const clock = new ManualClock();
    const link = await linkTo(peer.port, clock);
    for (const withinMs of answeredWaits) {
      link.send(READ);
      expect(await link.receive(withinMs)).toMatchObject({ ok: true });
      await clock.advance(250);
    }
    const answer = link.receive(500);
    await clock.advance(499);
    expect(await Promise.race([answer, Promise.resolve('waiting')])).toBe('waiting');
    await clock.advance(1);
    const fault = { code: 'link.timeout', detail: 'no answer within 500 ms' };
    expect(await answer).toEqual({ ok: false, fault });
  });

  it('closes cleanly: the device sees the end, and nothing can be sent any more', async () => {
    const peer = await peerThat(() => {});
    const link = await linkTo(peer.port);
    await vi.waitFor(() => expect(peer.sockets.size).toBe(1));
    const waiting = link.receive(5000);
    link.close();
    expect(await waiting).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
    expect(link.send(READ)).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
    await vi.waitFor(() => expect(peer.sockets.size).toBe(0));
  });

  it('cuts off a device that floods it', async () => {
    const peer = await peerThat((_, socket) => socket.write(Buffer.alloc(4 * 1024 * 1024)));
    const link = await linkTo(peer.port);
    link.send(READ);
    expect(await link.closed).toMatchObject({ detail: 'the device sends what nobody asked for' });
  });

  it('cuts off a device that takes nothing of what it is asked', async () => {
    const peer = await peerThat((_, socket) => socket.pause());
    const link = await linkTo(peer.port);
    const requests = new Array<Uint8Array>(5_000).fill(READ);
    let sent = link.send(READ);
    // The buffers of the system between the two take some megabytes before a byte of ours has to wait.
    for (let round = 0; sent.ok && round < 1_000; round++) {
      sent = link.send(...requests);
      await new Promise(setImmediate);
    }
    expect(sent).toMatchObject({ ok: false, fault: { code: 'link.closed' } });
    expect(await link.closed).toMatchObject({ detail: 'the device no longer takes what is sent to it' });
  });
});

describe('a connection that does not come about', () => {
  it('is explained by who refused it', async () => {
    const port = await closedPort();
    const refused = { code: 'link.connect', detail: expect.stringContaining(`127.0.0.1:${port} takes no connection`) };
    expect(await rig.link(at(port)).open(NEVER)).toMatchObject({ ok: false, fault: refused });
  });

  it('is given up after its time', async () => {
    const peer = await peerThat(() => {});
    const clock = new ManualClock();
    const late = rig.link(at(peer.port), clock).open(NEVER);
    // The timer fires before the socket can connect: no turn of the event loop lies between.
    clock.advance(2000);
    const detail = expect.stringContaining('2000 ms');
    expect(await late).toMatchObject({ ok: false, fault: { code: 'link.connect', detail } });
  });

  it('is given up when it is stopped', async () => {
    const peer = await peerThat(() => {});
    const stopping = new AbortController();
    const stopped = rig.link(at(peer.port)).open(stopping.signal);
    stopping.abort();
    expect(await stopped).toMatchObject({ ok: false, fault: { code: 'link.connect' } });
    expect(await rig.link(at(peer.port)).open(stopping.signal)).toMatchObject({ ok: false });
    expect(peer.sockets.size).toBe(0);
  });
});

describe('a tap', () => {
  it('hears a device over TCP, which hears nothing', async () => {
    const peer = await peerThat(() => expect.unreachable('nothing may be sent'));
    const tap = await opened(rig.tap(at(peer.port)));
    await vi.waitFor(() => expect(peer.sockets.size).toBe(1));
    for (const socket of peer.sockets) socket.write('telegrams');
    expect(await heard(tap, 9)).toBe('telegrams');
    expect(tap.receivedBytes).toBe(9);
    expect(tap).not.toHaveProperty('send');
  });
});

it('gives no link over a recording: it could not be asked anything', () => {
  const recording = { kind: 'recording', path: 'bus.bin', baudRate: 19_200, repeat: false } as const;
  const open = () => guardedOpener('line-1', recording, readGuard, { clock: systemClock, events: () => {} });
  expect(open).toThrow('line line-1 is a recording');
});

describe('the source', () => {
  const FOLDER = import.meta.dirname;
  const sources = globSync('*.ts', { cwd: FOLDER })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));
  /** Everything by which bytes get into a stream, a socket or a port. */
  const SENDS = /\.(write|writev|end|pipe|pipeTo|send|cork|compose)\(|\bpipeline\(|\.drain\(/;
  const linesThat = (pattern: RegExp) =>
    sources.flatMap(({ file, text }) =>
      text.split('\n').flatMap((line) => (pattern.test(line) ? [`${file}: ${line.trim()}`] : [])),
    );

  it('writes to a medium in one place, behind the guard', () => {
    expect(linesThat(SENDS)).toEqual(['guardedLink.ts: this.#outlet.write(bytes);']);
  });

  it('makes a guarded frame in one place', () => {
    expect(linesThat(/\bas GuardedFrame\b/)).toEqual(['writeGuard.ts: return success(copy as GuardedFrame);']);
  });

  it('keeps what sends out of reach of a tap', () => {
    const tap = sources.find(({ file }) => file === 'lineTap.ts')!.text;
    const imported = [...tap.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
    expect(imported.filter((from) => !from.startsWith('@tidegate/core/'))).toEqual([
      'node:stream',
      './link.ts',
      './openMedium.ts',
    ]);
    expect(tap).not.toMatch(/Duplex|Writable|GuardedLink/);
  });
});
