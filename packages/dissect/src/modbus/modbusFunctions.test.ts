import { describe, expect, it } from 'vitest';
import { dissectModbus } from './dissectModbus.ts';
import { frameOf } from './testbed/frameOf.ts';
import { RECORDINGS, readRecording } from './testbed/recordedPayload.ts';
import { STANDARD_SERVICES } from './testbed/standardServices.ts';

/** A good body for each service: whatever the examples of the standard say behind function code and sub-function. */
const EXAMPLES = new Map(
  RECORDINGS.filter((file) => file.startsWith('standard-'))
    .flatMap(readRecording)
    .filter(({ direction }) => direction === 'request')
    .map(({ frames }) => frames[0].bytes.subarray(7))
    .map((pdu) => [serviceKey(pdu[0], pdu[0] === 8 ? pdu[2] : pdu[0] === 43 ? pdu[1] : undefined), pdu]),
);

function serviceKey(code: number, subFunction?: number): string {
  return subFunction === undefined ? `${code}` : `${code}/${subFunction}`;
}

function classify(pdu: Uint8Array): object {
  const frame = dissectModbus(frameOf('tcp', 17, pdu), 'request');
  return frame.ok ? { service: frame.value.service, effect: frame.value.effect } : { fault: frame.fault.code };
}

describe('every function code', () => {
  it.each(STANDARD_SERVICES)('%i %s is %s, and its effect is %s', (code, subFunction, service, effect) => {
    expect(classify(EXAMPLES.get(serviceKey(code, subFunction))!)).toEqual({ service, effect });
  });

  it('of the standard has one name and one row', () => {
    expect(new Set(STANDARD_SERVICES.map(([, , service]) => service)).size).toBe(STANDARD_SERVICES.length);
    expect(STANDARD_SERVICES).toHaveLength(34);
  });

  const known = new Set(STANDARD_SERVICES.map(([code]) => code));
  const RESERVED = [9, 10, 13, 14, 41, 42, 90, 91, 125, 126, 127];
  const isUserDefined = (code: number) => (code >= 65 && code <= 72) || (code >= 100 && code <= 110);

  it.each(Array.from({ length: 256 }, (_, code) => code).filter((code) => !known.has(code)))(
    '%i is no service',
    (code) => {
      const kind = isUserDefined(code) ? 'user-defined' : RESERVED.includes(code) ? 'reserved' : 'unassigned';
      const expected =
        code === 0 || code >= 128
          ? { fault: 'frame.malformed' }
          : { service: `${kind} function code ${code}`, effect: 'unknown' };
      for (const body of [[], [0], [0, 0, 0, 1]]) expect(classify(Uint8Array.of(code, ...body))).toEqual(expected);
    },
  );
});

describe('every sub-function', () => {
  const named = (code: number) => new Set(STANDARD_SERVICES.filter((row) => row[0] === code).map((row) => row[1]));

  it('of 8 that the standard does not name is unknown', () => {
    const reserved = { service: 'reserved diagnostics sub-function', effect: 'unknown' };
    for (let subFunction = 0; subFunction < 65_536; subFunction++) {
      if (named(8).has(subFunction)) continue;
      expect(classify(Uint8Array.of(8, subFunction >> 8, subFunction, 0, 0))).toEqual(reserved);
    }
  });

  it('of 43 that the standard does not name is unknown', () => {
    for (let mei = 0; mei < 256; mei++) {
      if (named(43).has(mei)) continue;
      expect(classify(Uint8Array.of(43, mei, 1, 0))).toEqual({ service: 'reserved MEI type', effect: 'unknown' });
    }
  });
});
