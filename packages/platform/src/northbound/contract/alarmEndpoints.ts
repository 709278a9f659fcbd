/** The endpoints of alarms. */

import {
  AlarmAnalysis,
  AlarmAnalysisQuery,
  AlarmHistory,
  AlarmHistoryQuery,
  AlarmImportAnswer,
  AlarmImportBody,
  AlarmList,
  AlarmListQuery,
  AlarmOperationAnswer,
  AlarmOperationBody,
  MAX_ALARM_BYTES,
} from './alarm.ts';
import { type Endpoint, JSON_TYPE, read } from './endpointParts.ts';

export const ALARM_ENDPOINTS = {
  alarms: {
    ...read(
      '/alarms',
      'listAlarms',
      'Alarms as they stand',
      'Those of this server, and of every gateway as it told them.',
    ),
    query: AlarmListQuery,
    answers: { [JSON_TYPE]: AlarmList },
  },
  alarmOperation: {
    ...read(
      '/alarms/operations',
      'operateAlarms',
      'Acknowledge, shelve and the like',
      'For alarms of this server. Nothing goes back to the plant: alarms of a gateway are acknowledged on its own machine.',
    ),
    method: 'POST',
    body: { schema: AlarmOperationBody, maxBytes: MAX_ALARM_BYTES },
    answers: { [JSON_TYPE]: AlarmOperationAnswer },
  },
  alarmHistory: {
    ...read(
      '/alarms/history',
      'readAlarmHistory',
      'What happened to alarms',
      'In pages, by the times of where it happened.',
    ),
    query: AlarmHistoryQuery,
    answers: { [JSON_TYPE]: AlarmHistory },
  },
  alarmAnalysis: {
    ...read(
      '/alarms/analysis',
      'analyseAlarms',
      'How the alarm system does',
      'Rates per operator, floods with earlier ones like them, chattering, stale, duplicate and never-acted-upon alarms.',
    ),
    query: AlarmAnalysisQuery,
    answers: { [JSON_TYPE]: AlarmAnalysis },
  },
  alarmImport: {
    ...read(
      '/alarms/import',
      'importAlarms',
      'Bring in the log of another system',
      'With its own times; what is there already is passed over.',
    ),
    method: 'POST',
    body: { schema: AlarmImportBody, maxBytes: MAX_ALARM_BYTES },
    answers: { [JSON_TYPE]: AlarmImportAnswer },
  },
} as const satisfies Record<string, Endpoint>;
