import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { TALLY_FIELDS, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HELLO_AT, INSTANCE_BYTES, MAX_TAG_LIST_BYTES, POLICY_DIGEST_BYTES, TAGS_AT, viewOf } from './frameLayout.ts';
import { decodeHeartbeat, encodeHeartbeat } from './heartbeat.ts';
import { decodeHello, encodeHello, type Hello } from './hello.ts';
import { encodeTagList, parseTagList, TagListReader } from './tagList.ts';

const count = fc.maxSafeNat();
const heartbeat: fc.Arbitrary<Heartbeat> = fc.record({
  at: fc.maxSafeInteger() as fc.Arbitrary<Timestamp>,
  head: fc.option(fc.record({ epoch: count, sequence: count }), { nil: undefined }),
  oldest: fc.option(fc.record({ epoch: count, sequence: count }), { nil: undefined }),
  depth: fc.record({ blocks: count, samples: count, bytes: count }),
  tally: fc.record(Object.fromEntries(TALLY_FIELDS.map((field) => [field, count]))) as unknown as fc.Arbitrary<Tally>,
  policy: fc.option(
    fc.uint8Array({ minLength: POLICY_DIGEST_BYTES, maxLength: POLICY_DIGEST_BYTES }).map((digest) => {
      digest[0] |= 1;
      return digest.toHex();
    }),
    { nil: undefined },
  ),
});
const HELLO: Hello = {
  ...{ gateway: 'north', lane: 'operational', role: 'live', instance: 'a5'.repeat(INSTANCE_BYTES) },
  ...{ first: { epoch: 5, sequence: 0 }, oldest: { epoch: 4, sequence: 9 } },
};

const TAG: TagDefinition = {
  number: 7,
  id: 'TI-101',
  path: 'works/line 1/temperature',
  type: 'number',
  lane: 'analytical',
  unit: 'Cel',
  description: 'Outlet, °C',
  stepped: false,
  low: -20,
  high: 180,
  aliases: ['10LAB20CT001'],
};
const STATES = [
  { code: 0, name: 'stopped' },
  { code: 1, name: 'running' },
];
const { low: _low, high: _high, ...WITHOUT_RANGE } = TAG;

describe('HELLO', () => {
  it('is the same after encoding and decoding', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const place = fc.record({ epoch: count, sequence: count });
    fc.assert(
      fc.property(
        name,
        fc.constantFrom(...LANES),
        fc.boolean(),
        place,
        place,
        fc.uint8Array({ minLength: INSTANCE_BYTES, maxLength: INSTANCE_BYTES }).map((bytes) => bytes.toHex()),
        (gateway, lane, live, first, oldest, instance) => {
          fc.pre(Buffer.byteLength(gateway) <= 63 && gateway.isWellFormed());
          const hello: Hello = { gateway, lane, role: live ? 'live' : 'backlog', first, oldest, instance };
          expect(decodeHello(encodeHello(hello))).toEqual({ ok: true, value: hello });
        },
      ),
    );
  });

  it('throws on a name that no configuration lets through', () => {
    expect(() => encodeHello({ ...HELLO, gateway: '' })).toThrow(RangeError);
    expect(() => encodeHello({ ...HELLO, gateway: 'x'.repeat(64) })).toThrow(RangeError);
    expect(() => encodeHello({ ...HELLO, instance: 'a5' })).toThrow(RangeError);
  });

  const changed = (at: number, byte: number) => {
    const payload = encodeHello(HELLO);
    payload[at] = byte;
    return payload;
  };
  const CASES: Record<string, [Uint8Array, string]> = {
    'another magic': [changed(HELLO_AT.magic, 0), 'boundary.malformed'],
    'another version': [changed(HELLO_AT.version, 1), 'boundary.version'],
    'an unknown lane': [changed(HELLO_AT.lane, LANES.length), 'boundary.malformed'],
    'an unknown role': [changed(HELLO_AT.role, 2), 'boundary.malformed'],
    'a first block below all': [changed(HELLO_AT.first + 7, 0xff), 'boundary.malformed'],
    'no oldest block': [changed(HELLO_AT.oldest + 15, 0xff), 'boundary.malformed'],
    'a name too long for it': [changed(HELLO_AT.gatewayLength, 6), 'boundary.malformed'],
    'a name too short for it': [changed(HELLO_AT.gatewayLength, 4), 'boundary.malformed'],
    'a name that is not UTF-8': [changed(HELLO_AT.gateway, 0xff), 'boundary.malformed'],
  };
  for (const [name, [payload, code]] of Object.entries(CASES)) {
    it(`with ${name} is refused`, () => {
      const decoded = decodeHello(payload);
      expect(decoded.ok ? 'accepted' : decoded.fault.code).toBe(code);
    });
  }
});

describe('HEARTBEAT', () => {
  it('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(heartbeat, (value) => {
        expect(decodeHeartbeat(encodeHeartbeat(value))).toEqual({ ok: true, value });
      }),
    );
  });
});

