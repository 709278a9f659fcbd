/** The routes of studies of twins. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { FastifyInstance } from 'fastify';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import { AttributeReader } from '../../model/twins/history/attributeReader.ts';
import { StudyRoom } from '../../model/twins/study/studyRoom.ts';
import { ENDPOINTS } from '../contract/endpoint.ts';
import type { NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { TwinStudies } from '../rest/twins/twinStudies.ts';
import { addRoute } from './route.ts';

/** Without a store every question is answered with `model.none`. */
export function addTwinStudyRoutes(
  server: FastifyInstance,
  historian: NorthboundHistorian,
  store: ModelStore | undefined,
  clock: Clock,
): void {
  const reader = store && new AttributeReader({ historian, store });
  const studies = new TwinStudies({ reader, store, room: new StudyRoom() });
  addRoute(server, ENDPOINTS.twinFit, ({ body }) => studies.fit(body, clock.now()));
  addRoute(server, ENDPOINTS.twinWhatIf, ({ body }) => studies.whatIf(body, clock.now()));
  addRoute(server, ENDPOINTS.twinDiagnosis, ({ params, query }) => studies.diagnose(params.asset, query, clock.now()));
}
