/** JSON that keeps numbers that are not finite: levels that are not known, features that no drift is told of. */

const NOT_FINITE = /^#(NaN|-?Infinity)$/;

export function toText(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'number' && !Number.isFinite(part) ? `#${part}` : part,
  );
}

/** Throws where `text` is no JSON. */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_key, part) =>
    typeof part === 'string' && NOT_FINITE.test(part) ? Number(part.slice(1)) : part,
  );
}
