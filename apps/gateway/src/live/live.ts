/** What a gateway shows to people on its own machine, with or without a boundary to cross. */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { LiveView } from '@tidegate/core/port/liveView.ts';
import { LANES, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import type { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { type Supervised, supervise } from '@tidegate/edge/supervision/supervise.ts';
import type { AlarmDesk } from '../alarms/alarmDesk.ts';
import type { BoundaryTrend } from './boundaryTrend.ts';
import type { LiveRequest } from './liveRequest.ts';
import { LiveSocket } from './liveSocket.ts';
import type { LiveTags } from './liveTags.ts';

export interface LiveParts {
  readonly config: GatewayConfig;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly trend: BoundaryTrend;
  readonly tags: LiveTags;
  readonly alarms: AlarmDesk;
  readonly spools: PerLane<Pick<LaneSpool, 'diskBytes'>>;
  readonly status: () => GatewayStatus;
}

const LOOK_MS = 1_000;

/** Stopped, it shows nothing any more. */
export function startLive(parts: LiveParts): Supervised {
  return supervise('live view', (signal) => showLive(parts, signal), parts);
}

async function showLive(parts: LiveParts, signal: AbortSignal): Promise<void> {
  const { config, clock, events, trend, status } = parts;
  const opened = await LiveSocket.open(config.dataDirectory, {
    view: (request) => liveView(parts, request),
    alarms: parts.alarms,
  });
  if (!opened.ok) {
    const detail = `there is no live view: ${opened.fault.detail}`;
    events({ at: clock.now(), kind: 'live.unavailable', source: config.gateway, detail });
  }
  try {
    while (!signal.aborted) {
      const { lanes } = status();
      trend.look(perLane((lane) => lanes[lane].connected));
      await delay(clock, LOOK_MS, signal);
    }
  } finally {
    if (opened.ok) await opened.value.close();
  }
}

function liveView({ config, trend, tags, spools, status }: LiveParts, request: LiveRequest): LiveView {
  const { at, gateway, lanes, devices, certificate } = status();
  const { pattern, from, count } = request;
  const usedBytes = LANES.reduce((bytes, lane) => bytes + spools[lane].diskBytes, 0);
  return {
    at,
    gateway,
    startedAt: trend.startedAt,
    lanes: perLane((lane) => ({ ...trend.links[lane], waiting: lanes[lane].depth })),
    spool: trend.spool(usedBytes, config.spool.maxBytes),
    devices,
    certificateDaysLeft: certificate.daysLeft,
    from,
    ...tags.page(pattern, from, count),
  };
}
