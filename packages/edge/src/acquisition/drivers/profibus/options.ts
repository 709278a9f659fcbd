/** The keys of a PROFIBUS device in configuration. */

import { z } from 'zod';
import { type Configuration, parseConfiguration } from './dp/configuration.ts';
import type { Gsd } from './gsd/gsd.ts';
import { parseGsd } from './gsd/parseGsd.ts';

const HEX_BYTES = /^\s*(?:(?:0x)?[\da-f]{2}[\s,]*)+$/i;
const SHOWN_DEFECTS = 3;

/** A GSD file whose text is at hand: a driver opens no files. */
const loadedGsd = z.strictObject({ path: z.string(), text: z.string() }).superRefine(({ path, text }, context) => {
  const { defects } = parseGsd(text);
  for (const { line, detail } of defects.slice(0, SHOWN_DEFECTS)) {
    const hint = 'ask the manufacturer of the device for a file that follows GSD revision 5 or lower';
    context.issues.push({ code: 'custom', message: `${path}:${line}: ${detail}`, input: path, params: { hint } });
  }
});

export const options = z.strictObject({
  station: z.int().min(0).max(126).describe('the address of the device on the bus, 0 to 126'),
  gsd: z
    .union([z.string().min(1), loadedGsd])
    .optional()
    .describe('the GSD file of the device; a relative path starts from the folder of this file'),
  configuration: z
    .string()
    .superRefine((text, context) => {
      if (readConfiguration(text)) return;
      const hint = 'the bytes of Chk_Cfg in hexadecimal, such as "20 13"';
      context.issues.push({ code: 'custom', message: `"${text}" is no configuration`, input: text, params: { hint } });
    })
    .optional()
    .describe('the configuration of the device in hexadecimal, such as "20 13", where its start-up is not overheard'),
});

export type ProfibusOptions = z.output<typeof options>;

/** `undefined` where there is none that could be read. */
export function gsdOf({ gsd }: ProfibusOptions): Gsd | undefined {
  return typeof gsd === 'object' ? parseGsd(gsd.text).gsd : undefined;
}

/** `undefined` where none is configured. */
export function configurationOf({ configuration }: ProfibusOptions): Configuration | undefined {
  return configuration === undefined ? undefined : readConfiguration(configuration);
}

function readConfiguration(text: string): Configuration | undefined {
  if (!HEX_BYTES.test(text)) return undefined;
  const hex = text.replaceAll(/0x|[\s,]/gi, '');
  return parseConfiguration(Uint8Array.from(Buffer.from(hex, 'hex')));
}
