/** What a line gives its driver: a tap or a guarded link, and the guard of what is configured on this line. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import { buildRequest } from '@tidegate/dissect/dnp3/testbed/buildFrame.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AnyDriver, LineReader } from '../driver.ts';
import { dnp3Driver } from '../drivers/dnp3/dnp3Driver.ts';
import { Recorder } from '../testbed/testLine.ts';
import { openTestPeer, type TestPeer } from '../testbed/testPeer.ts';
import type { Link, Tap } from '../transport/link.ts';
import { type DeviceConfig, type RunningLine, startLine } from './line.ts';

const CLEAR_RESTART = 'c0 02 500100 0707 00';
const READ = 'c0 01 3c0206';
const DIRECT_OPERATE = 'c0 05 0c0117 01 00 41010a000000000000000000';
const to = (destination: number, fragment: string) => buildRequest(fragment, { destination });

let peer: TestPeer;
let received: string;
let line: RunningLine | undefined;
beforeEach(async () => {
  received = '';
  peer = await openTestPeer((bytes) => {
    received += bytes.toString('hex');
  });
});
afterEach(async () => {
  await line?.stop();
  await peer.close();
});

/** Starts a line whose driver does nothing by itself; resolves with what it was given. */
async function given(driver: AnyDriver, recorder: Recorder): Promise<Tap & Partial<Link>> {
  const { promise, resolve } = Promise.withResolvers<Tap & Partial<Link>>();
  const idle: AnyDriver = { ...driver, prepare: (devices) => idleReader(devices.length, resolve) };
  line = startLine(
    {
      name: 'bay',
      driver: idle,
      medium: { kind: 'tcp', host: '127.0.0.1', port: peer.port, connectTimeoutMs: 2_000, tls: undefined },
      limits: {},
      devices: [outstation(10, { clearRestart: true }), outstation(11, { clearRestart: false })],
    },
    recorder.ports,
  );
  return promise;
}

/** Listens until the link is closed, and hears nothing. */
function idleReader(count: number, given: (link: Link) => void): LineReader {
  let closed: Promise<Fault>;
  return {
    devices: Array(count).fill({ groups: [], discardedAnswers: 0, defect: undefined }),
    connected(link) {
      closed = link.closed;
      given(link);
    },
    disconnected() {},
    listen: async () => ({ ok: false, fault: await closed }),
  };
}

function outstation(address: number, options: object): DeviceConfig {
  const parsed = dnp3Driver.options.parse({ outstation: address, ...options });
  return { name: `rtu-${address}`, options: parsed, timeoutMs: 1_000, limits: {}, scanClasses: {}, points: [] };
}

it('a driver that declares nothing is given nothing to send with', async () => {
  const silent = { ...dnp3Driver, manifest: { ...dnp3Driver.manifest, outbound: [] } };
  const tap = await given(silent, new Recorder());
  expect(tap.send).toBeUndefined();
  tap.close();
  await line!.stop();
  expect(received).toBe('');
});

it.each<[string, Uint8Array, boolean]>([
  ['a read of one device', to(10, READ), true],
  ['a read of the other', to(11, READ), true],
  ['a read of a device that is not on the line', to(12, READ), false],
  ['what an option allows, to the device that has it', to(10, CLEAR_RESTART), true],
  ['what an option allows, to the device that has it not', to(11, CLEAR_RESTART), false],
  ['a write', to(10, DIRECT_OPERATE), false],
])('the guard is that of the configuration: %s', async (_, frame, passes) => {
  const recorder = new Recorder();
  const link = await given(dnp3Driver, recorder);
  expect(link.send!(frame).ok).toBe(passes);
  if (passes) {
    await vi.waitFor(() => expect(received).toBe(Buffer.from(frame).toString('hex')));
    expect(recorder.kinds()).toEqual([]);
  } else {
    await link.closed;
    await line!.stop();
    expect(received).toBe('');
    const detail = expect.stringContaining(Buffer.from(frame).toString('hex'));
    expect(recorder.events).toContainEqual(expect.objectContaining({ kind: 'guard.refused', source: 'bay', detail }));
  }
});
