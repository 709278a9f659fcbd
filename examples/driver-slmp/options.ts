/** The keys of an SLMP device in configuration. */

import { z } from 'zod';
import { MAX_WORDS } from './frame.ts';

/** The station number of the controller that takes the connection. */
const OWN_STATION = 255;
/** Reading so many words that nobody wants takes less time than another request. */
const CHEAP_GAP = 64;

export const options = z.strictObject({
  network: z.int().min(0).max(239).default(0).describe('the network of the controller, 0 for the one connected to'),
  station: z
    .union([z.int().min(1).max(120), z.literal(OWN_STATION)])
    .default(OWN_STATION)
    .describe('the station in its network, 1 to 120, or 255 for the one connected to'),
  maxWords: z
    .int()
    .min(2)
    .max(MAX_WORDS)
    .default(MAX_WORDS)
    .describe(`the most words that it gives in one request, 2 to ${MAX_WORDS}`),
  maxGap: z
    .int()
    .min(0)
    .max(MAX_WORDS)
    .default(CHEAP_GAP)
    .describe('how many words that nobody wants may be read to save a request'),
});

export type SlmpOptions = z.output<typeof options>;
