/** Two gateways that go by one name and certificate, over real sockets: nothing of either is acknowledged and not held. */

import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Answer, AnswerReader } from '../frame/answer.ts';
import { encodeFrame, FrameKind } from '../frame/frameLayout.ts';
import { encodeHello } from '../frame/hello.ts';
import { Boundary } from '../testbed/boundary.ts';
import { INSTANCE, MemorySource } from '../testbed/memorySource.ts';
import { until } from '../testbed/until.ts';

const OTHER = '5a'.repeat(16);
const REPLACEMENT = 'c3'.repeat(16);

let boundary: Boundary;
beforeEach(() => {
  boundary = new Boundary();
});
afterEach(() => boundary.stop());

const sourceOf = (instance: string, epoch: number, lane: 'operational' | 'audit' = 'operational') =>
  new MemorySource('north', lane, epoch, instance);
const seal = (source: MemorySource, blocks: number) => Array.from({ length: blocks }, () => source.seal());
const storedOf = (epoch: number) =>
  boundary.sink.stored.filter(({ header }) => header.epoch === epoch).map(({ header }) => header.sequence);
const refusals = () => boundary.serverEvents.filter(({ kind }) => kind === 'boundary.refused');

/** Waits until the gateway has said that it was refused for its twin, and forgets it. */
async function refusedAsTwin(): Promise<void> {
  await until(() =>
    expect(boundary.gatewayEvents).toContainEqual(
      expect.objectContaining({ kind: 'boundary.refused', detail: expect.stringMatching(/^boundary\.twin: /) }),
    ),
  );
  boundary.gatewayEvents.length = 0;
}

it.each(['operational', 'audit'] as const)(
  'SR 1.2: while one is connected, the %s lane of the other is refused and nothing of it acknowledged',
  async (lane) => {
    const { port } = await boundary.receiver();
    const source = sourceOf(INSTANCE, 10);
    const twin = sourceOf(OTHER, 20, lane);
    seal(source, 3);
    boundary.forwarder(port, { source });
    await until(() => expect(storedOf(10)).toEqual([0, 1, 2]));
    seal(twin, 3);
    const refused = boundary.forwarder(port, { source: twin });
    await refusedAsTwin();
    expect(refused.status().connected).toBe(false);
    expect(twin.acknowledged).toEqual([]);
    expect(twin.depth().blocks).toBe(3);
    seal(source, 3);
    await until(() => expect(storedOf(10)).toEqual([0, 1, 2, 3, 4, 5]));
    expect(storedOf(20)).toEqual([]);
    const [event] = refusals();
    expect(event.source).toMatch(new RegExp(`^north/${lane} at 127\\.0\\.0\\.1:\\d+$`));
    expect(event.detail).toMatch(/^boundary\.twin: two gateways run as north: one is connected from 127\.0\.0\.1:\d+$/);
  },
);

it('SR 6.2: a twin that tries again and again leaves a few events', async () => {
  const { port } = await boundary.receiver();
  const first = boundary.forwarder(port, { source: sourceOf(INSTANCE, 10) });
  await until(() => expect(first.status().connected).toBe(true));
  const attempts = Array.from({ length: 20 }, () => hello(port, 'live', OTHER, { epoch: 20, sequence: 0 }));
  await Promise.all(attempts.map(({ closed }) => closed));
  expect(refusals()).toHaveLength(3);
});

it('SR 1.2: what is older than what is held stays refused when the first has gone; a replacement takes over', async () => {
  const { port } = await boundary.receiver();
  const [source, twin, replacement] = [sourceOf(INSTANCE, 10), sourceOf(OTHER, 5), sourceOf(REPLACEMENT, 20)];
  const first = boundary.forwarder(port, { source });
  seal(source, 3);
  await until(() => expect(source.depth().blocks).toBe(0));
  await first.stop();
  seal(twin, 2);
  const second = boundary.forwarder(port, { source: twin });
  await until(() => expect(refusals().at(-1)?.detail).toContain('brought blocks up to 10/2'));
  await second.stop();
  expect(twin.acknowledged).toEqual([]);
  seal(replacement, 2);
  const third = boundary.forwarder(port, { source: replacement });
  await until(() => expect(replacement.depth().blocks).toBe(0));
  expect(storedOf(20)).toEqual([0, 1]);
  await third.stop();
  // The first comes back with something that it had not delivered.
  seal(source, 1);
  boundary.gatewayEvents.length = 0;
  boundary.forwarder(port, { source });
  await refusedAsTwin();
  expect(source.depth().blocks).toBe(1);
  expect([storedOf(5), storedOf(10)]).toEqual([[], [0, 1, 2]]);
});

it('SR 1.2: a backlog is taken from the spool that the live blocks came from, and from no other', async () => {
  const { port } = await boundary.receiver();
  const source = sourceOf(INSTANCE, 10);
  seal(source, 1);
  const first = boundary.forwarder(port, { source });
  await until(() => expect(source.depth().blocks).toBe(0));
  await first.stop();
  const twin = hello(port, 'backlog', OTHER, { epoch: 20, sequence: 0 });
  await twin.closed;
  expect(twin.answers).toEqual([{ kind: 'refuse', refusal: 'boundary.twin' }]);
  const own = hello(port, 'backlog', INSTANCE, { epoch: 5, sequence: 0 });
  await until(() => expect(own.answers).toEqual([{ kind: 'welcome', position: undefined }]));
  own.socket.destroy();
});

function hello(port: number, role: 'live' | 'backlog', instance: string, first: { epoch: number; sequence: number }) {
  const socket = connect({ host: '127.0.0.1', port, ...boundary.gateways.north });
  const answers: Answer[] = [];
  const reader = new AnswerReader();
  socket.on('error', () => {});
  socket.on('data', (chunk: Uint8Array) => {
    reader.read(chunk, (answer) => answers.push(answer) > 0);
  });
  const said = { gateway: 'north', lane: 'operational', role, instance, first, oldest: first } as const;
  socket.write(encodeFrame(FrameKind.hello, encodeHello(said)));
  return { socket, answers, closed: new Promise<void>((resolve) => socket.once('close', () => resolve())) };
}
