/** A gateway without devices: conditioning, spool and forwarding as in the product, fed by a test or a benchmark. */

import path from 'node:path';
import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { BlockSource } from '@tidegate/core/port/blockSource.ts';
import type { EventSink, PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { LANES, type Lane, perLane } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { Conditioner } from '@tidegate/edge/conditioning/conditioner.ts';
import type { TagRule } from '@tidegate/edge/conditioning/tagRule.ts';
import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { SpoolBudget } from '@tidegate/edge/spool/spoolBudget.ts';
import { openSpoolInstance } from '@tidegate/edge/spool/spoolInstance.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { type RunningForwarder, startForwarder } from '@tidegate/oneway/forward/forwarder.ts';
import { readIdentity } from '@tidegate/process/identity/identity.ts';

export interface PipelineOptions {
  readonly gateway: string;
  readonly directory: string;
  /** Name or address of the server, whose certificate is made out to `localhost`; this machine where absent. */
  readonly serverHost?: string;
  readonly serverPort: number;
  /** Where `key.pem`, `cert.pem` and `ca.pem` of the gateway lie. */
  readonly certificates: string;
  readonly rules: readonly TagRule[];
  readonly events: EventSink;
  readonly clock?: Clock;
  readonly ackTimeoutMs?: number;
  readonly spoolBytes?: number;
}

export interface GatewayPipeline {
  readonly conditioner: Conditioner;
  readonly spools: Readonly<Record<Lane, LaneSpool>>;
  readonly forwarders: readonly RunningForwarder[];
}

const SPOOL_BYTES = 1024 * 1024 * 1024;

/** A pipeline that forwards nothing until it is told to. */
export interface IdlePipeline extends Omit<GatewayPipeline, 'forwarders'> {
  /** Starts to forward each lane from what `sourceOf` makes of its spool. */
  forward(sourceOf?: (spool: LaneSpool) => BlockSource): readonly RunningForwarder[];
}

export async function startPipeline(options: PipelineOptions): Promise<GatewayPipeline> {
  const { forward, ...pipeline } = await openPipeline(options);
  return { ...pipeline, forwarders: forward() };
}

export async function openPipeline(options: PipelineOptions): Promise<IdlePipeline> {
  const { gateway, directory, certificates, rules, events } = options;
  const { spoolBytes = SPOOL_BYTES, clock = systemClock, serverHost = '127.0.0.1' } = options;
  const identity = orThrow(await readIdentity(certificates, 'gateway.certificates'));
  await makeDirectory(directory);
  const instance = orThrow(await openSpoolInstance(path.join(directory, 'instance')));
  const budget = new SpoolBudget({ maxBytes: spoolBytes, clock });
  const openLane = async (lane: Lane) =>
    orThrow(
      await LaneSpool.open({
        gateway,
        lane,
        instance,
        directory: path.join(directory, lane),
        budget,
        clock,
        events,
      }),
    );
  const opened = await Promise.all(LANES.map(openLane));
  const spools = perLane((lane) => opened[LANES.indexOf(lane)]);
  const tags = rules.map(definitionOf);
  const server = { host: serverHost, port: options.serverPort, serverName: 'localhost' };
  const timeout = options.ackTimeoutMs === undefined ? {} : { ackTimeoutMs: options.ackTimeoutMs };
  const forward = (sourceOf: (spool: LaneSpool) => BlockSource = (spool) => spool) =>
    LANES.map((lane) =>
      startForwarder({
        source: sourceOf(spools[lane]),
        tags: () => tags,
        server,
        identity: () => identity,
        clock,
        events,
        ...timeout,
      }),
    );
  return { conditioner: new Conditioner(rules, spools), spools, forward };
}

function definitionOf({ number, lane }: TagRule): TagDefinition {
  const id = `rig/tag-${number}`;
  return { number, id, path: id, type: 'number', lane, unit: '', description: '', stepped: false, aliases: [] };
}

/** The value of a result; a fault here means that the rig is set up wrongly. */
export function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

/** Prints events as lines, for the log of a test that fails. */
export function printEvent({ kind, source, detail }: PlantEvent): void {
  process.stderr.write(`${kind} ${source}: ${detail}\n`);
}
