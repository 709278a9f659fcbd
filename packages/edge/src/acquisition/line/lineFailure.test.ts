import type { Socket } from 'node:net';
import { describe, expect, vi, it as withoutPlant } from 'vitest';
import { lineConfig, ownAddresses, Recorder } from '../testbed/testLine.ts';
import { openTestPeer, type TestPeer } from '../testbed/testPeer.ts';
import { type LineConfig, startLine } from './line.ts';

type Behaviour = (request: Buffer, socket: Socket) => void;

/** The devices and lines of one test, which has its end when they have theirs. */
class Plant {
  readonly #closers: (() => unknown)[] = [];

  readonly peerThat = async (behave: Behaviour, port?: number): Promise<TestPeer> => {
    const peer = await openTestPeer(behave, port);
    this.#closers.push(() => peer.close());
    return peer;
  };

  readonly start = (config: LineConfig) => {
    const recorder = new Recorder();
    const line = startLine(config, recorder.ports);
    this.#closers.push(() => line.stop());
    return { recorder, line };
  };

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
  }
}

const it = withoutPlant.extend<{ plant: Plant }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what the fixture needs
  plant: async ({}, use) => {
    const plant = new Plant();
    await use(plant);
    await plant.close();
  },
});

const answer: Behaviour = (request, socket) => socket.write(ownAddresses(request));

