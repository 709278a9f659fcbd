/** What can be wrong with what people ask of alarms. */

import type { FaultEntry } from './faultEntry.ts';

export const ALARM_FAULTS = {
  'alarm.unknown': {
    meaning: 'There is no alarm of this name where it was looked for.',
    httpStatus: 404,
    remedy:
      'List the alarms that there are. An alarm belongs to where it is evaluated: those of a gateway are found with `tidegate alarms` on its machine.',
  },
  'alarm.elsewhere': {
    meaning: 'The alarm belongs to a gateway, and the boundary lets nothing back to it.',
    httpStatus: 409,
    remedy: 'Do it on the machine of the gateway with `tidegate alarms`; here the alarm is only shown.',
  },
  'alarm.refused': {
    meaning: 'An alarm cannot do in its state what was asked of it (ANSI/ISA-18.2-2016, 5.3).',
    httpStatus: 409,
    remedy: 'Look at its state, which may have changed since, and at what the alarm allows.',
  },
  'alarm.analysis-busy': {
    meaning: 'As many analyses of alarms as the server computes at once are under way.',
    httpStatus: 503,
    remedy: 'Ask again when another one has ended.',
  },
  'alarm.import-refused': {
    meaning: 'The log of another system was to be imported under the name of this server or of a gateway.',
    httpStatus: 409,
    remedy: 'Give the log a name that neither has, such as that of the system that wrote it.',
  },
  'alarm.unkept': {
    meaning: 'What a person did with an alarm was done, and could not be written to disk.',
    httpStatus: 500,
    remedy: 'Look at the disk of the data directory; after a restart of the gateway, look at the alarm again.',
  },
} as const satisfies Record<string, FaultEntry>;
