/**
 * One end of a diode in a process of its own, so that its system calls can be traced: `send PORT`, or `receive DIRECTORY`,
 * which prints its port. It runs until its standard input ends.
 */

import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { startDiodeForwarder } from '../forward/diode/diodeForwarder.ts';
import { startDiodeReceiver } from '../receive/diode/diodeReceiver.ts';
import { keyOf } from './diodeBoundary.ts';
import { DiodeSink } from './diodeSink.ts';
import { DiodeSource } from './diodeSource.ts';

/** The same in both ends; it protects nothing. */
const KEY = keyOf(new Uint8Array(32).fill(1));
const SEAL_MS = 20;

async function send(port: number): Promise<() => Promise<void>> {
  const source = new DiodeSource();
  const timer = setInterval(() => source.seal(100), SEAL_MS);
  const started = await startDiodeForwarder({
    ...{ sources: [source], tags: () => [], target: { host: '127.0.0.1', port }, key: KEY, session: Date.now() },
    ...{ configurationDigest: () => new Uint8Array(32), clock: systemClock, events: () => {} },
    ...{ bytesPerSecond: 1_000_000, heartbeatMs: 50 },
  });
  if (!started.ok) throw new Error(started.fault.detail);
  return async () => {
    clearInterval(timer);
    await started.value.stop();
  };
}

async function receive(directory: string): Promise<() => Promise<void>> {
  const started = await startDiodeReceiver({
    ...{ host: '127.0.0.1', port: 0, keys: new Map([['north', KEY]]), sink: new DiodeSink(), clock: systemClock },
    ...{ events: () => {}, sessionFile: path.join(directory, 'sessions.json') },
  });
  if (!started.ok) throw new Error(started.fault.detail);
  process.stdout.write(`${started.value.port}\n`);
  return () => started.value.stop();
}

const [role, place] = process.argv.slice(2);
const stop = await (role === 'send' ? send(Number(place)) : receive(place));
process.stdin.resume().once('end', stop);
