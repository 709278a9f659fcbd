/** The routes under `/api/v1`: each endpoint of the contract with what answers it. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { PolicyWatch } from '@tidegate/policy/policyWatch.ts';
import type { FastifyInstance } from 'fastify';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import type { DeliveryLatency } from '../../monitor/latency/deliveryLatency.ts';
import { ENDPOINTS } from '../contract/endpoint.ts';
import { boundaryJson } from '../encoding/boundaryJson.ts';
import { ledgerJson } from '../encoding/ledgerJson.ts';
import type { BoundaryConnections, NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { faultListJson } from '../encoding/problemJson.ts';
import type { LiveHub } from '../live/liveHub.ts';
import { deviceListJson } from '../rest/deviceList.ts';
import { listEvents } from '../rest/eventList.ts';
import type { HealthDoor } from '../rest/health/healthDoor.ts';
import type { IngestRate } from '../rest/ingestRate.ts';
import { latencyJson } from '../rest/latencyJson.ts';
import { ledgerMinutes } from '../rest/ledgerMinutes.ts';
import { openApiDocument } from '../rest/openApi.ts';
import { answer, type Outcome } from '../rest/outcome.ts';
import { policyJson } from '../rest/policyJson.ts';
import { type ServedProcess, serverStatusJson } from '../rest/serverStatusJson.ts';
import type { SqlDoor } from '../rest/sql/sqlRead.ts';
import { listTags, tagJson } from '../rest/tagList.ts';
import { lookUpFilter, lookUpTag } from '../rest/tagLookup.ts';
import type { PlantRows, SeenEvent } from '../sql/plantTables.ts';
import { type AlarmDoor, addAlarmRoutes } from './alarmRoutes.ts';
import { addAssetRoutes } from './assetRoutes.ts';
import { addFrameRoutes, type FrameDoor } from './frameRoutes.ts';
import { addHealthRoutes } from './healthRoutes.ts';
import { addHistoryRoutes } from './historyRoutes.ts';
import { EVENT_STREAM_HEADERS, openLiveStream } from './liveRoute.ts';
import { addRoute, type Exchange } from './route.ts';
import { addSqlRoutes } from './sqlRoutes.ts';
import { addTwinRoutes, type TwinDoor } from './twinRoutes.ts';
import { addTwinStudyRoutes } from './twinStudyRoutes.ts';

/** Everything that the endpoints speak for. */
export interface ServedParts {
  readonly historian: NorthboundHistorian;
  readonly connections: BoundaryConnections | undefined;
  readonly policy: Pick<PolicyWatch, 'status'> | undefined;
  readonly sql: SqlDoor | undefined;
  readonly model: ModelStore | undefined;
  readonly twins: TwinDoor | undefined;
  readonly alarms: AlarmDoor | undefined;
  readonly frames: FrameDoor | undefined;
  readonly health: HealthDoor | undefined;
  readonly latency: DeliveryLatency;
  readonly events: PlantRows<SeenEvent> | undefined;
  readonly clock: Clock;
  readonly hub: LiveHub;
  readonly rate: IngestRate;
  readonly served: ServedProcess;
}

export function addApiRoutes(server: FastifyInstance, parts: ServedParts): void {
  const { historian, connections, policy, sql, model, alarms, frames, latency, events, clock, hub, rate, served } =
    parts;
  const openApi = openApiDocument(served.version);
  const certificates = () => connections?.certificates() ?? [];
  addRoute(server, ENDPOINTS.tags, ({ query }) => listTags(historian, query));
  addRoute(server, ENDPOINTS.tag, ({ params }) => {
    const tag = lookUpTag(historian, params.tag);
    return tag.ok ? answer(tagJson(historian, tag.value, true)) : tag;
  });
  addHistoryRoutes(server, historian, clock);
  addSqlRoutes(server, sql);
  addAssetRoutes(server, model, clock);
  addAlarmRoutes(server, alarms, clock);
  addFrameRoutes(server, frames, model, clock);
  addTwinRoutes(server, parts);
  addTwinStudyRoutes(server, historian, model, clock);
  addHealthRoutes(server, parts.health, historian, clock);
  addRoute(server, ENDPOINTS.live, ({ query }, exchange) => answerLive(parts, query.tags, exchange));
  addRoute(server, ENDPOINTS.devices, () => answer(deviceListJson(historian, clock.now())));
  addRoute(server, ENDPOINTS.latency, ({ query }) => {
    const tags = lookUpFilter(historian, query.tags);
    return tags.ok ? answer(latencyJson(latency, historian, tags.value, clock.now())) : tags;
  });
  addRoute(server, ENDPOINTS.boundary, () => answer(boundaryJson(historian, connections, clock.now())));
  addRoute(server, ENDPOINTS.policy, () => answer(policyJson(policy?.status(), historian.ledgers(), clock.now())));
  addRoute(server, ENDPOINTS.ledger, () => answer(ledgerJson(historian.ledgers(), clock.now())));
  addRoute(server, ENDPOINTS.ledgerMinutes, ({ query }) => ledgerMinutes(historian, query, clock.now()));
  addRoute(server, ENDPOINTS.events, ({ query }) => listEvents(events?.rows() ?? [], query, clock.now()));
  addRoute(server, ENDPOINTS.status, async () =>
    answer(await serverStatusJson(served, historian, hub, rate, clock, certificates(), parts.health?.cases.revision)),
  );
  addRoute(server, ENDPOINTS.faults, () => answer(faultListJson()));
  addRoute(server, ENDPOINTS.openapi, () => answer(openApi));
}

async function answerLive(
  { historian, hub }: ServedParts,
  list: string | undefined,
  { request, reply }: Exchange,
): Promise<Outcome<unknown> | undefined> {
  const tags = lookUpFilter(historian, list);
  if (!tags.ok) return tags;
  const admitted = hub.admit();
  if (!admitted.ok) return { ...admitted, extras: {} };
  if (request.method === 'HEAD') reply.headers(EVENT_STREAM_HEADERS).send();
  else openLiveStream(hub, reply, tags.value);
  return undefined;
}
