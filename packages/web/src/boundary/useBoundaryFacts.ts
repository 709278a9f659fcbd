/** What the server tells of policy, freshness and proofs, asked for again and again. */

import { useQuery } from '@tanstack/react-query';
import { fetchLatency, fetchLedgerMinutes, fetchPolicy, fetchStatus } from '../server/api.ts';

const SOON_MS = 2_000;
/** A gateway signs once a minute. */
const MINUTES_EVERY_MS = 5_000;
const CERTIFICATES_EVERY_MS = 60_000;

export function usePolicy() {
  return useQuery({ queryKey: ['policy'], queryFn: ({ signal }) => fetchPolicy(signal), refetchInterval: SOON_MS });
}

export function useLatency() {
  return useQuery({ queryKey: ['latency'], queryFn: ({ signal }) => fetchLatency(signal), refetchInterval: SOON_MS });
}

/** How long the certificates of the boundary still hold. */
export function useCertificates() {
  return useQuery({
    queryKey: ['certificates'],
    queryFn: async ({ signal }) => (await fetchStatus(signal)).certificates,
    refetchInterval: CERTIFICATES_EVERY_MS,
  });
}

/** Of the last hour. */
export function useLedgerMinutes() {
  return useQuery({
    queryKey: ['ledger-minutes'],
    queryFn: ({ signal }) => fetchLedgerMinutes(signal),
    refetchInterval: MINUTES_EVERY_MS,
  });
}
