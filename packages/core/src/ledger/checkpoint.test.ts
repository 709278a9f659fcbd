import { generateKeyPairSync, hash as nodeHash, randomBytes, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockPosition } from '../block/sampleBlock.ts';
import type { Timestamp } from '../clock/timestamp.ts';
import { BlockChain, type BlockProof, CHAIN_START, type ChainSpan, MAX_STRETCHES, proveSpan } from './blockChain.ts';
import { type Checkpoint, countBlocks, decodeCheckpoint, signCheckpoint } from './checkpoint.ts';
import { EMPTY_TALLY } from './tally.ts';

const hash = (bytes: Uint8Array) => nodeHash('sha256', bytes, 'buffer');
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signed = (bytes: Uint8Array) => sign(null, bytes, privateKey);

interface Held {
  readonly positions: BlockPosition[];
  readonly digests: Map<string, Uint8Array>;
  readonly span: ChainSpan;
}

const keyOf = ({ epoch, sequence }: BlockPosition) => `${epoch}/${sequence}`;

function held(runs: readonly { epoch: number; first: number; count: number }[]): Held {
  const chain = new BlockChain(hash);
  const positions: BlockPosition[] = [];
  const digests = new Map<string, Uint8Array>();
  for (const { epoch, first, count } of runs) {
    for (let at = 0; at < count; at++) {
      const position = { epoch, sequence: first + at };
      const digest = randomBytes(32);
      chain.add(position, digest);
      positions.push(position);
      digests.set(keyOf(position), digest);
    }
  }
  return { positions, digests, span: chain.take() };
}

function prove({ span }: Held, digests: ReadonlyMap<string, Uint8Array>): BlockProof[] {
  const proofs: BlockProof[] = [];
  proveSpan(
    hash,
    span,
    (position) => digests.get(keyOf(position)),
    (_position, proof) => proofs.push(proof),
  );
  return proofs;
}

const runs = fc
  .array(fc.record({ skip: fc.nat(3), count: fc.integer({ min: 1, max: 60 }) }), { minLength: 1, maxLength: 5 })
  .map((list) => list.map(({ skip, count }, epoch) => ({ epoch, first: skip, count })));

