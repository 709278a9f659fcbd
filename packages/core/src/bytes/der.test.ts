import { describe, expect, it } from 'vitest';
import {
  der,
  derBits,
  derBytes,
  derInteger,
  derObjectId,
  derSequence,
  derSet,
  derText,
  derTime,
  derTrue,
} from './der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

describe('DER, with the examples of X.690 where it has them', () => {
  it.each([
    ['true (11.1)', derTrue(), '0101ff'],
    ['0', derInteger(bytes('')), '020100'],
    ['127', derInteger(bytes('7f')), '02017f'],
    ['128, which needs a sign', derInteger(bytes('80')), '02020080'],
    ['256 with leading zeros', derInteger(bytes('00000100')), '02020100'],
    ['bits (8.6.4.2)', derBits(bytes('0a3b5f291cd0'), 4), '0307040a3b5f291cd0'],
    ['octets', derBytes(bytes('01'), bytes('0203')), '0403010203'],
    ['an object identifier (8.19.5)', derObjectId('2.999.3'), '0603883703'],
    [
      'the identifier of ECDSA with SHA-256 (RFC 5758, 3.2)',
      derObjectId('1.2.840.10045.4.3.2'),
      '06082a8648ce3d040302',
    ],
    ['text', derText('°C'), '0c03c2b043'],
    ['a sequence', derSequence(derTrue(), derText('a')), '30060101ff0c0161'],
    ['a set', derSet(derText('a')), '31030c0161'],
    ['a time', derTime(Date.UTC(2026, 0, 31, 12, 30, 5, 999)), `180f${Buffer.from('20260131123005Z').toString('hex')}`],
    ['a context tag', der(0xa3, derTrue()), 'a3030101ff'],
  ])('%s', (_name, encoded, expected) => expect(hex(encoded)).toBe(expected));

  it.each([
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_536, '0483010000'],
  ])('a length of %i (8.1.3)', (length, expected) => {
    const encoded = derBytes(new Uint8Array(length));
    expect(hex(encoded.subarray(0, encoded.length - length))).toBe(expected);
  });
});
