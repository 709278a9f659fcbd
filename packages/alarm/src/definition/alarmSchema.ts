/**
 * An alarm as people write it: what it watches, when, how urgent it is, and why there is one at all.
 *
 * The fields of all kinds of conditions lie side by side; which of them a kind needs, and which mean nothing for it, is
 * checked for the entry as a whole.
 */

import { ALARM_PRIORITIES } from '@tidegate/core/alarm/alarmRecord.ts';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { z } from 'zod';
import {
  CONDITION_KINDS,
  type ConditionKind,
  isOneOf,
  LIMIT_KINDS,
  RATE_KINDS,
  STATISTICAL_KINDS,
} from '../condition/condition.ts';
import { alarmNameDefect } from './alarmName.ts';
import { SEVERITIES } from './priorityMatrix.ts';

const duration = z
  .union([z.string(), z.number()])
  .transform((written, context) => {
    const ms = typeof written === 'string' ? parseDurationMs(written) : undefined;
    if (ms !== undefined) return ms;
    const params = { hint: 'such as 500ms, 5s, 10min or 8h' };
    const message = `${JSON.stringify(written)} is not a length of time with its unit`;
    context.issues.push({ code: 'custom', message, input: written, params });
    return z.NEVER;
  })
  .describe('a length of time such as 500ms, 5s, 10min or 8h');

const state = z
  .union([z.number(), z.boolean(), z.string()])
  .describe('a number, true, false, a text or the name of a state');

const sentence = z.string().trim().min(1);

/** Why the alarm exists (ISA-18.2, clause 9, rationalization): without a consequence or an action it is none. */
export const rationalisationSchema = z
  .strictObject({
    cause: sentence.describe('what most likely makes it happen'),
    consequence: sentence.describe('what happens if nobody responds'),
    severity: z.enum(SEVERITIES).describe('how bad the consequence is: severe, major or minor'),
    action: sentence.describe('what the operator does'),
    responseTime: duration.describe('how soon the operator must have responded, such as 10min'),
  })
  .describe('cause, consequence, severity, action and responseTime');

const subject = {
  tag: z.string().optional().describe('the path of a tag'),
  attribute: z.string().optional().describe('the path of an attribute'),
};

/** The state of the plant in which an alarm says nothing new: designed suppression (ISA-18.2, clause 12). */
const suppressionSchema = z.strictObject({
  ...subject,
  equals: state.optional(),
  above: z.number().optional(),
  below: z.number().optional(),
  after: duration.default(0).describe('for so long it must be the case before it suppresses'),
  hold: duration.default(0).describe('for so long it suppresses on, such as while a machine starts'),
});

export const alarmShape = {
  name: z.string().optional().describe('unique; without it the tag, a slash and the condition'),
  ...subject,
  condition: z.enum(CONDITION_KINDS),
  limit: z.number().optional().describe('in the unit of the tag, or a multiple of the standard deviation'),
  deadband: z.number().nonnegative().default(0),
  onDelay: duration.optional(),
  offDelay: duration.optional(),
  over: duration.optional().describe('the time in which a change by the limit is too much'),
  setPoint: z.union([z.number(), z.string()]).optional().describe('a number, or the path of what gives it'),
  equals: state.optional(),
  command: z.string().optional().describe('the path of what the value has to follow'),
  for: duration.optional().describe('the time without a sample'),
  baseline: duration.optional().describe('the time over which is learned what is usual'),
  minSigma: z.number().nonnegative().optional().describe('the least standard deviation, in the unit of the tag'),
  latching: z.boolean().default(false),
  message: sentence.optional().describe('what the operator reads'),
  suppressWhile: z.array(suppressionSchema).default([]),
  maxShelving: duration.default(parseDurationMs('12h')!),
  rationalisation: rationalisationSchema.optional(),
  priority: z.enum(ALARM_PRIORITIES).optional().describe('only with an exception: it follows from the rationalisation'),
  exception: sentence.optional().describe('why it is not rationalised, or has another priority'),
};

/** Fields that only some kinds of conditions have, and whether those need them. */
const FIELDS_OF_KINDS: Readonly<Record<string, (kind: ConditionKind) => 'needed' | 'allowed' | 'foreign'>> = {
  limit: (kind) => (hasLimit(kind) ? 'needed' : 'foreign'),
  deadband: (kind) => (hasLimit(kind) ? 'allowed' : 'foreign'),
  over: (kind) => (isOneOf(RATE_KINDS, kind) ? 'needed' : 'foreign'),
  setPoint: (kind) => (kind === 'deviation' ? 'needed' : 'foreign'),
  equals: (kind) => (kind === 'discrete' ? 'needed' : 'foreign'),
  command: (kind) => (kind === 'discrepancy' ? 'needed' : 'foreign'),
  for: (kind) => (kind === 'stale' ? 'needed' : 'foreign'),
  baseline: (kind) => (isOneOf(STATISTICAL_KINDS, kind) ? 'needed' : 'foreign'),
  minSigma: (kind) => (isOneOf(STATISTICAL_KINDS, kind) ? 'allowed' : 'foreign'),
  onDelay: (kind) => (kind === 'stale' ? 'foreign' : 'allowed'),
  offDelay: (kind) => (kind === 'stale' ? 'foreign' : 'allowed'),
};

