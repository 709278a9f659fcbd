/**
 * The layout of every object that an outstation may send: the one table of groups and variations (IEEE Std 1815-2012,
 * Annex A, one section for each group).
 *
 * Fields are listed as they stand on the line. An object without `flags` counts as online.
 */

import { TIME_BYTES } from './dnpTime.ts';
import { POINT_KIND, type PointKind } from './objectSink.ts';

/** Several of them share a byte. */
type PackedField = 'bit' | 'doubleBit';
/** `state` are flags with the value in bit 7, `doubleState` flags with the value in bits 6 and 7. */
export type ValueField = 'state' | 'doubleState' | 'int16' | 'int32' | 'uint16' | 'uint32' | 'float32' | 'float64';
/** A relative time counts milliseconds from the common time of occurrence before it (group 51). */
type TimeField = 'time' | 'relativeTime';
type Field = PackedField | ValueField | TimeField | 'flags';

const FIELD_BITS: Readonly<Record<Field, number>> = {
  bit: 1,
  doubleBit: 2,
  state: 8,
  doubleState: 8,
  flags: 8,
  int16: 16,
  int32: 32,
  uint16: 16,
  uint32: 32,
  float32: 32,
  float64: 64,
  time: 8 * TIME_BYTES,
  relativeTime: 16,
};

interface ObjectGroup {
  readonly group: number;
  /** What its points are; without it the objects are skipped. */
  readonly kind?: PointKind;
  readonly event?: boolean;
  /** By variation the fields, or only the number of bytes where the object is skipped. */
  readonly variations: Readonly<Record<number, string | number>>;
}

const BINARY_EVENT = { 1: 'state', 2: 'state time', 3: 'state relativeTime' };
/** Variations 3, 4, 7 and 8, delta counters, are obsolete: a difference is not a count, and is skipped. */
const COUNTER_EVENT = {
  1: 'flags uint32',
  2: 'flags uint16',
  3: 5,
  4: 3,
  5: 'flags uint32 time',
  6: 'flags uint16 time',
  7: 11,
  8: 9,
};
const ANALOG_EVENT = {
  1: 'flags int32',
  2: 'flags int16',
  3: 'flags int32 time',
  4: 'flags int16 time',
  5: 'flags float32',
  6: 'flags float64',
  7: 'flags float32 time',
  8: 'flags float64 time',
};

const GROUPS: readonly ObjectGroup[] = [
  { group: 1, kind: POINT_KIND.binary, variations: { 1: 'bit', 2: 'state' } },
  { group: 2, kind: POINT_KIND.binary, event: true, variations: BINARY_EVENT },
  { group: 3, kind: POINT_KIND.doubleBit, variations: { 1: 'doubleBit', 2: 'doubleState' } },
  {
    group: 4,
    kind: POINT_KIND.doubleBit,
    event: true,
    variations: { 1: 'doubleState', 2: 'doubleState time', 3: 'doubleState relativeTime' },
  },
  { group: 10, kind: POINT_KIND.binaryOutput, variations: { 1: 'bit', 2: 'state' } },
  { group: 11, kind: POINT_KIND.binaryOutput, event: true, variations: { 1: 'state', 2: 'state time' } },
  { group: 12, variations: { 1: 11, 2: 11, 3: 'bit' } },
  { group: 13, kind: POINT_KIND.binaryOutputCommand, event: true, variations: { 1: 'state', 2: 'state time' } },
  {
    group: 20,
    kind: POINT_KIND.counter,
    variations: { 1: 'flags uint32', 2: 'flags uint16', 3: 5, 4: 3, 5: 'uint32', 6: 'uint16', 7: 4, 8: 2 },
  },
  {
    group: 21,
    kind: POINT_KIND.frozenCounter,
    variations: { ...COUNTER_EVENT, 9: 'uint32', 10: 'uint16', 11: 4, 12: 2 },
  },
  { group: 22, kind: POINT_KIND.counter, event: true, variations: COUNTER_EVENT },
  { group: 23, kind: POINT_KIND.frozenCounter, event: true, variations: COUNTER_EVENT },
  {
    group: 30,
    kind: POINT_KIND.analog,
    variations: {
      1: 'flags int32',
      2: 'flags int16',
      3: 'int32',
      4: 'int16',
      5: 'flags float32',
      6: 'flags float64',
    },
  },
  {
    group: 31,
    kind: POINT_KIND.frozenAnalog,
    variations: {
      1: 'flags int32',
      2: 'flags int16',
      3: 'flags int32 time',
      4: 'flags int16 time',
      5: 'int32',
      6: 'int16',
      7: 'flags float32',
      8: 'flags float64',
    },
  },
  { group: 32, kind: POINT_KIND.analog, event: true, variations: ANALOG_EVENT },
  { group: 33, kind: POINT_KIND.frozenAnalog, event: true, variations: ANALOG_EVENT },
  { group: 34, variations: { 1: 2, 2: 4, 3: 4 } },
  {
    group: 40,
    kind: POINT_KIND.analogOutput,
    variations: { 1: 'flags int32', 2: 'flags int16', 3: 'flags float32', 4: 'flags float64' },
  },
  { group: 41, variations: { 1: 5, 2: 3, 3: 5, 4: 9 } },
  { group: 42, kind: POINT_KIND.analogOutput, event: true, variations: ANALOG_EVENT },
  { group: 43, kind: POINT_KIND.analogOutputCommand, event: true, variations: ANALOG_EVENT },
  { group: 50, variations: { 1: 6, 2: 10, 3: 6, 4: 11 } },
  { group: 51, variations: { 1: 6, 2: 6 } },
  { group: 52, variations: { 1: 2, 2: 2 } },
  { group: 80, kind: POINT_KIND.internalIndication, variations: { 1: 'bit' } },
  { group: 81, variations: { 1: 3 } },
  { group: 101, variations: { 1: 2, 2: 4, 3: 8 } },
  { group: 102, variations: { 1: 1 } },
  { group: 121, variations: { 1: 7 } },
  { group: 122, variations: { 1: 7, 2: 13 } },
];

