/** Commissioning: what is on a bus, from a few seconds of listening. There is nothing here that could send. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Tap } from '../../../transport/link.ts';
import type { Configuration } from '../dp/configuration.ts';
import { DpMonitor } from '../dp/dpMonitor.ts';
import type { Slave, SlaveState } from '../dp/slave.ts';
import { Bus } from '../fdl/bus.ts';
import { STATIONS } from '../fdl/telegram.ts';
import type { Rotation } from '../fdl/tokenRing.ts';
import { overhear } from './overhear.ts';

const MS_PER_S = 1_000;

export interface OverheardStation {
  readonly address: number;
  /** A master in the ring; a slave, of which at least one service was overheard; or neither is known. */
  readonly role: 'master' | 'slave' | 'unknown';
  readonly ident: number | undefined;
  readonly state: SlaveState | undefined;
  /** Of the last exchange, otherwise by its configuration. */
  readonly inputBytes: number | undefined;
  readonly outputBytes: number | undefined;
  /** Where its start-up was overheard. */
  readonly configuration: Configuration | undefined;
}

export interface OverheardBus {
  readonly receivedBytes: number;
  /** The share of bytes that belong to good telegrams, 0 to 1. */
  readonly score: number;
  readonly telegrams: number;
  readonly telegramsPerS: number;
  readonly noiseBytes: number;
  readonly checkErrors: number;
  /** In the order of their addresses. */
  readonly masters: readonly number[];
  /** `undefined` where the token was not followed for a second. */
  readonly rotation: Rotation | undefined;
  readonly stations: readonly OverheardStation[];
}

const NOTHING = () => {};

/** Listens for `forMs`, or until `signal` aborts. Fault: that of a tap that was closed from elsewhere. */
export async function overhearBus(
  tap: Tap,
  bitRate: number | undefined,
  forMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<OverheardBus>> {
  const stop = () => tap.close();
  signal.addEventListener('abort', stop);
  const dp = new DpMonitor({
    diagnosisChanged: NOTHING,
    configurationChanged: NOTHING,
    identityChanged: NOTHING,
    masterChanged: NOTHING,
    addressChanged: NOTHING,
  });
  const bus = new Bus(clock, bitRate, {
    telegram: (role, telegram, request, at, elapsedMs) => dp.take(role, telegram, request, at, elapsedMs),
    stationLost: (station) => dp.lost(station),
    stationReturned: NOTHING,
    masterJoined: NOTHING,
    masterLeft: NOTHING,
    tokenLost: NOTHING,
  });
  const startMs = clock.elapsedMs();
  let receivedBytes = 0;
  const ended = await overhear(tap, forMs, clock, (chunk) => {
    receivedBytes += chunk?.length ?? 0;
    if (chunk) bus.push(chunk);
    else bus.quiet();
    return true;
  });
  signal.removeEventListener('abort', stop);
  if (!ended.ok && !signal.aborted) return ended;
  return success(overheard(bus, dp, receivedBytes, clock.elapsedMs() - startMs));
}

function overheard(bus: Bus, dp: DpMonitor, receivedBytes: number, elapsedMs: number): OverheardBus {
  const { ring, statistics, stations } = bus;
  const { telegrams, noiseBytes, checkErrors } = statistics;
  const { masters, rotation } = ring;
  const addresses = Array.from({ length: STATIONS }, (_, address) => address);
  return {
    receivedBytes,
    score: receivedBytes === 0 ? 0 : 1 - noiseBytes / receivedBytes,
    telegrams,
    telegramsPerS: elapsedMs === 0 ? 0 : (telegrams * MS_PER_S) / elapsedMs,
    noiseBytes,
    checkErrors,
    masters,
    rotation,
    stations: addresses
      .filter((address) => stations.presenceOf(address) !== 'unheard')
      .map((address) => stationOf(address, dp.slaveAt(address), masters.includes(address))),
  };
}

function stationOf(address: number, slave: Slave | undefined, isMaster: boolean): OverheardStation {
  const configuration = slave?.configuration;
  return {
    address,
    role: isMaster ? 'master' : slave ? 'slave' : 'unknown',
    ident: slave?.ident,
    state: slave?.state,
    inputBytes: slave && slave.inputs.length >= 0 ? slave.inputs.length : configuration?.inputBytes,
    outputBytes: slave && slave.outputs.length >= 0 ? slave.outputs.length : configuration?.outputBytes,
    configuration,
  };
}
