/** An outstation of opendnp3, and what our driver ought to make of what it reports. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { PointSpec } from '@tidegate/edge/acquisition/driver.ts';
import { Peer } from './peer.ts';
import { type TakenReading, type TestedLine, usOfMs } from './testedLine.ts';

/** A point of the outstation's database: of every kind there are some of each variation and class. */
export interface ServedPoint {
  readonly kind: string;
  readonly index: number;
  /** Object group and variation of its static value and of its events, such as `30/1`. */
  readonly static: string;
  readonly event: string;
  readonly class: number;
}

export interface Dnp3Settings {
  readonly mode: 'listen' | 'call' | 'serial';
  readonly port?: number;
  readonly path?: string;
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
  /** Addresses of the outstations on the line; one with address 10 where absent. */
  readonly stations?: readonly number[];
  /** Points of each kind. */
  readonly count?: number;
  readonly unsolicited?: boolean;
  /** Bytes of the longest fragment. */
  readonly fragment?: number;
  /** Events of each kind that it keeps. */
  readonly buffer?: number;
}

/** What is to happen to a point: kind, index, value, flags, time in milliseconds since 1970. */
export type Update = readonly [
  kind: string,
  index: number,
  value: number | string,
  flags: number,
  timeMs: number,
  quality?: 'SYNCHRONIZED' | 'UNSYNCHRONIZED' | 'INVALID',
];

/** What the master did to the outstation. */
export interface Dnp3Record {
  readonly confirmed: number;
  readonly unsolicitedConfirmed: number;
  readonly timesWritten: readonly number[];
}

/** The value is there, and nothing is wrong with it (IEEE Std 1815-2012, 11.6). */
export const ONLINE = 0x01;

const DOUBLE_BITS = ['INTERMEDIATE', 'DETERMINED_OFF', 'DETERMINED_ON', 'INDETERMINATE'];
/** Variations that bear a time of their own, by group. */
const TIMED: Readonly<Record<string, readonly number[]>> = {
  2: [2, 3],
  4: [2, 3],
  11: [2],
  21: [5, 6],
  22: [5, 6],
  23: [5, 6],
  32: [3, 4, 7, 8],
  42: [3, 4, 7, 8],
};
/** Variations of analog points that hold an integer; the others hold a float, of which some are single. */
const ANALOG_INTEGERS: Readonly<Record<string, readonly number[]>> = {
  30: [1, 2, 3, 4],
  32: [1, 2, 3, 4],
  40: [1, 2],
  42: [1, 2, 3, 4],
};
const ANALOG_SINGLES: Readonly<Record<string, readonly number[]>> = { 30: [5], 32: [5, 7], 40: [3], 42: [5, 7] };

export class Dnp3Outstation {
  readonly points: readonly ServedPoint[];
  readonly #peer: Peer<{ points: readonly ServedPoint[] }>;

  private constructor(peer: Peer<{ points: readonly ServedPoint[] }>) {
    this.#peer = peer;
    this.points = peer.ready.points;
  }

  static async start(settings: Dnp3Settings): Promise<Dnp3Outstation> {
    return new Dnp3Outstation(await Peer.start('dnp3Outstation', settings));
  }

  /** All at one stroke; `Force` makes an event of each, `Suppress` none. */
  async update(updates: readonly Update[], event: 'Force' | 'Suppress' = 'Force', station?: number): Promise<void> {
    await this.#peer.ask('update', { updates, event, station: station ?? null });
  }

  /** Copies all counters to the frozen counters. */
  async freeze(event: 'Force' | 'Suppress' = 'Force', station?: number): Promise<void> {
    const indexes = this.points.flatMap(({ kind, index }) => (kind === 'counter' ? [index] : []));
    await this.#peer.ask('freeze', { indexes, event, station: station ?? null });
  }

  /** Gives all points the values of a turn, the frozen counters without an event; says what happened to the others. */
  async setAll(turn: number, event: 'Force' | 'Suppress', station?: number): Promise<readonly Update[]> {
    const updates = updatesOf(this.points, turn, Date.now());
    await this.update(updates, event, station);
    await this.freeze('Suppress', station);
    return updates;
  }

  async indicate(
    bits: Readonly<Partial<Record<'needTime' | 'localControl' | 'deviceTrouble', boolean>>>,
  ): Promise<void> {
    await this.#peer.ask('indicate', bits);
  }

  /** It says that it has restarted, as one does behind a link that outlives it; its points are as before. */
  async claimRestart(): Promise<void> {
    await this.#peer.ask('restart');
  }

  record(): Promise<Dnp3Record> {
    return this.#peer.ask<Dnp3Record>('record');
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }
}

