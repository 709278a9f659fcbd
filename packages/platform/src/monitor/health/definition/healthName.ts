/** The name of something of `health/*.yaml`: a part of the path of the tags that scores are written to. */

import { z } from 'zod';

export const healthName = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,62}$/, { error: 'is no name: letters, digits, "-" and "_", at most 63' })
  .describe('a name such as output-joint');
