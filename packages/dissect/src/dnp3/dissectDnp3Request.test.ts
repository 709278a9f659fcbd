import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../outboundRequest.ts';
import { dissectDnp3Request } from './dissectDnp3Request.ts';
import { DNP3_FUNCTIONS } from './dnp3Function.ts';
import { buildFrame, buildRequest, type FrameParts } from './testbed/buildFrame.ts';
import { readVectors } from './testbed/recordedPacket.ts';

const NO_DATA = new Uint8Array();
const CROB = '0c 01 28 01 00 07 00 03 01 64 00 00 00 64 00 00 00 00';
const TIME = '10 27 00 00 00 00';

/** Application control (FIR, FIN, sequence 0), function, objects. */
const REQUESTS: readonly (readonly [string, string, string, Effect])[] = [
  ['an integrity poll', 'c0 01 3c0206 3c0306 3c0406 3c0106', 'read', 'read'],
  ['a range of analogs', 'c3 01 1e0001 0000 ff00', 'read', 'read'],
  ['at most 100 events', 'c0 01 020008 6400', 'read', 'read'],
  ['the first of some analogs', 'c0 01 200007 01', 'read', 'read'],
  ['ranges of four octets', 'c0 01 1e0002 00000000 ffffffff', 'read', 'read'],
  ['device attributes', 'c0 01 00fe00 0000', 'read', 'read'],
  ['octet strings', 'c0 01 6e0006', 'read', 'read'],
  ['a group that no standard describes', 'c0 01 fa0106', 'read', 'unknown'],
  ['a confirmation', 'c5 00', 'confirm', 'session'],
  ['a confirmation of unsolicited', 'd5 00', 'confirm', 'session'],
  ['unsolicited of all event classes', 'c0 14 3c0206 3c0306 3c0406', 'enable unsolicited', 'session'],
  ['no unsolicited of class 1', 'c0 15 3c0206', 'disable unsolicited', 'session'],
  ['clear restart', 'c0 02 500100 0707 00', 'clear restart', 'session'],
  ['the time', `c0 02 320107 01 ${TIME}`, 'write time', 'session'],
  ['the recorded time', `c0 02 320307 01 ${TIME}`, 'write time', 'session'],
  ['record current time', 'c0 18', 'record current time', 'session'],
  ['delay measurement', 'c0 17', 'delay measurement', 'session'],
  ['freeze of all counters', 'c0 07 140006', 'immediate freeze', 'session'],
  ['freeze of a range', 'c0 07 140000 0009 140001 2000 2f00', 'immediate freeze', 'session'],
  // What looks like one of these and is a write.
  ['unsolicited of class 0', 'c0 14 3c0106', 'enable unsolicited', 'write'],
  ['unsolicited of analogs', 'c0 14 1e0006', 'enable unsolicited', 'write'],
  ['unsolicited of nothing', 'c0 14', 'enable unsolicited', 'write'],
  ['unsolicited of one class object', 'c0 15 3c0207 01', 'disable unsolicited', 'write'],
  ['set restart', 'c0 02 500100 0707 01', 'write', 'write'],
  ['clear another indication', 'c0 02 500100 0404 00', 'write', 'write'],
  ['clear two indications', 'c0 02 500100 0607 00', 'write', 'write'],
  ['clear restart with a long range', 'c0 02 500101 0700 0700 00', 'write', 'write'],
  ['clear restart and something else', 'c0 02 500100 0707 00 220107 01 0000', 'write', 'write'],
  ['the time twice', `c0 02 320107 02 ${TIME} ${TIME}`, 'write', 'write'],
  ['the time and its interval', `c0 02 320207 01 ${TIME} 00000000`, 'write', 'write'],
  ['the time with an index', `c0 02 320117 01 00 ${TIME}`, 'write', 'write'],
  ['a deadband', 'c0 02 220117 01 00 6400', 'write', 'write'],
  ['freeze of frozen counters', 'c0 07 150006', 'immediate freeze', 'write'],
  ['freeze of a variation', 'c0 07 140106', 'immediate freeze', 'write'],
  ['freeze of analogs', 'c0 07 1e0006', 'immediate freeze', 'write'],
  ['freeze of nothing', 'c0 07', 'immediate freeze', 'write'],
  ['freeze by addresses of memory', 'c0 07 140004 0000 ffff', 'immediate freeze', 'write'],
  ['freeze of a count', 'c0 07 140007 02', 'immediate freeze', 'write'],
  ['a delay measurement of something', 'c0 17 340207 01', 'delay measurement', 'write'],
  // All that writes.
  ['select', `c0 03 ${CROB}`, 'select', 'write'],
  ['operate', `c0 04 ${CROB}`, 'operate', 'write'],
  ['direct operate', `c0 05 ${CROB}`, 'direct operate', 'write'],
  ['direct operate, no response', `c0 06 ${CROB}`, 'direct operate without response', 'write'],
  ['a set point', 'c0 05 290228 0100 0500 6400 00', 'direct operate', 'write'],
  ['freeze, no response', 'c0 08 140006', 'immediate freeze without response', 'write'],
  ['freeze and clear', 'c0 09 140006', 'freeze and clear', 'write'],
  ['freeze and clear, no response', 'c0 0a 140006', 'freeze and clear without response', 'write'],
  ['freeze at time', `c0 0b 320207 01 ${TIME} 00000000 140006`, 'freeze at time', 'write'],
  [
    'freeze at time, no response',
    `c0 0c 320207 01 ${TIME} 00000000 140006`,
    'freeze at time without response',
    'write',
  ],
  ['cold restart', 'c0 0d', 'cold restart', 'write'],
  ['warm restart', 'c0 0e', 'warm restart', 'write'],
  ['initialize data', 'c0 0f', 'initialize data', 'write'],
  ['initialize application', 'c0 10 5a015b 01 0300 617070', 'initialize application', 'write'],
  ['start application', 'c0 11 5a015b 01 0300 617070', 'start application', 'write'],
  ['stop application', 'c0 12 5a015b 01 0300 617070', 'stop application', 'write'],
  ['save configuration', 'c0 13', 'save configuration', 'write'],
  ['assign class', 'c0 16 3c0206 1e0000 0003', 'assign class', 'write'],
  ['open file', 'c0 19 46035b 01 0200 0000', 'open file', 'write'],
  ['close file', 'c0 1a 46045b 01 0200 0000', 'close file', 'write'],
  ['delete file', 'c0 1b 46035b 01 0200 0000', 'delete file', 'write'],
  ['get file information', 'c0 1c 46075b 01 0200 0000', 'get file information', 'write'],
  ['authenticate file', 'c0 1d 46025b 01 0200 0000', 'authenticate file', 'write'],
  ['abort file', 'c0 1e 46045b 01 0200 0000', 'abort file transfer', 'write'],
  ['activate configuration', 'c0 1f 46085b 01 0200 0000', 'activate configuration', 'write'],
  ['authentication', 'c0 20 780407 01 0100', 'authentication request', 'write'],
  ['authentication, no response', 'c0 21 78075b 01 0200 0000', 'authentication request without response', 'write'],
  ['a function code that the standard reserves', 'c0 22', 'function code 34', 'unknown'],
  ['a response', 'c0 81 0000', 'function code 129', 'unknown'],
];

