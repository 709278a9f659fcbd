/**
 * What signing and the ledger cost at both ends, as a part of one processor at 5 million values a second: the time that the
 * blocks of a plant take in the accounts.
 */

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { LaneCheckpoints } from '@tidegate/edge/supervision/laneCheckpoints.ts';
import { sha256 } from '@tidegate/edge/supervision/ledgerCheckpoints.ts';
import { CheckpointStore } from '@tidegate/platform/historian/ingest/ledger/checkpointStore.ts';
import { SignedLedger } from '@tidegate/platform/historian/ingest/ledger/signedLedger.ts';
import { MetadataDatabase } from '@tidegate/platform/historian/ingest/metadataDatabase.ts';
import { orThrow } from '../../test/rig/gatewayPipeline.ts';
import { PlantValues } from '../spine/plantValues.ts';

const VALUES_PER_SECOND = 5_000_000;
const BLOCK_SAMPLES = 8_192;
const TAGS = 10_000;
/** A second of the plant. */
const BLOCKS = Math.round(VALUES_PER_SECOND / BLOCK_SAMPLES);
const ROUNDS = 15;

export interface LedgerCost {
  readonly gatewayPercent: number;
  readonly serverPercent: number;
  /** To make a checkpoint, and to judge one, with a second's blocks in it; there is one a minute. */
  readonly checkpointMs: number;
  readonly judgingMs: number;
}

interface Sealed {
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
}

function seal(plant: PlantValues, round: number): Sealed[] {
  const encoder = new BlockEncoder(crc32);
  return Array.from({ length: BLOCKS }, (_, at) => {
    const accepted = at * BLOCK_SAMPLES;
    const header: Omit<BlockHeader, 'count'> = {
      gateway: 'bench',
      lane: 'analytical',
      epoch: round + 1,
      sequence: at,
      sealedAt: systemClock.now(),
      tally: { ...EMPTY_TALLY, read: accepted, accepted },
    };
    return {
      header: { ...header, count: BLOCK_SAMPLES },
      bytes: encoder.encode(header, plant.batch(BLOCK_SAMPLES, 1)),
    };
  });
}

/** The median of milliseconds of processor time. */
function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Takes some seconds. */
export async function measureLedgerCost(): Promise<LedgerCost> {
  const plant = new PlantValues(TAGS, 1_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-ledger-cost-'));
  const times = {
    gateway: [] as number[],
    server: [] as number[],
    checkpoint: [] as number[],
    judging: [] as number[],
  };
  const { checkpoints, signer } = await openGatewayEnd(directory);
  const { ledger, database } = openServerEnd(directory);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const sealed = seal(plant, round);
      times.gateway.push(
        processorMs(() => {
          for (const block of sealed) checkpoints.take(block.header, block.bytes);
        }),
      );
      times.server.push(
        processorMs(() => {
          for (const block of sealed) ledger.take(block.header, block.bytes, BLOCK_SAMPLES);
        }),
      );
      const before = process.cpuUsage();
      const { text } = await checkpoints.make(IDLE_SPOOL, signer, { policy: null, configuration: null });
      const { user, system } = process.cpuUsage(before);
      times.checkpoint.push((user + system) / 1_000);
      ledger.takeText('bench', 'analytical', text);
      times.judging.push(processorMs(() => ledger.review()));
    }
  } finally {
    database.close();
    rmSync(directory, { recursive: true });
  }
  return {
    gatewayPercent: percent(median(times.gateway)),
    serverPercent: percent(median(times.server)),
    checkpointMs: median(times.checkpoint),
    judgingMs: median(times.judging),
  };
}

const IDLE_SPOOL = {
  tally: () => EMPTY_TALLY,
  depth: () => ({ blocks: 0, samples: 0, bytes: 0 }),
  head: () => undefined,
};

async function openGatewayEnd(directory: string) {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = {
    ...{ certificate: '', fingerprint: 'ab'.repeat(32) },
    sign: (text: Uint8Array) => sign(null, text, privateKey),
  };
  const lane = { gateway: 'bench', lane: 'analytical', directory: path.join(directory, 'notes') } as const;
  return { signer, checkpoints: await LaneCheckpoints.open({ ...lane, clock: systemClock, hash: sha256 }) };
}

function openServerEnd(directory: string) {
  const database = orThrow(MetadataDatabase.open(path.join(directory, 'metadata.sqlite')));
  const store = new CheckpointStore(database);
  const surroundings = { ledgers: () => [], authorities: () => '', clock: systemClock, events: () => undefined };
  return { database, ledger: new SignedLedger({ store, ...surroundings }) };
}

/** Of one processor, of what a second of the plant takes in milliseconds. */
function percent(ms: number): number {
  return Number((ms / 10).toFixed(2));
}
