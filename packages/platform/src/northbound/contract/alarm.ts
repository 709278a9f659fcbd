/** Alarms as the interface speaks of them: how they stand, what happened to them, and what that says of the alarm system. */

import { ALARM_HAPPENINGS, ALARM_PRIORITIES } from '@tidegate/core/alarm/alarmRecord.ts';
import { ALARM_OPERATIONS } from '@tidegate/core/port/liveAlarms.ts';
import { z } from 'zod';
import { Instant, TimeExpression } from './time.ts';

export const MAX_ALARM_RECORDS = 10_000;
export const MAX_ALARM_BYTES = 32 * 1024 * 1024;
/** Reckoned with at once; a longer period has to be asked for in parts. */
export const MAX_ANALYSED_RECORDS = 1_000_000;

const PRIORITY = z.enum(ALARM_PRIORITIES);
const ORIGIN = z.string().meta({
  description: '`server`, the name of a gateway, or what an import was called.',
  examples: ['server', 'north-1'],
});
const NAME = z.string().meta({ description: 'Name of the alarm.', examples: ['acme/north/train-1/oil-pressure/low'] });
const AUTHOR = z.string().trim().min(1).max(200);
const share = (description: string) => z.number().meta({ description: `${description}, from 0 to 1.` });
const count = (description: string) => z.int().meta({ description });

const FACTS = {
  state: z.string().meta({
    description:
      'As in ANSI/ISA-18.2-2016: normal, unacknowledged, acknowledged, returned-unacknowledged, latched-unacknowledged, ' +
      'latched-acknowledged, shelved, suppressed-by-design or out-of-service; from elsewhere what was said there.',
    examples: ['unacknowledged'],
  }),
  priority: PRIORITY.meta({ description: 'By consequence and time to respond.' }),
  condition: z.string().meta({ description: 'The kind of condition.', examples: ['high-high'] }),
  value: z.union([z.number(), z.string()]).optional().meta({ description: 'What was measured when it changed.' }),
  limit: z.number().optional().meta({ description: 'The limit that it passed.' }),
  unit: z.string().optional().meta({ description: 'UCUM code of value and limit.' }),
  message: z.string().meta({ description: 'What the operator reads.' }),
  by: z.string().optional().meta({ description: 'Who did it.' }),
  comment: z.string().optional().meta({ description: 'Why.' }),
  until: Instant.optional().meta({ description: 'End of the shelving.' }),
};

export const Alarm = z
  .object({
    name: NAME,
    origin: ORIGIN.meta({ description: 'Whose it is. Only those of `server` are acknowledged here.' }),
    subject: z
      .object({ kind: z.enum(['tag', 'attribute']), path: z.string() })
      .optional()
      .meta({ description: 'What it watches; of alarms from elsewhere that is not known.' }),
    ...FACTS,
    since: Instant.meta({ description: 'When it came into this state.' }),
    active: z.boolean().meta({ description: 'Whether its condition holds, shelved or not.' }),
    action: z.string().optional().meta({ description: 'What the operator does.' }),
    consequence: z.string().optional().meta({ description: 'What happens if nobody does.' }),
  })
  .meta({ id: 'Alarm', description: 'How an alarm stands.' });
export type Alarm = z.infer<typeof Alarm>;

export const AlarmListQuery = z.strictObject({
  show: z.enum(['open', 'all', 'quiet']).default('open').meta({
    description: 'What needs somebody (active, or not acknowledged), all alarms, or those that are kept quiet.',
  }),
  origin: z.string().optional().meta({ description: 'Of one origin only.' }),
  name: z
    .string()
    .optional()
    .meta({ description: 'A pattern of names.', examples: ['acme/north/train-1/**'] }),
});

export const AlarmList = z
  .object({
    at: Instant.meta({ description: 'When this was true, by the clock of the server.' }),
    alarms: z.array(Alarm).meta({ description: 'The most urgent first, then the newest.' }),
    counts: z
      .object({
        unacknowledged: count('That nobody has acknowledged.'),
        active: count('Whose condition holds and that are not kept quiet.'),
        quiet: count('Shelved, suppressed by design or out of service.'),
        all: count('Alarms that there are.'),
      })
      .meta({ description: 'Of all alarms, shown or not.' }),
  })
  .meta({ id: 'AlarmList', description: 'Alarms as they stand.' });