/** The points as our configuration names them. */
export function specsOf(points: readonly ServedPoint[]): PointSpec[] {
  return points.map(({ kind, index }) => ({
    address: `${kind}:${index}`,
    dataType: kind.startsWith('binary') ? 'bool' : kind.endsWith('ounter') ? 'uint32' : 'float64',
  }));
}

/** A value that fits each variation of a kind, another one for each point and turn. */
function someValue({ kind, index }: ServedPoint, turn: number): number | string {
  if (kind.startsWith('binary')) return (index + turn) % 2;
  if (kind === 'doubleBit') return DOUBLE_BITS[(index + turn) % DOUBLE_BITS.length];
  if (kind.endsWith('ounter')) return 1_000 * turn + index + 1;
  return (index % 2 === 0 ? 1 : -1) * (1_000.375 * turn + index + 0.125);
}

/** Gives every point that can be set a value of the given turn; the times ascend from `timeMs` on. */
export function updatesOf(points: readonly ServedPoint[], turn: number, timeMs: number): Update[] {
  return points
    .filter(({ kind }) => kind !== 'frozenCounter')
    .map((point, at) => [point.kind, point.index, someValue(point, turn), ONLINE, timeMs + at]);
}

/** What becomes of a value of the outstation on its way through an object of the given group and variation. */
function valueThrough(variation: string, value: number | string): SampleValue {
  if (typeof value === 'string') return DOUBLE_BITS.indexOf(value);
  const [group, number] = variation.split('/');
  // opendnp3 cuts off what an integer cannot hold.
  if (ANALOG_INTEGERS[group]?.includes(Number(number))) return Math.trunc(value);
  return ANALOG_SINGLES[group]?.includes(Number(number)) ? Math.fround(value) : value;
}

/** The values that the points have as static objects, after `updatesOf` and a freeze of all counters in the same turn. */
export function expectedStatics(
  points: readonly ServedPoint[],
  turn: number,
): { value: SampleValue; status: string }[] {
  return points.map((point) => {
    // opendnp3 notes no time with a freeze, and a time of 1970 is none: the value is right, its time is not.
    const status = point.kind === 'frozenCounter' && isTimed(point.static) ? 'Uncertain' : 'Good';
    return { value: valueThrough(point.static, someValue(point, turn)), status };
  });
}

function isTimed(variation: string): boolean {
  const [group, number] = variation.split('/');
  return TIMED[group]?.includes(Number(number)) ?? false;
}

/** Whether the events of the point come with a time of their own. opendnp3 notes none with a freeze, and sends that of 1970. */
function bearsTime({ kind, event }: ServedPoint): boolean {
  return kind !== 'frozenCounter' && isTimed(event);
}

/** What is left of a reading for comparison: its time only where it must be that of the outstation. */
export interface Compared {
  readonly value: SampleValue;
  readonly status: string;
  readonly timeUs: number | 'of arrival';
}

/** The readings that a point must get from events, in their order. */
export function expectedEvents(point: ServedPoint, updates: readonly Update[], status = 'Good'): Compared[] {
  return updates
    .filter(([kind, index]) => kind === point.kind && index === point.index)
    .map(([, , value, , timeMs]) => ({
      value: status.startsWith('Bad') ? null : valueThrough(point.event, value),
      status,
      timeUs: bearsTime(point) ? usOfMs(timeMs) : 'of arrival',
    }));
}

/** The reading that a frozen counter must get from the event of a freeze after `updatesOf` in the same turn. */
export function expectedFreeze(point: ServedPoint, turn: number): Compared {
  const status = isTimed(point.event) ? 'Uncertain' : 'Good';
  return { value: valueThrough(point.event, someValue(point, turn)), status, timeUs: 'of arrival' };
}

/** Where the readings begin that a test looks at. */
export interface Mark {
  readonly count: number;
  readonly timeUs: number;
}

export function markOf(line: TestedLine): Mark {
  return { count: line.readings.length, timeUs: usOfMs(Date.now()) };
}

/** The readings of a tag since `mark`; arrival is between then and now. */
export function readingsSince(mark: Mark, line: TestedLine, tag: number, point: ServedPoint): Compared[] {
  const nowUs = usOfMs(Date.now() + 1);
  const arrived = ({ time }: TakenReading) => time >= mark.timeUs && time <= nowUs;
  return line.readings.slice(mark.count).flatMap((reading) => {
    if (reading.tag !== tag) return [];
    const timeUs = bearsTime(point) || !arrived(reading) ? reading.time : 'of arrival';
    return [{ value: reading.value, status: reading.status, timeUs }];
  });
}
