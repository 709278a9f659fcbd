/** Whatever the bytes are: a fault, never an exception, and never a service that they are not. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissectOpcUaRequest } from './dissectOpcUaRequest.ts';

const FRAMES = readFileSync(join(import.meta.dirname, 'vectors', 'recordings.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => Uint8Array.fromHex(line.split('\t')[5]))
  .filter((frame) => frame.length < 2_000);
const RUNS = { numRuns: 5_000 };
const SIZE_AT = 4;
const TYPE_AT = 26;

function sized(frame: Uint8Array): Uint8Array {
  if (frame.length >= 8) new DataView(frame.buffer, frame.byteOffset).setUint32(SIZE_AT, frame.length, true);
  return frame;
}

function expectAnswer(frame: Uint8Array): void {
  const dissected = dissectOpcUaRequest(frame);
  if (!dissected.ok) expect(dissected.fault.code in FAULTS).toBe(true);
}

describe('bytes', () => {
  it('of any kind', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectAnswer), RUNS);
  });

  it('behind a header that is right', () => {
    const types = fc.constantFrom('HELF', 'OPNF', 'MSGF', 'CLOF');
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 300 }), (type, body) => {
        expectAnswer(sized(Uint8Array.from([...Buffer.from(type), 0, 0, 0, 0, ...body])));
      }),
      RUNS,
    );
  });

  it('of a recorded message in which some are others', () => {
    const changes = fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...FRAMES), changes, (frame, changed) => {
        const mutated = frame.slice();
        for (const [at, byte] of changed) if (at < mutated.length) mutated[at] = byte;
        expectAnswer(sized(mutated));
      }),
      RUNS,
    );
  });
});

describe('a write', () => {
  const [write] = FRAMES.filter((frame) => Buffer.from(frame).readUInt16LE(TYPE_AT) === 673 && frame[3] === 0x46);

  it('is none of the services that read, whichever of its bytes is another', () => {
    expect(dissectOpcUaRequest(write)).toMatchObject({ ok: true, value: { effect: 'write' } });
    for (let at = 0; at < write.length; at++) {
      // These two are the number of the service.
      if (at === TYPE_AT || at === TYPE_AT + 1) continue;
      for (let byte = 0; byte < 256; byte++) {
        const dissected = dissectOpcUaRequest(write.with(at, byte));
        if (dissected.ok) expect(['write', 'unknown']).toContain(dissected.value.effect);
      }
    }
  });
});
