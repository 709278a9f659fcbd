import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissectModbus } from './dissectModbus.ts';
import type { ModbusDirection, ModbusFraming } from './modbusFrame.ts';
import { frameOf } from './testbed/frameOf.ts';
import { RECORDINGS, readRecording, readSeeds } from './testbed/recordedPayload.ts';

const FRAMINGS: readonly ModbusFraming[] = ['tcp', 'rtu', 'ascii'];
const DIRECTIONS: readonly ModbusDirection[] = ['request', 'response'];
const EFFECTS = ['read', 'session', 'write', 'unknown'];
const FAULTS = ['frame.truncated', 'frame.malformed'];

const recorded = RECORDINGS.flatMap(readRecording);
/** Without the thousands that differ from one another in a number only. */
const SEEDS = [...recorded.filter(({ name }) => !name.startsWith('modbus-test.tsv')), ...recorded.slice(0, 50)]
  .flatMap(({ frames }) => frames.map(({ bytes }) => bytes))
  .concat(readSeeds());

const anyFraming = fc.constantFrom(...FRAMINGS);
const anyDirection = fc.constantFrom(...DIRECTIONS);
const anySeed = fc.constantFrom(...SEEDS);

/** Either one classification or one fault, and nothing else. */
function expectOneAnswer(bytes: Uint8Array, direction: ModbusDirection, framing: ModbusFraming): void {
  const result = dissectModbus(bytes, direction, framing);
  if (result.ok) {
    expect(EFFECTS).toContain(result.value.effect);
    expect(result.value.service).not.toBe('');
  } else {
    expect(FAULTS).toContain(result.fault.code);
  }
}

describe('bytes of any origin', () => {
  it('have one answer', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), anyDirection, anyFraming, expectOneAnswer));
  });

  it('have one answer behind a good framing, the same in all three', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 253 }),
        fc.integer({ min: 1, max: 255 }),
        anyDirection,
        (pdu, station, way) => {
          const [tcp, rtu, ascii] = FRAMINGS.map((framing) =>
            dissectModbus(frameOf(framing, station, pdu), way, framing),
          );
          expectOneAnswer(frameOf('tcp', station, pdu), way, 'tcp');
          expect(ascii).toEqual(rtu);
          expect(rtu).toEqual(tcp.ok ? { ...tcp, value: { ...tcp.value, transaction: undefined } } : tcp);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('have one answer where a recorded frame is changed, cut, or put together with another', () => {
    const anyChange = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 });
    fc.assert(
      fc.property(
        anySeed,
        anySeed,
        anyChange,
        fc.nat(),
        anyDirection,
        anyFraming,
        (seed, tail, changes, cut, way, framing) => {
          const bytes = Uint8Array.from([...seed, ...tail]).subarray(0, cut % (seed.length + tail.length + 1));
          for (const [place, byte] of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte;
          expectOneAnswer(bytes, way, framing);
          if (bytes.length > 9) expectOneAnswer(frameOf(framing, 17, bytes.subarray(7, 260)), way, framing);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('a whole frame', () => {
  it('has no prefix that is one, and nothing may stand behind it', () => {
    for (const { frames, direction, framing } of recorded.filter(({ name }) => !name.startsWith('modbus-test.tsv'))) {
      for (const { bytes } of frames) {
        if (!dissectModbus(bytes, direction, framing).ok) continue;
        for (let length = 0; length < bytes.length; length++) {
          expect(dissectModbus(bytes.subarray(0, length), direction, framing).ok).toBe(false);
        }
        // A zero behind an RTU frame makes its CRC good again: the body has to show it, where there is a known one.
        const longer = dissectModbus(Uint8Array.of(...bytes, 0), direction, framing);
        expect(longer.ok && longer.value.effect !== 'unknown').toBe(false);
      }
    }
  });

  it('that is a read cannot be made anything else without its function code', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.uint8Array({ maxLength: 252 }), (code, body) => {
        const frame = dissectModbus(frameOf('tcp', 17, Uint8Array.of(code, ...body)), 'request');
        expect(frame.ok ? frame.value.effect : 'read').toBe('read');
        expect(frame.ok).toBe(frame.ok && body.length === 4);
      }),
    );
  });
});