describe('SR 3.4: the chain over the blocks of a lane', () => {
  it('proves every block of a span of any length, with few marks', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const here = held(given);
        expect(here.span.runs).toEqual(given);
        expect(here.span.marks.length).toBeLessThan(MAX_STRETCHES);
        expect(prove(here, here.digests)).toEqual(here.positions.map(() => 'proved'));
      }),
      { numRuns: 50 },
    );
  });

  it('finds a block that is another, one that is missing, and takes the proof from those between the same marks only', () => {
    fc.assert(
      fc.property(runs, fc.nat(), fc.boolean(), (given, seed, isLost) => {
        const here = held(given);
        const at = seed % here.positions.length;
        const digests = new Map(here.digests);
        if (isLost) digests.delete(keyOf(here.positions[at]));
        else digests.set(keyOf(here.positions[at]), randomBytes(32));
        const stretch = Math.floor(at / here.span.stride);
        const expected = here.positions.map((_, block): BlockProof => {
          if (isLost && block === at) return 'missing';
          if (Math.floor(block / here.span.stride) !== stretch) return 'proved';
          return isLost ? 'unproved' : 'wrong';
        });
        expect(prove(here, digests)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('names a block by its place: the same bytes at another one are other blocks', () => {
    const [one, two] = [new BlockChain(hash), new BlockChain(hash)];
    const digest = randomBytes(32);
    one.add({ epoch: 1, sequence: 0 }, digest);
    two.add({ epoch: 1, sequence: 1 }, digest);
    expect(one.take().after).not.toEqual(two.take().after);
  });

  it('goes on from span to span', () => {
    const chain = new BlockChain(hash);
    chain.add({ epoch: 1, sequence: 0 }, randomBytes(32));
    const first = chain.take();
    expect(first.before).toEqual(CHAIN_START);
    expect(chain.take()).toEqual({ runs: [], before: first.after, marks: [], stride: 1, after: first.after });
  });
});

function checkpointOf(chain: ChainSpan): Checkpoint {
  return {
    ...{ gateway: 'north "1"', lane: 'operational', number: 7 },
    from: 1_700_000_000_000_000 as Timestamp,
    to: 1_700_000_060_000_001 as Timestamp,
    ...{
      chain,
      samples: 12,
      total: { ...EMPTY_TALLY, read: 12, accepted: 12 },
      change: { ...EMPTY_TALLY, refused: -1 },
    },
    ...{ sent: 4, waiting: 8, oldest: { epoch: 3, sequence: 4 }, previous: randomBytes(32) },
    break: { reason: 'blocks-lost', after: { epoch: 2, sequence: 9 } },
    ...{ policy: null, configuration: 'ab'.repeat(32), certificate: 'cd'.repeat(32) },
  };
}

const span = held([
  { epoch: 2, first: 10, count: 20 },
  { epoch: 3, first: 0, count: 7 },
]).span;

describe('a checkpoint', () => {
  it('SR 2.12: is a text that comes back as it was, with a signature that holds', () => {
    const checkpoint = checkpointOf(span);
    const text = signCheckpoint(checkpoint, signed);
    const decoded = decodeCheckpoint(text);
    if (!decoded.ok) throw new Error(decoded.fault.detail);
    expect(plain(decoded.value.checkpoint)).toEqual(plain(checkpoint));
    expect(verify(null, decoded.value.signed, publicKey, decoded.value.signature)).toBe(true);
    expect(countBlocks(checkpoint.chain)).toBe(27);
  });

  it('is small: a minute of a lane, whatever goes on in it', () => {
    const busy = held([{ epoch: 1, first: 0, count: 36_000 }]).span;
    expect(signCheckpoint(checkpointOf(busy), signed).length).toBeLessThan(2_300);
  });

  it('SR 3.9: is refused, or its signature does not hold, after any single bit of it has flipped', () => {
    const bytes = Buffer.from(signCheckpoint(checkpointOf(span), signed));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >>> 3] ^= 1 << (bit & 7);
      const decoded = decodeCheckpoint(bytes.toString('utf8'));
      const holds = decoded.ok && verify(null, decoded.value.signed, publicKey, decoded.value.signature);
      if (holds) throw new Error(`bit ${bit} of ${bytes.toString('utf8')}`);
      bytes[bit >>> 3] ^= 1 << (bit & 7);
    }
  });

  it.each<[string, (text: string) => string]>([
    ['a space', (text) => text.replace(',', ', ')],
    ['another key', (text) => text.replace('{', '{"more":1,')],
    ['a key twice', (text) => text.replace('"number":7', '"number":7,"number":7')],
    ['keys in another order', (text) => text.replace('"sent":4,"waiting":8', '"waiting":8,"sent":4')],
    ['a stride that its marks do not fit', (text) => text.replace('"stride":2', '"stride":1')],
    ['blocks that go back', (text) => text.replace('[3,0,7]', '[2,8,7]')],
    ['more blocks than anybody signs for', (text) => text.replace('[3,0,7]', '[3,0,9007199254740991]')],
    ['half of it', (text) => text.slice(0, text.length / 2)],
    ['a list', (text) => `[${text}]`],
  ])('is refused with %s', (_what, change) => {
    const text = signCheckpoint(checkpointOf(span), signed);
    expect(decodeCheckpoint(change(text))).toMatchObject({ ok: false, fault: { code: 'ledger.malformed' } });
  });

  it('is refused where it is anything else, and nothing throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeCheckpoint(text)).toMatchObject({ ok: false, fault: { code: 'ledger.malformed' } });
      }),
    );
  });
});

/** Arrays of bytes compare by what is in them, whatever their class. */
function plain(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, function (this: Record<string, unknown>, key: string) {
      const one = this[key];
      return one instanceof Uint8Array ? one.toHex() : one;
    }),
  );
}
