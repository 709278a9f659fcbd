/** What a tag may say of itself, in a row of a tag list and in the YAML file alike. */

import { PLANT_LANES } from '@tidegate/core/sample/lane.ts';
import { type DigitalState, isSystemPath, tagPathDefect } from '@tidegate/core/sample/tag.ts';
import { z } from 'zod';
import { compressionShape } from './compressionSchema.ts';
import { statesMap, statesText } from './statesSchema.ts';

/** A tag as it is written, its fields each right in themselves. */
export type TagEntry = z.output<typeof tagRowSchema>;
/** The fields of a tag by the names of the YAML file; a tag list spells `minInterval` as `min_interval`. */
export type TagField = keyof TagEntry;

const TRUE_WORDS = ['true', 'yes', '1'];
const FALSE_WORDS = ['false', 'no', '0'];
/** Ids and aliases stand in URLs, tables and file names: no spaces, no separators. */
const NAME = /^[^\s,;|"'/\\]+$/;

const path = z
  .string()
  .superRefine((text, context) => {
    const defect = tagPathDefect(text);
    if (defect !== undefined)
      refuse(context, text, `${JSON.stringify(text)} ${defect}`, 'such as site/area/line/signal');
    else if (isSystemPath(text)) {
      const message = `${JSON.stringify(text)} has a segment that begins with "_"`;
      refuse(context, text, message, 'those are the tags in which Tidegate reports on itself: begin it with a letter');
    }
  })
  .describe('place of the signal in the plant, such as site/area/line/signal');

const name = z.string().superRefine((text, context) => {
  if (NAME.test(text)) return;
  refuse(context, text, `${JSON.stringify(text)} has a space or a separator in it`, 'such as TI-101');
});

/** A number is no address: of `010001`, a coil, YAML leaves 10001, which is a discrete input. */
const address = z
  .union([z.string(), z.number()])
  .transform((written, context) => {
    if (typeof written === 'string') return written;
    const message = `the address ${written} is not in quotes, and zeros at its beginning would be lost`;
    return refuse(context, written, message, `write "${written}", with the zeros if it has any`);
  })
  .describe('the point in the device, as its driver writes it');

/** Both files give the same fields; only what stands for a number, a truth and a list differs. */
function tagShape(
  number: z.ZodType<number>,
  truth: z.ZodType<boolean>,
  list: z.ZodType<string[]>,
  states: z.ZodType<readonly DigitalState[]>,
) {
  return {
    path,
    address,
    type: z.string().describe('how the value lies in the device, such as bool, int16 or float32'),
    order: z.string().optional(),
    scan: z.string().describe('the name of a scan class'),
    lane: z.enum(PLANT_LANES).default('analytical'),
    unit: z.string().default(''),
    scale: number.optional(),
    offset: number.optional(),
    low: number.optional(),
    high: number.optional(),
    compression: z.string().optional().describe('the name of a compression class'),
    ...compressionShape,
    stepped: truth.optional(),
    states: states.optional(),
    description: z.string().default(''),
    id: z.union([path, name]).optional(),
    aliases: list.default([]),
  };
}

const numberText = z.string().transform((text, context) => {
  const value = Number(text);
  if (Number.isFinite(value) && /^[-+\d.]/.test(text)) return value;
  const point = text.replace(',', '.');
  const hint = Number.isFinite(Number(point)) ? `write a decimal point: ${point}` : 'such as 0.1 or -40';
  return refuse(context, text, `${JSON.stringify(text)} is not a number`, hint);
});

const truthText = z.string().transform((text, context) => {
  if (TRUE_WORDS.includes(text.toLowerCase())) return true;
  if (FALSE_WORDS.includes(text.toLowerCase())) return false;
  return refuse(context, text, `${JSON.stringify(text)} is neither true nor false`, 'write true or false');
});

/** Several names in one field of a table stand behind each other with a semicolon or a bar between. */
const listText = z
  .string()
  .transform((text) =>
    text
      .split(/[;|]/)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(name));

/** A row of a tag list. */
export const tagRowSchema = z.strictObject(tagShape(numberText, truthText, listText, statesText));

/** A tag in the YAML file itself. */
export const inlineTagSchema = z.strictObject(tagShape(z.number(), z.boolean(), z.array(name), statesMap));

function refuse(context: z.RefinementCtx, input: unknown, message: string, hint: string): never {
  context.issues.push({ code: 'custom', message, input, params: { hint } });
  return z.NEVER;
}
