/** Cases as text and back: JSON in which numbers that JSON does not know (an open end, an unknown beginning) stay numbers. */

/** What stands for NaN and the infinities; no field of a case has this name alone. */
const NOT_FINITE = 'number';

export function writeCaseText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { [NOT_FINITE]: String(part) } : part,
  );
}

/** Reads what `writeCaseText` wrote: only our own database holds such text. */
export function readCaseText<T>(text: string): T {
  return JSON.parse(text, (_key, part: unknown) => (isNotFinite(part) ? Number(part[NOT_FINITE]) : part)) as T;
}

function isNotFinite(part: unknown): part is { readonly number: string } {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return false;
  const keys = Object.keys(part);
  return keys.length === 1 && keys[0] === NOT_FINITE && typeof (part as { number: unknown }).number === 'string';
}
