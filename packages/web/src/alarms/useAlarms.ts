/** Alarms as the server has them, asked for again and again. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { fetchAlarmAnalysis, fetchAlarmHistory, fetchAlarms } from '../server/alarmApi.ts';
import type { ShownAlarms } from './alarmList.ts';

/** An operator may wait a second for an alarm, which took the condition longer than that to come about. */
const LIST_EVERY_MS = 1_000;
const STORY_EVERY_MS = 5_000;
const ANALYSIS_EVERY_MS = 60_000;
const STORY_LENGTH = 100;

export function useAlarms(show: ShownAlarms) {
  return useQuery({
    queryKey: ['alarms', show],
    queryFn: ({ signal }) => fetchAlarms(show, signal),
    refetchInterval: LIST_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

/** The latest that happened to one alarm within the last month, newest first. */
export function useAlarmStory(origin: string, name: string) {
  return useQuery({
    queryKey: ['alarm-story', origin, name],
    queryFn: ({ signal }) => fetchAlarmHistory({ origin, name, start: '*-30d', limit: String(STORY_LENGTH) }, signal),
    refetchInterval: STORY_EVERY_MS,
  });
}

export function useAlarmAnalysis(period: string, operators: number) {
  return useQuery({
    queryKey: ['alarm-analysis', period, operators],
    queryFn: ({ signal }) => fetchAlarmAnalysis({ start: `*-${period}`, operators: String(operators) }, signal),
    refetchInterval: ANALYSIS_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}