const MALFORMED: readonly (readonly [string, string, RegExp])[] = [
  ['a read of nothing', 'c0 01', /without an object header/],
  ['a read with a list of indexes', 'c0 01 1e0017 01 05', /data behind its range/],
  ['a read with a file block', 'c0 01 46055b 01 0800 0100000000000000', /data behind its range/],
  ['a read with authentication', 'c0 01 780307 01 010000000100 3c0206', /data behind its range/],
  ['a read with a range backwards', 'c0 01 1e0000 0500', /ranges from 5 back to 0/],
  ['a read with a reserved qualifier', 'c0 01 1e000a', /reserves/],
  ['a read with a cut range', 'c0 01 1e0001 0000', /within its range/],
  ['a write with a cut object', 'c0 02 320107 01 1027', /lacks 4 bytes/],
  ['a write of what is not described', 'c0 02 fa0107 01 00', /no object of the standard/],
  ['a request in two fragments', '80 01 3c0206', /several fragments/],
  ['a request that wants to be confirmed', 'e0 01 3c0206', /wants a confirmation/],
  ['an unsolicited read', 'd0 01 3c0206', /unsolicited request/],
  ['a read by addresses of memory', 'c0 01 3c0206 1e0004 0000 0700', /addresses of memory/],
];

describe('a request in one frame', () => {
  it.each(REQUESTS)('%s', (_, fragment, service, effect) => {
    const result = dissectDnp3Request(buildRequest(fragment, { destination: 1024 }));
    expect(result).toEqual({ ok: true, value: { service, effect, station: 1024 } });
  });

  it('names every function code that a master may use', () => {
    const named = new Set(REQUESTS.map(([, , service]) => service));
    const functions = [...DNP3_FUNCTIONS.values()].filter(({ sender }) => sender === 'master');
    expect(functions.filter(({ name }) => !named.has(name))).toEqual([]);
    expect(functions).toHaveLength(34);
  });

  it.each(MALFORMED)('%s is refused', (_, fragment, reason) => {
    const result = dissectDnp3Request(buildRequest(fragment));
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(reason) } });
  });
});

