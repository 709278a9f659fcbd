/** The routes of assets, their types and the versions of the model. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { FastifyInstance } from 'fastify';
import { proposeModel } from '../../model/assets/import/proposeModel.ts';
import type { AppliedModel, ModelStore } from '../../model/assets/modelStore.ts';
import { ENDPOINTS } from '../contract/endpoint.ts';
import { listAssets, listTypes, modelAt, readAsset } from '../rest/assets/assetRead.ts';
import { applyModel, listModelVersions, planModel, readModelTexts } from '../rest/assets/modelRead.ts';
import { answer, type Outcome } from '../rest/outcome.ts';
import { addRoute } from './route.ts';

/** Without a store every question is answered with `model.none`. */
export function addAssetRoutes(server: FastifyInstance, store: ModelStore | undefined, clock: Clock): void {
  const asOf = async (at: string | undefined, read: (applied: AppliedModel) => Outcome<unknown>) => {
    const applied = await modelAt(store, at, clock.now());
    return applied.ok ? read(applied.value) : applied;
  };
  addRoute(server, ENDPOINTS.assets, ({ query }) => asOf(query.at, (applied) => listAssets(applied, query)));
  addRoute(server, ENDPOINTS.asset, ({ params, query }) =>
    asOf(query.at, (applied) => readAsset(applied, params.asset)),
  );
  addRoute(server, ENDPOINTS.types, ({ query }) => asOf(query.at, listTypes));
  addRoute(server, ENDPOINTS.modelVersions, () => listModelVersions(store));
  addRoute(server, ENDPOINTS.modelTexts, ({ query }) => readModelTexts(store, query, clock.now()));
  addRoute(server, ENDPOINTS.modelPlan, ({ body }) => planModel(store, body, clock.now()));
  addRoute(server, ENDPOINTS.modelApply, ({ body }) => applyModel(store, body, clock.now()));
  addRoute(server, ENDPOINTS.modelProposal, async ({ body }) => {
    const proposal = await proposeModel(body.name, Buffer.from(body.content, 'base64'));
    if (!proposal.ok) return { ...proposal, extras: {} };
    const { texts, tags, reasons } = proposal.value;
    return answer({ texts: Object.fromEntries(texts), tags, reasons });
  });
}
