/** What can be wrong with the model of a plant, with its twins, alarms and events, and with what is computed from them. */

import type { FaultEntry } from './faultEntry.ts';

export const MODEL_FAULTS = {
  'performance.too-little': {
    meaning:
      'The history does not carry the figure that was asked for: too few intervals, or nothing in them that changes.',
    httpStatus: 422,
    remedy: 'Ask for a longer period, in which what drives the figure has been different.',
  },
} as const satisfies Record<string, FaultEntry>;
