/** Lengths and points of time as an operator reads them: 24 hours, local time, no more precision than is meant. */

const MS_PER_S = 1_000;
const S_PER_MIN = 60;
const S_PER_H = 3_600;
const S_PER_DAY = 86_400;

/** `120 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatSpan(ms: number): string {
  ms = Math.max(0, ms);
  if (ms < MS_PER_S) return `${Math.round(ms)} ms`;
  if (ms < 10 * MS_PER_S) return `${(ms / MS_PER_S).toFixed(1)} s`;
  const seconds = Math.round(ms / MS_PER_S);
  if (seconds < S_PER_MIN) return `${seconds} s`;
  if (seconds < S_PER_H) return inTwo(seconds, S_PER_MIN, 'min', 1, 's');
  if (seconds < S_PER_DAY) return inTwo(seconds, S_PER_H, 'h', S_PER_MIN, 'min');
  return inTwo(seconds, S_PER_DAY, 'd', S_PER_H, 'h');
}

/** As `formatSpan`, in whole minutes from the first minute on: what many rows show does not change every second. */
export function formatAge(ms: number): string {
  const isMinutes = ms >= S_PER_MIN * MS_PER_S && ms < S_PER_H * MS_PER_S;
  return formatSpan(isMinutes ? ms - (ms % (S_PER_MIN * MS_PER_S)) : ms);
}

function inTwo(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  const whole = `${Math.floor(seconds / large)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');

/** `14:03:07`, or `14:03:07.250` with milliseconds; local time. */
export function formatClock(ms: number, withMilliseconds = false): string {
  const date = new Date(ms);
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return withMilliseconds ? `${clock}.${pad(date.getMilliseconds(), 3)}` : clock;
}

/** `2026-01-31 14:03:07.250`; local time. */
export function formatMoment(ms: number): string {
  const date = new Date(ms);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${formatClock(ms, true)}`;
}

/** The clock alone where the moment is of today, with the day in front of it otherwise. */
export function formatSince(ms: number, nowMs: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? formatClock(ms) : formatMoment(ms).slice(0, -4);
}
