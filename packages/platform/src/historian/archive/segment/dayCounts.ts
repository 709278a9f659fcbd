/** How many samples there are of each day. */

/** By the number of the day since 1970 (UTC). */
export type DayCounts = Readonly<Record<string, number>>;

export function sumDays(parts: readonly DayCounts[]): DayCounts {
  const sum: Record<string, number> = {};
  for (const days of parts) for (const [day, count] of Object.entries(days)) sum[day] = (sum[day] ?? 0) + count;
  return sum;
}
