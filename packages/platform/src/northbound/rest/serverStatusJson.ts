/** The state of the server process, for whoever runs it. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { isSystemPath } from '@tidegate/core/sample/tag.ts';
import type { ServerStatus } from '../contract/serverStatus.ts';
import type { BoundaryCertificate, NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import type { LiveHub } from '../live/liveHub.ts';
import { certificateEnds } from './certificateEnds.ts';
import type { IngestRate } from './ingestRate.ts';

export interface ServedProcess {
  readonly version: string;
  readonly startedAt: Timestamp;
  /** `Clock.elapsedMs` at the same moment, because the wall clock may be set meanwhile. */
  readonly startedMs: number;
}

export async function serverStatusJson(
  served: ServedProcess,
  historian: NorthboundHistorian,
  hub: LiveHub,
  rate: IngestRate,
  clock: Clock,
  certificates: readonly BoundaryCertificate[],
  healthRevision: number | undefined,
): Promise<ServerStatus> {
  const { samples, hotSamples, hotBytes, segments, segmentBytes, logBytes, diskBytes, damage } = historian.statistics();
  const systemTags = historian.tags().filter(({ path }) => isSystemPath(path)).length;
  const freeDiskBytes = await historian.freeDiskBytes();
  return {
    at: clock.now(),
    name: 'tidegate',
    version: served.version,
    startedAt: served.startedAt,
    uptimeS: (clock.elapsedMs() - served.startedMs) / 1_000,
    residentBytes: process.memoryUsage.rss(),
    tags: historian.tags().length - systemTags,
    systemTags,
    liveClients: hub.clientCount,
    certificates: certificateEnds(certificates, historian, clock.now()),
    samplesPerSecond: rate.samplesPerSecond(),
    healthRevision: healthRevision ?? null,
    historian: { samples, hotSamples, hotBytes, segments, segmentBytes, logBytes, diskBytes, freeDiskBytes, damage },
  };
}
