/** Signs for what a gateway has done: a checkpoint of each lane every minute, as a sample in the audit lane. */

import { hash } from 'node:crypto';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { CHECKPOINT_INTERVAL_MS } from '@tidegate/core/ledger/ledgerTag.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { LANES, type Lane, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { Readings } from '../acquisition/readings.ts';
import type { SystemTags } from '../configuration/systemTags.ts';
import type { DurableListener } from '../spool/durableBlock.ts';
import { type AccountedSpool, type CheckpointSigner, LaneCheckpoints, type SignedDigests } from './laneCheckpoints.ts';

export interface LedgerOptions {
  readonly gateway: string;
  /** Holds a note for each lane; made if it is not there. */
  readonly directory: string;
  readonly clock: Clock;
}

export interface LedgerParts {
  readonly sink: SampleSink;
  readonly tags: SystemTags['ledger'];
  readonly spools: PerLane<AccountedSpool & { flush(): Promise<void> }>;
  /** Asked for each checkpoint: certificates are replaced while a gateway runs. `undefined` where there is no key to sign with. */
  readonly signer: () => CheckpointSigner | undefined;
  readonly digests: () => SignedDigests;
}

const LOOK_MS = 1_000;
const INTERVAL_US = CHECKPOINT_INTERVAL_MS * US_PER_MS;

/** SHA-256 of a text or of bytes, 32 bytes. */
export function sha256(data: Uint8Array | string): Uint8Array {
  return hash('sha256', data, 'buffer');
}

export class LedgerCheckpoints {
  readonly #clock: Clock;
  readonly #lanes: PerLane<LaneCheckpoints>;
  #certificate: string | undefined;

  private constructor(clock: Clock, lanes: PerLane<LaneCheckpoints>) {
    this.#clock = clock;
    this.#lanes = lanes;
  }

  /** Opened before the spools, which tell it of their blocks. */
  static async open(options: LedgerOptions): Promise<LedgerCheckpoints> {
    const open = (lane: Lane) => LaneCheckpoints.open({ ...options, lane, hash: sha256 });
    const [operational, analytical, audit] = await Promise.all(LANES.map(open));
    return new LedgerCheckpoints(options.clock, { operational, analytical, audit });
  }

  /** What the spool of the lane tells of its blocks. */
  listener(lane: Lane): DurableListener {
    return this.#lanes[lane].take;
  }

  /** Signs until `signal` aborts; a worker for `supervise`. */
  async run(parts: LedgerParts, signal: AbortSignal): Promise<void> {
    for (const lane of LANES) this.#lanes[lane].settle(parts.spools[lane].head());
    const readings = new Readings(parts.sink);
    this.#repeatUnspooled(parts, readings);
    // Blocks that an earlier life had no time to sign for must be signed for before they are delivered and let go of.
    for (const lane of LANES) await this.#write(lane, parts, readings);
    while (!signal.aborted) {
      const now = this.#clock.now();
      for (const lane of LANES) {
        if (this.#lanes[lane].isDue(now, INTERVAL_US)) await this.#write(lane, parts, readings);
      }
      await delay(this.#clock, LOOK_MS, signal);
    }
  }

  /**
   * Signs for everything that there is; called when nothing more comes. What says so goes into the audit lane, whose own last
   * blocks are signed for by the next life of the gateway.
   */
  async finish(parts: LedgerParts): Promise<void> {
    const readings = new Readings(parts.sink);
    const flushAll = () => Promise.all(LANES.map((lane) => parts.spools[lane].flush()));
    await flushAll();
    const made = perLane((lane) => this.#write(lane, parts, readings));
    await Promise.all(LANES.map((lane) => made[lane]));
    await flushAll();
    for (const lane of LANES) {
      const last = await made[lane];
      if (last) await this.#lanes[lane].noteSpooled(last);
    }
  }

  async #write(lane: Lane, parts: LedgerParts, readings: Readings) {
    const signer = parts.signer();
    if (!signer) return undefined;
    this.#writeCertificate(signer, parts, readings);
    const made = await this.#lanes[lane].make(parts.spools[lane], signer, parts.digests());
    readings.text(parts.tags[lane], made.to, made.text, STATUS.Good);
    readings.flush();
    return made;
  }

  #writeCertificate({ certificate }: CheckpointSigner, { tags }: LedgerParts, readings: Readings): void {
    if (certificate === this.#certificate) return;
    this.#certificate = certificate;
    readings.text(tags.certificate, this.#clock.now(), certificate, STATUS.Good);
  }

  /** A server that has it already finds the same text once more. */
  #repeatUnspooled({ tags }: LedgerParts, readings: Readings): void {
    for (const lane of LANES) {
      const made = this.#lanes[lane].takeUnspooled();
      if (made) readings.text(tags[lane], made.to as Timestamp, made.text, STATUS.Good);
    }
    readings.flush();
  }
}
