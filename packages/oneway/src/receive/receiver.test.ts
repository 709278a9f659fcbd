/** What strangers and forged gateways can do to a receiver, over real sockets: nothing, to nobody else. */

import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, AnswerReader } from '../frame/answer.ts';
import { encodeFrame, FrameKind, writeFrameHeader } from '../frame/frameLayout.ts';
import { encodeHello } from '../frame/hello.ts';
import { Boundary } from '../testbed/boundary.ts';
import { TestAuthority, type TestIdentity } from '../testbed/certificates.ts';
import { MemorySink } from '../testbed/memorySink.ts';
import { INSTANCE, MemorySource } from '../testbed/memorySource.ts';
import { until } from '../testbed/until.ts';
import { startReceiver } from './receiver.ts';

let boundary: Boundary;
const sockets: Socket[] = [];
beforeEach(() => {
  boundary = new Boundary();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await boundary.stop();
});

interface Peer {
  readonly socket: TLSSocket;
  readonly answers: Answer[];
  readonly closed: Promise<void>;
}

/** Opens a connection by hand, with whatever certificate, to send whatever bytes. */
function dial(port: number, identity: Partial<TestIdentity>, version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3'): Peer {
  const socket = connect({ host: '127.0.0.1', port, ca: boundary.authority.ca, ...identity, maxVersion: version });
  const answers: Answer[] = [];
  const reader = new AnswerReader();
  socket.on('error', () => {});
  socket.on('data', (chunk: Uint8Array) => {
    expect(reader.read(chunk, (answer) => answers.push(answer) > 0).ok).toBe(true);
  });
  sockets.push(socket);
  return { socket, answers, closed: new Promise((resolve) => socket.once('close', () => resolve())) };
}

const FIRST = { epoch: 1, sequence: 0 };
const hello = (gateway: string, lane: 'operational' | 'analytical' = 'operational') =>
  encodeFrame(
    FrameKind.hello,
    encodeHello({ gateway, lane, role: 'live', instance: INSTANCE, first: FIRST, oldest: FIRST }),
  );
const blockOf = (bytes: Uint8Array) => {
  const frame = new Uint8Array(8 + bytes.length);
  writeFrameHeader(frame, 0, FrameKind.block, bytes.length);
  frame.set(bytes, 8);
  return frame;
};

/** What a well-behaved gateway beside the peer under test still gets across. */
async function expectOthersUnharmed(port: number): Promise<void> {
  const source = new MemorySource('south');
  source.seal(100);
  const forwarder = boundary.forwarder(port, { source });
  await forwarder.drained();
  expect(boundary.sink.position({ gateway: 'south', lane: 'operational' }, FIRST, 'live')).toEqual({
    epoch: 1,
    sequence: 0,
  });
}

