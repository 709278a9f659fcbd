/** The doors through which people and programs read the platform: REST, the live stream and the web console. */

import type { AddressInfo } from 'node:net';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { PerLane } from '@tidegate/core/sample/lane.ts';
import type { PolicyWatch } from '@tidegate/policy/policyWatch.ts';
import type { FastifyInstance } from 'fastify';
import platformPackage from '../../package.json' with { type: 'json' };
import { isLoopbackHost, requireLoopback } from '../identity/loopbackRule.ts';
import type { ModelStore } from '../model/assets/modelStore.ts';
import type { TwinEngine } from '../model/twins/engine/twinEngine.ts';
import { DeliveryLatency } from '../monitor/latency/deliveryLatency.ts';
import { DEFAULT_AAS_BASE } from './aas/mapping/aasIds.ts';
import { NO_VALUES, twinValues } from './aas/mapping/attributeValues.ts';
import type { BoundaryConnections, NorthboundHistorian } from './encoding/northboundHistorian.ts';
import { LiveHub } from './live/liveHub.ts';
import { TwinHub } from './live/twinHub.ts';
import type { HealthDoor } from './rest/health/healthDoor.ts';
import { IngestRate } from './rest/ingestRate.ts';
import type { SqlDoor } from './rest/sql/sqlRead.ts';
import { addAasRoutes } from './serve/aasRoutes.ts';
import type { AlarmDoor } from './serve/alarmRoutes.ts';
import { addApiRoutes } from './serve/apiRoutes.ts';
import type { FrameDoor } from './serve/frameRoutes.ts';
import { createHttpServer, type NorthboundLog } from './serve/httpServer.ts';
import { serveWebConsole } from './serve/webConsole.ts';
import type { PlantRows, SeenEvent } from './sql/plantTables.ts';

export interface NorthboundOptions {
  /** A loopback address: until there are users and roles every other is refused. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly historian: NorthboundHistorian;
  /** Where it is absent, a lane counts as connected while its heartbeats come. */
  readonly connections?: BoundaryConnections;
  /** Where it is absent, there is no policy. */
  readonly policy?: Pick<PolicyWatch, 'status'>;
  /** Of gateways and of this server; none where it is absent. */
  readonly recentEvents?: PlantRows<SeenEvent>;
  /** Where it is absent, there are no alarms. */
  readonly alarms?: AlarmDoor;
  /** Where they are absent, there are no event frames and no accounts. */
  readonly frames?: FrameDoor;
  /** Where it is absent, no equipment is watched. */
  readonly health?: HealthDoor;
  /** Where it is absent, SQL is refused. */
  readonly sql?: SqlDoor;
  /** Where it is absent, there is no model of the plant. */
  readonly model?: ModelStore;
  /** What the identifiers of Asset Administration Shells begin with; a change of it makes others of all of them. */
  readonly aasBase?: string;
  /** What reckons twins live; where it is absent, there are none. */
  readonly twins?: TwinEngine;
  /** 99 of 100 samples of a lane should be served within so many milliseconds. */
  readonly latencyObjectivesMs?: PerLane<number>;
  readonly clock: Clock;
  /** The directory of the built console; without it, or where it is not built, only the interface is served. */
  readonly webRoot?: string;
  readonly log: NorthboundLog;
}

export interface RunningNorthbound {
  /** Where the console is, and the interface below it: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends every connection and resolves when the port is free. */
  stop(): Promise<void>;
}

/** What holds where nothing is configured. */
export const LATENCY_OBJECTIVES_MS: PerLane<number> = { operational: 250, analytical: 10_000, audit: 10_000 };

/** Faults: `identity.loopback-only` for a host that others may reach, `northbound.port` where the port cannot be had. */
export async function startNorthbound(options: NorthboundOptions): Promise<Result<RunningNorthbound>> {
  const { host, port, historian, connections, policy, sql, model, alarms, latencyObjectivesMs, clock, webRoot, log } =
    options;
  const { recentEvents: events } = options;
  const allowed = requireLoopback(host);
  if (!allowed.ok) return allowed;
  const server = createHttpServer(webRoot, log);
  const latency = new DeliveryLatency({
    objectivesMs: latencyObjectivesMs ?? LATENCY_OBJECTIVES_MS,
    clock,
    laneOf: (tag) => historian.tag(tag)?.lane ?? 'analytical',
  });
  const stopObserving = historian.subscribe(({ tags, block }) => latency.observe(tags, block));
  const hub = new LiveHub(historian, connections, clock);
  const twins = options.twins && { engine: options.twins, hub: new TwinHub(options.twins, clock) };
  if (twins) model?.addSubscribers(twins.hub);
  const rate = new IngestRate(historian, clock);
  const served = { version: platformPackage.version, startedAt: clock.now(), startedMs: clock.elapsedMs() };
  addApiRoutes(server, {
    historian,
    connections,
    policy,
    sql,
    model,
    twins,
    alarms,
    frames: options.frames,
    health: options.health,
    latency,
    events,
    clock,
    hub,
    rate,
    served,
  });
  const values = options.twins ? twinValues(options.twins) : NO_VALUES;
  addAasRoutes(server, { model, values, base: options.aasBase ?? DEFAULT_AAS_BASE, clock });
  if (webRoot !== undefined && !(await serveWebConsole(server, webRoot))) {
    log.warn(`There is no console in ${webRoot}: only the REST interface is served.`);
  }
  const listening = await listen(server, host, port);
  if (!listening.ok) return listening;
  rate.start();
  return success({
    url: listening.value,
    async stop() {
      rate.stop();
      hub.stop();
      twins?.hub.stop();
      stopObserving();
      await server.close();
    },
  });
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<Result<string>> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code] ?? message;
    return failure('northbound.port', `The address ${authority(host, port)} cannot be taken: ${reason}.`);
  }
  // What localhost means is up to the machine's own tables: every address that came of it is checked as well.
  const taken = server.addresses() as AddressInfo[];
  const open = taken.find(({ address }) => !isLoopbackHost(address));
  if (open === undefined) return success(`http://${authority(host, taken[0].port)}`);
  await server.close();
  return failure('identity.loopback-only', `"${host}" means ${open.address} on this machine, which others may reach.`);
}

const REASONS: Record<string, string> = {
  EADDRINUSE: 'another program holds it',
  EACCES: 'this user may not open ports below 1024',
  EADDRNOTAVAIL: 'this machine has no such address',
};

function authority(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
