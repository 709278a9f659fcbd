/** The devices as the server sees them, asked for again and again. */

import { useQuery } from '@tanstack/react-query';
import { fetchDevices } from '../server/api.ts';

/** A gateway reports every ten seconds, and a change of state at once. */
const RELOAD_MS = 3_000;

export function useDevices() {
  return useQuery({
    queryKey: ['devices'],
    queryFn: ({ signal }) => fetchDevices(signal),
    refetchInterval: RELOAD_MS,
  });
}
