/** The routes of equipment health. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ENDPOINTS } from '../contract/endpoint.ts';
import type { NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { photoJson } from '../rest/health/caseJson.ts';
import { operateCase } from '../rest/health/caseOperation.ts';
import { listCases, readCase } from '../rest/health/caseRead.ts';
import { readEvidence } from '../rest/health/evidenceRead.ts';
import { exportFeatures } from '../rest/health/featureExport.ts';
import type { HealthDoor } from '../rest/health/healthDoor.ts';
import { listLabels, readLedger } from '../rest/health/ledgerRead.ts';
import { learnLives, listEstimates, listFleets, readCourses, readFleet } from '../rest/health/livesRead.ts';
import { importModel } from '../rest/health/modelImport.ts';
import { listModels, operateModels, readModel, readModelDocument } from '../rest/health/modelRead.ts';
import { listWatches, readWatch } from '../rest/health/watchRead.ts';
import { answer, type Outcome, refusal } from '../rest/outcome.ts';
import { addRoute } from './route.ts';

/** Should a browser take a photo for a page, it runs nothing of it. Its name is that of its bytes, which never change. */
const PHOTO_HEADERS = {
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, max-age=86400, immutable',
};

/** Without a model of the plant every question is answered with `model.none`. */
export function addHealthRoutes(
  server: FastifyInstance,
  door: HealthDoor | undefined,
  historian: NorthboundHistorian,
  clock: Clock,
): void {
  const of = <T>(read: (door: HealthDoor) => T): T | Outcome<never> =>
    door ? read(door) : refusal('model.none', 'This server has no model of the plant.');
  addRoute(server, ENDPOINTS.healthWatches, ({ query }) => of((from) => listWatches(from, query, clock.now())));
  addRoute(server, ENDPOINTS.healthWatch, ({ query }) => of((from) => readWatch(from, query.watch, clock.now())));
  addRoute(server, ENDPOINTS.healthCases, ({ query }) => of((from) => listCases(from, query, clock.now())));
  addRoute(server, ENDPOINTS.healthCase, ({ query }) => of((from) => readCase(from, query.number, clock.now())));
  addRoute(server, ENDPOINTS.healthEvidence, ({ query }) =>
    of((from) => readEvidence(from, historian, query, clock.now())),
  );
  addRoute(server, ENDPOINTS.healthCaseOperation, ({ body }) => of((from) => operateCase(from, body, clock.now())));
  addRoute(server, ENDPOINTS.healthPhotoUpload, ({ query, body }) =>
    of(async ({ cases }) => {
      const photo = await cases.addPhoto(query.number, body, query.by, clock.now());
      return photo.ok ? answer(photoJson(photo.value)) : { ...photo, extras: {} };
    }),
  );
  addRoute(server, ENDPOINTS.healthPhoto, ({ query }, { reply }) => of((from) => sendPhoto(from, query, reply)));
  addRoute(server, ENDPOINTS.healthModels, ({ query }) => of((from) => listModels(from, query.watch)));
  addRoute(server, ENDPOINTS.healthModel, ({ query }) => of((from) => readModel(from, query)));
  addRoute(server, ENDPOINTS.healthModelDocument, ({ query }, { reply }) =>
    of((from) => {
      const document = readModelDocument(from, query);
      if (document.ok) asFile(reply, `${query.watch}-${query.number}.json`);
      return document;
    }),
  );
  addRoute(server, ENDPOINTS.healthModelOperation, ({ body }) => of((from) => operateModels(from, body, clock.now())));
  addRoute(server, ENDPOINTS.healthModelImport, ({ query, body }) =>
    of((from) => importModel(from, query, body, clock.now())),
  );
  addRoute(server, ENDPOINTS.healthLives, ({ query }) => of((from) => listFleets(from, query, clock.now())));
  addRoute(server, ENDPOINTS.healthFleet, ({ params }) => of((from) => readFleet(from, params.name, clock.now())));
  addRoute(server, ENDPOINTS.healthEstimates, ({ params }) =>
    of((from) => listEstimates(from, params.name, clock.now())),
  );
  addRoute(server, ENDPOINTS.healthCourses, ({ params, query }) =>
    of((from) => readCourses(from, params.name, query.asset)),
  );
  addRoute(server, ENDPOINTS.healthLivesOperation, ({ body }) => of((from) => learnLives(from, body, clock.now())));
  addRoute(server, ENDPOINTS.healthLedger, ({ query }) => of((from) => readLedger(from, query, clock.now())));
  addRoute(server, ENDPOINTS.healthLabels, ({ query }) => of((from) => listLabels(from, query, clock.now())));
  addRoute(server, ENDPOINTS.healthExport, ({ body }) => of((from) => exportFeatures(from, body, clock.now())));
}

async function sendPhoto(
  { cases }: HealthDoor,
  { number, photo: name }: { readonly number: number; readonly photo: string },
  reply: FastifyReply,
): Promise<Outcome<never> | undefined> {
  const found = await cases.photo(number, name);
  if (!found.ok) return { ...found, extras: {} };
  const { photo, bytes } = found.value;
  reply
    .headers({ ...PHOTO_HEADERS, 'content-disposition': `inline; filename="${photo.name}"` })
    .type(photo.mediaType)
    .send(bytes);
  return undefined;
}

/** A browser keeps it under this name and does not show it. */
function asFile(reply: FastifyReply, name: string): void {
  reply.header('content-disposition', `attachment; filename="${name.replaceAll(/[^\w.-]+/g, '-')}"`);
}
