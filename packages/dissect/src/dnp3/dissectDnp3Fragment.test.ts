import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Dnp3Direction, dissectDnp3Fragment } from './dissectDnp3Fragment.ts';
import type { Dnp3Point } from './dnp3Field.ts';
import { dnp3Object } from './dnp3Object.ts';
import { dnp3PointsOf } from './dnp3PointsOf.ts';

function fragmentOf(text: string, direction: Dnp3Direction) {
  const result = dissectDnp3Fragment(Buffer.from(text.replaceAll(' ', ''), 'hex'), direction);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const TIME = '80 e5 b1 c8 92 01'; // 2024-10-26 08:21:30.880 UTC, low octet first
const TIME_MS = 0x0192_c8b1_e580;

describe('the points behind a header', () => {
  it.each<[string, string, readonly Dnp3Point[]]>([
    ['packed inputs from 3 on', '010100 030c 5501', bits(3, [1, 0, 1, 0, 1, 0, 1, 0, 1, 0])],
    ['packed double-bits', '030100 0004 e401', bits(0, [0, 1, 2, 3, 1])],
    ['a state in its flags', '010201 0500 0500 81', [{ index: 5, flags: 0x81, value: 1 }]],
    ['a double-bit in its flags', '040117 01 07 81', [{ index: 7, flags: 0x81, value: 2 }]],
    ['an event with its time', `020228 0100 0102 01 ${TIME}`, [{ index: 513, flags: 1, value: 0, timeMs: TIME_MS }]],
    ['an event after a common time', '020317 01 02 81 e803', [{ index: 2, flags: 0x81, value: 1, delayMs: 1000 }]],
    [
      'a counter event',
      `160517 01 01 01 ffffffff ${TIME}`,
      [{ index: 1, flags: 1, value: 2 ** 32 - 1, timeMs: TIME_MS }],
    ],
    ['a negative analog', '1e0200 0000 01 00 80', [{ index: 0, flags: 1, value: -32768 }]],
    ['a double', `200817 01 09 01 000000000000f83f ${TIME}`, [{ index: 9, flags: 1, value: 1.5, timeMs: TIME_MS }]],
    ['an index of four octets', '280339 01000000 00010000 01 0000c03f', [{ index: 256, flags: 1, value: 1.5 }]],
    ['a relay command', `0c0117 01 03 41 01 64000000 00000000 04`, [{ index: 3, control: 0x41, status: 4 }]],
    ['an analog command', '290117 01 03 f6ffffff 00', [{ index: 3, value: -10, status: 0 }]],
    ['an analog command event', '2b0117 01 03 04 f6ffffff', [{ index: 3, value: -10, status: 4 }]],
    ['a common time', `330107 01 ${TIME}`, [{ index: 0, timeMs: TIME_MS }]],
    ['a coarse delay', '340107 01 0200', [{ index: 0, delayMs: 2000 }]],
    ['a packed decimal', '650100 0000 3412', [{ index: 0, value: 1234 }]],
    ['octet strings', '6e0200 0102 4142 4344', [octets(1, '4142'), octets(2, '4344')]],
    ['an attribute', '00f200 0000 01 03 312e30', [octets(0, '0103312e30')]],
    ['an index before an attribute', '00f217 01 04 01 01 31', [octets(4, '010131')]],
    ['free format', '46045b 02 0100 aa 0200 bbcc', [octets(0, 'aa'), octets(1, 'bbcc')]],
    ['a security statistic', '790100 0000 01 0100 05000000', [{ index: 0, flags: 1, value: 5 }]],
    ['the internal indications', '500100 0707 00', [{ index: 7, value: 0 }]],
  ])('%s', (_, objects, points) => {
    const fragment = fragmentOf(`c0 81 0000 ${objects}`, 'response');
    expect(fragment.fault).toBeUndefined();
    expect(fragment.objects.map(dnp3PointsOf)).toEqual([points]);
  });

  it('in a read are the indexes that it lists', () => {
    const fragment = fragmentOf('c0 01 1e0028 0200 0500 0700 010006', 'request');
    expect(fragment.objects.map(dnp3PointsOf)).toEqual([[{ index: 5 }, { index: 7 }], []]);
  });

  function bits(first: number, values: readonly number[]): Dnp3Point[] {
    return values.map((value, ordinal) => ({ index: first + ordinal, value }));
  }

  function octets(index: number, hex: string): Dnp3Point {
    return { index, octets: expect.objectContaining(Uint8Array.from(Buffer.from(hex, 'hex'))) };
  }
});

describe('a fragment', () => {
  it('has a header, indications and objects', () => {
    expect(fragmentOf('f3 82 9002 010100 0000 01', 'response')).toMatchObject({
      first: true,
      final: true,
      confirm: true,
      unsolicited: true,
      sequence: 3,
      functionCode: 130,
      function: { name: 'unsolicited response' },
      indications: 0x9002,
      objects: [{ group: 1, variation: 1, qualifier: 0, first: 0, last: 0, count: 1 }],
    });
  });

  it('keeps the objects before the first that is wrong', () => {
    const fragment = fragmentOf('c0 81 0000 010100 0000 01 fa0107 01 00', 'response');
    expect(fragment.objects).toHaveLength(1);
    expect(fragment.fault).toMatchObject({ code: 'frame.malformed', detail: 'g250v1 is no object of the standard' });
  });

  it.each([
    ['values of all points', 'c0 81 0000 1e0106', /does not say of which points/],
    ['packed values with indexes', 'c0 81 0000 010117 01 00 01', /is packed and has indexes/],
    ['a file object without a size', 'c0 81 0000 460407 01 00', /needs free format/],
    ['an object of the wrong size', 'c0 81 0000 1e024b 01 02 0100', /an object of 2 bytes where 3 belong/],
    ['free format cut short', 'c0 81 0000 46045b 02 0100 aa', /lacks 2 bytes/],
    ['an attribute cut short', 'c0 81 0000 00f200 0001 01 01 31', /lacks 2 bytes/],
    ['sizes before a span of all', 'c0 81 0000 460456', /reserves/],
    ['a qualifier with its highest bit', 'c0 81 0000 010180 0000', /reserves/],
  ])('says what is wrong with %s', (_, text, reason) => {
    expect(fragmentOf(text, 'response').fault?.detail).toMatch(reason);
  });

  it('reads no objects of a function code of the other direction', () => {
    expect(fragmentOf('c0 01 0000 ffff', 'response')).toMatchObject({ function: undefined, objects: [] });
  });

  it('counts four thousand million objects in no time, where they have no octets', () => {
    const fragment = fragmentOf('c0 01 1e0009 ffffffff 1e0002 00000000 ffffffff', 'request');
    expect(fragment.objects.map(({ count }) => count)).toEqual([2 ** 32 - 1, 2 ** 32]);
    expect(fragment.objects.flatMap(dnp3PointsOf)).toEqual([]);
  });
});

it('objects are as long as those of an independent implementation', () => {
  const lines = readFileSync(join(import.meta.dirname, 'vectors', 'opendnp3-sizes.txt'), 'utf8')
    .trim()
    .split('\n');
  for (const [group, variation, bytes] of lines.map((line) => line.split(' ').map(Number))) {
    const shape = dnp3Object(group, variation)?.shape;
    expect(shape, `g${group}v${variation}`).toMatchObject({ kind: 'fixed', layout: { bytes } });
  }
  expect(lines.length).toBeGreaterThan(70);
});
