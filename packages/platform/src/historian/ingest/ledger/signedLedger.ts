/**
 * The receiving half of the signed ledger: takes in the digest of every block and every checkpoint, and says of each minute
 * of each lane whether the server holds what the gateway signed.
 *
 * Invariants:
 * - A block counts as held when its record is durable in the log, under the digest of the bytes as they came.
 * - Before the log lets go of a record, its digest is durable in the database, or a checkpoint that names it is settled.
 */

import type { X509Certificate } from 'node:crypto';
import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import {
  type Checkpoint,
  checkpointDigest,
  decodeCheckpoint,
  type SignedCheckpoint,
} from '@tidegate/core/ledger/checkpoint.ts';
import type { LedgerSignal } from '@tidegate/core/ledger/ledgerTag.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { StreamLedger } from '../streamLedger.ts';
import type {
  CheckpointPlace,
  CheckpointRange,
  CheckpointStore,
  StoredCheckpoint,
  UnsignedBlock,
} from './checkpointStore.ts';
import { certificateDefect, certificatesIn, fingerprintOf, isSignedBy, sha256 } from './gatewayCertificate.ts';
import { judgeCheckpoint } from './judgeCheckpoint.ts';

export interface SignedLedgerOptions {
  readonly store: CheckpointStore;
  /** The accounts of the streams as they are now. */
  readonly ledgers: () => readonly StreamLedger[];
  /** PEM text of the authorities that gateways have their certificates from; without it nothing is settled. */
  readonly authorities: () => string | undefined;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Blocks of one stream that wait for a checkpoint; of a gateway that signs nothing the oldest are forgotten. */
const MAX_UNSIGNED = 65_536;
const MAX_SETTLED_AT_ONCE = 200;
/** How long one review may look at what waits, all gateways together: each has its share, and at least one turn. */
const MAX_SETTLING_MS = 50;
const CERTIFICATE_DELAY_US = 60 * US_PER_S;

export class SignedLedger {
  readonly #options: SignedLedgerOptions;
  /** By stream, then by position. */
  readonly #unsigned = new Map<string, Map<string, UnsignedBlock>>();
  #arrived: { readonly gateway: string; readonly signal: LedgerSignal; readonly text: string }[] = [];
  /** Up to where the checkpoints of each gateway have been looked at. */
  readonly #settledTo = new Map<string, CheckpointPlace>();
  #cancelReview: () => void = () => undefined;

  constructor(options: SignedLedgerOptions) {
    this.#options = options;
    for (const block of options.store.unsignedBlocks()) this.#blocksOf(block).set(placeOf(block), block);
  }

  /** Takes in a block that is durable in the log, of whose samples `stored` went into the archive. */
  take(header: BlockHeader, bytes: Uint8Array, stored: number): void {
    const { gateway, lane, epoch, sequence, count: samples } = header;
    const blocks = this.#blocksOf(header);
    const place = placeOf(header);
    if (!blocks.has(place))
      blocks.set(place, { gateway, lane, epoch, sequence, digest: sha256(bytes), samples, stored });
    if (blocks.size > MAX_UNSIGNED) blocks.delete(blocks.keys().next().value!);
  }

  /** Takes in a block that the log held already when it was opened: what has been settled is not taken up again. */
  retake(header: BlockHeader, bytes: Uint8Array): void {
    const isSettled = this.covering(header, header).some(({ verdict }) => verdict !== 'waiting');
    if (!isSettled) this.take(header, bytes, header.count);
  }

  /** Takes in a sample of one of the tags of the ledger. */
  takeText(gateway: string, signal: LedgerSignal, text: string): void {
    this.#arrived.push({ gateway, signal, text });
  }

  /** Judges what has come, and what was waited for. Errors of the database are left to the next time. */
  review(): void {
    const arrived = this.#arrived;
    const { store } = this.#options;
    const done = store.transact(() => {
      for (const { gateway, signal, text } of arrived) this.#enter(gateway, signal, text);
      this.#settleSome();
    });
    if (done.ok) this.#arrived = this.#arrived.slice(arrived.length);
  }

  /** Makes durable what the log will let go of. */
  persist(): void {
    this.review();
    const { store } = this.#options;
    store.transact(() => store.replaceUnsigned([...this.#unsigned.values()].flatMap((blocks) => [...blocks.values()])));
  }

  /** Reviews every `intervalMs`, until `close`. */
  start(intervalMs: number): void {
    this.#cancelReview = this.#options.clock.after(intervalMs, () => {
      this.review();
      this.start(intervalMs);
    });
  }

  close(): void {
    this.#cancelReview();
    this.persist();
  }

  /** The latest first. */
  checkpoints(range: CheckpointRange): StoredCheckpoint[] {
    return this.#options.store.range(range);
  }

  /** Those that name the block, or more than one where a gateway has signed twice. */
  covering(stream: StreamName, position: BlockPosition): StoredCheckpoint[] {
    const { store } = this.#options;
    return store.covering(stream, position).flatMap((number) => store.at(stream, number));
  }

  certificate(fingerprint: string): string | undefined {
    return this.#options.store.certificate(fingerprint);
  }

  #enter(gateway: string, signal: LedgerSignal, text: string): void {
    const { store } = this.#options;
    if (signal === 'certificate') {
      const [certificate] = certificatesIn(text);
      if (certificate) store.putCertificate(fingerprintOf(certificate), gateway, text);
      return;
    }
    const decoded = decodeCheckpoint(text);
    if (!decoded.ok) {
      this.#report(gateway, signal, decoded.fault.detail);
      return;
    }
    const { checkpoint } = decoded.value;
    if (checkpoint.gateway !== gateway || checkpoint.lane !== signal) {
      const claimed = `${checkpoint.gateway}, ${checkpoint.lane}`;
      this.#report(gateway, signal, `a checkpoint of ${claimed} came in its name`);
      return;
    }
    const digest = checkpointDigest(text, sha256);
    const { number, from, to, lane, chain } = checkpoint;
    if (store.at(checkpoint, number).some((known) => Buffer.compare(known.digest, digest) === 0)) return;
    const open = { verdict: 'waiting', detail: '', holes: [], received: 0, stored: 0 } as const;
    store.put({ gateway, lane, number, digest, from, to, text, ...open });
    for (const run of chain.runs) store.putRun(checkpoint, number, run);
  }

