/** Amounts as people read them. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const SPANS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `1.24 GB`, with three digits and decimal prefixes. */
export function formatBytes(bytes: number): string {
  let at = 0;
  let value = bytes;
  while (Number(value.toPrecision(3)) >= 1_000 && at < BYTE_UNITS.length - 1) {
    value /= 1_000;
    at++;
  }
  return `${at === 0 ? Math.round(value) : Number(value.toPrecision(3))} ${BYTE_UNITS[at]}`;
}

/** `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** `12,345 samples`, `1 sample`. */
export function formatAmount(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2 min 5 s`: the two largest units. */
export function formatSpan(ms: number): string {
  const first = SPANS.findIndex(([, unitMs]) => ms >= unitMs);
  if (first < 0) return `${Number((ms / 1_000).toFixed(1))} s`;
  const [name, unitMs] = SPANS[first];
  const whole = Math.floor(ms / unitMs);
  const next = SPANS[first + 1];
  const rest = next ? Math.floor((ms - whole * unitMs) / next[1]) : 0;
  return rest > 0 ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
}
