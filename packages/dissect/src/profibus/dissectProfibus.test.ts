import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissectProfibus, profibusTelegramLength } from './dissectProfibus.ts';
import { dissectProfibusRequest } from './dissectProfibusRequest.ts';
import type { ProfibusTelegram } from './profibusTelegram.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const { TIDEGATE_DATA } = process.env;

/** What pyprofibus read in one telegram, in its own notation. */
interface Recorded {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly printed: readonly string[];
}

const RECORDED = readFileSync(join(import.meta.dirname, 'vectors', 'profibus-dp-clean.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => {
    const [name, octets, ...printed] = line.split(' ');
    return { name, bytes: hex(octets), printed };
  });

/** Lines such as `1.057 M 1008... FdlTelegram(sd=SD1, haveLE=False, da=0x08, ..., du=02 05, haveFCS=True, ed=0x16)`. */
function readRecording(captures: string): Recorded[] {
  const lines = readFileSync(join(captures, 'recorded', 'profibus-dp-clean.txt'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line, index) => {
    const field = (name: string) => new RegExp(`\\b${name}=([^,)]*)`).exec(line)?.[1].replaceAll(' ', '') ?? '';
    const printed = ['sd', 'da', 'sa', 'fc', 'dae', 'sae'].map(field);
    return { name: `${index + 1}`, bytes: hex(line.split(' ')[2]), printed: [...printed, field('du').toLowerCase()] };
  });
}