describe('TAGS', () => {
  /** Many tags, so that the list needs several parts. */
  const many = Array.from({ length: 2_000 }, (_, number) => ({ ...TAG, number, id: `TI-${number}` }));

  function readList(parts: Iterable<Uint8Array>) {
    const reader = new TagListReader();
    let last: ReturnType<TagListReader['read']> | undefined;
    for (const part of parts) {
      last = reader.read(part);
      if (!last.ok) break;
    }
    return last;
  }

  it.each([
    ['no tag', []],
    ['one tag', [TAG]],
    ['a tag without a range', [WITHOUT_RANGE]],
    ['a tag with states', [{ ...WITHOUT_RANGE, states: STATES }]],
    ['tags in several parts', many],
  ])('%s is the same after encoding and decoding', (_name, tags) => {
    expect(readList(encodeTagList(tags, 3))).toEqual({ ok: true, value: tags });
  });

  it('begins anew with a part at offset 0, as after a cut', () => {
    const [first] = encodeTagList(many, 1);
    expect(readList([first, ...encodeTagList([TAG], 2)])).toEqual({ ok: true, value: [TAG] });
  });

  const parts = [...encodeTagList(many, 1)];
  const changed = (part: number, change: (view: DataView) => void) =>
    parts.map((payload, index) => {
      if (index !== part) return payload;
      const copy = payload.slice();
      change(viewOf(copy));
      return copy;
    });
  const CASES: Record<string, readonly Uint8Array[]> = {
    'begins in the middle': parts.slice(1),
    'leaves a part out': [parts[0], parts[2]],
    'repeats a part': [parts[0], parts[1], parts[1]],
    'mixes revisions': changed(1, (view) => view.setUint32(TAGS_AT.revision, 9, true)),
    'is too long': changed(0, (view) => view.setUint32(TAGS_AT.total, MAX_TAG_LIST_BYTES + 1, true)),
    'is longer than it says': changed(0, (view) => view.setUint32(TAGS_AT.total, 10, true)),
    'has a flipped bit': changed(1, (view) => view.setUint8(100, view.getUint8(100) ^ 1)),
  };
  for (const [name, wrong] of Object.entries(CASES)) {
    it(`SR 3.5: a list that ${name} is refused`, () => {
      const read = readList(wrong);
      expect(read?.ok === false && read.fault.code).toBe('boundary.tags');
    });
  }

  const LISTS: Record<string, unknown> = {
    'is no array': TAG,
    'holds null': [null],
    'repeats a number': [TAG, { ...TAG, id: 'other' }],
    'repeats an id': [TAG, { ...TAG, number: 8 }],
    'has states that are no list': [{ ...TAG, states: { 0: 'stopped' } }],
    'has a state that is none': [{ ...TAG, states: [null] }],
    'has a state without a name': [{ ...TAG, states: [{ code: 0 }] }],
    'has a state with half a code': [{ ...TAG, states: [{ code: 0.5, name: 'half' }] }],
    'has two states of one code': [{ ...TAG, states: [...STATES, { code: 1, name: 'tripped' }] }],
    'has a number that is none': [{ ...TAG, number: -1 }],
    'has a fraction for a number': [{ ...TAG, number: 1.5 }],
    'has an empty id': [{ ...TAG, id: '' }],
    'has a path with a wildcard': [{ ...TAG, path: 'works/#' }],
    'has an unknown type': [{ ...TAG, type: 'object' }],
    'has an unknown lane': [{ ...TAG, lane: 'fast' }],
    'lacks a unit': [{ ...TAG, unit: undefined }],
    'has a description beyond all measure': [{ ...TAG, description: 'x'.repeat(2_000) }],
    'has a text for stepped': [{ ...TAG, stepped: 'no' }],
    'has a text for a bound': [{ ...TAG, low: '0' }],
    'has numbers for aliases': [{ ...TAG, aliases: [1] }],
  };
  for (const [name, list] of Object.entries(LISTS)) {
    it(`SR 3.5: a list that ${name} is refused`, () => {
      const parsed = parseTagList(Buffer.from(JSON.stringify(list)));
      expect(parsed.ok ? 'accepted' : parsed.fault.code).toBe('boundary.tags');
    });
  }

  it('takes over known fields only', () => {
    const forged = `[${JSON.stringify(TAG).slice(0, -1)},"__proto__":{"lane":"operational"},"admin":true}]`;
    expect(parseTagList(Buffer.from(forged))).toEqual({ ok: true, value: [TAG] });
  });
});

it('SR 3.5: payloads of random bytes, and every prefix of a good one, are faults and never throw', () => {
  const decoders = [decodeHello, decodeHeartbeat, parseTagList, (bytes: Uint8Array) => new TagListReader().read(bytes)];
  const good = [
    encodeHello(HELLO),
    encodeHeartbeat(fc.sample(heartbeat, 1)[0]),
    Buffer.from(JSON.stringify([TAG])),
    [...encodeTagList([TAG], 0)][0],
  ];
  for (const [index, decode] of decoders.entries()) {
    expect(decode(good[index]).ok).toBe(true);
    for (let length = 0; length < good[index].length; length++) {
      const decoded = decode(good[index].subarray(0, length));
      // A part of a tag list asks for the rest.
      expect(decoded.ok && decoded.value !== undefined).toBe(false);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 180 }), (bytes) => {
        const decoded = decode(bytes);
        if (!decoded.ok) expect(decoded.fault.code).toMatch(/^boundary\./);
      }),
    );
  }
});
