/** What the values of a digital tag stand for, as it is written in the YAML file and in a tag list. */

import type { DigitalState } from '@tidegate/core/sample/tag.ts';
import { z } from 'zod';

const HINT = 'a whole number and a name for each, such as';
/** As many as the server takes. */
const MAX_STATES = 1024;

/** `{ 0: stopped, 1: running }`; the keys of a map are text. */
export const statesMap = z
  .record(z.string(), z.string())
  .transform((map, context) => {
    const read = readStates(Object.entries(map));
    return typeof read === 'string' ? refuse(context, map, read, `${HINT} { 0: stopped, 1: running }`) : read;
  })
  .describe('what its values stand for, such as { 0: stopped, 1: running }');

/** `0=stopped;1=running`, in one field of a table. */
export const statesText = z.string().transform((text, context) => {
  const pairs = text
    .split(/[;|]/)
    .filter((part) => part.trim() !== '')
    .map((part) => part.split(/=(.*)/s, 2));
  const read = readStates(pairs.map(([code, name = '']) => [code.trim(), name.trim()]));
  return typeof read === 'string' ? refuse(context, text, read, `${HINT} 0=stopped;1=running`) : read;
});

/** The states by their codes, or what is wrong with them. */
function readStates(pairs: readonly (readonly [code: string, name: string])[]): readonly DigitalState[] | string {
  if (pairs.length === 0 || pairs.length > MAX_STATES) return `${pairs.length} states; allowed are 1 to ${MAX_STATES}`;
  const states = new Map<number, string>();
  for (const [text, name] of pairs) {
    const code = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(code)) return `${JSON.stringify(text)} is no whole number`;
    if (name.trim() === '') return `the state ${code} has no name`;
    if (states.has(code)) return `the state ${code} stands there twice`;
    states.set(code, name);
  }
  return Array.from(states, ([code, name]) => ({ code, name })).sort((a, b) => a.code - b.code);
}

function refuse(context: z.RefinementCtx, input: unknown, message: string, hint: string): never {
  context.issues.push({ code: 'custom', message, input, params: { hint } });
  return z.NEVER;
}