describe('a link service', () => {
  it.each<[string, number, string, Effect]>([
    ['a reset', 0xc0, 'link reset', 'session'],
    ['a test', 0xf2, 'link test', 'session'],
    ['a status request', 0xc9, 'link status', 'session'],
    ['an acknowledgement', 0x80, 'link acknowledge', 'session'],
    ['a negative acknowledgement', 0x81, 'link acknowledge', 'session'],
    ['a status', 0x8b, 'link status', 'session'],
    ['not supported', 0x8f, 'link NOT_SUPPORTED', 'unknown'],
    ['a reset of the user process, long withdrawn', 0xc1, 'link function code 1', 'unknown'],
    ['a reserved code', 0x8c, 'link function code 12', 'unknown'],
  ])('%s', (_, control, service, effect) => {
    const result = dissectDnp3Request(buildFrame(NO_DATA, { control }));
    expect(result).toEqual({ ok: true, value: { service, effect, station: 10 } });
  });

  it.each<[string, FrameParts, string, RegExp]>([
    ['an outstation speaks', { control: 0x44 }, 'c0c0013c0206', /outstation speaks/],
    ['to all, confirmation required', { destination: 0xfffe }, 'c0c0013c0206', /destination 65534/],
    ['to all', { destination: 0xffff }, 'c0c0013c0206', /destination 65535/],
    ['to all, confirmation optional', { destination: 0xfffd }, 'c0c0013c0206', /destination 65533/],
    ['to the self-address', { destination: 0xfffc }, 'c0c0013c0206', /destination 65532/],
    ['to a reserved address', { destination: 0xfff0 }, 'c0c0013c0206', /destination 65520/],
    ['a link reset to all', { control: 0xc0, destination: 0xffff }, '', /destination 65535/],
    ['from a reserved address', { source: 0xffff }, 'c0c0013c0206', /source 65535/],
    ['a reset with user data', { control: 0xc0 }, 'c0c00d', /with 3 bytes of user data/],
    ['an acknowledgement with user data', { control: 0x80 }, 'c0c00d', /with 3 bytes of user data/],
    ['an acknowledgement with FCB', { control: 0xa0 }, '', /reserved bit/],
    ['a test without FCV', { control: 0xc2 }, '', /FCV/],
    ['confirmed data without FCV', { control: 0xc3 }, 'c0c0013c0206', /FCV/],
    ['unconfirmed data with FCV', { control: 0xd4 }, 'c0c0013c0206', /FCV/],
    ['data without data', {}, '', /segment of 0 bytes/],
    ['a transport header alone', {}, 'c0', /segment of 1 bytes/],
    ['the first of several segments', {}, '40c0013c0206', /not a whole fragment/],
    ['the last of several segments', {}, '80c0013c0206', /not a whole fragment/],
    ['half an application header', {}, 'c0c0', /cannot hold the header/],
  ])('%s is refused', (_, parts, userData, reason) => {
    const result = dissectDnp3Request(buildFrame(Buffer.from(userData, 'hex'), parts));
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(reason) } });
  });

  it('confirmed user data is what is in it', () => {
    const result = dissectDnp3Request(buildRequest('c0 01 3c0206', { control: 0xf3 }));
    expect(result).toMatchObject({ ok: true, value: { service: 'read', effect: 'read' } });
  });

  it('two frames are not one', () => {
    const frame = buildRequest('c0 01 3c0206');
    const result = dissectDnp3Request(Buffer.concat([frame, frame]));
    expect(result).toMatchObject({ ok: false, fault: { code: 'frame.malformed' } });
  });
});

describe('what masters were recorded to send', () => {
  /** By function codes alone, as tshark printed them: confirm, read, write, freeze, unsolicited, delay, record time. */
  const MAYBE_HARMLESS = ['0', '1', '2', '7', '20', '21', '23', '24'];
  const recorded = ['ics-security-tools', 'opendnp3', 'zeek']
    .flatMap((name) => readVectors(join(import.meta.dirname, 'vectors', `${name}.txt`)))
    .filter(({ frames, printed }) => frames.length === 1 && printed.has('al.func') && (frames[0][3] & 0xc0) === 0xc0);

  it('counts by service and effect', () => {
    const counts: Record<string, number> = {};
    for (const { frames } of recorded) {
      const result = dissectDnp3Request(frames[0]);
      const name = result.ok ? `${result.value.service}: ${result.value.effect}` : result.fault.code;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(counts).toMatchInlineSnapshot(`
      {
        "assign class: write": 1,
        "authentication request: write": 3,
        "clear restart: session": 8,
        "close file: write": 5,
        "cold restart: write": 4,
        "confirm: session": 112,
        "delay measurement: session": 5,
        "delete file: write": 2,
        "direct operate without response: write": 3,
        "direct operate: write": 23,
        "disable unsolicited: session": 12,
        "enable unsolicited: session": 11,
        "frame.malformed": 137,
        "frame.truncated": 75,
        "freeze and clear without response: write": 2,
        "immediate freeze without response: write": 2,
        "immediate freeze: session": 1,
        "link function code 10: unknown": 1,
        "link function code 5: unknown": 1,
        "open file: write": 5,
        "operate: write": 22,
        "read: read": 158,
        "read: unknown": 5,
        "record current time: session": 2,
        "select: write": 32,
        "warm restart: write": 3,
        "write time: session": 11,
        "write: write": 2,
      }
    `);
  });

  it('takes none that operates for harmless', () => {
    // One confirmation bears the function of a response by a fault of tshark, which recordings.test.ts explains.
    const codes = (printed: ReadonlyMap<string, string>) => printed.get('al.func') ?? '';
    const others = recorded.filter(({ printed }) => !['129', ...MAYBE_HARMLESS].includes(codes(printed)));
    expect(others.length).toBeGreaterThan(200);
    for (const { frames } of others) {
      const result = dissectDnp3Request(frames[0]);
      if (result.ok) expect(['write', 'unknown']).toContain(result.value.effect);
    }
  });
});