describe('SR 1.2, SR 1.9: who may speak', () => {
  const PEERS: Record<string, () => Promise<Partial<TestIdentity>>> = {
    'a peer without a certificate': async () => ({}),
    'a certificate of another authority': async () => {
      const { key, cert } = await (await TestAuthority.create('Another')).gateway('north');
      return { key, cert };
    },
    'a certificate of an authority that only bears the same name': async () => {
      const { key, cert } = await (await TestAuthority.create()).gateway('north');
      return { key, cert };
    },
    'an expired certificate': () => boundary.authority.expiredGateway('north'),
    'the certificate of the server itself': async () => boundary.server,
    'a certificate with two names': () => boundary.authority.gateway('north', 'south'),
    'a certificate without a name': () => boundary.authority.gateway(),
  };
  for (const [name, identity] of Object.entries(PEERS)) {
    it(`${name} is refused, and it is an event`, async () => {
      const { port } = await boundary.receiver();
      const { socket, answers, closed } = dial(port, await identity());
      const address = new Promise((resolve) => {
        socket.once('connect', () => resolve(`127.0.0.1:${socket.localPort}`));
      });
      socket.write(hello('north'));
      await closed;
      expect(answers).toEqual([]);
      await until(() => expect(boundary.serverEvents).toHaveLength(1));
      expect(boundary.serverEvents[0]).toMatchObject({ kind: 'boundary.refused', source: await address });
      await expectOthersUnharmed(port);
    });
  }

  it('SR 4.3: TLS 1.2 is refused', async () => {
    const { port } = await boundary.receiver();
    const { closed } = dial(port, boundary.gateways.north, 'TLSv1.2');
    await closed;
    await until(() => expect(boundary.serverEvents[0]?.kind).toBe('boundary.refused'));
  });

  it('SR 1.9: a certificate that ends while its holder is connected ends the connection', async () => {
    let shiftUs = 0;
    const clock = {
      now: () => (systemClock.now() + shiftUs) as Timestamp,
      elapsedMs: () => systemClock.elapsedMs(),
      after: (delayMs: number, action: () => void) => systemClock.after(delayMs, action),
    };
    const { port } = await boundary.receiver({ clock, idleTimeoutMs: 100 });
    const { socket, answers, closed } = dial(port, boundary.gateways.north);
    socket.write(hello('north'));
    await until(() => expect(answers).toHaveLength(1));
    shiftUs = 2 * 3_600 * US_PER_S;
    const alive = setInterval(() => socket.write(blockOf(new MemorySource('north').seal().bytes)), 20);
    await closed;
    clearInterval(alive);
    expect(answers.at(-1)).toEqual({ kind: 'refuse', refusal: 'boundary.identity' });
    expect(boundary.serverEvents.at(-1)).toMatchObject({ kind: 'boundary.refused' });
    expect(boundary.serverEvents.at(-1)?.detail).toContain('the certificate of north has ended');
  });

  it('a gateway that says HELLO by another name than its certificate is refused', async () => {
    const { port } = await boundary.receiver();
    const { socket, answers, closed } = dial(port, boundary.gateways.north);
    socket.write(hello('south'));
    await closed;
    expect(answers).toEqual([{ kind: 'refuse', refusal: 'boundary.identity' }]);
    expect(boundary.serverEvents.map(({ kind }) => kind)).toEqual(['boundary.refused']);
  });

  it('SR 5.2: a relay brings the gateways that it may bring, and no other', async () => {
    const { port } = await boundary.receiver({
      gatewaysOf: ({ name, isRelay }) => (isRelay && name === 'dmz' ? ['north'] : []),
    });
    const identity = await boundary.authority.relay('dmz');
    const source = new MemorySource('north');
    source.seal(10);
    await boundary.forwarder(port, { source, identity: () => identity }).drained();
    expect(boundary.sink.sequences()).toEqual([0]);
    const { socket, answers, closed } = dial(port, identity);
    socket.write(hello('south'));
    await closed;
    expect(answers).toEqual([{ kind: 'refuse', refusal: 'boundary.identity' }]);
  });

  it.each(['north', 'dmz'])('SR 5.2: a relay that is called %s and was not named speaks for nobody', async (name) => {
    const { port } = await boundary.receiver();
    const { socket, answers, closed } = dial(port, await boundary.authority.relay(name));
    socket.write(hello(name));
    await closed;
    expect(answers).toEqual([{ kind: 'refuse', refusal: 'boundary.identity' }]);
  });

  it.each([
    ['of another gateway', new MemorySource('south')],
    ['of another lane', new MemorySource('north', 'analytical')],
  ])('SR 3.1: a block %s is refused and not stored', async (_name, source) => {
    const { port } = await boundary.receiver();
    const { socket, answers, closed } = dial(port, boundary.gateways.north);
    socket.write(hello('north'));
    socket.write(blockOf(source.seal().bytes));
    await closed;
    expect(answers.at(-1)).toEqual({ kind: 'refuse', refusal: 'boundary.identity' });
    expect(boundary.sink.log).toEqual([]);
  });
});