/** What an alarm of this kind would say without the field; the first is what people leave out most. */
const FIELD_HINTS: Readonly<Record<string, string>> = {
  limit: 'limit: a number',
  over: 'over: the time for the change, such as 1min',
  setPoint: 'setPoint: a number, or the path of a tag',
  equals: 'equals: the state that raises it, such as true',
  command: 'command: the path of the tag that the value has to follow',
  for: 'for: the time of silence, such as 5min',
  baseline: 'baseline: the time over which is learned what is usual, such as 1d',
};

type Refuse = (field: string | readonly (string | number)[], message: string, hint: string) => void;

/** One alarm; beyond each field, what they say together. */
export const alarmSchema = z.strictObject(alarmShape).superRefine((entry, context) => {
  const refuse: Refuse = (field, message, hint) => {
    const path = typeof field === 'string' ? [field] : [...field];
    context.issues.push({ code: 'custom', message, input: entry, path, params: { hint } });
  };
  checkSubject(entry, refuse);
  checkFields(entry, refuse);
  checkReasons(entry, refuse);
  for (const [index, suppression] of entry.suppressWhile.entries()) {
    checkSuppression(suppression, (field, ...text) => refuse(['suppressWhile', index, String(field)], ...text));
  }
});

export type AlarmEntry = z.output<typeof alarmSchema>;
export type SuppressionEntry = AlarmEntry['suppressWhile'][number];

function hasLimit(kind: ConditionKind): boolean {
  return (
    kind === 'deviation' || [LIMIT_KINDS, RATE_KINDS, STATISTICAL_KINDS].some((kinds) => isOneOf<string>(kinds, kind))
  );
}

function checkSubject({ name, tag, attribute }: z.output<z.ZodObject<typeof alarmShape>>, refuse: Refuse): void {
  const defect = name === undefined ? undefined : alarmNameDefect(name);
  if (defect !== undefined)
    refuse('name', `${JSON.stringify(name)} ${defect}`, 'such as train-1/discharge-temperature/high');
  if (tag === undefined && attribute === undefined)
    refuse('tag', 'does not say what it watches', 'tag: the path of a tag');
  if (tag !== undefined && attribute !== undefined)
    refuse('attribute', 'watches a tag and an attribute', 'make two alarms');
}

function checkFields(entry: z.output<z.ZodObject<typeof alarmShape>>, refuse: Refuse): void {
  const { condition } = entry;
  for (const [field, roleIn] of Object.entries(FIELDS_OF_KINDS)) {
    const role = roleIn(condition);
    const value = entry[field as keyof typeof entry];
    const isGiven = field === 'deadband' ? entry.deadband > 0 : value !== undefined;
    if (role === 'needed' && !isGiven)
      refuse(field, `an alarm of the kind ${condition} needs "${field}"`, FIELD_HINTS[field]);
    if (role === 'foreign' && isGiven)
      refuse(field, `"${field}" means nothing for the kind ${condition}`, `leave "${field}" out`);
  }
  for (const field of ['over', 'for', 'baseline', 'maxShelving'] as const) {
    if (entry[field] === 0) refuse(field, `"${field}" is no time at all`, 'a time above 0');
  }
  const isDistance =
    condition === 'deviation' || isOneOf(RATE_KINDS, condition) || isOneOf(STATISTICAL_KINDS, condition);
  if (isDistance && entry.limit !== undefined && entry.limit <= 0) {
    refuse('limit', `a limit of ${entry.limit} is passed by a value that does not change`, 'a number above 0');
  }
  if (isDistance && entry.limit !== undefined && entry.deadband > 0 && entry.deadband >= entry.limit) {
    refuse(
      'deadband',
      `with a deadband of ${entry.deadband} the alarm would never end`,
      `a number below ${entry.limit}`,
    );
  }
}

function checkReasons(
  { rationalisation, priority, exception }: z.output<z.ZodObject<typeof alarmShape>>,
  refuse: Refuse,
): void {
  if (!rationalisation && exception === undefined) {
    const hint =
      'rationalisation: {cause, consequence, severity, action, responseTime}; or exception: "why there is none"';
    refuse('rationalisation', 'is not rationalised: nobody can tell why there is this alarm, and what to do', hint);
  }
  if (!rationalisation && exception !== undefined && priority === undefined) {
    refuse('priority', 'has no priority, for nothing says how bad it gets', `priority: ${ALARM_PRIORITIES.join(', ')}`);
  }
  if (rationalisation && priority !== undefined && exception === undefined) {
    const hint = 'leave the priority out; or say with `exception: "reason"` why it is another one';
    refuse('priority', 'has a priority that does not follow from its rationalisation', hint);
  }
}

function checkSuppression({ tag, attribute, equals, above, below }: SuppressionEntry, refuse: Refuse): void {
  if ((tag === undefined) === (attribute === undefined)) {
    refuse('tag', 'does not say which tag or attribute suppresses', 'tag: its path');
  }
  const said = [equals, above, below].filter((each) => each !== undefined).length;
  if (said !== 1) {
    refuse(
      'equals',
      'does not say in which state it suppresses',
      'one of: equals, above, below, such as `equals: stopped`',
    );
  }
}
