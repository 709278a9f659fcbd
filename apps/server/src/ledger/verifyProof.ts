/** Checks a proof with nothing but itself and the authority that is trusted: signatures, chain, blocks, samples. */

import type { X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { decodeBlock } from '@tidegate/core/block/decodeBlock.ts';
import { type BlockPosition, type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type BlockProof, proveSpan, sameBytes } from '@tidegate/core/ledger/blockChain.ts';
import {
  type Checkpoint,
  checkpointDigest,
  decodeCheckpoint,
  type SignedCheckpoint,
} from '@tidegate/core/ledger/checkpoint.ts';
import {
  certificateDefect,
  certificatesIn,
  fingerprintOf,
  isSignedBy,
  sha256,
} from '@tidegate/platform/historian/ingest/ledger/gatewayCertificate.ts';
import { type ComparedSamples, compareSamples } from './compareSamples.ts';
import { type ProofHead, type ProofRow, writeValue } from './proofLine.ts';
import type { Proof } from './readProof.ts';
import { timeText } from './timeText.ts';

type FindingKind = 'file' | 'certificate' | 'signature' | 'chain' | 'block' | 'missing blocks' | 'period' | 'archive';

interface Finding {
  readonly kind: FindingKind;
  readonly detail: string;
}

export interface ProofReport {
  readonly head: ProofHead;
  /** Whether everything fits. */
  readonly holds: boolean;
  /** Whether the certificates were held against an authority that was given. */
  readonly isAnchored: boolean;
  readonly checkpoints: number;
  readonly blocks: Readonly<Record<BlockProof, number>>;
  /** Signed by the gateway as gone, in the time of the checkpoints. */
  readonly expired: number;
  readonly damaged: number;
  readonly samples: ComparedSamples['counts'];
  /** Who has changed what, in words. */
  readonly edits: readonly string[];
  /** Where the gateway itself says that blocks were never signed. */
  readonly breaks: readonly string[];
  readonly findings: readonly Finding[];
}

/** So many findings of a kind are told one by one. */
const MOST_FINDINGS = 20;
/** A gateway signs every minute: what is older than this without a signature was left out. */
const UNSIGNED_US = 180_000_000;

/** `authorities` is PEM text; where it is left out, the certificates are taken as they are. */
export function verifyProof(proof: Proof, authorities?: string): ProofReport {
  return new ProofCheck(proof, authorities).report();
}

class ProofCheck {
  readonly #proof: Proof;
  readonly #authorities: readonly X509Certificate[] | undefined;
  readonly #findings: Finding[] = [];
  readonly #told = new Map<FindingKind, number>();
  readonly #blocks: Record<BlockProof, number> = { proved: 0, missing: 0, unproved: 0, wrong: 0 };
  readonly #proofOf = new Map<string, BlockProof>();

  constructor(proof: Proof, authorities: string | undefined) {
    this.#proof = proof;
    this.#authorities = authorities === undefined ? undefined : certificatesIn(authorities);
  }

  report(): ProofReport {
    const { head, defects, edits } = this.#proof;
    for (const defect of defects) this.#find('file', defect);
    const checkpoints = this.#checkCheckpoints();
    const decoded = this.#decodeBlocks();
    const digests = this.#digests(decoded);
    for (const checkpoint of checkpoints) this.#prove(checkpoint, digests);
    const { expired, damaged } = goneIn(checkpoints);
    if (this.#blocks.missing > 0 && expired + damaged === 0) {
      this.#find(
        'missing blocks',
        `${this.#blocks.missing} blocks that were signed are not here, and the gateway lost none`,
      );
    }
    this.#checkPeriod(checkpoints);
    const signed = this.#signedRows(decoded);
    const compared = compareSamples(signed, this.#proof);
    for (const detail of compared.findings) this.#find('archive', detail);
    return {
      ...{ head, isAnchored: this.#authorities !== undefined, checkpoints: checkpoints.length, expired, damaged },
      ...{
        holds: this.#findings.length === 0,
        blocks: this.#blocks,
        samples: compared.counts,
        findings: this.#findings,
      },
      breaks: checkpoints.flatMap(({ number, break: broken }) =>
        broken?.reason === 'blocks-lost'
          ? [`blocks before checkpoint ${number} were never signed: the gateway lost them`]
          : [],
      ),
      edits: edits.map(({ kind, by, at, reason }) => `${kind} by ${by} on ${timeText(at)}: ${reason}`),
    };
  }

  #find(kind: FindingKind, detail: string): void {
    const told = (this.#told.get(kind) ?? 0) + 1;
    this.#told.set(kind, told);
    if (told <= MOST_FINDINGS) this.#findings.push({ kind, detail });
  }

  /** Those that can be read, each checked against the one before it. */
  #checkCheckpoints(): Checkpoint[] {
    const certificates = new Map(
      this.#proof.certificates.flatMap(certificatesIn).map((one) => [fingerprintOf(one), one] as const),
    );
    let before: { readonly checkpoint: Checkpoint; readonly digest: Uint8Array } | undefined;
    const checkpoints: Checkpoint[] = [];
    for (const [at, text] of this.#proof.checkpoints.entries()) {
      const decoded = decodeCheckpoint(text);
      if (!decoded.ok) {
        this.#find('signature', `checkpoint ${at + 1} of the file was changed: ${decoded.fault.detail}`);
        continue;
      }
      const { checkpoint } = decoded.value;
      this.#checkSignature(decoded.value, certificates.get(checkpoint.certificate));
      if (before) this.#checkLink(checkpoint, before);
      before = { checkpoint, digest: checkpointDigest(text, sha256) };
      checkpoints.push(checkpoint);
    }
    if (checkpoints.length === 0) this.#find('chain', 'there is no checkpoint: nothing was signed');
    return checkpoints;
  }

  #checkSignature(signed: SignedCheckpoint, certificate: X509Certificate | undefined): void {
    const { checkpoint } = signed;
    const name = `checkpoint ${checkpoint.number}`;
    const { gateway, lane } = this.#proof.head;
    if (checkpoint.gateway !== gateway || checkpoint.lane !== lane) {
      this.#find('chain', `${name} is of ${checkpoint.gateway}, ${checkpoint.lane}`);
    }
    if (!certificate) {
      this.#find('certificate', `the certificate of ${name} is not in the file`);
      return;
    }
    const issuers = this.#authorities;
    const defect = issuers && certificateDefect(certificate, issuers, checkpoint);
    if (defect) this.#find('certificate', `${name}: ${defect}`);
    if (!isSignedBy(certificate, signed)) this.#find('signature', `the signature of ${name} does not hold`);
  }

  #checkLink(checkpoint: Checkpoint, before: { readonly checkpoint: Checkpoint; readonly digest: Uint8Array }): void {
    const { number, previous, chain } = checkpoint;
    const expected = before.checkpoint.number + 1;
    if (checkpoint.break?.reason === 'note-lost' || checkpoint.break?.reason === 'first') {
      this.#find('chain', `it begins anew with checkpoint ${number} behind ${before.checkpoint.number}`);
    } else if (number < expected) this.#find('chain', `checkpoint ${number} comes again: it is replayed`);
    else if (number > expected) this.#find('chain', `checkpoints ${expected} to ${number - 1} are missing`);
    else if (
      previous === null ||
      !sameBytes(previous, before.digest) ||
      !sameBytes(chain.before, before.checkpoint.chain.after)
    ) {
      this.#find('chain', `checkpoint ${number} does not follow the one before it`);
    }
  }

  #decodeBlocks(): readonly { readonly place: string; readonly digest: Uint8Array; readonly block: SampleBlock }[] {
    const { gateway, lane } = this.#proof.head;
    const seen = new Set<string>();
    return this.#proof.blocks.flatMap((text, at) => {
      const bytes = Buffer.from(text, 'base64');
      const decoded = decodeBlock(bytes, crc32);
      if (!decoded.ok) {
        this.#find('block', `block ${at + 1} of the file cannot be read: ${decoded.fault.detail}`);
        return [];
      }
      const { header, block } = decoded.value;
      const place = placeOf(header);
      if (header.gateway !== gateway || header.lane !== lane) {
        this.#find('block', `block ${place} is of ${header.gateway}, ${header.lane}`);
        return [];
      }
      if (seen.has(place)) {
        this.#find('block', `block ${place} is there twice`);
        return [];
      }
      seen.add(place);
      return [{ place, digest: sha256(bytes), block }];
    });
  }

  #digests(decoded: readonly { readonly place: string; readonly digest: Uint8Array }[]): Map<string, Uint8Array> {
    const digests = new Map<string, Uint8Array>();
    for (const { epoch, sequence, digest } of this.#proof.digests) {
      digests.set(placeOf({ epoch, sequence }), Buffer.from(digest, 'base64url'));
    }
    for (const { place, digest } of decoded) digests.set(place, digest);
    return digests;
  }

  #prove({ number, chain }: Checkpoint, digests: ReadonlyMap<string, Uint8Array>): void {
    let wrong = 0;
    proveSpan(
      sha256,
      chain,
      (position) => digests.get(placeOf(position)),
      (position, proof) => {
        this.#blocks[proof]++;
        this.#proofOf.set(placeOf(position), proof);
        if (proof === 'wrong') wrong++;
      },
    );
    if (wrong > 0) this.#find('block', `of checkpoint ${number}, ${wrong} blocks are not those that were signed`);
  }

  /** A chain that was cut at its end fits in itself: what was asked for is what it must cover. */
  #checkPeriod(checkpoints: readonly Checkpoint[]): void {
    const { start, end, exportedAt } = this.#proof.head;
    const [first, last] = [checkpoints[0], checkpoints.at(-1)];
    if (!first || !last) return;
    const until = Math.min(end, exportedAt - UNSIGNED_US);
    if (last.to < until) this.#find('period', `what the gateway did after ${timeText(last.to)} is not signed here`);
    if (first.from > start && first.break === null) {
      this.#find('period', `what the gateway did before ${timeText(first.from)} is not signed here`);
    }
  }

  /** The samples of the tag in blocks that are proved; those of others are told. */
  #signedRows(decoded: readonly { readonly place: string; readonly block: SampleBlock }[]): ProofRow[] {
    const { tag, start, end } = this.#proof.head;
    const rows: ProofRow[] = [];
    for (const { place, block } of decoded) {
      const proof = this.#proofOf.get(place);
      if (proof === undefined) this.#find('block', `no checkpoint names block ${place}: it is not signed`);
      else if (proof === 'unproved') this.#find('block', `block ${place} cannot be proved: one beside it is missing`);
      if (proof !== 'proved') continue;
      for (let row = 0; row < block.count; row++) {
        const time = block.times[row];
        if (block.tags[row] !== tag.number || time < start || time >= end) continue;
        rows.push([time, writeValue(sampleValue(block, row)), block.statuses[row]]);
      }
    }
    return rows;
  }
}

function sampleValue(block: SampleBlock, row: number): number | string | null {
  if (block.kinds[row] === ValueKind.none) return null;
  return block.kinds[row] === ValueKind.string ? block.strings[block.values[row]] : block.values[row];
}

function goneIn(checkpoints: readonly Checkpoint[]): { expired: number; damaged: number } {
  let [expired, damaged] = [0, 0];
  for (const { change } of checkpoints) {
    expired += Math.max(0, change.expired);
    damaged += Math.max(0, change.damaged);
  }
  return { expired, damaged };
}

function placeOf({ epoch, sequence }: BlockPosition): string {
  return `${epoch}/${sequence}`;
}
