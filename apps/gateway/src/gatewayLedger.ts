/** How a gateway accounts for itself in its own data: what it has to report, and what it signs for. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import type { Lane, PerLane } from '@tidegate/core/sample/lane.ts';
import type { DataDirectory } from '@tidegate/edge/configuration/dataDirectory.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import type { SystemTags } from '@tidegate/edge/configuration/systemTags.ts';
import type { DurableListener } from '@tidegate/edge/spool/durableBlock.ts';
import type { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { GatewayEvents } from '@tidegate/edge/supervision/gatewayEvents.ts';
import type { CheckpointSigner, SignedDigests } from '@tidegate/edge/supervision/laneCheckpoints.ts';
import { LedgerCheckpoints, type LedgerParts, sha256 } from '@tidegate/edge/supervision/ledgerCheckpoints.ts';
import { type Supervised, supervise } from '@tidegate/edge/supervision/supervise.ts';
import type { Identity } from '@tidegate/process/identity/identity.ts';
import { signerOf } from '@tidegate/process/identity/signer.ts';

export interface LedgerPorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

export interface LedgerSurroundings {
  readonly sink: SampleSink;
  readonly tags: SystemTags;
  readonly spools: PerLane<LaneSpool>;
  /** As it is now: it is replaced while the gateway runs. */
  readonly identity: () => Identity;
}

/** Opened in three steps, because events come before there is a data directory, and blocks before there is a sink. */
export class GatewayLedger {
  readonly #ports: LedgerPorts;
  readonly #config: GatewayConfig;
  readonly #own: GatewayEvents;
  #checkpoints: LedgerCheckpoints | undefined;
  #parts: LedgerParts | undefined;
  #worker: Supervised | undefined;

  constructor(config: GatewayConfig, ports: LedgerPorts) {
    this.#config = config;
    this.#ports = ports;
    this.#own = new GatewayEvents(ports.clock);
  }

  /** Where everything of this gateway reports to. */
  readonly events: EventSink = (event) => {
    this.#ports.events(event);
    this.#own.record(event);
  };

  /** Before the spools are opened. */
  async open(directory: DataDirectory): Promise<void> {
    const { gateway } = this.#config;
    this.#checkpoints = await LedgerCheckpoints.open({
      gateway,
      directory: directory.ledger,
      clock: this.#ports.clock,
    });
  }

  /** What the spool of the lane tells of its blocks. */
  readonly listener = (lane: Lane): DurableListener | undefined => this.#checkpoints?.listener(lane);

  start({ sink, tags, spools, identity }: LedgerSurroundings): void {
    const { clock } = this.#ports;
    this.#own.attach(sink, tags.events);
    const digests = digestsOf(this.#config);
    const parts = { sink, tags: tags.ledger, spools, signer: rememberSigner(identity), digests: () => digests };
    this.#parts = parts;
    const checkpoints = this.#checkpoints;
    if (!checkpoints) return;
    const work = (signal: AbortSignal) => checkpoints.run(parts, signal);
    this.#worker = supervise('ledger', work, { clock, events: this.events });
  }

  /** Signs for everything that there is, when no more readings come. */
  async finish(): Promise<void> {
    await this.#worker?.stop();
    this.#own.flush();
    if (this.#parts) await this.#checkpoints?.finish(this.#parts).catch(this.#reportUnnoted);
  }

  /** From now on there is no spool for events to go to. */
  close(): void {
    this.#own.detach();
  }

  /** What could not be noted is signed for by the next life of the gateway. */
  readonly #reportUnnoted = (error: NodeJS.ErrnoException): void => {
    if (error.code === undefined) throw error;
    const detail = `the last checkpoint could not be noted: ${error.message}`;
    this.events({ at: this.#ports.clock.now(), kind: 'worker.crashed', source: 'ledger', detail });
  };
}

/** `signerOf` reads key and certificate anew each time: it is asked once for each identity. */
function rememberSigner(identity: () => Identity): () => CheckpointSigner | undefined {
  let of: Identity | undefined;
  let signer: CheckpointSigner | undefined;
  return () => {
    const now = identity();
    if (now !== of) {
      of = now;
      const made = signerOf(now);
      signer = made.ok ? made.value : undefined;
    }
    return signer;
  };
}

function digestsOf({ policy, ...configuration }: GatewayConfig): SignedDigests {
  return {
    policy: policy?.digest ?? null,
    configuration: Buffer.from(sha256(JSON.stringify(configuration))).toString('hex'),
  };
}
