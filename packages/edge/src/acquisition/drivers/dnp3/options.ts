/** The keys of a DNP3 outstation in configuration. */

import { durationMs } from '@tidegate/config/fields.ts';
import { z } from 'zod';

/** The highest address of a single station; those above are reserved or broadcasts (IEEE Std 1815-2012, 9.2.4.1.4). */
const LAST_ADDRESS = 65_519;
const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const WEEK = 604_800_000;

export const optionsSchema = z.strictObject({
  outstation: z.int().min(0).max(LAST_ADDRESS).describe('the address of the outstation, 0 to 65519'),
  master: z
    .int()
    .min(0)
    .max(LAST_ADDRESS)
    .default(1)
    .describe('our own address, as the outstation expects it, 0 to 65519'),
  classes: z
    .array(z.int().min(0).max(3))
    .min(1)
    .default([1, 2, 3])
    .describe('what each scan asks for: event classes 1 to 3; with 0 all static values too, such as [1, 2, 3]'),
  unsolicited: z
    .boolean()
    .default(true)
    .describe('whether the outstation may report events by itself; false where several share a serial line'),
  integrityInterval: durationMs(SECOND, WEEK)
    .default(HOUR)
    .describe('how often everything is read, whatever the events said, such as 1h'),
  clearRestart: z.boolean().default(false).describe('tell the outstation that its restart was noticed (IIN1.7)'),
  synchroniseTime: z
    .enum(['off', 'lan', 'non-lan'])
    .default('off')
    .describe('set the clock of the outstation when it asks for it: lan over a network, non-lan over a serial line'),
  freezeInterval: durationMs(SECOND, WEEK)
    .optional()
    .describe('how often the counters are copied to the frozen counters, such as 15min; never where absent'),
  resetLink: z.boolean().default(false).describe('begin with a link reset, for outstations that stay silent without'),
  keepAlive: durationMs(SECOND, WEEK)
    .default(MINUTE)
    .describe('after how long a silence one that reports by itself is asked whether it is there, such as 60s'),
  maxFragment: z
    .int()
    .min(249)
    .max(65_535)
    .default(2_048)
    .describe('the longest fragment that the outstation sends, in bytes'),
});

export type Dnp3Options = z.output<typeof optionsSchema>;

/** The options that let something out that the manifest otherwise forbids. */
export function allowedBy(options: Dnp3Options): readonly string[] {
  const { clearRestart, synchroniseTime, freezeInterval, resetLink } = options;
  const switched = {
    clearRestart,
    synchroniseTime: synchroniseTime !== 'off',
    freezeInterval: freezeInterval !== undefined,
    resetLink,
  };
  return Object.entries(switched).flatMap(([option, on]) => (on ? [option] : []));
}
