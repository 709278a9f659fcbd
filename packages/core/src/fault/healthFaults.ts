/** What can be wrong with data from which the health of equipment is to be learned. */

import type { FaultEntry } from './faultEntry.ts';

export const HEALTH_FAULTS = {
  'health.too-little': {
    meaning: 'The data do not carry the estimate that was asked for: too few rows, or nothing in them that varies.',
    httpStatus: 422,
    remedy: 'Give a longer period, more units, or signals that change; the detail names what is missing.',
  },
  'health.bad-data': {
    meaning:
      'The data cannot be used as they are: a column has no values, labels contradict one another, or lengths differ.',
    httpStatus: 422,
    remedy: 'Look at the column or row that is named, and leave it out or put it right.',
  },
} as const satisfies Record<string, FaultEntry>;
