/** Cases as text and back: JSON in which numbers that JSON does not know (an open end, an unknown beginning) stay numbers. */

/** What stands for one; no field of a case has this name alone and such a text in it. */
const NOT_FINITE = 'number';
const TEXTS = ['NaN', 'Infinity', '-Infinity'];

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
  const [[key, text] = [], ...more] = Object.entries(part);
  return more.length === 0 && key === NOT_FINITE && TEXTS.includes(text);
}
