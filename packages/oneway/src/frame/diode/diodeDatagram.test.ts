import { readFileSync } from 'node:fs';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameKind, writeFrameHeader } from '../frameLayout.ts';
import {
  DATAGRAM_AT,
  DATAGRAM_OVERHEAD_BYTES,
  type DatagramHeader,
  decodeDatagramHeader,
  encodeDatagramHeader,
  maxSymbolBytes,
  NO_RECORD,
} from './datagramLayout.ts';
import { openDatagram, sealDatagram } from './datagramSeal.ts';
import { parsePresharedKey } from './presharedKey.ts';
import { RecordReader } from './recordReader.ts';
import { decodeStreamBeat, encodeStreamBeat, type StreamBeat } from './streamBeat.ts';

const header: DatagramHeader = {
  ...{ kind: 1, keyId: 0xfedcba98, session: 1_795_433_562_350_000, stream: 2, group: 2 ** 40 + 3, sending: 1 },
  ...{ symbol: 70, k: 64, m: 16, repeat: 50, groupBytes: 64 * 48, firstRecord: 17, place: 3, setGroups: 16 },
};
const symbol = new Uint8Array(48).map((_, at) => at * 5);
const secret = new Uint8Array(32).map((_, at) => at);

function keyOf(content: Uint8Array) {
  const key = parsePresharedKey(content);
  if (!key.ok) throw new Error(key.fault.detail);
  return key.value;
}
const key = keyOf(secret).sessionKey(header.session);
const sealed = Buffer.concat(sealDatagram(key, header, symbol));

describe('a datagram', () => {
  it('is the same after sealing and opening', () => {
    expect(decodeDatagramHeader(sealed)).toEqual(header);
    expect(openDatagram(key, header, sealed)).toEqual(Buffer.from(symbol));
    expect(sealed.length).toBe(DATAGRAM_OVERHEAD_BYTES + 48);
  });

  it('fits into the longest packet', () => {
    for (const mtu of [576, 1_280, 1_500, 9_000]) {
      expect(maxSymbolBytes(mtu) % 16).toBe(0);
      expect(maxSymbolBytes(mtu) + DATAGRAM_OVERHEAD_BYTES + 48).toBeLessThanOrEqual(mtu);
      expect(maxSymbolBytes(mtu) + DATAGRAM_OVERHEAD_BYTES + 48).toBeGreaterThan(mtu - 16);
    }
  });

  it('SR 3.1 RE 1: with any one bit flipped is not opened', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      const read = decodeDatagramHeader(flipped);
      if (read) expect(openDatagram(key, read, flipped)).toBeUndefined();
    }
  });

  it('SR 4.1: shows nothing of its payload, and the same payload is another in another place', () => {
    const seen = new Set<string>();
    const { kind, stream, sending, symbol: number, group } = header;
    for (const place of [
      { kind: kind + 1 },
      { stream: stream + 1 },
      { sending: sending - 1 },
      { symbol: number + 1 },
      {},
    ]) {
      for (const next of [group, group + 1, group + 2 ** 33]) {
        const parts = sealDatagram(key, { ...header, ...place, group: next } as DatagramHeader, symbol);
        seen.add(Buffer.from(parts[1]).toString('hex'));
      }
    }
    expect(seen.size).toBe(15);
    expect(sealed.indexOf(symbol.subarray(0, 8))).toBe(-1);
  });

  it('SR 3.5: of random bytes, and every prefix of a good one, is none and never throws', () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(decodeDatagramHeader(sealed.subarray(0, length))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        bytes.set(sealed.subarray(0, Math.min(6, bytes.length)));
        const read = decodeDatagramHeader(bytes);
        if (read) expect(openDatagram(key, read, bytes)).toBeUndefined();
      }),
    );
  });

  const WRONG: Record<string, Partial<Record<keyof typeof DATAGRAM_AT, number>>> = {
    'another magic': { magic: 0 },
    'another version': { version: 2 },
    'an unknown kind': { kind: 3 },
    'a stream beyond all': { stream: 16 },
    'a third sending': { sending: 2 },
    'no data symbols': { k: 0 },
    'more symbols than the code has': { m: 193 },
    'a symbol that its group does not have': { symbol: 80 },
    'more data than symbols': { groupBytes: 255 },
    'a place outside its set': { place: 16 },
    'a set beyond all': { setGroups: 65 },
    'something where nothing stands': { zero: 1 },
  };
  for (const [name, bytes] of Object.entries(WRONG)) {
    it(`SR 3.5: with ${name} is none`, () => {
      const wrong = Buffer.from(sealed);
      for (const [field, byte] of Object.entries(bytes)) wrong[DATAGRAM_AT[field as keyof typeof DATAGRAM_AT]] = byte;
      expect(decodeDatagramHeader(wrong)).toBeUndefined();
    });
  }

  it('may hold a part of a record only', () => {
    const bytes = Buffer.concat([
      encodeDatagramHeader({ ...header, firstRecord: NO_RECORD }),
      symbol,
      new Uint8Array(16),
    ]);
    expect(decodeDatagramHeader(bytes)?.firstRecord).toBe(NO_RECORD);
  });
});

