/** Opens the spools of a gateway: one for each lane, with one budget and one key for all of them. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { LANES, type Lane, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import type { DataDirectory } from '@tidegate/edge/configuration/dataDirectory.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import type { DurableListener } from '@tidegate/edge/spool/durableBlock.ts';
import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { SpoolBudget } from '@tidegate/edge/spool/spoolBudget.ts';
import { readSpoolEncryption } from '@tidegate/edge/spool/spoolEncryption.ts';
import { openSpoolInstance } from '@tidegate/edge/spool/spoolInstance.ts';
import { SpoolReserve } from '@tidegate/edge/spool/spoolReserve.ts';

export interface SpoolPorts {
  readonly clock: Clock;
  readonly events: EventSink;
  /** Who is told of the blocks of a lane. */
  readonly listener: (lane: Lane) => DurableListener | undefined;
}

const MAX_RESERVE_BYTES = 4 * 1024 * 1024;
/** Of the size of the spool. */
const RESERVE_SHARE = 1 / 64;

/** Faults, after which nothing is left open: `spool.*` and those of the journal. */
export async function openSpools(
  directory: DataDirectory,
  { gateway, spool, lanes }: GatewayConfig,
  { clock, events, listener }: SpoolPorts,
): Promise<Result<PerLane<LaneSpool>>> {
  const { maxBytes, encrypt, keyFile } = spool;
  const encryption = await readSpoolEncryption({ encrypt, keyFile, ownKeyFile: directory.spoolKey });
  if (!encryption.ok) return encryption;
  const instance = await openSpoolInstance(directory.spoolInstance);
  if (!instance.ok) return instance;
  const reserve = new SpoolReserve(directory.spoolReserve, Math.min(MAX_RESERVE_BYTES, maxBytes * RESERVE_SHARE));
  await reserve.take();
  const budget = new SpoolBudget({ maxBytes, clock, reserve });
  const opened = new Map<Lane, LaneSpool>();
  for (const lane of LANES) {
    const { maxDelayMs } = lanes[lane];
    const place = {
      gateway,
      lane,
      instance: instance.value,
      directory: directory.spool(lane),
      onDurable: listener(lane),
    };
    const result = await LaneSpool.open({ ...place, budget, encryption: encryption.value, maxDelayMs, clock, events });
    if (!result.ok) {
      await Promise.all([...opened.values()].map((each) => each.close()));
      return result;
    }
    opened.set(lane, result.value);
  }
  return success(perLane((lane) => opened.get(lane) as LaneSpool));
}
