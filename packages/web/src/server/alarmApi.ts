/** Questions to the server about alarms, and what a person does with them. */

import type {
  AlarmAnalysis,
  AlarmHistory,
  AlarmList,
  AlarmOperationAnswer,
  AlarmOperationBody,
} from '@tidegate/platform/northbound/contract/alarm.ts';
import { ask, send } from './api.ts';

export const fetchAlarms = (show: 'open' | 'quiet' | 'all', signal?: AbortSignal) =>
  ask<AlarmList>(`/alarms?show=${show}`, signal);

export const fetchAlarmHistory = (query: Record<string, string>, signal?: AbortSignal) =>
  ask<AlarmHistory>(`/alarms/history?${new URLSearchParams(query)}`, signal);

export const fetchAlarmAnalysis = (query: Record<string, string>, signal?: AbortSignal) =>
  ask<AlarmAnalysis>(`/alarms/analysis?${new URLSearchParams(query)}`, signal);

export const operateAlarms = (order: AlarmOperationBody) => send<AlarmOperationAnswer>('/alarms/operations', order);
