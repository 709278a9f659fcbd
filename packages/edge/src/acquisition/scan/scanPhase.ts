/** When within its interval a scan class ticks, where the configuration leaves it open. */

/** FNV-1a with 32 bits (Fowler, Noll, Vo): spreads short names well. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const RANGE = 2 ** 32;

/**
 * From 0 up to the interval, always the same for the same name: devices that are started together are not asked together,
 * and a restart does not shift them against each other.
 */
export function scanPhaseMs(name: string, intervalMs: number): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), FNV_PRIME);
  // The last characters, in which names differ, have reached the low bits only.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return ((hash >>> 0) / RANGE) * intervalMs;
}