/** Ways to be sick, and what each point must say of it. */
const SICK: readonly (readonly [name: string, status: string, behave: Behaviour])[] = [
  ['is silent', 'BadTimeout', () => {}],
  ['sends half an answer', 'BadTimeout', (request, socket) => socket.write(ownAddresses(request).subarray(0, 10))],
  [
    'answers with another transaction id',
    'BadTimeout',
    (request, socket) => {
      const wrong = ownAddresses(request);
      wrong.writeUInt16BE(wrong.readUInt16BE(0) + 1, 0);
      socket.write(wrong);
    },
  ],
  ['closes the connection', 'BadCommunicationError', (_, socket) => socket.end()],
  ['resets the connection', 'BadCommunicationError', (_, socket) => socket.resetAndDestroy()],
  [
    'closes it in the middle of an answer',
    'BadCommunicationError',
    (request, socket) => socket.end(ownAddresses(request).subarray(0, 11)),
  ],
  ['sends garbage', 'BadCommunicationError', (_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  [
    'answers for another unit',
    'BadCommunicationError',
    (request, socket) => {
      const wrong = ownAddresses(request);
      wrong[6] = 9;
      socket.write(wrong);
    },
  ],
  [
    'answers to another function',
    'BadCommunicationError',
    (request, socket) => {
      const wrong = ownAddresses(request);
      wrong[7] = 4;
      socket.write(wrong);
    },
  ],
];

/** They wait most of their time, and do so side by side. */
describe.concurrent('a device that falls sick', () => {
  it.for(SICK)(
    'and %s gets %s for every point within a scan, and comes back',
    async ([, status, sick], { plant: { peerThat, start } }) => {
      let behave: Behaviour = answer;
      const peer = await peerThat((request, socket) => behave(request, socket));
      const { recorder, line } = start(lineConfig(peer.port, 250, ['holding:1', 'holding:500'], { timeoutMs: 200 }));
      await vi.waitFor(() => expect(recorder.count('Good')).toBeGreaterThanOrEqual(2));
      behave = sick;
      const before = recorder.readings.length;
      await vi.waitFor(() => expect(recorder.readings.length).toBeGreaterThanOrEqual(before + 6));
      const since = recorder.readings.slice(before, before + 6);
      // What was under way when the device fell sick may still be good; the scan after it is not.
      for (const reading of since.slice(2)) expect(reading.status).toBe(status);
      expect(line.status()[0].lastFault).toBeDefined();
      behave = answer;
      const sickReadings = recorder.readings.length;
      await vi.waitFor(() => expect(recorder.readings.slice(sickReadings).at(-1)?.status).toBe('Good'), {
        timeout: 5000,
      });
      await vi.waitFor(() => expect(recorder.kinds()).toEqual(['device.connected', 'device.lost', 'device.connected']));
      for (const { tag, value, status: got } of recorder.readings) {
        if (got === 'Good') expect(value).toBe(tag === 0 ? 1 : 500);
      }
    },
  );

  it('is read when its answers come byte by byte', async ({ plant: { peerThat, start } }) => {
    const peer = await peerThat(async (request, socket) => {
      for (const byte of ownAddresses(request)) {
        socket.write(Uint8Array.of(byte));
        await new Promise(setImmediate);
      }
    });
    const { recorder } = start(lineConfig(peer.port, 20, ['holding:1', 'holding:500']));
    await vi.waitFor(() => expect(recorder.sinceGood().length).toBeGreaterThanOrEqual(6));
    expect(recorder.count('Good')).toBe(recorder.sinceGood().length);
  });

  it('never gets the values of a neighbour, however late its answers are', async ({ plant: { peerThat, start } }) => {
    let requests = 0;
    const peer = await peerThat((request, socket) => {
      const late = ++requests % 5 === 0;
      const reply = () => socket.writable && socket.write(ownAddresses(request));
      if (late) setTimeout(reply, 50);
      else reply();
      // Some devices answer twice.
      if (requests % 3 === 0) reply();
    });
    const addresses = ['holding:1', 'holding:200', 'holding:400', 'holding:600'];
    const { recorder, line } = start(lineConfig(peer.port, 20, addresses, { timeoutMs: 25 }));
    await vi.waitFor(() => expect(recorder.count('BadTimeout')).toBeGreaterThanOrEqual(8), { timeout: 15_000 });
    await vi.waitFor(() => expect(recorder.count('Good')).toBeGreaterThanOrEqual(20), { timeout: 15_000 });
    for (const { tag, value, status } of recorder.readings) {
      if (status === 'Good') expect(value).toBe(Number(addresses[tag].slice('holding:'.length)));
    }
    expect(line.status()[0].discardedAnswers).toBeGreaterThan(0);
  });

  it('is found again when it comes up after us', async ({ plant: { peerThat, start } }) => {
    const early = await peerThat(answer);
    await early.close();
    const { recorder, line } = start(lineConfig(early.port, 30, ['holding:1']));
    await vi.waitFor(() => expect(recorder.count('BadNotConnected')).toBeGreaterThanOrEqual(3));
    expect(line.status()[0]).toMatchObject({ state: 'connecting', lastFault: expect.stringContaining('ECONNREFUSED') });
    await peerThat(answer, early.port);
    await vi.waitFor(() => expect(recorder.readings.at(-1)?.status).toBe('Good'), { timeout: 5000 });
    expect(recorder.kinds()).toEqual(['device.lost', 'device.connected']);
  });

  it('may close the connection when it is idle, without a word', async ({ plant: { peerThat, start } }) => {
    const peer = await peerThat((request, socket) => {
      answer(request, socket);
      if (peer.connections > 1 || recorder.readings.length === 0) return;
      setImmediate(() => socket.end());
    });
    const { recorder } = start(lineConfig(peer.port, 400, ['holding:1']));
    await vi.waitFor(() => expect(peer.connections).toBe(2), { timeout: 5000 });
    await vi.waitFor(() => expect(recorder.sinceGood().length).toBeGreaterThanOrEqual(4), { timeout: 5000 });
    expect(recorder.count('Good')).toBe(recorder.sinceGood().length);
    expect(recorder.kinds()).toEqual(['device.connected']);
  });

  it('which meets one block with silence still has the others read', async ({ plant: { peerThat, start } }) => {
    const peer = await peerThat((request, socket) => {
      if (request.readUInt16BE(8) !== 1) answer(request, socket);
    });
    const addresses = ['holding:1', 'holding:200', 'holding:400'];
    const { recorder } = start(lineConfig(peer.port, 300, addresses, { timeoutMs: 50 }));
    await vi.waitFor(() => expect(recorder.of(1).filter(({ status }) => status === 'Good').length).toBeGreaterThan(3), {
      timeout: 15_000,
    });
    expect(recorder.of(2).filter(({ status }) => status === 'Good').length).toBeGreaterThan(2);
    expect(recorder.of(0).every(({ status }) => status === 'BadTimeout')).toBe(true);
  });
});

/** influxdata/telegraf#11782: one dead slave loses the data of all slaves on the line. */
describe.concurrent('units behind one gateway, of which one', () => {
  const UNITS = [1, 2, 3, 4, 5];

  function lineOf(port: number): LineConfig {
    const config = lineConfig(port, 200, []);
    const [device] = config.devices;
    const devices = UNITS.map((unit) => ({
      ...device,
      name: `unit-${unit}`,
      options: { ...(device.options as object), unit },
      timeoutMs: 200,
      points: [{ tag: unit, address: `holding:${unit * 10}`, dataType: 'uint16', scanClass: 'fast' }],
    }));
    return { ...config, name: 'gateway', devices };
  }

  it.for<[string, Behaviour]>([
    ['is dead', () => {}],
    ['answers after its time', (request, socket) => void setTimeout(answer, 230, request, socket)],
    ['makes the gateway close the connection', (_, socket) => socket.resetAndDestroy()],
    ['sends garbage', (_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('%s: the others are read on', async ([, sick], { plant: { peerThat, start } }) => {
    const peer = await peerThat((request, socket) => (request[6] === 3 ? sick : answer)(request, socket));
    const { recorder, line } = start(lineOf(peer.port));
    const well = UNITS.filter((unit) => unit !== 3);
    const good = (unit: number) => recorder.of(unit).filter(({ status }) => status === 'Good');
    await vi.waitFor(() => expect(Math.min(...well.map((unit) => good(unit).length))).toBeGreaterThan(12), {
      timeout: 20_000,
    });
    for (const unit of well) {
      const readings = recorder.of(unit);
      const first = readings.findIndex(({ status }) => status === 'Good');
      expect(readings.length - first - good(unit).length).toBeLessThanOrEqual(readings.length * 0.2);
      for (const { value } of good(unit)) expect(value).toBe(unit * 10);
    }
    expect(good(3)).toEqual([]);
    expect(recorder.of(3).length).toBeGreaterThan(9);
    expect(line.status().map(({ state }) => state)).toEqual(
      UNITS.map((unit) =>
        unit === 3 ? expect.stringMatching('silent|connecting') : expect.stringMatching('running|connecting'),
      ),
    );
    expect(recorder.events.filter(({ kind, source }) => kind === 'device.lost' && source !== 'unit-3')).toEqual([]);
  });
});