export type AlarmList = z.infer<typeof AlarmList>;

export const AlarmOperationBody = z
  .strictObject({
    operation: z.enum(ALARM_OPERATIONS).meta({ description: 'What is to be done.' }),
    alarms: z.array(z.string()).min(1).max(1_000).meta({ description: 'Names of alarms of this server.' }),
    by: AUTHOR.meta({ description: 'Who does it.' }),
    comment: z.string().trim().max(1_000).optional().meta({ description: 'Why; shelving needs it.' }),
    forSeconds: z.number().positive().optional().meta({ description: 'How long it is shelved.' }),
    oneShot: z
      .boolean()
      .default(false)
      .meta({ description: 'Shelved until the condition returns, if that is earlier.' }),
  })
  .meta({ id: 'AlarmOperationBody', description: 'What a person does with alarms.' });
/** As it is sent. */
export type AlarmOperationBody = z.input<typeof AlarmOperationBody>;

export const AlarmOperationAnswer = z
  .object({
    done: z.array(Alarm).meta({ description: 'How the alarms stand with which it was done.' }),
    refused: z
      .array(
        z.object({
          name: NAME,
          code: z.string().meta({ description: 'The fault.' }),
          detail: z.string().meta({ description: 'Why.' }),
        }),
      )
      .meta({ description: 'With these it was not.' }),
  })
  .meta({ id: 'AlarmOperationAnswer', description: 'What was done, alarm by alarm.' });
export type AlarmOperationAnswer = z.infer<typeof AlarmOperationAnswer>;

export const AlarmRecord = z
  .object({
    time: Instant.meta({ description: 'When it happened, by the clock of where it did.' }),
    received: Instant.meta({ description: 'When the server came to know of it.' }),
    name: NAME,
    origin: ORIGIN,
    happening: z.string().meta({ description: 'What happened to it.', examples: ['activated', 'acknowledged'] }),
    ...FACTS,
  })
  .meta({ id: 'AlarmRecord', description: 'One thing that happened to an alarm.' });
export type AlarmRecord = z.infer<typeof AlarmRecord>;

const RANGE = {
  start: TimeExpression.default('*-1d').meta({ description: 'First moment (default: a day ago).' }),
  end: TimeExpression.default('*').meta({ description: 'End of the range, itself not included (default: now).' }),
  origin: z.string().optional().meta({ description: 'Of one origin only.' }),
};

