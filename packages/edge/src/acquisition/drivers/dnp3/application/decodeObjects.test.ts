import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkAssembler } from '../link/linkAssembler.ts';
import { FragmentAssembler } from '../transport/fragmentAssembler.ts';
import { decodeResponse } from './applicationHeader.ts';
import { decodeObjects } from './decodeObjects.ts';
import { POINT_KIND, TIME_QUALITY } from './objectSink.ts';
import { RecordingSink } from './testbed/recordingSink.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function decode(hex: string) {
  const sink = new RecordingSink();
  const fault = decodeObjects(bytes(hex), sink);
  return { sink, fault };
}

/** The qualifiers of IEEE Std 1815-2012, 4.2.2.7, around 16-bit analogs (group 30, variation 4). */
describe('qualifiers', () => {
  it.each<[string, string, number[]]>([
    ['range of 1 byte', '00 0304 0100 0200', [3, 4]],
    ['range of 2 bytes', '01 ff000001 0100 0200', [255, 256]],
    ['range of 4 bytes', '02 ffff000000000100 0100 0200', [65_535, 65_536]],
    ['count of 1 byte', '07 02 0100 0200', [0, 1]],
    ['count of 2 bytes', '08 0200 0100 0200', [0, 1]],
    ['count of 4 bytes', '09 02000000 0100 0200', [0, 1]],
    ['count of 1 byte, indices of 1', '17 02 09 0100 07 0200', [9, 7]],
    ['count of 2 bytes, indices of 2', '28 0200 0900 0100 0001 0200', [9, 256]],
    ['count of 1 byte, indices of 2', '27 02 0900 0100 0001 0200', [9, 256]],
    ['count of 4 bytes, indices of 4', '39 02000000 09000000 0100 00000100 0200', [9, 65_536]],
    ['range of 1 byte, indices of 1', '10 0001 09 0100 07 0200', [9, 7]],
  ])('%s', (_, rest, indices) => {
    const { sink, fault } = decode(`1e04 ${rest}`);
    expect(fault).toBeUndefined();
    expect(sink.points.map(({ index, value }) => [index, value])).toEqual(indices.map((index, at) => [index, at + 1]));
  });

  it.each([
    ['no objects', '07 00'],
    ['objects that state their size, in 1 byte', '47 02 01 ff 00'],
    ['in 2 bytes', '5b 02 0300 ffffff 0000'],
    ['in 4 bytes', '6b 01 01000000 ff'],
  ])('%s', (_, rest) => {
    const { sink, fault } = decode(`4605 ${rest} 1e04 0000 00 0100`.replace('4605 07 00', '1e04 07 00'));
    expect(fault).toBeUndefined();
    expect(sink.points.map(({ value }) => value)).toEqual([1]);
  });
});

describe('faults', () => {
  /** A good value that stands before what is wrong. */
  const GOOD = '1e04 00 0505 0100';

  it.each([
    ['a group that nobody knows', 'ff01 00 0000', 'device.object', /group 255 variation 1/],
    ['a variation that nobody knows', '1e07 00 0000', 'device.object', /group 30 variation 7/],
    ['a class, which has no data', '3c01 06', 'frame.malformed', /group 60 variation 1 has qualifier 6/],
    ['a string of no bytes', '6e00 02 00000000ffffffff', 'device.object', /group 110 variation 0/],
    ['a header cut at the group', '1e', 'frame.truncated', /cut/],
    ['a header cut at the qualifier', '1e04', 'frame.truncated', /cut/],
    ['a header cut in its range', '1e04 01 0000', 'frame.truncated', /group 30 variation 4 is cut/],
    ['a reserved range', '1e04 03 0000', 'frame.malformed', /qualifier 3/],
    ['a reserved prefix', '1e04 77 01', 'frame.malformed', /qualifier 119/],
    ['a reserved bit', '1e04 80 0000', 'frame.malformed', /qualifier 128/],
    ['a range that ends before it begins', '1e04 00 0504', 'frame.malformed', /from 5 to 4/],
    ['one byte too few', '1e04 00 0001 0100 02', 'frame.truncated', /2 objects of group 30 variation 4/],
    ['four milliards of points', '1e04 02 00000000ffffffff 0100', 'frame.truncated', /4294967296 objects/],
    ['four milliards of packed points', '0101 02 00000000ffffffff 01', 'frame.truncated', /4294967296 objects/],
    ['packed points with indices', '0101 17 01 00 01', 'frame.malformed', /packed, with indices/],
    ['a stated size beyond the end', '4605 5b 01 0300 ffff', 'frame.truncated', /group 70 variation 5/],
    ['a stated size that is cut', '4605 5b 02 0100 ff 01', 'frame.truncated', /group 70 variation 5/],
    ['four milliards of sizes', '4605 49 ffffffff 00', 'frame.truncated', /group 70 variation 5/],
    ['an attribute beyond the end', '00fa 00 0000 01 05 41', 'frame.truncated', /group 0 variation 250/],
    ['an attribute without its length', '00fa 00 0000 01', 'frame.truncated', /group 0 variation 250/],
  ])('%s', (_, wrong, code, detail) => {
    const { sink, fault } = decode(`${GOOD} ${wrong}`);
    expect(fault).toMatchObject({ code, detail: expect.stringMatching(detail) });
    expect(sink.points.map(({ index, value }) => [index, value])).toEqual([[5, 1]]);
  });
});

