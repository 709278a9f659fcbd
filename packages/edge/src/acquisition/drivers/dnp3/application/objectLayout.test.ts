import { describe, expect, it } from 'vitest';
import { decodeObjects } from './decodeObjects.ts';
import { objectLayout } from './objectLayout.ts';
import { POINT_KIND } from './objectSink.ts';
import { RecordingSink } from './testbed/recordingSink.ts';

const KIND_NAMES = Object.keys(POINT_KIND);
const T = '050403020100';
const T_MS = 0x0102030405;
/** Common times of occurrence: group 51, variations 1 and 2, count 1. */
const SYNCHRONIZED = `330107 01${T} `;
const UNSYNCHRONIZED = `330207 01${T} `;

const one = (group: number, variation: number, object: string) => `${byte(group)}${byte(variation)}00 0707 ${object}`;
const event = (group: number, variation: number, object: string) =>
  `${byte(group)}${byte(variation)}28 0100 0700 ${object}`;
const byte = (value: number) => value.toString(16).padStart(2, '0');

/** Kind, index, value, flags, and for what has one the time with its quality. Layouts: IEEE Std 1815-2012, Annex A. */
const CASES: readonly (readonly [group: number, variation: number, objects: string, expected: string])[] = [
  // Binary inputs.
  [1, 1, '010100 0009 fd02', 'binary 0=1,1=0,2=1,3=1,4=1,5=1,6=1,7=1,8=0,9=1 flags 01'],
  [1, 2, one(1, 2, '81'), 'binary 7=1 flags 01'],
  [2, 1, event(2, 1, '7f'), 'binary 7=0 flags 7f event'],
  [2, 2, event(2, 2, `c1 ${T}`), `binary 7=1 flags 41 event at ${T_MS} synchronized`],
  [2, 3, SYNCHRONIZED + event(2, 3, '81 e803'), `binary 7=1 flags 01 event at ${T_MS + 1000} synchronized`],
  // Double-bit binary inputs; intermediate, off, on, indeterminate.
  [3, 1, '030100 0004 e401', 'doubleBit 0=0,1=1,2=2,3=3,4=1 flags 01'],
  [3, 2, one(3, 2, '81'), 'doubleBit 7=2 flags 01'],
  [4, 1, event(4, 1, 'e1'), 'doubleBit 7=3 flags 21 event'],
  [4, 2, event(4, 2, `41 ${T}`), `doubleBit 7=1 flags 01 event at ${T_MS} synchronized`],
  [4, 3, UNSYNCHRONIZED + event(4, 3, '01 ffff'), `doubleBit 7=0 flags 01 event at ${T_MS + 65_535} unsynchronized`],
  // Binary outputs, and commands to them.
  [10, 1, '0a0101 0100 0200 02', 'binaryOutput 1=0,2=1 flags 01'],
  [10, 2, one(10, 2, '81'), 'binaryOutput 7=1 flags 01'],
  [11, 1, event(11, 1, '01'), 'binaryOutput 7=0 flags 01 event'],
  [11, 2, event(11, 2, `81 ${T}`), `binaryOutput 7=1 flags 01 event at ${T_MS} synchronized`],
  [13, 1, event(13, 1, '80'), 'binaryOutputCommand 7=1 flags 00 event'],
  [13, 2, event(13, 2, `04 ${T}`), `binaryOutputCommand 7=0 flags 04 event at ${T_MS} synchronized`],
  // Counters.
  [20, 1, one(20, 1, '21 ffffffff'), 'counter 7=4294967295 flags 21'],
  [20, 2, one(20, 2, '41 ffff'), 'counter 7=65535 flags 41'],
  [20, 5, one(20, 5, '01020304'), 'counter 7=67305985 flags 01'],
  [20, 6, one(20, 6, '0102'), 'counter 7=513 flags 01'],
  [21, 1, one(21, 1, '01 ffffffff'), 'frozenCounter 7=4294967295 flags 01'],
  [21, 2, one(21, 2, '01 ffff'), 'frozenCounter 7=65535 flags 01'],
  [21, 5, one(21, 5, `01 02000000 ${T}`), `frozenCounter 7=2 flags 01 at ${T_MS} synchronized`],
  [21, 6, one(21, 6, `01 0200 ${T}`), `frozenCounter 7=2 flags 01 at ${T_MS} synchronized`],
  [21, 9, one(21, 9, '01020304'), 'frozenCounter 7=67305985 flags 01'],
  [21, 10, one(21, 10, '0102'), 'frozenCounter 7=513 flags 01'],
  [22, 1, event(22, 1, '01 ffffffff'), 'counter 7=4294967295 flags 01 event'],
  [22, 2, event(22, 2, '01 ffff'), 'counter 7=65535 flags 01 event'],
  [22, 5, event(22, 5, `01 02000000 ${T}`), `counter 7=2 flags 01 event at ${T_MS} synchronized`],
  [22, 6, event(22, 6, `01 0200 ${T}`), `counter 7=2 flags 01 event at ${T_MS} synchronized`],
  [23, 1, event(23, 1, '01 ffffffff'), 'frozenCounter 7=4294967295 flags 01 event'],
  [23, 2, event(23, 2, '01 ffff'), 'frozenCounter 7=65535 flags 01 event'],
  [23, 5, event(23, 5, `01 02000000 ${T}`), `frozenCounter 7=2 flags 01 event at ${T_MS} synchronized`],
  [23, 6, event(23, 6, `01 0200 ${T}`), `frozenCounter 7=2 flags 01 event at ${T_MS} synchronized`],
  // Analog inputs.
  [30, 1, one(30, 1, '21 feffffff'), 'analog 7=-2 flags 21'],
  [30, 2, one(30, 2, '01 0080'), 'analog 7=-32768 flags 01'],
  [30, 3, one(30, 3, '00000080'), 'analog 7=-2147483648 flags 01'],
  [30, 4, one(30, 4, 'feff'), 'analog 7=-2 flags 01'],
  [30, 5, one(30, 5, '01 0000c03f'), 'analog 7=1.5 flags 01'],
  [30, 6, one(30, 6, '01 000000000000f8bf'), 'analog 7=-1.5 flags 01'],
  [31, 1, one(31, 1, '01 feffffff'), 'frozenAnalog 7=-2 flags 01'],
  [31, 2, one(31, 2, '01 feff'), 'frozenAnalog 7=-2 flags 01'],
  [31, 3, one(31, 3, `01 feffffff ${T}`), `frozenAnalog 7=-2 flags 01 at ${T_MS} synchronized`],
  [31, 4, one(31, 4, `01 feff ${T}`), `frozenAnalog 7=-2 flags 01 at ${T_MS} synchronized`],
  [31, 5, one(31, 5, 'feffffff'), 'frozenAnalog 7=-2 flags 01'],
  [31, 6, one(31, 6, 'feff'), 'frozenAnalog 7=-2 flags 01'],
  [31, 7, one(31, 7, '01 0000c03f'), 'frozenAnalog 7=1.5 flags 01'],
  [31, 8, one(31, 8, '01 000000000000f83f'), 'frozenAnalog 7=1.5 flags 01'],
  ...analogEvents(32, 'analog'),
  ...analogEvents(33, 'frozenAnalog'),
  // Analog outputs, and commands to them.
  [40, 1, one(40, 1, '01 feffffff'), 'analogOutput 7=-2 flags 01'],
  [40, 2, one(40, 2, '01 feff'), 'analogOutput 7=-2 flags 01'],
  [40, 3, one(40, 3, '01 0000c03f'), 'analogOutput 7=1.5 flags 01'],
  [40, 4, one(40, 4, '01 000000000000f83f'), 'analogOutput 7=1.5 flags 01'],
  ...analogEvents(42, 'analogOutput'),
  ...analogEvents(43, 'analogOutputCommand'),
  // Internal indications.
  [80, 1, '500100 070f 0100', 'internalIndication 7=1,8=0,9=0,10=0,11=0,12=0,13=0,14=0,15=0 flags 01'],
];

