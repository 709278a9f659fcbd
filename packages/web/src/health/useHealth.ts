/** Equipment health as the server has it, asked for again and again: rows of it are minutes long. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import {
  type CaseSelection,
  fetchCase,
  fetchCases,
  fetchCourses,
  fetchEstimates,
  fetchEvidence,
  fetchFleet,
  fetchFleets,
  fetchHealthLedger,
  fetchModelCard,
  fetchModels,
  fetchWatch,
  fetchWatches,
} from '../server/healthApi.ts';

const LIST_EVERY_MS = 5_000;
const EVIDENCE_EVERY_MS = 60_000;
const LEDGER_EVERY_MS = 60_000;
const FLEET_EVERY_MS = 15_000;
const LEARNING_EVERY_MS = 2_000;
const HOUR_MS = 3_600_000;

/** All that begins with this changes with an operation. */
export const HEALTH_KEY = 'health';

export function useCases(which: CaseSelection) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'cases', which],
    queryFn: ({ signal }) => fetchCases(which, signal),
    refetchInterval: LIST_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

export function useCase(number: number) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'case', number],
    queryFn: ({ signal }) => fetchCase(number, signal),
    refetchInterval: LIST_EVERY_MS,
  });
}

export function useEvidence(of: { number: number } | { watch: string }) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'evidence', of],
    queryFn: ({ signal }) => fetchEvidence(of, signal),
    refetchInterval: EVIDENCE_EVERY_MS,
  });
}

export function useWatches() {
  return useQuery({
    queryKey: [HEALTH_KEY, 'watches'],
    queryFn: ({ signal }) => fetchWatches(signal),
    refetchInterval: LIST_EVERY_MS,
  });
}

export function useWatch(watch: string) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'watch', watch],
    queryFn: ({ signal }) => fetchWatch(watch, signal),
    refetchInterval: LIST_EVERY_MS,
  });
}

export function useModels(watch: string) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'models', watch],
    queryFn: ({ signal }) => fetchModels(watch, signal),
    refetchInterval: LIST_EVERY_MS,
  });
}

/** Asked for where somebody opens it; only its changes change. */
export function useModelCard(watch: string, number: number, isOpen: boolean) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'card', watch, number],
    queryFn: ({ signal }) => fetchModelCard(watch, number, signal),
    enabled: isOpen,
    staleTime: HOUR_MS,
  });
}

export function useFleets() {
  return useQuery({
    queryKey: [HEALTH_KEY, 'fleets'],
    queryFn: ({ signal }) => fetchFleets(signal),
    refetchInterval: LIST_EVERY_MS,
  });
}

export function useFleet(name: string) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'fleet', name],
    queryFn: ({ signal }) => fetchFleet(name, signal),
    refetchInterval: ({ state }) => (state.data?.learning ? LEARNING_EVERY_MS : FLEET_EVERY_MS),
  });
}

export function useEstimates(name: string) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'estimates', name],
    queryFn: ({ signal }) => fetchEstimates(name, signal),
    refetchInterval: FLEET_EVERY_MS,
  });
}

export function useCourses(name: string, asset: string) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'courses', name, asset],
    queryFn: ({ signal }) => fetchCourses(name, asset, signal),
    refetchInterval: EVIDENCE_EVERY_MS,
  });
}

export function useHealthLedger(days: number) {
  return useQuery({
    queryKey: [HEALTH_KEY, 'ledger', days],
    queryFn: ({ signal }) => fetchHealthLedger(days, signal),
    refetchInterval: LEDGER_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}