export const AlarmHistoryQuery = z.strictObject({
  ...RANGE,
  name: z.string().optional().meta({ description: 'Of one alarm only.' }),
  order: z.enum(['oldest', 'newest']).default('newest').meta({ description: 'Which come first.' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_ALARM_RECORDS)
    .default(500)
    .meta({ description: 'Most records of a page.' }),
  cursor: z.string().optional().meta({ description: '`next` of the page before; the other parameters as they were.' }),
});

export const AlarmHistory = z
  .object({
    records: z.array(AlarmRecord).meta({ description: 'By their own times.' }),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null on the last.' }),
  })
  .meta({ id: 'AlarmHistory', description: 'What happened to alarms.' });
export type AlarmHistory = z.infer<typeof AlarmHistory>;

export const AlarmAnalysisQuery = z.strictObject({
  ...RANGE,
  operators: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .meta({ description: 'Among whom the alarms are shared.' }),
});

const AlarmFlood = z
  .object({
    start: Instant.meta({ description: 'Its first activation.' }),
    end: Instant.meta({ description: 'Its last.' }),
    activations: count('In it.'),
    peak: count('The most within ten minutes.'),
    sequence: z.array(z.object({ time: Instant, alarm: z.string() })).meta({
      description: 'The alarms in the order in which each first came, at most 50; origin, colon, name.',
    }),
    alike: z
      .array(
        z.object({
          start: Instant.meta({ description: 'When the earlier flood began.' }),
          similarity: share('How alike they are'),
          done: z.array(AlarmRecord).meta({ description: 'What people did then.' }),
        }),
      )
      .meta({ description: 'Earlier floods like it.' }),
  })
  .meta({ id: 'AlarmFlood', description: 'Ten activations or more within ten minutes (ANSI/ISA-18.2-2016, 16.5).' });

const AlarmActor = z
  .object({
    alarm: z.string().meta({ description: 'Origin, colon, name.' }),
    activations: count('In the period.'),
    share: share('Of all activations'),
    mostInWindow: count('Activations within a minute, at most.'),
    chattering: z.boolean().meta({ description: 'Three or more within a minute.' }),
    longestSeconds: z.number().meta({ description: 'Longest time that it was active.' }),
    stale: z.boolean().meta({ description: 'Active for more than a day at a stretch.' }),
    standing: z.boolean().meta({ description: 'Active at the end of the period.' }),
    acknowledged: count('Activations that somebody acknowledged.'),
    neverActedUpon: z.boolean().meta({ description: 'Nobody ever acknowledged it.' }),
  })
  .meta({ id: 'AlarmActor', description: 'What one alarm did.' });

export const AlarmAnalysis = z
  .object({
    start: Instant,
    end: Instant,
    activations: count('In the period.'),
    rate: z
      .object({
        periods: z.array(Instant).meta({ description: 'Starts of ten minutes each.' }),
        counts: z.array(z.int()).meta({ description: 'Activations in each, of all operators.' }),
        perDay: z.number().meta({ description: 'Per operator; 150 are acceptable, 300 manageable.' }),
        perTenMinutes: z.number().meta({ description: 'Mean per operator; 1 is acceptable, 2 manageable.' }),
        peak: z.number().meta({ description: 'The most in ten minutes per operator; 10 at most.' }),
        shareOverTen: share('Periods with more than ten per operator; 0.01 at most'),
        verdict: z.enum(['acceptable', 'manageable', 'over-demanding']),
        priorities: z
          .record(PRIORITY, z.number())
          .meta({ description: 'Share of activations by priority; 0.8 low, 0.15 medium, 0.05 high.' }),
      })
      .meta({ description: 'Held against ANSI/ISA-18.2-2016, 16.5, and EEMUA 191.' }),
    shareInFlood: share('Time spent in floods; 0.01 at most'),
    floods: z.array(AlarmFlood),
    shareOfTopTen: share('Activations of the ten worst; 0.05 at most'),
    alarms: z.array(AlarmActor).meta({ description: 'The worst actor first, at most 500.' }),
    duplicates: z
      .array(z.object({ alarms: z.array(z.string()), together: z.int(), share: z.number() }))
      .meta({ description: 'Pairs that nearly always come together.' }),
  })
  .meta({ id: 'AlarmAnalysis', description: 'What the journal says of the alarm system.' });
export type AlarmAnalysis = z.infer<typeof AlarmAnalysis>;

export const AlarmImportBody = z
  .strictObject({
    origin: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)
      .meta({ description: 'What the log is called.', examples: ['dcs-2019'] }),
    records: z
      .array(
        z.strictObject({
          time: z.string().meta({ description: 'RFC 3339 with an offset.', examples: ['2024-01-01T01:03:00Z'] }),
          alarm: z.string().min(1).max(500).meta({ description: 'Name of the alarm.' }),
          happening: z.enum(ALARM_HAPPENINGS),
          priority: PRIORITY.default('low'),
          condition: z.string().max(100).default('unknown'),
          value: z.union([z.number(), z.string()]).optional(),
          limit: z.number().optional(),
          unit: z.string().optional(),
          message: z.string().max(1_000).default(''),
          by: z.string().max(200).optional(),
          comment: z.string().max(1_000).optional(),
        }),
      )
      .min(1),
  })
  .meta({ id: 'AlarmImportBody', description: 'The log of another system.' });

export const AlarmImportAnswer = z
  .object({ added: count('Records that were new.'), known: count('That were there already.') })
  .meta({ id: 'AlarmImportAnswer', description: 'What became of the records.' });