function analogEvents(group: number, kind: string): (readonly [number, number, string, string])[] {
  const values: readonly [string, number][] = [
    ['feffffff', -2],
    ['feff', -2],
    ['feffffff', -2],
    ['feff', -2],
    ['0000c03f', 1.5],
    ['000000000000f83f', 1.5],
    ['0000c03f', 1.5],
    ['000000000000f83f', 1.5],
  ];
  return values.map(([hex, value], at) => {
    const timed = [2, 3, 6, 7].includes(at);
    const object = event(group, at + 1, `01 ${hex} ${timed ? T : ''}`);
    return [group, at + 1, object, `${kind} 7=${value} flags 01 event${timed ? ` at ${T_MS} synchronized` : ''}`];
  });
}

function decode(text: string): RecordingSink {
  const sink = new RecordingSink();
  expect(decodeObjects(Buffer.from(text.replaceAll(' ', ''), 'hex'), sink)).toBeUndefined();
  return sink;
}

function describePoints({ points }: RecordingSink): string {
  const [{ kind, flags, event: isEvent, timeMs, timeQuality }] = points;
  const values = points.map(({ index, value }) => `${index}=${value}`).join(',');
  const time = Number.isNaN(timeMs) ? '' : ` at ${timeMs}`;
  const quality = ['', ' synchronized', ' unsynchronized'][timeQuality];
  return `${KIND_NAMES[kind]} ${values} flags ${byte(flags)}${isEvent ? ' event' : ''}${time}${quality}`;
}

