/**
 * The object library of DNP3: what each group and variation is called and how its objects are laid out.
 *
 * Source: IEEE 1815-2012, annex A; objects that the standard calls obsolete have the sizes of the Basic 4 documents.
 */

import { type Dnp3Layout, dnp3Layout } from './dnp3Field.ts';

/** How the objects of a variation are found in a fragment. */
export type Dnp3Shape =
  | { readonly kind: 'fixed'; readonly layout: Dnp3Layout }
  /** States of so many bits, eight or four to the octet, the lowest index in the lowest bits. */
  | { readonly kind: 'packed'; readonly bits: 1 | 2 }
  /** Octet strings: the variation is their length. */
  | { readonly kind: 'counted' }
  /** Device attributes: a type, a length, and so many octets. */
  | { readonly kind: 'attribute' }
  /** Only free format (a size before each object) says where the object ends. */
  | { readonly kind: 'sized' };

export interface Dnp3Object {
  readonly name: string;
  readonly shape: Dnp3Shape;
}

/** Variation 0 asks for whatever variation the outstation prefers; it never carries data. */
const NOTHING: Dnp3Shape = { kind: 'fixed', layout: dnp3Layout('') };

const COUNTER_EVENTS = [
  'flags u32',
  'flags u16',
  'flags u32',
  'flags u16',
  'flags u32 time',
  'flags u16 time',
  'flags u32 time',
  'flags u16 time',
];
const ANALOG_EVENTS = [
  'flags i32',
  'flags i16',
  'flags i32 time',
  'flags i16 time',
  'flags f32',
  'flags f64',
  'flags f32 time',
  'flags f64 time',
];
const COMMAND_EVENTS = ANALOG_EVENTS.map((layout) => layout.replace('flags', 'status'));
const BINARY_EVENTS = ['flagsBit', 'flagsBit time', 'flagsBit delay'];

/** Group, name, and the layout of each variation from 1 on. */
const GROUPS: readonly (readonly [number, string, readonly string[]])[] = [
  [1, 'binary input', ['packed 1', 'flagsBit']],
  [2, 'binary input event', BINARY_EVENTS],
  [3, 'double-bit binary input', ['packed 2', 'flagsDouble']],
  [4, 'double-bit binary input event', ['flagsDouble', 'flagsDouble time', 'flagsDouble delay']],
  [10, 'binary output', ['packed 1', 'flagsBit']],
  [11, 'binary output event', BINARY_EVENTS.slice(0, 2)],
  // Control code, count, on-time and off-time in milliseconds, status. Variation 3 masks the points of variation 2.
  [12, 'binary output command', ['control 9 status', 'control 9 status', 'packed 1']],
  // The command's result in the lower seven bits, its state in the highest.
  [13, 'binary output command event', BINARY_EVENTS.slice(0, 2)],
  [20, 'counter', ['flags u32', 'flags u16', 'flags u32', 'flags u16', 'u32', 'u16', 'u32', 'u16']],
  [21, 'frozen counter', [...COUNTER_EVENTS, 'u32', 'u16', 'u32', 'u16']],
  [22, 'counter event', COUNTER_EVENTS],
  [23, 'frozen counter event', COUNTER_EVENTS],
  [30, 'analog input', ['flags i32', 'flags i16', 'i32', 'i16', 'flags f32', 'flags f64']],
  [
    31,
    'frozen analog input',
    ['flags i32', 'flags i16', 'flags i32 time', 'flags i16 time', 'i32', 'i16', 'flags f32', 'flags f64'],
  ],
  [32, 'analog input event', ANALOG_EVENTS],
  [33, 'frozen analog input event', ANALOG_EVENTS],
  [34, 'analog input deadband', ['u16', 'u32', 'f32']],
  [40, 'analog output status', ['flags i32', 'flags i16', 'flags f32', 'flags f64']],
  [41, 'analog output command', ['i32 status', 'i16 status', 'f32 status', 'f64 status']],
  [42, 'analog output event', ANALOG_EVENTS],
  [43, 'analog output command event', COMMAND_EVENTS],
  // Interval of freezes (milliseconds); 4 has an interval and its unit.
  [50, 'time and date', ['time', 'time 4', 'time', 'time 5']],
  [51, 'common time of occurrence', ['time', 'time']],
  [52, 'time delay', ['delaySeconds', 'delay']],
  [60, 'class objects', ['', '', '', '']],
  // The obsolete file identifier and the seven objects of file transfer.
  [70, 'file', Array(8).fill('sized')],
  [80, 'internal indications', ['packed 1']],
  [81, 'device storage', ['3']],
  [82, 'device profile', ['sized']],
  [83, 'private registration', ['sized', 'sized']],
  [85, 'data set prototype', ['sized']],
  // Descriptor contents, characteristics, and the point indexes behind the elements.
  [86, 'data set descriptor', ['sized', 'u8', 'sized']],
  [87, 'data set', ['sized']],
  [88, 'data set event', ['sized']],
  [90, 'application identifier', ['sized']],
  [91, 'status of requested operation', ['sized']],
  [100, 'floating point', ['6', '10', '11']],
  [101, 'binary-coded decimal', ['bcd2', 'bcd4', 'bcd8']],
  [102, 'unsigned integer', ['u8']],
  [
    120,
    'authentication',
    [
      'sized', // challenge
      'sized', // reply
      '6', // aggressive mode request: challenge sequence number, user
      '2', // session key status request: user
      ...Array(11).fill('sized'), // key status to update key change confirmation
    ],
  ],
  [121, 'security statistic', ['flags 2 u32']],
  [122, 'security statistic event', ['flags 2 u32', 'flags 2 u32 time']],
];

/** Groups whose variation is a length or the name of an attribute, so that every one exists. */
const OPEN_GROUPS: ReadonlyMap<number, Dnp3Object> = new Map<number, Dnp3Object>([
  [0, { name: 'device attribute', shape: { kind: 'attribute' } }],
  [110, { name: 'octet string', shape: { kind: 'counted' } }],
  [111, { name: 'octet string event', shape: { kind: 'counted' } }],
  [112, { name: 'virtual terminal output block', shape: { kind: 'counted' } }],
  [113, { name: 'virtual terminal event', shape: { kind: 'counted' } }],
  [114, { name: 'extended octet string', shape: { kind: 'sized' } }],
  [115, { name: 'extended octet string event', shape: { kind: 'sized' } }],
]);

const OBJECTS: ReadonlyMap<number, readonly Dnp3Object[]> = new Map(
  GROUPS.map(([group, name, layouts]) => [
    group,
    [{ name, shape: NOTHING }, ...layouts.map((layout) => ({ name, shape: shapeOf(layout) }))],
  ]),
);

/** `undefined` for what the standard does not describe. */
export function dnp3Object(group: number, variation: number): Dnp3Object | undefined {
  const open = OPEN_GROUPS.get(group);
  if (open && variation === 0) return { name: open.name, shape: NOTHING };
  return open ?? OBJECTS.get(group)?.[variation];
}

function shapeOf(layout: string): Dnp3Shape {
  if (layout === 'sized') return { kind: 'sized' };
  if (layout === 'packed 1') return { kind: 'packed', bits: 1 };
  if (layout === 'packed 2') return { kind: 'packed', bits: 2 };
  return { kind: 'fixed', layout: dnp3Layout(layout) };
}
