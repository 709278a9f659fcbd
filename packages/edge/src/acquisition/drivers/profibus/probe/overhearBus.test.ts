import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, it } from 'vitest';
import type { Tap } from '../../../transport/link.ts';
import { joined } from '../testbed/buildTelegram.ts';
import { playedTap } from '../testbed/playedTap.ts';
import { RECORDED } from '../testbed/recordedTelegrams.ts';
import { overhearBus } from './overhearBus.ts';

const RECORDING = joined(...RECORDED.map(({ bytes }) => bytes));
const NEVER = new AbortController().signal;

async function heardIn(bytes: Uint8Array, clock = new ManualClock(), signal = NEVER) {
  const heard = await overhearBus(playedTap(bytes, clock), 1_500_000, 2_000, clock, signal);
  if (!heard.ok) throw new Error(heard.fault.detail);
  return heard.value;
}

it('tells what is on the recorded bus', async () => {
  const { stations, ...bus } = await heardIn(RECORDING);
  expect(bus).toMatchObject({
    receivedBytes: RECORDING.length,
    score: 1,
    telegrams: 360,
    telegramsPerS: 180,
    noiseBytes: 0,
    checkErrors: 0,
    masters: [2],
  });
  expect(stations.map(({ address, role, state }) => [address, role, state])).toEqual([
    [2, 'master', undefined],
    [8, 'slave', 'data exchange'],
    [42, 'slave', 'data exchange'],
    [77, 'slave', 'data exchange'],
  ]);
  expect(stations[2]).toMatchObject({ ident: 0x4225, inputBytes: 6, outputBytes: 2 });
});

it('knows sizes, and neither configuration nor ident, where it comes after the start-up', async () => {
  const { stations } = await heardIn(RECORDING.subarray(RECORDING.length - 700));
  const slave = stations.find(({ address }) => address === 77);
  expect(slave).toEqual({
    address: 77,
    role: 'slave',
    ident: undefined,
    state: 'data exchange',
    inputBytes: 4,
    outputBytes: 1,
    configuration: undefined,
  });
});

it('counts noise and what is damaged', async () => {
  const damaged = RECORDING.slice();
  // The FCS of the second telegram, behind a token of three bytes.
  damaged[7] ^= 0xff;
  const { score, checkErrors, noiseBytes } = await heardIn(joined(Uint8Array.of(1, 2, 3), damaged));
  expect(checkErrors).toBe(1);
  expect(noiseBytes).toBeGreaterThanOrEqual(9);
  expect(score).toBeCloseTo(1 - noiseBytes / (RECORDING.length + 3), 9);
});

it('ends with what was heard when it is stopped', async () => {
  const clock = new ManualClock();
  const stopping = new AbortController();
  clock.after(20, () => stopping.abort());
  const { receivedBytes, stations } = await heardIn(RECORDING, clock, stopping.signal);
  expect(receivedBytes).toBeGreaterThan(1_000);
  expect(receivedBytes).toBeLessThan(RECORDING.length);
  expect(stations.map(({ address }) => address)).toEqual([2, 8, 42, 77]);
});

it('hands on why a line ended that nobody stopped', async () => {
  const clock = new ManualClock();
  const tap: Tap = playedTap(RECORDING, clock);
  clock.after(20, () => tap.close());
  expect(await overhearBus(tap, undefined, 2_000, clock, NEVER)).toMatchObject({
    ok: false,
    fault: { code: 'link.closed' },
  });
});
