/** Lengths of time as people say them, no more precise than is of use. */

const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** `0 s`, `42 s`, `4 min`, `2 h 5 min`, `3 d 4 h`: two units from an hour on. Clocks may differ: nothing is below 0. */
export function formatSpan(ms: number): string {
  const largest = UNITS.findIndex((unit) => ms >= unit.ms);
  if (largest === -1) return '0 s';
  const whole = Math.floor(ms / UNITS[largest].ms);
  const text = `${whole} ${UNITS[largest].name}`;
  const next = UNITS[largest + 1];
  const rest = largest < 2 && next ? Math.floor((ms % UNITS[largest].ms) / next.ms) : 0;
  return rest === 0 ? text : `${text} ${rest} ${next.name}`;
}