describe('times', () => {
  const EVENT = '0203 1701 07 81 e803';
  const CTO = (variation: number) => `33 0${variation} 0701 000000000001`;

  it('are relative to the common time before them', () => {
    const { sink } = decode(`${CTO(1)} ${EVENT} ${CTO(2)} ${EVENT}`);
    expect(sink.points.map(({ timeMs, timeQuality }) => [timeMs, timeQuality])).toEqual([
      [2 ** 40 + 1000, TIME_QUALITY.synchronized],
      [2 ** 40 + 1000, TIME_QUALITY.unsynchronized],
    ]);
  });

  it('that are relative to nothing are none, nor do they last from one fragment to the next', () => {
    const sink = new RecordingSink();
    decodeObjects(bytes(CTO(1)), sink);
    decodeObjects(bytes(EVENT), sink);
    expect(sink.points).toMatchObject([{ value: 1, timeMs: Number.NaN, timeQuality: TIME_QUALITY.none }]);
  });

  it('have 48 bits', () => {
    expect(decode('3201 0701 ffffffffffff').sink.times).toEqual([2 ** 48 - 1]);
  });

  it('of an answer to a delay measurement are milliseconds, whether coarse or fine', () => {
    expect(decode('3402 0701 e803').sink.delays).toEqual([1000]);
    expect(decode('3401 0701 0200').sink.delays).toEqual([2000]);
  });

  it('of a schedule are not the clock', () => {
    expect(decode('3204 0000 00 000000000001 01000000 05 3203 0701 000000000001').sink.times).toEqual([]);
  });
});

describe('values', () => {
  it.each([
    ['NaN', '1e05 0000 00 01 0000c07f', Number.NaN],
    ['infinity', '1e05 0000 00 01 0000807f', Number.POSITIVE_INFINITY],
    ['minus zero', '1e06 0000 00 01 0000000000000080', -0],
  ])('%s passes through', (_, hex, value) => {
    expect(decode(hex).sink.points[0].value).toBe(value);
  });

  it('are strings of as many bytes as the variation says', () => {
    const { sink } = decode('6e03 0001 02 414243 444546 6f02 2801 00 0700 ff00 7102 1701 00 0000');
    expect(sink.strings).toEqual([
      { kind: POINT_KIND.octetString, index: 1, hex: '414243', event: false },
      { kind: POINT_KIND.octetString, index: 2, hex: '444546', event: false },
      { kind: POINT_KIND.octetString, index: 7, hex: 'ff00', event: true },
    ]);
  });

  it('are attributes under the number of their variation', () => {
    const { sink } = decode('00fa 0000 00 01 03 414243 00f2 1701 00 01 00');
    expect(sink.strings).toEqual([
      { kind: POINT_KIND.deviceAttribute, index: 250, hex: '414243', event: false },
      { kind: POINT_KIND.deviceAttribute, index: 242, hex: '', event: false },
    ]);
  });
});

/** Whole responses of others, from the recordings. */
const RECORDED = ['iti.tsv', 'opendnp3.tsv', 'zeek.tsv'].flatMap(fragmentsOf);

function fragmentsOf(file: string): Uint8Array[] {
  const lines = readFileSync(join(import.meta.dirname, 'vectors', file), 'utf8')
    .trimEnd()
    .split('\n');
  const link = new LinkAssembler();
  const transport = new FragmentAssembler();
  const fragments: Uint8Array[] = [];
  for (const line of lines.slice(1)) {
    if (line.startsWith('#')) continue;
    link.push(Buffer.from(line.slice(line.lastIndexOf('\t') + 1), 'hex'));
    for (let frame = link.next(); frame !== undefined; frame = link.next()) {
      const fragment = transport.push(frame.data);
      if (fragment !== undefined && fragment[1] !== 131) fragments.push(fragment.slice());
    }
  }
  return fragments;
}

describe('bytes from a network', () => {
  const decodeFragment = (fragment: Uint8Array, sink = new RecordingSink()) => {
    const response = decodeResponse(fragment);
    return response.ok ? decodeObjects(response.value.objects, sink) : response.fault;
  };

  it('that are cut give what is whole, or a fault', () => {
    for (const fragment of RECORDED) {
      const whole = new RecordingSink();
      expect(decodeFragment(fragment, whole)).toBeUndefined();
      for (let length = 0; length < fragment.length; length++) {
        const part = new RecordingSink();
        const fault = decodeFragment(fragment.subarray(0, length), part);
        // Values come in order, so that the latest one stands for all.
        expect(part.points.at(-1)).toEqual(whole.points[part.points.length - 1]);
        // A cut between two headers is no fault of the objects; the transport function would have noticed it.
        if (fault !== undefined) expect(fault.code).toBe('frame.truncated');
      }
    }
  });

  it('that were changed never make it throw, nor give more values than there are bits', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...RECORDED), changes, (fragment, list) => {
        const changed = fragment.slice();
        for (const [at, value] of list) changed[at % changed.length] = value;
        const sink = new RecordingSink();
        decodeFragment(changed, sink);
        expect(sink.points.length + sink.strings.length).toBeLessThanOrEqual(8 * changed.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('that are random never make it throw', () => {
    const anyHeader = fc.tuple(fc.nat(122), fc.nat(12), fc.constantFrom(0, 1, 2, 7, 8, 9, 0x17, 0x28, 0x39, 0x5b));
    fc.assert(
      fc.property(anyHeader, fc.uint8Array({ maxLength: 60 }), ([group, variation, qualifier], rest) => {
        decodeObjects(Uint8Array.of(group, variation, qualifier, ...rest), new RecordingSink());
      }),
      { numRuns: 2000 },
    );
  });
});
