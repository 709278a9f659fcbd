import { describe, expect, it } from 'vitest';
import { decodeResponse } from './applicationHeader.ts';
import { decodeIndications, type Indication } from './internalIndications.ts';

const decode = (hex: string) => decodeResponse(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('the header of a response', () => {
  it.each([
    ['c0 81 0000', { first: true, final: true, confirm: false, unsolicited: false, sequence: 0 }],
    ['8f 81 0000', { first: true, final: false, confirm: false, unsolicited: false, sequence: 15 }],
    ['61 81 0000', { first: false, final: true, confirm: true, unsolicited: false, sequence: 1 }],
    ['f3 82 0000', { first: true, final: true, confirm: true, unsolicited: true, sequence: 3 }],
    ['d3 82 0000', { first: true, final: true, confirm: false, unsolicited: true, sequence: 3 }],
  ])('%s', (hex, expected) => {
    expect(decode(hex)).toMatchObject({ ok: true, value: expected });
  });

  it('ends where the objects begin', () => {
    expect(decode('c0 81 0000 010203')).toMatchObject({ value: { objects: Buffer.from([1, 2, 3]) } });
  });

  it.each([
    ['', 'frame.truncated', /0 bytes/],
    ['c08100', 'frame.truncated', /3 bytes/],
    ['c0 01 3c02', 'frame.malformed', /function code 1, which is no response/],
    ['c0 83 0000', 'frame.malformed', /function code 131/],
    ['d0 81 0000', 'frame.malformed', /129 contradicts the UNS bit/],
    ['c0 82 0000', 'frame.malformed', /130 contradicts the UNS bit/],
    ['90 82 0000', 'frame.malformed', /several fragments/],
    ['50 82 0000', 'frame.malformed', /several fragments/],
  ])('%s is refused', (hex, code, detail) => {
    expect(decode(hex)).toMatchObject({ ok: false, fault: { code, detail: expect.stringMatching(detail) } });
  });
});

/** IEEE Std 1815-2012, 4.2.2.6. */
it.each<[number, number, Indication[]]>([
  [0x00, 0x00, []],
  [0x01, 0x00, ['broadcast']],
  [0x0e, 0x00, ['class1Events', 'class2Events', 'class3Events']],
  [0x10, 0x00, ['needTime']],
  [0x20, 0x00, ['localControl']],
  [0x40, 0x00, ['deviceTrouble']],
  [0x80, 0x00, ['deviceRestart']],
  [0x00, 0x01, ['functionNotSupported']],
  [0x00, 0x02, ['objectUnknown']],
  [0x00, 0x04, ['parameterError']],
  [0x00, 0x08, ['eventBufferOverflow']],
  [0x00, 0x10, ['alreadyExecuting']],
  [0x00, 0x20, ['configurationCorrupt']],
  [0x00, 0xc0, []],
])('internal indications %i %i', (low, high, expected) => {
  const set = Object.entries(decodeIndications(low, high)).filter(([, value]) => value);
  expect(set.map(([name]) => name)).toEqual(expected);
});
