/**
 * The sending end of the diode bench, in a process of its own: prepared blocks of plant values, sent again and again under
 * new sequences until there are enough. What the link is to lose is lost where the kernel is asked to send it, so that
 * nothing else on the machine has to do with it.
 *
 * Arguments: one JSON object, `DiodeSenderOptions`. To the parent: `{ kind: 'ready' }`; then, after `{ kind: 'go' }` has
 * come, `DiodeSenderResult`.
 */

import { createHash } from 'node:crypto';
import { Socket } from 'node:dgram';
import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { BlockSource, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import { startDiodeForwarder } from '@tidegate/oneway/forward/diode/diodeForwarder.ts';
import { keyOf } from '@tidegate/oneway/testbed/diodeBoundary.ts';
import { burstLoss, type LinkFault, randomLoss } from '@tidegate/oneway/testbed/diodeLink.ts';
import { PlantValues } from '../spine/plantValues.ts';

export interface DiodeSenderOptions {
  readonly port: number;
  readonly secret: string;
  readonly blocks: number;
  readonly bytesPerSecond: number;
  readonly k: number;
  readonly m: number;
  readonly interleave: number;
  readonly loss?:
    | { readonly kind: 'random'; readonly part: number }
    | { readonly kind: 'burst'; readonly count: number };
}

export interface DiodeSenderResult {
  readonly kind: 'done';
  readonly bytes: number;
  readonly datagrams: number;
  readonly lost: number;
  /** Processor time of this process for each second that the sending took. */
  readonly cpu: number;
}

const BLOCK_SAMPLES = 4_000;
const TAGS = 10_000;
const SCAN_MS = 1_000;
const PREPARED_BLOCKS = 64;
const BURST_FROM = 2_000;
const GATEWAY = 'north';

/** Encodes blocks as they are read: what is sent is as long as real blocks are, and no two are the same. */
class RepeatedBlocks implements BlockSource {
  readonly gateway = GATEWAY;
  readonly lane = 'analytical';
  readonly instance = 'b0'.repeat(16);
  readonly #count: number;
  readonly #batches: ReturnType<PlantValues['batch']>[];
  readonly #encoder = new BlockEncoder(crc32);
  #read = 0;
  #acknowledged = -1;
  bytes = 0;

  constructor(count: number) {
    const plant = new PlantValues(TAGS, SCAN_MS);
    this.#count = count;
    this.#batches = Array.from({ length: PREPARED_BLOCKS }, () => plant.batch(BLOCK_SAMPLES, 1_700_000_000_000_000));
  }

  async read(after: BlockPosition | undefined, maxBytes: number, before?: BlockPosition) {
    const blocks: SpooledBlock[] = [];
    if (before) return blocks;
    let sequence = (after?.sequence ?? -1) + 1;
    for (let bytes = 0; sequence < this.#count && bytes < maxBytes; sequence++) {
      if (sequence <= this.#acknowledged) continue;
      const block = this.#block(sequence);
      bytes += block.bytes.length;
      blocks.push(block);
    }
    return blocks;
  }

  async wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void> {
    if ((after?.sequence ?? -1) + 1 < this.#count || signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  acknowledge(_first: BlockPosition, last: BlockPosition): void {
    this.#acknowledged = last.sequence;
  }

  beginRun(): BlockPosition {
    return { epoch: 1, sequence: 0 };
  }

  oldest(): BlockPosition | undefined {
    const sequence = this.#acknowledged + 1;
    return sequence < this.#count ? { epoch: 1, sequence } : undefined;
  }

  head(): BlockPosition {
    return { epoch: 1, sequence: this.#count - 1 };
  }

  depth() {
    return { blocks: this.#count - 1 - this.#acknowledged, samples: 0, bytes: 0 };
  }

  tally(): Tally {
    const accepted = this.#read * BLOCK_SAMPLES;
    return { ...EMPTY_TALLY, read: accepted, accepted };
  }

  #block(sequence: number): SpooledBlock {
    const { gateway, lane } = this;
    const fresh = sequence >= this.#read;
    this.#read = Math.max(this.#read, sequence + 1);
    const accepted = (sequence + 1) * BLOCK_SAMPLES;
    const tally = { ...EMPTY_TALLY, read: accepted, accepted };
    const header = { gateway, lane, epoch: 1, sequence, sealedAt: 0 as Timestamp, tally } as const;
    const bytes = this.#encoder.encode(header, this.#batches[sequence % PREPARED_BLOCKS]);
    if (fresh) this.bytes += bytes.length;
    return { epoch: 1, sequence, bytes };
  }
}

let lost = 0;

/** From now on the sockets of this process lose what `fault` does not let pass. */
function loseDatagrams(fault: LinkFault): void {
  const send = Socket.prototype.send as (this: Socket, ...sent: unknown[]) => void;
  Socket.prototype.send = function sendOrLose(this: Socket, ...sent: unknown[]) {
    const [header] = sent[0] as Uint8Array[];
    if (fault(header).length === 0) lost++;
    else send.apply(this, sent);
  };
}

async function main(options: DiodeSenderOptions): Promise<void> {
  const source = new RepeatedBlocks(options.blocks);
  const { loss } = options;
  if (loss) loseDatagrams(loss.kind === 'random' ? randomLoss(loss.part, 1) : burstLoss(BURST_FROM, loss.count));
  process.send?.({ kind: 'ready' });
  await once(process, 'message');
  const began = { ms: performance.now(), cpu: process.cpuUsage() };
  const forwarder = await startDiodeForwarder({
    ...{ sources: [source], tags: () => [], target: { host: '127.0.0.1', port: options.port } },
    ...{ key: keyOf(Buffer.from(options.secret, 'hex')), session: Date.now() * 1_000, clock: systemClock },
    configurationDigest: () => createHash('sha256').digest(),
    events: () => {},
    ...{ bytesPerSecond: options.bytesPerSecond, k: options.k, m: options.m, interleave: options.interleave },
  });
  if (!forwarder.ok) throw new Error(forwarder.fault.detail);
  await forwarder.value.drained();
  const { user, system } = process.cpuUsage(began.cpu);
  const cpu = (user + system) / 1_000 / (performance.now() - began.ms);
  const [{ datagrams }] = forwarder.value.status().lanes;
  // The receiver says when it has all: until then heartbeats go on.
  await once(process, 'message');
  await forwarder.value.stop();
  process.send?.({ kind: 'done', bytes: source.bytes, datagrams, lost, cpu } satisfies DiodeSenderResult);
  process.disconnect?.();
}

await main(JSON.parse(process.argv[2]));
