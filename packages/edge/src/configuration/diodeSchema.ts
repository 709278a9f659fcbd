/** What a gateway is told of the data diode behind which its server is. */

import { byteSize, filePath } from '@tidegate/config/fields.ts';
import { z } from 'zod';

const MAX_SYMBOLS = 256;
const MIN_RATE = 10_000;
const whole = (min: number, max: number, what: string) => z.int().min(min).max(max).describe(what);

/** The ranges are those of `diodeDefect`; the defaults stand beside what they mean, in the forwarder. */
export const diodeSchema = z
  .strictObject({
    key: filePath(),
    rate: byteSize(MIN_RATE),
    dataSymbols: whole(1, MAX_SYMBOLS - 2, 'a number of data symbols in a group, from 1 to 254').optional(),
    paritySymbols: whole(2, MAX_SYMBOLS - 1, 'a number of parity symbols in a group, from 2 to 255').optional(),
    interleave: whole(1, 64, 'a number of groups that are sent in turn, from 1 to 64').optional(),
    mtu: whole(576, 9_216, 'the longest IP packet in bytes, from 576 to 9216').optional(),
  })
  .superRefine(({ dataSymbols = 64, paritySymbols = 16 }, context) => {
    if (dataSymbols + paritySymbols <= MAX_SYMBOLS) return;
    context.issues.push({
      code: 'custom',
      message: `${dataSymbols} data and ${paritySymbols} parity symbols are more than ${MAX_SYMBOLS}`,
      input: paritySymbols,
      path: ['paritySymbols'],
      params: { hint: 'such as 64 and 16, which is a quarter more on the wire' },
    });
  });
