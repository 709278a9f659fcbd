import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dissectDnp3Fragment } from './dissectDnp3Fragment.ts';
import { dissectDnp3Link, dnp3FrameLength } from './dissectDnp3Link.ts';
import { dissectDnp3Request } from './dissectDnp3Request.ts';
import { dissectDnp3Segment } from './dissectDnp3Segment.ts';
import { dnp3PointsOf } from './dnp3PointsOf.ts';
import { buildFrame } from './testbed/buildFrame.ts';
import { readVectors } from './testbed/recordedPacket.ts';

const VECTORS = join(import.meta.dirname, 'vectors');
const RECORDED = ['ics-security-tools', 'opendnp3', 'zeek']
  .flatMap((name) => readVectors(join(VECTORS, `${name}.txt`)))
  .flatMap(({ frames }) => frames);
const FUZZING_INPUTS = readFileSync(join(VECTORS, 'opendnp3-fuzz.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => Buffer.from(line, 'hex'));
const SEEDS = [...RECORDED, ...FUZZING_INPUTS];

/** The longest fragment that an outstation may send by default: IEEE 1815-2012, 4.2. */
const MAX_FRAGMENT_BYTES = 2048;

/** Reads bytes at every layer, as far as they go. */
function dissectAll(bytes: Uint8Array): void {
  dissectDnp3Request(bytes);
  const link = dissectDnp3Link(bytes);
  const segment = link.ok ? dissectDnp3Segment(link.value.userData) : undefined;
  dissectBothWays(segment?.ok ? segment.value.payload : bytes);
}

function dissectBothWays(payload: Uint8Array): void {
  for (const direction of ['request', 'response'] as const) {
    const fragment = dissectDnp3Fragment(payload, direction);
    if (!fragment.ok) continue;
    const points = fragment.value.objects.flatMap(dnp3PointsOf);
    // A point of a packed double-bit takes two bits: that is the least.
    expect(points.length).toBeLessThanOrEqual(payload.length * 8);
  }
}

it('every prefix of a recorded frame asks for more', () => {
  for (const frame of RECORDED) {
    for (let length = 0; length < frame.length; length++) {
      const result = dissectDnp3Link(frame.subarray(0, length));
      expect(result).toMatchObject({ ok: false, fault: { code: 'frame.truncated' } });
      const frameLength = dnp3FrameLength(frame.subarray(0, length));
      if (frameLength.ok) expect(frameLength.value).toBe(frame.length);
    }
  }
});

it('no change of an octet of a recorded frame passes the checks', () => {
  const anyFrame = fc.constantFrom(...RECORDED.filter((frame) => dissectDnp3Link(frame).ok));
  fc.assert(
    fc.property(anyFrame, fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, place, difference) => {
      const changed = Uint8Array.from(frame);
      changed[place % changed.length] ^= difference;
      expect(dissectDnp3Link(changed).ok).toBe(false);
    }),
  );
});

it('any bytes give a fault or a meaning', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), dissectAll), { numRuns: 2000 });
});

it('any user data behind good checks gives a fault or a meaning', () => {
  const userData = fc.uint8Array({ maxLength: 250 });
  fc.assert(
    fc.property(userData, fc.nat(255), (data, control) => dissectAll(buildFrame(data, { control }))),
    { numRuns: 2000 },
  );
});

it('mutations of recorded frames and fuzzing inputs give a fault or a meaning, at every layer', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), edits, fc.nat(), (seed, changes, cut) => {
      const link = dissectDnp3Link(seed);
      const data = link.ok ? link.value.userData : seed.subarray(0, 250);
      const changed = Uint8Array.from(data.subarray(0, cut % 4 === 0 ? cut % (data.length + 1) : data.length));
      for (const [place, octet] of changes) changed[place % Math.max(1, changed.length)] = octet;
      dissectAll(buildFrame(changed));
      dissectAll(changed);
    }),
    { numRuns: 10_000 },
  );
});

it('the worst fragments take less than 50 ms', () => {
  // Many headers; many sizes of nothing; many packed states; many attributes.
  const worst = ['010006', '46045bff', '010101 0000 7f3e', '00f201 0000 ffff 0000', '46045b ff 0000'];
  for (const header of worst) {
    const pattern = Buffer.from(header.replaceAll(' ', ''), 'hex');
    const payload = Buffer.alloc(MAX_FRAGMENT_BYTES, pattern);
    payload.set([0xc0, 0x81, 0, 0]);
    payload.set(pattern, 4);
    const started = performance.now();
    dissectBothWays(payload);
    expect(performance.now() - started).toBeLessThan(50);
  }
});
