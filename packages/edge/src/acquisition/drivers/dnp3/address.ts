/**
 * Addresses of DNP3 points, in the two ways in which people write them: by what the point is (`analog:12`), or by the
 * object group of the device profile (`g30:12`; the group of its events, `g32:12`, is the same point). Indices count from 0,
 * as on the line. `iin:device-trouble` is one of the internal indications.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Indication } from './application/internalIndications.ts';
import { POINT_KIND, type PointKind } from './application/objectSink.ts';

/** A point of the database of the outstation, or one of its indications. */
export type Dnp3Address =
  | { readonly kind: PointKind; readonly index: number }
  | { readonly kind: 'indication'; readonly indication: Indication };

interface KindOfPoint {
  readonly kind: PointKind;
  /** The group of its static values; it is asked for by this one. */
  readonly group: number;
  readonly eventGroup: number;
}

/** By their names in addresses. IEEE Std 1815-2012, Annex A. */
const KINDS: Readonly<Record<string, KindOfPoint>> = {
  binary: { kind: POINT_KIND.binary, group: 1, eventGroup: 2 },
  doubleBit: { kind: POINT_KIND.doubleBit, group: 3, eventGroup: 4 },
  binaryOutput: { kind: POINT_KIND.binaryOutput, group: 10, eventGroup: 11 },
  counter: { kind: POINT_KIND.counter, group: 20, eventGroup: 22 },
  frozenCounter: { kind: POINT_KIND.frozenCounter, group: 21, eventGroup: 23 },
  analog: { kind: POINT_KIND.analog, group: 30, eventGroup: 32 },
  frozenAnalog: { kind: POINT_KIND.frozenAnalog, group: 31, eventGroup: 33 },
  analogOutput: { kind: POINT_KIND.analogOutput, group: 40, eventGroup: 42 },
  octetString: { kind: POINT_KIND.octetString, group: 110, eventGroup: 111 },
};

/** In the order of their bits; IIN1.0 is the first. */
const INDICATIONS: Readonly<Record<string, Indication>> = {
  broadcast: 'broadcast',
  'class-1-events': 'class1Events',
  'class-2-events': 'class2Events',
  'class-3-events': 'class3Events',
  'need-time': 'needTime',
  'local-control': 'localControl',
  'device-trouble': 'deviceTrouble',
  'device-restart': 'deviceRestart',
  'function-not-supported': 'functionNotSupported',
  'object-unknown': 'objectUnknown',
  'parameter-error': 'parameterError',
  'event-buffer-overflow': 'eventBufferOverflow',
  'already-executing': 'alreadyExecuting',
  'configuration-corrupt': 'configurationCorrupt',
};

const NAMED = /^([a-z]+):(\d{1,7})$/i;
const GROUPED = /^g(\d{1,3}):(\d{1,7})$/i;
const INDICATION = /^iin:([a-z0-9-]+)$/i;
const MAX_INDEX = 65_535;
const EXAMPLES = `binary:5, analog:12, counter:3 or another of ${Object.keys(KINDS).join(', ')}; g30:12; iin:device-trouble`;

/** Fault: `point.address`. */
export function parseAddress(input: string): Result<Dnp3Address> {
  const text = input.trim();
  const indication = INDICATION.exec(text);
  if (indication) return parseIndication(text, indication[1].toLowerCase());
  const named = NAMED.exec(text);
  const [, which = '', digits] = named ?? GROUPED.exec(text) ?? [];
  const found = named ? kindOfName(which) : kindOfGroup(Number(which));
  if (!found) return failure('point.address', `"${input}" is no DNP3 address: write ${EXAMPLES}`);
  const index = Number(digits);
  if (index > MAX_INDEX) return failure('point.address', `"${text}": points are counted from 0 to ${MAX_INDEX}`);
  return success({ kind: found.kind, index });
}

function kindOfName(name: string): KindOfPoint | undefined {
  const known = Object.keys(KINDS).find((key) => key.toLowerCase() === name.toLowerCase());
  return known === undefined ? undefined : KINDS[known];
}

function kindOfGroup(group: number): KindOfPoint | undefined {
  return Object.values(KINDS).find((kind) => kind.group === group || kind.eventGroup === group);
}

function parseIndication(text: string, name: string): Result<Dnp3Address> {
  if (Object.hasOwn(INDICATIONS, name)) return success({ kind: 'indication', indication: INDICATIONS[name] });
  return failure('point.address', `"${text}" is no internal indication: ${Object.keys(INDICATIONS).join(', ')}`);
}

/** The object group in which the static values of such a point are. */
export function staticGroupOf(kind: PointKind): number {
  return Object.values(KINDS).find((entry) => entry.kind === kind)!.group;
}
