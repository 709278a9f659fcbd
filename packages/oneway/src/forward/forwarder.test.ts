/** What a server that is not ours can do to a gateway, over real sockets: nothing but be left. */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, encodeAnswer } from '../frame/answer.ts';
import { ANSWER_BYTES } from '../frame/frameLayout.ts';
import { Boundary } from '../testbed/boundary.ts';
import { TestAuthority, type TestIdentity } from '../testbed/certificates.ts';
import { MemorySource } from '../testbed/memorySource.ts';
import { until } from '../testbed/until.ts';

let boundary: Boundary;
let server: Server | undefined;
const sockets = new Set<TLSSocket>();
beforeEach(() => {
  boundary = new Boundary();
});
afterEach(async () => {
  await boundary.stop();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
  server = undefined;
});

/** A TLS server that does with each connection what the test wants. */
async function serve(
  act: (socket: TLSSocket) => void,
  identity: TestIdentity = boundary.server,
  options: { maxVersion?: 'TLSv1.2' } = {},
): Promise<number> {
  const started = createServer({ ...identity, requestCert: true, rejectUnauthorized: false, ...options }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    act(socket);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const refused = () => boundary.gatewayEvents.find(({ kind }) => kind === 'boundary.refused')?.detail ?? '';
const lost = () => boundary.gatewayEvents.find(({ kind }) => kind === 'boundary.lost')?.detail ?? '';
const welcome = encodeAnswer({ kind: 'welcome', position: undefined });

describe('SR 5.2: only the gateway opens', () => {
  it('nothing in this folder listens or holds a server', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    expect(files.length).toBeGreaterThan(3);
    for (const name of files) {
      const source = readFileSync(`${import.meta.dirname}/${name}`, 'utf8');
      const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      expect(code, name).not.toMatch(/\.listen\(|createServer|new Server|dgram|\bbind\(/);
    }
  });

  it('a running forwarder adds no listening socket to its process', async () => {
    const port = await serve((socket) => socket.write(welcome));
    const listening = () => process.getActiveResourcesInfo().filter((name) => /ServerWrap/.test(name)).length;
    const before = listening();
    const forwarder = boundary.forwarder(port);
    await until(() => expect(forwarder.status().connected).toBe(true));
    expect(listening()).toBe(before);
  });
});

describe('SR 1.2, SR 4.3: whom the gateway speaks to', () => {
  it.each([
    ['of another authority', async () => (await TestAuthority.create()).server(), {}],
    ['for another name', async () => boundary.server, { serverName: 'elsewhere.example' }],
    ['of a gateway', () => boundary.authority.gateway('localhost'), {}],
  ])('a server with a certificate %s is not spoken to', async (_name, identity, name) => {
    let heard = 0;
    const port = await serve((socket) => socket.on('data', () => heard++), await identity());
    const source = new MemorySource();
    source.seal();
    boundary.forwarder(port, { source, server: { host: '127.0.0.1', port, ...name } });
    await until(() => expect(refused()).toMatch(/^boundary\.identity/));
    expect(heard).toBe(0);
    expect(source.acknowledged).toEqual([]);
  });

  it('a server that speaks TLS 1.2 only is not spoken to', async () => {
    const port = await serve(() => {}, boundary.server, { maxVersion: 'TLSv1.2' });
    boundary.forwarder(port);
    await until(() => expect(boundary.gatewayEvents.length).toBeGreaterThan(0));
    expect(boundary.gatewayEvents[0].kind).not.toBe('boundary.connected');
  });

  it('the name of the server is checked where one is given', async () => {
    const port = await serve((socket) => socket.write(welcome));
    const forwarder = boundary.forwarder(port, { server: { host: '127.0.0.1', port, serverName: 'localhost' } });
    await until(() => expect(forwarder.status().connected).toBe(true));
  });
});

describe('SR 5.2: what comes back', () => {
  const ack = (sequence: number): Answer => ({ kind: 'ack', position: { epoch: 1, sequence } });
  const ANSWERS: Record<string, [readonly Uint8Array[], RegExp]> = {
    'bytes that are no answer': [[Buffer.from('HTTP/1.1 400 Bad Request')], /^boundary\.malformed/],
    'a frame of the other direction': [[new Uint8Array(ANSWER_BYTES).fill(1)], /^boundary\.malformed/],
    'a second WELCOME': [[welcome, welcome], /^boundary\.malformed/],
    'an ACK before WELCOME': [[encodeAnswer(ack(0))], /^boundary\.malformed/],
    'an ACK of a block that was never sent': [[welcome, encodeAnswer(ack(7))], /^boundary\.malformed.*1\/7/],
    'a refusal': [[encodeAnswer({ kind: 'refuse', refusal: 'boundary.version' })], /^boundary\.version/],
  };
  for (const [name, [answers, expected]] of Object.entries(ANSWERS)) {
    it(`${name} ends the connection with an event, and nothing is acknowledged`, async () => {
      const port = await serve((socket) => socket.once('data', () => socket.write(Buffer.concat(answers))));
      const source = new MemorySource();
      source.seal();
      boundary.forwarder(port, { source });
      await until(() => expect(refused()).toMatch(expected));
      expect(source.acknowledged).toEqual([]);
      expect(source.depth().blocks).toBe(1);
    });
  }
});

describe('a server that is not there', () => {
  it('is one event however often it is tried', async () => {
    const port = await serve(() => {});
    server?.close();
    const waits: number[] = [];
    boundary.forwarder(port, {
      random: () => {
        waits.push(waits.length);
        return 0;
      },
    });
    await until(() => expect(waits.length).toBeGreaterThan(5));
    expect(boundary.gatewayEvents.map(({ kind }) => kind)).toEqual(['boundary.lost']);
    expect(lost()).toMatch(/ECONNREFUSED/);
  });

  it('or accepts and says nothing is given up after the time for an answer', async () => {
    const port = await serve(() => {});
    boundary.forwarder(port, { ackTimeoutMs: 100 });
    await until(() => expect(lost()).toMatch(/^boundary\.unanswered/));
  });

  it('is waited for by drained until the forwarder is stopped', async () => {
    const port = await serve(() => {});
    server?.close();
    const source = new MemorySource();
    source.seal();
    const forwarder = boundary.forwarder(port, { source });
    const drained = vi.fn();
    const waiting = forwarder.drained().then(drained);
    await until(() => expect(boundary.gatewayEvents).toHaveLength(1));
    expect(drained).not.toHaveBeenCalled();
    await forwarder.stop();
    await waiting;
  });
});