describe('a pre-shared key', () => {
  it('is the same as bytes and as digits', () => {
    const digits = Buffer.from(`${Buffer.from(secret).toString('hex').toUpperCase()}\n`);
    expect(keyOf(digits).id).toBe(keyOf(secret).id);
    expect(keyOf(digits).sessionKey(5).equals(keyOf(secret).sessionKey(5))).toBe(true);
  });

  it('SR 4.3: gives another key for each session', () => {
    expect(keyOf(secret).sessionKey(5).equals(keyOf(secret).sessionKey(6))).toBe(false);
  });

  it.each([0, 31, 33, 63, 65])('of %i bytes is refused', (bytes) => {
    const parsed = parsePresharedKey(new Uint8Array(bytes).fill(0x61));
    expect(parsed.ok || parsed.fault.code).toBe('boundary.key');
  });
});

describe('a beat', () => {
  const position = { epoch: 5, sequence: 6 };
  const heartbeat = {
    ...{ at: 77 as Timestamp, head: position, oldest: undefined, policy: undefined },
    ...{ depth: { blocks: 1, samples: 2, bytes: 3 }, tally: EMPTY_TALLY },
  };
  const beat: StreamBeat = {
    ...{ gateway: 'nörd', lane: 'analytical', groups: 9, sent: { position, accepted: 8 }, heartbeat },
    configurationDigest: new Uint8Array(32).fill(3),
  };

  it.each([beat, { ...beat, sent: undefined }])('is the same after encoding and decoding', (value) => {
    expect(decodeStreamBeat(encodeStreamBeat(value))).toEqual({ ok: true, value });
  });

  it('SR 3.5: of random bytes, and every prefix of a good one, is a fault and never throws', () => {
    const good = encodeStreamBeat(beat);
    for (let length = 0; length < good.length; length++)
      expect(decodeStreamBeat(good.subarray(0, length)).ok).toBe(false);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const changed = good.slice();
        changed[at] = byte;
        const decoded = decodeStreamBeat(changed);
        if (!decoded.ok) expect(decoded.fault.code).toBe('boundary.malformed');
      }),
    );
  });
});

describe('the records of groups', () => {
  const records = [1_000, 200, 70_000, 150].map((length, index) => {
    const record = new Uint8Array(8 + length).fill(index + 1);
    writeFrameHeader(record, 0, index === 1 ? FrameKind.tags : FrameKind.block, length);
    return record;
  });
  const stream = Buffer.concat(records);

  it('are the same however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1 }), (lengths) => {
        const reader = new RecordReader();
        const read: Uint8Array[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const length = lengths[cut % lengths.length];
          expect(reader.read(stream.subarray(at, at + length), ({ payload }) => read.push(payload)).ok).toBe(true);
          at += length;
        }
        expect(read.map((payload) => Buffer.from(payload))).toEqual(
          records.map((record) => Buffer.from(record.slice(8))),
        );
      }),
    );
  });

  it('SR 3.5: that are none are a fault, after which the next are read', () => {
    const reader = new RecordReader();
    expect(reader.read(new Uint8Array(100).fill(9), () => {}).ok).toBe(false);
    let read = 0;
    expect(reader.read(stream, () => read++).ok).toBe(true);
    expect(read).toBe(4);
  });
});

it('docs/formats/diode-datagram.md tells where each field stands', () => {
  const page = readFileSync(new URL('../../../../../docs/formats/diode-datagram.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| (\d+) \| \d+ \| (\w+) \|/gm)].map(([, at, field]) => [field, Number(at)]);
  const fields = Object.entries(DATAGRAM_AT).filter(([field]) => field !== 'payload');
  expect(told.slice(0, fields.length)).toEqual(fields);
});
