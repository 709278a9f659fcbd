import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { proveSpan, sameBytes } from '@tidegate/core/ledger/blockChain.ts';
import { type Checkpoint, checkpointDigest, decodeCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LaneCheckpoints } from './laneCheckpoints.ts';
import { sha256 } from './ledgerCheckpoints.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const SIGNER = {
  certificate: 'PEM',
  fingerprint: 'ab'.repeat(32),
  sign: (bytes: Uint8Array) => sign(null, bytes, privateKey),
};
const DIGESTS = { policy: null, configuration: 'cd'.repeat(32) };
const BLOCK_SAMPLES = 10;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidegate-checkpoints-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A lane whose blocks are told to whoever accounts for it. */
class Lane {
  readonly clock = new ManualClock();
  readonly blocks: { epoch: number; sequence: number; count: number; tally: Tally; bytes: Uint8Array }[] = [];
  expired = 0;
  acknowledged = 0;
  checkpoints!: LaneCheckpoints;

  async open(): Promise<void> {
    const options = { gateway: 'north', lane: 'operational', directory, clock: this.clock, hash: sha256 } as const;
    this.checkpoints = await LaneCheckpoints.open(options);
  }

  seal(epoch: number, sequence: number): void {
    const accepted = (this.blocks.length + 1) * BLOCK_SAMPLES;
    const tally = { ...EMPTY_TALLY, read: accepted + 5, suppressed: 5, accepted };
    const block = { epoch, sequence, count: BLOCK_SAMPLES, tally, bytes: Buffer.from(`${epoch}/${sequence}`) };
    this.blocks.push(block);
    this.checkpoints.take(block, block.bytes);
  }

  tell(from: number): void {
    for (const block of this.blocks.slice(from)) this.checkpoints.take(block, block.bytes);
  }

  tally(): Tally {
    return { ...(this.blocks.at(-1)?.tally ?? EMPTY_TALLY), expired: this.expired };
  }

  depth() {
    return { blocks: 0, bytes: 0, samples: this.tally().accepted - this.acknowledged - this.expired };
  }

  head() {
    return this.blocks.at(-1);
  }

  async make(): Promise<Checkpoint & { text: string }> {
    await this.clock.advance(60_000);
    const made = await this.checkpoints.make(this, SIGNER, DIGESTS);
    const decoded = decodeCheckpoint(made.text);
    if (!decoded.ok) throw new Error(decoded.fault.detail);
    const { checkpoint, signed, signature } = decoded.value;
    expect(verify(null, signed, publicKey, signature)).toBe(true);
    return { ...checkpoint, text: made.text };
  }

  /** Whether the span of a checkpoint is that of the blocks as they were. */
  proves({ chain }: Checkpoint): boolean {
    const proofs: string[] = [];
    const bytesOf = (epoch: number, sequence: number) =>
      this.blocks.find((block) => block.epoch === epoch && block.sequence === sequence)?.bytes;
    proveSpan(
      sha256,
      chain,
      ({ epoch, sequence }) => {
        const bytes = bytesOf(epoch, sequence);
        return bytes && sha256(bytes);
      },
      (_position, proof) => proofs.push(proof),
    );
    return proofs.length > 0 && proofs.every((proof) => proof === 'proved');
  }
}