describe('SR 3.1, SR 3.5: what may be said', () => {
  const good = () => new MemorySource('north').seal(50).bytes;
  const flipped = () => {
    const bytes = good().slice();
    bytes[130] ^= 1;
    return bytes;
  };
  const FRAMES: Record<string, [() => Uint8Array, string]> = {
    'a block with a flipped bit': [() => blockOf(flipped()), 'block.checksum'],
    'a block that says it is longer': [() => blockOf(good().subarray(0, -1)), 'block.truncated'],
    'a block that is none': [() => blockOf(new Uint8Array(200)), 'block.malformed'],
    'a length beyond all measure': [
      () => {
        const header = new Uint8Array(8);
        writeFrameHeader(header, 0, FrameKind.block, 0xfffffff0);
        return header;
      },
      'boundary.malformed',
    ],
    'a second HELLO': [() => hello('north'), 'boundary.malformed'],
    garbage: [() => Buffer.from('not a frame'), 'boundary.malformed'],
    'a tag list that is none': [() => encodeFrame(FrameKind.tags, new Uint8Array(20)), 'boundary.tags'],
    'a heartbeat with negative counts': [
      () => encodeFrame(FrameKind.heartbeat, new Uint8Array(104).fill(0xff)),
      'boundary.malformed',
    ],
  };
  for (const [name, [frame, refusal]] of Object.entries(FRAMES)) {
    it(`${name} ends the connection with a reason, and nothing of it is stored`, async () => {
      const { port } = await boundary.receiver();
      const { socket, answers, closed } = dial(port, boundary.gateways.north);
      socket.write(hello('north'));
      await until(() => expect(answers).toHaveLength(1));
      socket.write(frame());
      await closed;
      expect(answers).toEqual([
        { kind: 'welcome', position: undefined },
        { kind: 'refuse', refusal },
      ]);
      expect(boundary.sink.log).toEqual([]);
      expect(boundary.serverEvents.map(({ kind }) => kind)).toEqual(['boundary.connected', 'boundary.refused']);
      await expectOthersUnharmed(port);
    });
  }

  it('a block that comes again goes to the sink, which counts it, and is acknowledged again', async () => {
    const { port } = await boundary.receiver();
    const source = new MemorySource('north');
    const [first, second] = [source.seal(), source.seal()].map(({ bytes }) => blockOf(bytes));
    const { socket, answers } = dial(port, boundary.gateways.north);
    socket.write(Buffer.concat([hello('north'), first, second]));
    await until(() => expect(answers.at(-1)).toMatchObject({ kind: 'ack', position: { sequence: 1 } }));
    const again = dial(port, boundary.gateways.north);
    again.socket.write(Buffer.concat([hello('north'), first, second]));
    await until(() => expect(again.answers.at(-1)).toMatchObject({ kind: 'ack', position: { sequence: 1 } }));
    expect(again.answers[0]).toEqual({ kind: 'welcome', position: { epoch: 1, sequence: 1 } });
    expect(boundary.sink.sequences()).toEqual([0, 1]);
    expect(boundary.sink.repeated).toBe(2);
  });

  it('a frame before HELLO ends the connection', async () => {
    const { port } = await boundary.receiver();
    const { socket, answers, closed } = dial(port, boundary.gateways.north);
    socket.write(blockOf(good()));
    await closed;
    expect(answers).toEqual([{ kind: 'refuse', refusal: 'boundary.malformed' }]);
  });

  it('SR 3.1: no block behind one that failed is acknowledged', async () => {
    const sink = new MemorySink();
    const source = new MemorySource('north');
    const done = Promise.withResolvers<void>();
    sink.append = async ({ sequence }) => {
      if (sequence !== 1) return { ok: true, value: undefined };
      await done.promise;
      return { ok: false, fault: { code: 'boundary.not-stored', detail: 'full' } };
    };
    const { port } = await boundary.receiver({ sink });
    const { socket, answers, closed } = dial(port, boundary.gateways.north);
    socket.write(hello('north'));
    for (let count = 0; count < 4; count++) socket.write(blockOf(source.seal().bytes));
    await until(() => expect(answers.at(-1)).toEqual({ kind: 'ack', position: { epoch: 1, sequence: 0 } }));
    done.resolve();
    await closed;
    expect(answers.at(-1)).toEqual({ kind: 'refuse', refusal: 'boundary.not-stored' });
    expect(answers).toHaveLength(3);
  });
});