  /**
   * Behind an outage of days there are thousands that wait for their blocks, and each may name many: each time some of them
   * are looked at. Whatever one gateway signs, it takes its own time only.
   */
  #settleSome(): void {
    const authorities = this.#options.authorities();
    if (authorities === undefined) return;
    const gateways = new Set(this.#options.ledgers().map(({ gateway }) => gateway));
    const issuers = certificatesIn(authorities);
    for (const gateway of gateways) this.#settleOf(gateway, issuers, MAX_SETTLING_MS / gateways.size);
  }

  #settleOf(gateway: string, authorities: readonly X509Certificate[], budgetMs: number): void {
    const beganAtMs = performance.now();
    const waiting = this.#options.store.waiting(gateway, this.#settledTo.get(gateway), MAX_SETTLED_AT_ONCE);
    let settled = 0;
    while (settled < waiting.length && (settled === 0 || performance.now() - beganAtMs < budgetMs)) {
      this.#settle(waiting[settled++], authorities);
    }
    if (settled < waiting.length || settled === MAX_SETTLED_AT_ONCE) this.#settledTo.set(gateway, waiting[settled - 1]);
    else this.#settledTo.delete(gateway);
  }

  #settle(stored: StoredCheckpoint, authorities: readonly X509Certificate[]): void {
    const decoded = decodeCheckpoint(stored.text);
    if (!decoded.ok) return;
    const { checkpoint } = decoded.value;
    const pem = this.#options.store.certificate(checkpoint.certificate);
    if (pem === undefined && !this.#isOverdue(stored)) return;
    const blocks = this.#blocksOf(stored);
    const judged = judgeCheckpoint(decoded.value, {
      ...this.#neighbours(stored),
      signatureDefect: signatureDefect(decoded.value, pem, authorities),
      blockAt: (position) => blocks.get(placeOf(position)),
      ledger: this.#ledgerOf(stored),
      auditLedger: this.#ledgerOf({ gateway: stored.gateway, lane: 'audit' }),
    });
    const isNews =
      judged.verdict !== 'waiting' || judged.received !== stored.received || judged.detail !== stored.detail;
    if (isNews) this.#options.store.put({ ...stored, ...judged });
    if (judged.verdict === 'waiting') return;
    if (judged.verdict === 'broken')
      this.#report(stored.gateway, stored.lane, `checkpoint ${stored.number}: ${judged.detail}`);
    forEachBlock(checkpoint, (position) => blocks.delete(placeOf(position)));
  }

  #neighbours(stored: StoredCheckpoint) {
    const { store } = this.#options;
    const earlier = store.at(stored, stored.number - 1);
    const { previous } = (decodeCheckpoint(stored.text) as { value: SignedCheckpoint }).value.checkpoint;
    const named = earlier.find(({ digest }) => previous && Buffer.compare(digest, previous) === 0) ?? earlier[0];
    const decoded = named && decodeCheckpoint(named.text);
    const rivals = store.at(stored, stored.number);
    return {
      before: decoded?.ok ? { checkpoint: decoded.value.checkpoint, digest: named.digest } : ('unknown' as const),
      isOldest: !store.hasEarlier(stored),
      isRival: rivals.some(
        ({ verdict, digest }) => verdict !== 'waiting' && Buffer.compare(digest, stored.digest) !== 0,
      ),
    };
  }

  /** The certificate crosses before the first checkpoint that needs it: after a minute it will not come by itself. */
  #isOverdue({ to }: StoredCheckpoint): boolean {
    return this.#options.clock.now() - to > CERTIFICATE_DELAY_US;
  }

  #ledgerOf({ gateway, lane }: StreamName): StreamLedger | undefined {
    return this.#options.ledgers().find((ledger) => ledger.gateway === gateway && ledger.lane === lane);
  }

  #blocksOf({ gateway, lane }: StreamName): Map<string, UnsignedBlock> {
    const key = `${lane}/${gateway}`;
    const blocks = this.#unsigned.get(key) ?? new Map<string, UnsignedBlock>();
    this.#unsigned.set(key, blocks);
    return blocks;
  }

  #report(gateway: string, signal: LedgerSignal, detail: string): void {
    this.#options.events({
      at: this.#options.clock.now(),
      kind: 'ledger.broken',
      source: `${gateway}, ${signal}`,
      detail,
    });
  }
}

function signatureDefect(
  signed: SignedCheckpoint,
  pem: string | undefined,
  authorities: readonly X509Certificate[],
): string | undefined {
  if (pem === undefined) return 'unknown certificate: it has never come';
  const [certificate] = certificatesIn(pem);
  const defect = certificateDefect(certificate, authorities, signed.checkpoint);
  if (defect !== undefined) return `unknown certificate: ${defect}`;
  return isSignedBy(certificate, signed) ? undefined : 'it does not hold';
}

function placeOf({ epoch, sequence }: BlockPosition): string {
  return `${epoch}/${sequence}`;
}

function forEachBlock({ chain }: Checkpoint, visit: (position: BlockPosition) => void): void {
  for (const { epoch, first, count } of chain.runs) {
    for (let sequence = first; sequence < first + count; sequence++) visit({ epoch, sequence });
  }
}