/** Groups whose variation is the number of bytes: octet strings, virtual terminal output, and the events of both. */
const SIZED_BY_VARIATION: ReadonlyMap<number, { readonly kind?: PointKind; readonly event: boolean }> = new Map([
  [110, { kind: POINT_KIND.octetString, event: false }],
  [111, { kind: POINT_KIND.octetString, event: true }],
  [112, { event: false }],
  [113, { event: true }],
]);

export interface ObjectLayout {
  /** Absent where the object is skipped. */
  readonly kind: PointKind | undefined;
  readonly event: boolean;
  /** The size of one object; only packed ones are not whole bytes. */
  readonly bits: number;
  /** Absent where the object is packed, or a string of bytes. */
  readonly value: ValueField | undefined;
  /** Offsets in the object; -1 where there is no such field. */
  readonly valueAt: number;
  readonly flagsAt: number;
  readonly timeAt: number;
  readonly relativeTimeAt: number;
}

/** `undefined` where the standard does not know the object, or does not let an outstation send it. */
export function objectLayout(group: number, variation: number): ObjectLayout | undefined {
  const sized = SIZED_BY_VARIATION.get(group);
  if (sized === undefined) return LAYOUTS.get((group << 8) | variation);
  return variation === 0 ? undefined : { ...NO_FIELDS, kind: sized.kind, event: sized.event, bits: 8 * variation };
}

const NO_FIELDS = { value: undefined, valueAt: -1, flagsAt: -1, timeAt: -1, relativeTimeAt: -1 };

const NO_VALUES: ReadonlySet<Field> = new Set<Field>(['bit', 'doubleBit', 'flags', 'time', 'relativeTime']);

const LAYOUTS: ReadonlyMap<number, ObjectLayout> = new Map(
  GROUPS.flatMap((group) =>
    Object.entries(group.variations).map(([variation, fields]) => [
      (group.group << 8) | Number(variation),
      layoutOf(group, fields),
    ]),
  ),
);

function layoutOf({ kind, event = false }: ObjectGroup, fields: string | number): ObjectLayout {
  if (typeof fields === 'number') return { ...NO_FIELDS, kind: undefined, event, bits: 8 * fields };
  const names = fields.split(' ') as Field[];
  const offset = new Map<Field, number>();
  let bits = 0;
  for (const name of names) {
    offset.set(name, bits >> 3);
    bits += FIELD_BITS[name];
  }
  const at = (name: Field) => offset.get(name) ?? -1;
  const value = names.find(isValue);
  return {
    kind,
    event,
    bits,
    value,
    valueAt: value === undefined ? -1 : at(value),
    flagsAt: Math.max(at('flags'), at('state'), at('doubleState')),
    timeAt: at('time'),
    relativeTimeAt: at('relativeTime'),
  };
}

function isValue(name: Field): name is ValueField {
  return !NO_VALUES.has(name);
}