/** What we read, in the notation of pyprofibus. */
function asPyprofibus(telegram: ProfibusTelegram): string[] {
  const { format, destination, source, frameControl, destinationExtension, sourceExtension, data } = telegram;
  const octet = (value: number | undefined) =>
    value === undefined ? 'None' : `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
  const sap = (value: number | undefined) => (value === undefined ? 'Empty' : octet(value).slice(2));
  const bare = format === 'SD1' || format === 'SD4' || format === 'SC' ? 'none' : 'empty';
  return [
    format,
    octet(destination),
    octet(source),
    octet(frameControl?.octet),
    sap(destinationExtension.sap),
    sap(sourceExtension.sap),
    data.length === 0 ? bare : Buffer.from(data).toString('hex'),
  ];
}

function expectSame(recorded: readonly Recorded[]): void {
  for (const { name, bytes, printed } of recorded) {
    const result = dissectProfibus(bytes);
    if (!result.ok) throw new Error(`telegram ${name}: ${result.fault.detail}`);
    expect(asPyprofibus(result.value), `telegram ${name}`).toEqual(printed);
  }
}

/** Cuts a stream into telegrams, as a listener does. */
function telegramsOf(stream: Uint8Array): Uint8Array[] {
  const telegrams: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += telegrams.at(-1)!.length) {
    const length = profibusTelegramLength(stream.subarray(at));
    if (!length.ok) throw new Error(length.fault.detail);
    telegrams.push(stream.subarray(at, at + length.value));
  }
  return telegrams;
}

function framed(...body: number[]): Uint8Array {
  const check = body.reduce((sum, octet) => (sum + octet) & 0xff, 0);
  return Uint8Array.of(0x68, body.length, body.length, 0x68, ...body, check, 0x16);
}

describe('a recorded line', () => {
  it('is what pyprofibus says, telegram by telegram', () => {
    expect(RECORDED.length).toBeGreaterThan(300);
    expectSame(RECORDED);
  });

  it('is cut into its telegrams', () => {
    const telegrams = telegramsOf(Buffer.concat(RECORDED.map(({ bytes }) => bytes)));
    expect(telegrams.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(
      RECORDED.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
    );
  });

  it.skipIf(!TIDEGATE_DATA)(
    'as a whole, too (set TIDEGATE_DATA to the folder that holds captures/ to run this)',
    () => {
      const captures = join(TIDEGATE_DATA ?? '', 'captures');
      const recorded = readRecording(captures);
      expectSame(recorded);
      const stream = readFileSync(join(captures, 'recorded', 'profibus-dp-clean.bin'));
      expect(telegramsOf(stream).map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(
        recorded.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
      );
    },
  );
});

describe('a service', () => {
  it.each<[string, string, Partial<ProfibusTelegram>]>([
    ['a token', 'dc 03 02', { service: 'Token', effect: 'session', destination: 3, source: 2 }],
    ['a short acknowledgement', 'e5', { service: 'Short acknowledgement', effect: 'session', request: false }],
    ['is anybody there', '10 08 02 49 53 16', { service: 'FDL status', effect: 'session', request: true }],
    ['a slave is there', '10 02 08 00 0a 16', { service: 'Acknowledgement', effect: 'session', request: false }],
    ['who are you', '10 08 02 4e 58 16', { service: 'Ident', effect: 'read' }],
    ['outputs', '68 04 04 68 05 02 7d ff 83 16', { service: 'Data_Exchange', effect: 'write', request: true }],
    ['no outputs', '10 05 02 7d 84 16', { service: 'Data_Exchange', effect: 'write', request: true }],
    ['inputs', '68 04 04 68 02 05 08 ff 0e 16', { service: 'Data_Exchange', effect: 'read', request: false }],
    ['diagnosis', '68 05 05 68 88 82 6d 3c 3e f1 16', { service: 'Slave_Diag', effect: 'read', request: true }],
  ])('%s', (_, text, expected) => {
    expect(dissectProfibus(hex(text))).toMatchObject({ ok: true, value: expected });
  });

  it.each<[string, number, number, readonly number[], string]>([
    ['that brings data', 0x7d, 60, [0], 'Slave_Diag'],
    ['of inputs that brings data', 0x7d, 56, [1, 2], 'RD_Inp'],
    ['that wants no answer', 0x76, 59, [], 'Get_Cfg'],
    ['that wants a receipt alone', 0x75, 57, [], 'RD_Outp'],
    ['with the number of a refusal', 0x7d, 51, [0xde, 1, 1, 4], 'DS_Read'],
    ['between masters with the number of a refusal', 0x7d, 54, [0xc1], 'Get_Master_Diag'],
  ])('is feared where it looks like a read %s', (_, frameControl, sap, data, service) => {
    const asked = dissectProfibus(framed(0x85, 0x82, frameControl, sap, 62, ...data));
    expect(asked).toMatchObject({ ok: true, value: { service, effect: 'unknown' } });
  });

  it.each<[number, readonly number[], string, string]>([
    [53, [1], 'Set_Ext_Prm', 'write'],
    [55, [9, 0, 0, 0], 'Set_Slave_Add', 'write'],
    [56, [], 'RD_Inp', 'read'],
    [57, [], 'RD_Outp', 'read'],
    [58, [0, 0], 'Global_Control', 'write'],
    [59, [], 'Get_Cfg', 'read'],
    [60, [], 'Slave_Diag', 'read'],
    [61, [0x88], 'Set_Prm', 'write'],
    [62, [0x10], 'Chk_Cfg', 'write'],
    [51, [], 'Poll', 'session'],
    [51, [0x5e, 1, 1, 4], 'DS_Read', 'read'],
    [51, [0x5f, 1, 1, 1, 7], 'DS_Write', 'write'],
    [50, [0x5c, 1, 1, 0], 'Alarm_Ack', 'write'],
    [49, [0x57, 0, 0], 'Initiate', 'session'],
    [0, [0x51, 1], 'Data_Transport', 'write'],
    [48, [0x58, 1], 'Abort', 'session'],
    [51, [0x77], 'SAP 51', 'unknown'],
    [54, [0x41], 'Get_Master_Diag', 'read'],
    [54, [0x43, 1], 'Download', 'write'],
    [54, [], 'SAP 54', 'unknown'],
    [52, [], 'SAP 52', 'unknown'],
    [63, [0], 'SAP 63', 'unknown'],
  ])('at SAP %i with data %j is %s', (sap, data, service, effect) => {
    const asked = dissectProfibus(framed(0x85, 0x82, 0x7d, sap, 62, ...data));
    expect(asked).toMatchObject({ ok: true, value: { service, effect, destinationExtension: { sap } } });
    const answered = dissectProfibus(framed(0x82, 0x85, 0x08, 62, sap, ...data));
    const read = data.length > 0 ? 'read' : 'session';
    expect(answered).toMatchObject({ ok: true, value: { service, effect: read, sourceExtension: { sap } } });
  });

  it.each<[number, string, string]>([
    [0x40, 'Time event', 'write'],
    [0xc0, 'Clock value', 'write'],
    [0x43, 'SDA low', 'unknown'],
    [0x46, 'SDN high', 'unknown'],
    [0x47, 'Data_Exchange', 'write'],
    [0x4f, 'LSAP status', 'read'],
    [0x48, 'FDL function 8', 'unknown'],
    [0xcd, 'FDL function 141', 'unknown'],
  ])('of frame control %i without a SAP is %s', (octet, service, effect) => {
    const result = dissectProfibus(framed(127, 2, octet, 1));
    expect(result).toMatchObject({ ok: true, value: { service, effect, destination: 127 } });
  });

  it('of a refused read is the read', () => {
    const result = dissectProfibus(framed(0x82, 0x85, 0x08, 51, 51, 0xde, 0x80, 0xb0, 0));
    expect(result).toMatchObject({ ok: true, value: { service: 'DS_Read', effect: 'read', request: false } });
  });
});

describe('a request for the guard', () => {
  it.each<[string, string, object]>([
    ['diagnosis', '68 05 05 68 88 82 6d 3c 3e f1 16', { service: 'Slave_Diag', effect: 'read', station: 8 }],
    ['outputs', '68 04 04 68 05 02 7d ff 83 16', { service: 'Data_Exchange', effect: 'write', station: 5 }],
    ['the token', 'dc 03 02', { service: 'Token', effect: 'session', station: 3 }],
  ])('%s', (_, text, value) => {
    expect(dissectProfibusRequest(hex(text))).toEqual({ ok: true, value });
  });

  it.each([
    ['inputs', '68 04 04 68 02 05 08 ff 0e 16', /an answer \(Data_Exchange\)/],
    ['a short acknowledgement', 'e5', /an answer \(Short acknowledgement\)/],
    ['noise', 'ff', /no start delimiter/],
  ])('is not %s', (_, text, reason) => {
    const result = dissectProfibusRequest(hex(text));
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(reason) } });
  });
});

describe('an address', () => {
  it('is extended by a segment and a SAP', () => {
    const result = dissectProfibus(framed(0x85, 0x02, 0x6d, 0xc7, 60));
    const extended = { destination: 5, destinationExtension: { segment: 7, sap: 60 }, sourceExtension: {} };
    expect(result).toMatchObject({ ok: true, value: { ...extended, service: 'Slave_Diag' } });
  });

  it.each([
    ['is extended without end', framed(0x85, 2, 0x6d, 0xc7, 0xbc, 60), /does not end/],
    ['is extended by nothing', framed(0x85, 2, 0x6d, 0xbc), /does not end/],
    ['is extended where there is no room', hex('10 88 02 49 d3 16'), /does not end/],
    ['of a source is that of all', framed(5, 127, 0x6d, 0), /source 127/],
    ['of a token is that of all', hex('dc 7f 02'), /token from 2 to 127/],
  ])('%s: malformed', (_, bytes, reason) => {
    const result = dissectProfibus(bytes);
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(reason) } });
  });
});

describe('hostile bytes', () => {
  it.each([
    ['no start delimiter', '00 01 02', /no start delimiter/],
    ['a wrong check', '10 08 02 49 54 16', /check octet 84 where 83 belongs/],
    ['no end delimiter', '10 08 02 49 53 17', /end delimiter/],
    ['two lengths', '68 05 06 68 88 82 6d 3c 3e f1 16', /length 5 is repeated as 6/],
    ['no second delimiter', '68 05 05 67 88 82 6d 3c 3e f1 16', /octet 103 where 104 belongs/],
    ['a length too small', '68 03 03 68', /length 3/],
    ['a length too great', '68 fa fa 68', /length 250/],
    ['two telegrams in one', 'e5 e5', /1 bytes behind/],
  ])('%s', (_, text, reason) => {
    const result = dissectProfibus(hex(text));
    expect(result).toMatchObject({ ok: false, fault: { detail: expect.stringMatching(reason) } });
  });

  it('every prefix of a recorded telegram asks for more', () => {
    for (const { bytes } of RECORDED) {
      for (let length = 0; length < bytes.length; length++) {
        const result = dissectProfibus(bytes.subarray(0, length));
        expect(result).toMatchObject({ ok: false, fault: { code: 'frame.truncated' } });
      }
    }
  });

  it('any bytes give a fault or a meaning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void dissectProfibus(bytes)),
      { numRuns: 2000 },
    );
  });

  it('any body behind a good check gives a fault or a meaning', () => {
    const body = fc.uint8Array({ minLength: 4, maxLength: 249 });
    const property = fc.property(body, (octets) => {
      const result = dissectProfibus(framed(...octets));
      if (result.ok) expect(result.value.data.length).toBeLessThanOrEqual(octets.length - 3);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('no change of one octet of a telegram with a check passes', () => {
    const checked = RECORDED.map(({ bytes }) => bytes).filter((bytes) => bytes.length >= 6);
    fc.assert(
      fc.property(fc.constantFrom(...checked), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, place, change) => {
        const changed = bytes.slice();
        changed[place % changed.length] ^= change;
        expect(dissectProfibus(changed).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