describe('every variation with a value', () => {
  it.each(CASES)('group %i variation %i', (_group, _variation, objects, expected) => {
    expect(describePoints(decode(objects))).toBe(expected);
  });

  it('is among these cases', () => {
    const tested = new Set(CASES.map(([group, variation]) => `${group} ${variation}`));
    expect(tested).toEqual(new Set(knownObjects((kind) => kind !== undefined)));
  });
});

/** The obsolete delta counters, commands echoed, deadbands, and what is not a point. */
const SKIPPED: Readonly<Record<string, number>> = {
  ...{
    '12 1': 11,
    '12 2': 11,
    '12 3': 0.125,
    '34 1': 2,
    '34 2': 4,
    '34 3': 4,
    '41 1': 5,
    '41 2': 3,
    '41 3': 5,
    '41 4': 9,
  },
  ...{
    '20 3': 5,
    '20 4': 3,
    '20 7': 4,
    '20 8': 2,
    '21 3': 5,
    '21 4': 3,
    '21 7': 11,
    '21 8': 9,
    '21 11': 4,
    '21 12': 2,
  },
  ...{ '22 3': 5, '22 4': 3, '22 7': 11, '22 8': 9, '23 3': 5, '23 4': 3, '23 7': 11, '23 8': 9 },
  ...{ '50 1': 6, '50 2': 10, '50 3': 6, '50 4': 11, '51 1': 6, '51 2': 6, '52 1': 2, '52 2': 2, '81 1': 3 },
  ...{ '101 1': 2, '101 2': 4, '101 3': 8, '102 1': 1, '121 1': 7, '122 1': 7, '122 2': 13 },
};

describe('every other variation', () => {
  it.each(Object.entries(SKIPPED))('%s has %d bytes, and what follows it is found', (name, bytes) => {
    const [group, variation] = name.split(' ').map(Number);
    const sink = decode(`${one(group, variation, '00'.repeat(Math.ceil(bytes)))} ${one(30, 4, '0100')}`);
    expect(describePoints(sink)).toBe('analog 7=1 flags 01');
  });

  it('is among these cases', () => {
    expect(new Set(Object.keys(SKIPPED))).toEqual(new Set(knownObjects((kind) => kind === undefined)));
  });
});

/** Those of groups 110 to 113 have as many bytes as their variation says. */
function knownObjects(wanted: (kind: number | undefined) => boolean): string[] {
  const names: string[] = [];
  for (let object = 0; object < 0x10000; object++) {
    const [group, variation] = [object >> 8, object & 0xff];
    const layout = objectLayout(group, variation);
    if (layout !== undefined && (group < 110 || group > 113) && wanted(layout.kind))
      names.push(`${group} ${variation}`);
  }
  return names;
}
