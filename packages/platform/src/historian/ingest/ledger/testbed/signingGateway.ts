/** A gateway that exists in a test only: it seals blocks of two lanes and signs for them, as the real one does. */

import { createPrivateKey, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { BlockChain } from '@tidegate/core/ledger/blockChain.ts';
import { type Checkpoint, checkpointDigest, signCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import { LEDGER_SIGNALS, ledgerTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import { EMPTY_TALLY, TALLY_FIELDS, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { certificatesIn, fingerprintOf, sha256 } from '../gatewayCertificate.ts';
import { NORTH } from './testCertificates.ts';

/** Within the time for which the certificates hold. */
export const JULY = (Date.UTC(2026, 6, 1) * 1_000) as Timestamp;
export const MINUTE_US = 60_000_000;

const LEDGER_TAGS = { operational: 100, analytical: 101, audit: 102, certificate: 103 } as const;
const PLANT_TAG = 7;

export interface SealedBlock {
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
}

interface LaneState {
  epoch: number;
  sequence: number;
  tally: Tally;
  signed: Tally;
  readonly chain: BlockChain;
  samples: number;
  number: number;
  previous: Uint8Array | null;
  from: Timestamp;
}

export type Row = readonly [time: number, value: SampleValue, status?: number];

export class SigningGateway {
  readonly gateway = 'north';
  readonly #encoder = new BlockEncoder(crc32);
  readonly #lanes = new Map<Lane, LaneState>();
  readonly #key: string;
  readonly certificate: string;
  now = JULY;

  constructor({ key, certificate } = NORTH) {
    this.#key = key;
    this.certificate = certificate;
  }

  definitions(): TagDefinition[] {
    const shape = { unit: '', description: '', stepped: true, aliases: [] } as const;
    const own = LEDGER_SIGNALS.map((signal) => {
      const path = ledgerTagPath(this.gateway, signal);
      return { ...shape, number: LEDGER_TAGS[signal], id: path, path, type: 'string', lane: 'audit' } as const;
    });
    const path = 'acme/pump/flow';
    return [...own, { ...shape, number: PLANT_TAG, id: path, path, type: 'number', lane: 'operational', unit: 'm3/h' }];
  }

  /** Readings of the plant's tag. */
  seal(...rows: readonly Row[]): SealedBlock {
    const block = new SampleBlockBuilder();
    for (const [time, value, status = 0] of rows) block.push(PLANT_TAG, time, value, status);
    return this.#seal('operational', block);
  }

  /** Texts in tags of the ledger. */
  sealTexts(...texts: readonly (readonly [tag: keyof typeof LEDGER_TAGS, text: string])[]): SealedBlock {
    const block = new SampleBlockBuilder();
    for (const [tag, text] of texts) block.pushString(LEDGER_TAGS[tag], this.now, text, 0);
    return this.#seal('audit', block);
  }

  /** So many samples of the operational lane have expired at the gateway. */
  expire(samples: number): void {
    const lane = this.#lane('operational');
    lane.tally = { ...lane.tally, expired: lane.tally.expired + samples };
  }

  tally(): Tally {
    return this.#lane('operational').tally;
  }

  /** Signs for the lane, a minute later; `change` makes it say what is not so. */
  sign(lane: Lane = 'operational', change: (checkpoint: Checkpoint) => Checkpoint = (same) => same): string {
    const state = this.#lane(lane);
    this.now = (this.now + MINUTE_US) as Timestamp;
    const { number, previous, from, samples, tally: total } = state;
    const difference = TALLY_FIELDS.map((field) => [field, total[field] - state.signed[field]]);
    const checkpoint: Checkpoint = {
      ...{ gateway: this.gateway, lane, number, from, to: this.now, chain: state.chain.take(), samples, total },
      ...{ change: Object.fromEntries(difference) as unknown as Tally, sent: total.accepted, waiting: 0, oldest: null },
      ...{ previous, break: number === 0 ? { reason: 'first', after: null } : null },
      ...{ policy: null, configuration: null, certificate: fingerprintOf(certificatesIn(this.certificate)[0]) },
    };
    const text = signCheckpoint(change(checkpoint), (bytes) => sign(null, bytes, createPrivateKey(this.#key)));
    Object.assign(state, { number: number + 1, previous: checkpointDigest(text, sha256), from: this.now });
    Object.assign(state, { samples: 0, signed: total });
    return text;
  }

  #seal(lane: Lane, block: SampleBlockBuilder): SealedBlock {
    const state = this.#lane(lane);
    const accepted = state.tally.accepted + block.count;
    state.tally = { ...state.tally, read: accepted, accepted };
    this.now = (this.now + 1_000) as Timestamp;
    const { epoch, tally } = state;
    const header = { gateway: this.gateway, lane, epoch, sequence: state.sequence++, sealedAt: this.now, tally };
    const bytes = this.#encoder.encode(header, block);
    state.chain.add(header, sha256(bytes));
    state.samples += block.count;
    return { header: { ...header, count: block.count }, bytes };
  }

  #lane(lane: Lane): LaneState {
    const state = this.#lanes.get(lane) ?? {
      ...{ epoch: 1, sequence: 0, tally: EMPTY_TALLY, signed: EMPTY_TALLY, chain: new BlockChain(sha256) },
      ...{ samples: 0, number: 0, previous: null, from: this.now },
    };
    this.#lanes.set(lane, state);
    return state;
  }
}

export async function deliver(sink: BlockSink, ...blocks: readonly SealedBlock[]): Promise<void> {
  for (const { header, bytes } of blocks) {
    const done = await sink.append(header, bytes);
    if (!done.ok) throw new Error(`${done.fault.code}: ${done.fault.detail}`);
  }
}