describe('SR 3.9, SR 2.12: the checkpoints of a lane', () => {
  it('are numbered, linked, and account for what was done since the last one', async () => {
    const lane = new Lane();
    await lane.open();
    lane.seal(1, 0);
    lane.seal(1, 1);
    lane.acknowledged = 10;
    const first = await lane.make();
    expect(first).toMatchObject({ number: 0, previous: null, break: { reason: 'first', after: null }, samples: 20 });
    expect(first).toMatchObject({ sent: 10, waiting: 10, configuration: DIGESTS.configuration });
    expect(lane.proves(first)).toBe(true);
    lane.seal(1, 2);
    lane.seal(2, 0);
    lane.expired = 10;
    const second = await lane.make();
    expect(second).toMatchObject({ number: 1, break: null, samples: 20, sent: 10, waiting: 20 });
    expect(second.change).toMatchObject({ read: 20, accepted: 20, suppressed: 0, expired: 10 });
    expect(second.total).toMatchObject({ read: 45, accepted: 40, suppressed: 5, expired: 10 });
    expect(second.from).toBe(first.to);
    expect(sameBytes(second.previous!, checkpointDigest(first.text, sha256))).toBe(true);
    expect(sameBytes(second.chain.before, first.chain.after)).toBe(true);
    expect(lane.proves(second)).toBe(true);
  });

  it('are due when their minute is over', async () => {
    const lane = new Lane();
    await lane.open();
    const intervalUs = 60_000 * US_PER_MS;
    expect(lane.checkpoints.isDue(lane.clock.now(), intervalUs)).toBe(false);
    await lane.clock.advance(60_000);
    expect(lane.checkpoints.isDue(lane.clock.now(), intervalUs)).toBe(true);
  });

  it('go on after SIGKILL without a break, with the blocks that had no checkpoint yet', async () => {
    const lane = new Lane();
    await lane.open();
    lane.seal(1, 0);
    const first = await lane.make();
    lane.seal(1, 1);
    lane.seal(1, 2);
    await lane.open();
    lane.tell(0);
    lane.checkpoints.settle(lane.head());
    const unspooled = lane.checkpoints.takeUnspooled();
    expect(unspooled?.text).toBe(first.text);
    const second = await lane.make();
    expect(second).toMatchObject({ number: 1, break: null, samples: 20 });
    expect(sameBytes(second.chain.before, first.chain.after)).toBe(true);
    expect(lane.proves(second)).toBe(true);
  });

  it.each([
    ['were dropped before the first that is left', 3, false],
    ['were dropped to the last', 4, true],
  ])('state a break where blocks that nobody has signed for %s', async (_what, left, isAllGone) => {
    const lane = new Lane();
    await lane.open();
    lane.seal(1, 0);
    await lane.make();
    for (const sequence of [1, 2, 3]) lane.seal(1, sequence);
    await lane.open();
    lane.tell(left);
    lane.checkpoints.settle(lane.head());
    const next = await lane.make();
    expect(next).toMatchObject({ number: 1, break: { reason: 'blocks-lost', after: { epoch: 1, sequence: 0 } } });
    expect(next.samples).toBe(isAllGone ? 0 : 10);
  });

  it('state that their note was damaged', async () => {
    const lane = new Lane();
    await lane.open();
    lane.seal(1, 0);
    await lane.make();
    writeFileSync(join(directory, 'operational.json'), '{"text":"none"}');
    await lane.open();
    lane.tell(0);
    expect(await lane.make()).toMatchObject({ number: 0, previous: null, break: { reason: 'note-lost', after: null } });
  });

  it('leave only when they are noted: where that fails, the same one is tried again', async () => {
    const lane = new Lane();
    await lane.open();
    lane.seal(1, 0);
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'no directory');
    await expect(lane.make()).rejects.toThrow();
    expect(lane.checkpoints.isDue(lane.clock.now(), Number.MAX_SAFE_INTEGER)).toBe(true);
    rmSync(directory);
    const first = await lane.make();
    expect(first).toMatchObject({ number: 0, samples: 10 });
    expect((await lane.make()).number).toBe(1);
  });

  it('are several where one would name too many blocks', async () => {
    const lane = new Lane();
    await lane.open();
    for (let at = 0; at < 100; at++) lane.seal(at, 0);
    const first = await lane.make();
    const second = await lane.make();
    expect([first.samples, second.samples]).toEqual([640, 360]);
    expect(lane.proves(first) && lane.proves(second)).toBe(true);
    expect(second.total.accepted).toBe(1_000);
    expect(first.total.accepted).toBe(640);
  });
});
