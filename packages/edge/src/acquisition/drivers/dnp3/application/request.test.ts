import { describe, expect, it } from 'vitest';
import { encodeUserData } from '../link/linkFrame.ts';
import { encodeSegment } from '../transport/segment.ts';
import {
  encodeClearRestart,
  encodeConfirm,
  encodeDelayMeasurement,
  encodeDisableUnsolicited,
  encodeEnableUnsolicited,
  encodeImmediateFreeze,
  encodeRead,
  encodeRecordCurrentTime,
  encodeWriteRecordedTime,
  encodeWriteTime,
  MAX_READ_OBJECTS,
} from './request.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Whole frames of other masters: zeek/zeek@a13de64 (BSD-3-Clause) and ITI/ICS-Security-Tools@9b82609 (CC-BY-4.0). */
describe('requests as other masters send them', () => {
  it.each<[string, string, number, number, number, Uint8Array, string]>([
    ['confirm', 'dnp3.pcap 6', 4, 3, 0, encodeConfirm(7, true), '056408c404000300b4b8c0d7007ace'],
    [
      'read classes',
      'dnp3.pcap 90',
      4,
      3,
      4,
      encodeRead(5, [{ dataClass: 1 }, { dataClass: 2 }, { dataClass: 3 }, { dataClass: 0 }]),
      '056414c404000300c717c4c5013c02063c03063c04063c0106a361',
    ],
    [
      'read one class',
      'DNP3-Read.pcap 4',
      3,
      4,
      1,
      encodeRead(1, [{ dataClass: 1 }]),
      '05640bc403000400ef7ac1c1013c0206b576',
    ],
    [
      'read a group',
      'dnp3conf-8.1.2.pcap 4',
      1024,
      1,
      0,
      encodeRead(0, [{ group: 10, variation: 0, select: 'all' }]),
      '05640bc400040100ca8ac0c0010a00065398',
    ],
    [
      'read a count',
      'dnp3conf-8.14.2.10.pcap 14',
      1024,
      1,
      0,
      encodeRead(3, [{ group: 2, variation: 2, select: { count: 2 } }]),
      '05640cc400040100f454c0c3010202070287c4',
    ],
    [
      'enable',
      'dnp3.pcap 37',
      4,
      3,
      2,
      encodeEnableUnsolicited(2, [1, 2, 3]),
      '056411c4040003004eefc2c2143c02063c03063c0406d32f',
    ],
    [
      'disable',
      'disable_unsolcited_and_response.pcap 4',
      10,
      1,
      0,
      encodeDisableUnsolicited(0, [1, 2, 3]),
      '056411c40a0001000615c0c0153c02063c03063c04061a55',
    ],
    ['clear restart', 'dnp3.pcap 88', 4, 3, 3, encodeClearRestart(4), '05640ec4040003006dd3c3c4025001000707005e3f'],
    [
      'write time',
      'dnp3.pcap 7',
      4,
      3,
      1,
      encodeWriteTime(1, 0xff875ae4eb),
      '056412c4040003001e7cc1c10232010701ebe45a87ff002801',
    ],
    [
      'write recorded time',
      'lan_time_sync.pcap 3',
      4,
      3,
      9,
      encodeWriteRecordedTime(10, 0x14c52830d9f),
      '056412c4040003001e7cc9ca02320307019f0d83524c01eb2c',
    ],
    [
      'freeze',
      'immediate_freeze.pcap 1',
      4,
      3,
      49,
      encodeImmediateFreeze(2, 'all'),
      '05640bc404000300e42bf1c207140006d0b8',
    ],
    [
      'delay measurement',
      'dnp3_del_measure.pcap 4',
      2,
      3,
      35,
      encodeDelayMeasurement(4),
      '056408c40200030036ace3c4174b5a',
    ],
    ['record time', 'dnp3_rec_time.pcap 4', 2, 3, 32, encodeRecordCurrentTime(1), '056408c40200030036ace0c1181490'],
  ])('%s (%s)', (_name, _source, outstation, master, segment, request, frame) => {
    expect(hex(encodeUserData(outstation, master, encodeSegment(segment, request)))).toBe(frame);
  });
});

/** IEEE Std 1815-2012, 4.2.2.7: qualifiers 00, 01, 07 and 08. */
describe('object headers', () => {
  const analogs = (select: { first: number; last: number } | { count: number }) => ({
    group: 30,
    variation: 5,
    select,
  });

  it.each<[string, Uint8Array, string]>([
    ['a short range', encodeRead(0, [analogs({ first: 2, last: 255 })]), 'c001 1e0500 02ff'],
    ['a long range', encodeRead(0, [analogs({ first: 2, last: 256 })]), 'c001 1e0501 02000001'],
    ['the longest range', encodeRead(0, [analogs({ first: 0, last: 65_535 })]), 'c001 1e0501 0000ffff'],
    ['a short count', encodeRead(0, [analogs({ count: 255 })]), 'c001 1e0507 ff'],
    ['a long count', encodeRead(0, [analogs({ count: 256 })]), 'c001 1e0508 0001'],
    ['a class with a limit', encodeRead(0, [{ dataClass: 2, maxEvents: 100 }]), 'c001 3c0307 64'],
    ['some counters to freeze', encodeImmediateFreeze(0, { first: 1, last: 4 }), 'c007 140000 0104'],
    ['a confirm of what was asked for', encodeConfirm(15, false), 'cf00'],
    ['a sequence beyond four bits', encodeRecordCurrentTime(0x25), 'c518'],
  ])('%s', (_, request, expected) => {
    expect(hex(request)).toBe(expected.replaceAll(' ', ''));
  });

  it('fit one segment, however many there may be', () => {
    const longest = Array.from({ length: MAX_READ_OBJECTS }, () => analogs({ first: 256, last: 65_535 }));
    expect(encodeSegment(0, encodeRead(0, longest))).toHaveLength(1 + 2 + 7 * MAX_READ_OBJECTS);
    expect(() => encodeRead(0, [...longest, ...longest])).toThrow(RangeError);
  });

  it('never set a clock to what is no time', () => {
    for (const timeMs of [Number.NaN, -1, 2 ** 48]) expect(() => encodeWriteTime(0, timeMs)).toThrow(RangeError);
    expect(hex(encodeWriteTime(0, 2 ** 40 + 1.9))).toBe('c00232010701010000000001');
  });

  it('do not reach beyond 16 bits', () => {
    expect(() => encodeRead(0, [analogs({ first: 0, last: 65_536 })])).toThrow(RangeError);
    expect(() => encodeRead(0, [analogs({ count: 65_536 })])).toThrow(RangeError);
  });
});
