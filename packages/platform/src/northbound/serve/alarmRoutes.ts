/** The routes of alarms. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { FastifyInstance } from 'fastify';
import type { AlarmJournal } from '../../monitor/alarms/alarmJournal.ts';
import { AlarmAnalyst } from '../../monitor/alarms/analysis/alarmAnalyst.ts';
import type { PlantAlarms } from '../../monitor/alarms/plantAlarms.ts';
import { ENDPOINTS } from '../contract/endpoint.ts';
import { analyseAlarms, importAlarms, readAlarmHistory } from '../rest/alarms/alarmHistory.ts';
import { listAlarms, operateAlarms } from '../rest/alarms/alarmList.ts';
import { addRoute } from './route.ts';

/** The alarms of the plant and their journal. */
export interface AlarmDoor {
  readonly alarms: PlantAlarms;
  readonly journal: AlarmJournal;
}

/** Without them there are no alarms, and the answers say so. */
export function addAlarmRoutes(server: FastifyInstance, door: AlarmDoor | undefined, clock: Clock): void {
  const { alarms, journal } = door ?? {};
  const analyst = journal && new AlarmAnalyst(journal);
  addRoute(server, ENDPOINTS.alarms, ({ query }) => listAlarms(alarms, query, clock.now()));
  addRoute(server, ENDPOINTS.alarmOperation, ({ body }) => operateAlarms(alarms, body));
  addRoute(server, ENDPOINTS.alarmHistory, ({ query }) => readAlarmHistory(journal, query, clock.now()));
  addRoute(server, ENDPOINTS.alarmAnalysis, ({ query }) => analyseAlarms(analyst, query, clock.now()));
  addRoute(server, ENDPOINTS.alarmImport, ({ body }) => importAlarms(alarms, body, clock.now()));
}
