import { describe, expect, it } from 'vitest';
import { crc } from './crc.ts';
import { LinkAssembler } from './linkAssembler.ts';
import { encodeLinkService, encodeLinkTest, encodeUserData, MAX_USER_DATA_BYTES } from './linkFrame.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('has the check value of CRC-DNP', () => {
  expect(crc(new TextEncoder().encode('123456789'), 0, 9)).toBe(0xea82);
});

describe('frames of the link layer', () => {
  it.each([
    // Recorded by ITI/ICS-Security-Tools@9b82609 (CC-BY-4.0), dnp3conf-6.1.2 and DNP3-ReadRequest.
    ['reset link states', encodeLinkService('resetLinkStates', 1024, 1), '056405c000040100d7f7'],
    ['request link status', encodeLinkService('requestLinkStatus', 3, 4), '056405c903000400bd71'],
    // Recorded by zeek/zeek@a13de64 (BSD-3-Clause), dnp3_link_only.
    ['link status', encodeLinkService('linkStatus', 1, 100), '0564058b01006400a097'],
    // Control bytes as of IEEE Std 1815-2012, 9.2.4.1.3, with the CRC of the table above.
    ['acknowledge', encodeLinkService('acknowledge', 10, 1), withCrc('056405800a000100')],
    ['refuse', encodeLinkService('refuse', 10, 1), withCrc('056405810a000100')],
    ['test link, count 1', encodeLinkTest(10, 1, true), withCrc('056405f20a000100')],
    ['test link, count 0', encodeLinkTest(10, 1, false), withCrc('056405d20a000100')],
  ])('%s', (_, frame, expected) => {
    expect(hex(frame)).toBe(expected);
  });

  it.each([0, 1, 15, 16, 17, 32, 249, MAX_USER_DATA_BYTES])('carry %i bytes of user data', (length) => {
    const data = Uint8Array.from({ length }, (_, at) => (at * 7) & 0xff);
    const link = new LinkAssembler();
    link.push(encodeUserData(0xfffe, 0x0102, data));
    expect(link.next()).toEqual({
      fromMaster: true,
      primary: true,
      frameCount: false,
      frameCountValid: false,
      busy: false,
      function: 4,
      destination: 0xfffe,
      source: 0x0102,
      data,
    });
    expect(link.noise.bytes).toBe(0);
  });

  it('are not made of more than fits', () => {
    expect(() => encodeUserData(1, 2, new Uint8Array(MAX_USER_DATA_BYTES + 1))).toThrow(RangeError);
  });

  it.each([
    [
      'from an outstation, test, count 1',
      '72',
      { fromMaster: false, primary: true, frameCount: true, frameCountValid: true, busy: false, function: 2 },
    ],
    [
      'from an outstation, busy',
      '1b',
      { fromMaster: false, primary: false, frameCount: false, frameCountValid: false, busy: true, function: 11 },
    ],
    [
      'from an outstation, acknowledge',
      '00',
      { fromMaster: false, primary: false, frameCountValid: false, busy: false, function: 0 },
    ],
  ])('say who sends them and what they are: %s', (_, control, expected) => {
    const link = new LinkAssembler();
    link.push(Buffer.from(withCrc(`056405${control}01000a00`), 'hex'));
    expect(link.next()).toMatchObject(expected);
  });
});

function withCrc(header: string): string {
  const bytes = Buffer.from(`${header}0000`, 'hex');
  bytes.writeUInt16LE(crc(bytes, 0, 8), 8);
  return bytes.toString('hex');
}