describe('SR 7.1: how much may be taken', () => {
  it('silence before the handshake, and before HELLO, ends the connection', async () => {
    const { port } = await boundary.receiver({ idleTimeoutMs: 150 });
    const plain = connectTcp(port, '127.0.0.1');
    sockets.push(plain);
    const { closed } = dial(port, boundary.gateways.north);
    await Promise.all([closed, new Promise((resolve) => plain.once('close', resolve).on('error', () => {}))]);
  });

  it('a gateway that sends a byte at a time is closed, and others go on', async () => {
    const { port } = await boundary.receiver({ idleTimeoutMs: 300 });
    const { socket, answers, closed } = dial(port, boundary.gateways.north);
    socket.write(hello('north'));
    const header = new Uint8Array(8);
    writeFrameHeader(header, 0, FrameKind.block, 16 * 1024 * 1024);
    socket.write(header);
    const drip = setInterval(() => socket.write(Uint8Array.of(0)), 10);
    await expectOthersUnharmed(port);
    await closed;
    clearInterval(drip);
    expect(answers.at(-1)).toEqual({ kind: 'refuse', refusal: 'boundary.unanswered' });
  });

  it('a long frame on a slow line is not taken for silence', async () => {
    const { port } = await boundary.receiver({ idleTimeoutMs: 200 });
    const { socket, answers } = dial(port, boundary.gateways.north);
    socket.write(hello('north'));
    const frame = blockOf(new MemorySource('north').seal(60_000).bytes);
    for (let at = 0; at < frame.length; at += 70_000) {
      socket.write(frame.subarray(at, at + 70_000));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await until(() => expect(answers.at(-1)).toEqual({ kind: 'ack', position: { epoch: 1, sequence: 0 } }));
  });

  it('hundreds of strangers who say nothing do not keep a gateway out', async () => {
    const { port } = await boundary.receiver();
    const strangers = Array.from({ length: 400 }, () => connectTcp(port, '127.0.0.1').on('error', () => {}));
    sockets.push(...strangers);
    await until(() => expect(strangers.filter(({ closed }) => closed).length).toBeGreaterThanOrEqual(272));
    await expectOthersUnharmed(port);
  });

  it('a holder of a certificate that opens connections and says nothing takes no more than its places', async () => {
    const { port } = await boundary.receiver();
    const peers = Array.from({ length: 80 }, () => dial(port, boundary.gateways.north));
    await until(() => expect(peers.filter(({ socket }) => socket.closed)).toHaveLength(16));
    await expectOthersUnharmed(port);
  });

  it('SR 6.2: however many strangers knock, it is told what is refused to a gateway', async () => {
    const { port } = await boundary.receiver();
    for (let count = 0; count < 21; count++) {
      const socket = connectTcp(port, '127.0.0.1').on('error', () => {});
      socket.end('GET / HTTP/1.1\r\n\r\n');
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
    }
    const { socket, closed } = dial(port, boundary.gateways.north);
    socket.write(hello('south'));
    await closed;
    expect(boundary.serverEvents.at(-1)?.detail).toContain('it speaks for south');
  });

  it('a scanner leaves a few events, not thousands', async () => {
    const { port } = await boundary.receiver();
    for (let count = 0; count < 60; count++) {
      const socket = connectTcp(port, '127.0.0.1').on('error', () => {});
      socket.end('GET / HTTP/1.1\r\n\r\n');
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
    }
    expect(boundary.serverEvents).toHaveLength(20);
  });
});

describe('starting', () => {
  it('a port in use is a fault that says so', async () => {
    const { port } = await boundary.receiver();
    const second = await startReceiver({
      ...{ host: '127.0.0.1', port, identity: boundary.server, sink: boundary.sink, clock: systemClock },
      events: () => {},
    });
    expect(second).toMatchObject({ ok: false, fault: { code: 'boundary.port' } });
    expect(second.ok ? '' : second.fault.detail).toContain(String(port));
  });

  it.each([
    ['a key that is none', () => ({ key: 'none' })],
    ['a certificate that is none', () => ({ cert: 'none' })],
    ['a key that belongs to another certificate', () => ({ key: boundary.gateways.north.key })],
  ])('%s is a fault', async (_name, wrong) => {
    const identity = { ...boundary.server, ...wrong() };
    const started = await startReceiver({
      ...{ host: '127.0.0.1', port: 0, identity, sink: boundary.sink, clock: systemClock },
      events: () => {},
    });
    expect(started).toMatchObject({ ok: false, fault: { code: 'boundary.credentials' } });
  });
});
