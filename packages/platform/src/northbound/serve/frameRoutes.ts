/** The routes of event frames and of accounts. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { FastifyInstance } from 'fastify';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import type { PlantFrames } from '../../monitor/events/plantFrames.ts';
import type { PlantAccounts } from '../../monitor/performance/plantAccounts.ts';
import { ENDPOINTS } from '../contract/endpoint.ts';
import { annotateFrame, type FrameSources, listFrames, readFrame } from '../rest/events/frameList.ts';
import { overlayFrames } from '../rest/events/frameOverlay.ts';
import { type Outcome, refusal } from '../rest/outcome.ts';
import { type AccountSources, listAccounts, readEnergy } from '../rest/performance/energyRead.ts';
import { readOee } from '../rest/performance/oeeRead.ts';
import { addRoute } from './route.ts';

/** Event frames, and the accounts that are reckoned from the same history. */
export interface FrameDoor {
  readonly frames: PlantFrames;
  readonly accounts: PlantAccounts;
}

/** Without frames or a model every question is answered with `model.none`. */
export function addFrameRoutes(
  server: FastifyInstance,
  door: FrameDoor | undefined,
  model: ModelStore | undefined,
  clock: Clock,
): void {
  const sources = door && model ? { ...door, model } : undefined;
  const of = <T>(read: (sources: FrameSources & AccountSources) => T): T | Outcome<never> =>
    sources ? read(sources) : refusal('model.none', 'This server has no model of the plant.');
  addRoute(server, ENDPOINTS.frames, ({ query }) => of((from) => listFrames(from, query, clock.now())));
  addRoute(server, ENDPOINTS.frameOverlay, ({ query }) => of((from) => overlayFrames(from, query, clock.now())));
  addRoute(server, ENDPOINTS.frame, ({ params }) => of((from) => readFrame(from, params.frame, clock.now())));
  addRoute(server, ENDPOINTS.frameNote, ({ body }) => of((from) => annotateFrame(from, body, clock.now())));
  addRoute(server, ENDPOINTS.accounts, () => of((from) => listAccounts(from, clock.now())));
  addRoute(server, ENDPOINTS.oee, ({ query }) => of((from) => readOee(from, query, clock.now())));
  addRoute(server, ENDPOINTS.energy, ({ query }) => of((from) => readEnergy(from, query, clock.now())));
}
