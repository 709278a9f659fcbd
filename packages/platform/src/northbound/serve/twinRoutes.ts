/** The routes of twins: their state now, live, and what their attributes were. */

import type { ServerResponse } from 'node:http';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { tagPatternDefect } from '@tidegate/core/sample/tagPattern.ts';
import type { FastifyInstance } from 'fastify';
import { AssetLookup } from '../../model/assets/assetLookup.ts';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import type { TwinEngine } from '../../model/twins/engine/twinEngine.ts';
import { AttributeReader } from '../../model/twins/history/attributeReader.ts';
import { ENDPOINTS } from '../contract/endpoint.ts';
import type { LiveTwinsQuery } from '../contract/twin.ts';
import type { NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { RETRY_LINE } from '../live/eventText.ts';
import type { TwinHub } from '../live/twinHub.ts';
import { invalidFields, type Outcome, refusal } from '../rest/outcome.ts';
import { readAttributeHistory } from '../rest/twins/attributeHistory.ts';
import { listTwins, readTwin } from '../rest/twins/twinList.ts';
import { answerColumns } from './historyRoutes.ts';
import { EVENT_STREAM_HEADERS } from './liveRoute.ts';
import { addRoute, type Exchange } from './route.ts';

/** What runs of twins on this server. */
export interface TwinDoor {
  readonly engine: TwinEngine;
  readonly hub: TwinHub;
}

export interface TwinRouteParts {
  readonly twins: TwinDoor | undefined;
  readonly model: ModelStore | undefined;
  readonly historian: NorthboundHistorian;
  readonly clock: Clock;
}

/** Without an engine questions about twins are answered with `model.none`. */
export function addTwinRoutes(server: FastifyInstance, { twins, model, historian, clock }: TwinRouteParts): void {
  const reader = model && new AttributeReader({ historian, store: model });
  const none = refusal('model.none', 'This server has no model of the plant.');
  addRoute(server, ENDPOINTS.twins, ({ query }) => (twins ? listTwins(twins.engine, query) : none));
  addRoute(server, ENDPOINTS.twin, ({ params }) => {
    if (!twins) return none;
    const asset = new AssetLookup(twins.engine.model.assets).asset(params.asset);
    if (!asset) return refusal('asset.unknown', `No asset has the path or id "${params.asset}".`);
    return readTwin(twins.engine, asset, clock.now());
  });
  addRoute(server, ENDPOINTS.attributeHistory, ({ params, query }, exchange) =>
    answerColumns(exchange, () =>
      readAttributeHistory({ historian, store: model, reader }, params, query, clock.now()),
    ),
  );
  addRoute(server, ENDPOINTS.twinsLive, ({ query }, exchange) => (twins ? watch(twins.hub, query, exchange) : none));
}

function watch(
  hub: TwinHub,
  { pattern, name }: LiveTwinsQuery,
  { request, reply }: Exchange,
): Outcome<unknown> | undefined {
  const defect = tagPatternDefect(pattern);
  if (defect !== undefined) return invalidFields([{ field: 'pattern', detail: defect }]);
  const admitted = hub.admit(pattern);
  if (!admitted.ok) return { ...admitted, extras: {} };
  if (request.method === 'HEAD') {
    reply.headers(EVENT_STREAM_HEADERS).send();
    return undefined;
  }
  reply.hijack();
  const response: ServerResponse = reply.raw;
  response.writeHead(200, EVENT_STREAM_HEADERS);
  response.write(RETRY_LINE);
  const subscription = hub.join(response, pattern, name);
  response.on('drain', () => subscription.drained());
  response.on('close', () => subscription.leave());
  // A connection that breaks is closed as well; without a listener the error would end the process.
  response.on('error', () => subscription.leave());
  return undefined;
}
