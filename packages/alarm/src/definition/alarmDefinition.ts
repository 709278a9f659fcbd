/** An alarm complete: what its entry says, with what follows from it and what holds where nothing is said. */

import type { AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { type Condition, isOneOf, LIMIT_KINDS, RATE_KINDS, STATISTICAL_KINDS } from '../condition/condition.ts';
import type { WatchDelays } from '../condition/watch.ts';
import type { AlarmEntry, SuppressionEntry } from './alarmSchema.ts';
import { priorityFrom, type Severity } from './priorityMatrix.ts';

/** A tag or an attribute, by its path. */
export interface SubjectName {
  readonly kind: 'tag' | 'attribute';
  readonly path: string;
}

export interface Rationalisation {
  readonly cause: string;
  readonly consequence: string;
  readonly severity: Severity;
  readonly action: string;
  readonly responseTimeMs: number;
}

export interface Suppression extends WatchDelays {
  readonly subject: SubjectName;
  readonly condition: Condition;
}

export interface AlarmDefinition extends WatchDelays {
  readonly name: string;
  readonly subject: SubjectName;
  readonly condition: Condition;
  /** The set point or the command, where another tag or attribute gives it. */
  readonly reference: SubjectName | undefined;
  readonly priority: AlarmPriority;
  readonly latching: boolean;
  /** `undefined` where what happened says enough. */
  readonly message: string | undefined;
  /** Each of them is enough to suppress it. */
  readonly suppressWhile: readonly Suppression[];
  readonly maxShelvingMs: number;
  readonly rationalisation: Rationalisation | undefined;
  readonly exception: string | undefined;
}

/** The code of a state by its name, of the tag or attribute; `undefined` where it has no such state. */
export type StateCodes = (subject: SubjectName, name: string) => number | undefined;

/** `stateCode` tells what names of states stand for: `running` is 2. */
export function defineAlarm(entry: AlarmEntry, stateCode: StateCodes): AlarmDefinition {
  const { rationalisation, latching, message, exception, maxShelving } = entry;
  const subject = subjectOf(entry);
  return {
    name: nameOf(entry),
    subject,
    condition: conditionOf(entry, subject, stateCode),
    reference: referenceOf(entry, subject),
    ...delaysOf(entry.onDelay, entry.offDelay),
    priority:
      entry.priority ??
      (rationalisation && priorityFrom(rationalisation.severity, rationalisation.responseTime)) ??
      'low',
    ...{ latching, message, exception, maxShelvingMs: maxShelving },
    suppressWhile: entry.suppressWhile.map((suppression) => suppressionOf(suppression, stateCode)),
    rationalisation: rationalisation && rationalisationOf(rationalisation),
  };
}

export function nameOf(entry: Pick<AlarmEntry, 'name' | 'tag' | 'attribute' | 'condition'>): string {
  return entry.name ?? `${subjectOf(entry).path}/${entry.condition}`;
}

/** Every tag and attribute that the alarm depends on, with the field of the entry that names it. */
export function subjectsOf(
  entry: AlarmEntry,
): { readonly subject: SubjectName; readonly field: readonly (string | number)[] }[] {
  const subject = subjectOf(entry);
  const reference = referenceOf(entry, subject);
  return [
    { subject, field: [subject.kind] },
    ...(reference ? [{ subject: reference, field: [entry.command === undefined ? 'setPoint' : 'command'] }] : []),
    ...entry.suppressWhile.map((each, index) => {
      const suppressor = subjectOf(each);
      return { subject: suppressor, field: ['suppressWhile', index, suppressor.kind] };
    }),
  ];
}

function subjectOf({
  tag,
  attribute,
}: {
  readonly tag?: string | undefined;
  readonly attribute?: string | undefined;
}): SubjectName {
  return tag === undefined ? { kind: 'attribute', path: attribute ?? '' } : { kind: 'tag', path: tag };
}

/** What an alarm compares with is of the kind of what it watches. */
function referenceOf({ setPoint, command }: AlarmEntry, { kind }: SubjectName): SubjectName | undefined {
  const path = typeof setPoint === 'string' ? setPoint : command;
  return path === undefined ? undefined : { kind, path };
}

function conditionOf(entry: AlarmEntry, subject: SubjectName, stateCode: StateCodes): Condition {
  const { condition: kind, limit = 0, deadband } = entry;
  if (isOneOf(LIMIT_KINDS, kind)) return { kind, limit, deadband };
  if (isOneOf(RATE_KINDS, kind)) return { kind, limit, deadband, overUs: usOf(entry.over) };
  if (isOneOf(STATISTICAL_KINDS, kind)) {
    return { kind, limit, deadband, baselineUs: usOf(entry.baseline), minSigma: entry.minSigma ?? 0 };
  }
  switch (kind) {
    case 'deviation':
      return { kind, limit, deadband, setPoint: typeof entry.setPoint === 'number' ? entry.setPoint : undefined };
    case 'discrete':
      return { kind, equals: stateOf(entry.equals ?? 0, subject, stateCode) };
    case 'stale':
      return { kind, forUs: usOf(entry.for) };
    default:
      return { kind };
  }
}

function suppressionOf(entry: SuppressionEntry, stateCode: StateCodes): Suppression {
  const { equals, above, below, after, hold } = entry;
  const subject = subjectOf(entry);
  const delays = delaysOf(after, hold);
  if (above !== undefined) return { subject, condition: { kind: 'high', limit: above, deadband: 0 }, ...delays };
  if (below !== undefined) return { subject, condition: { kind: 'low', limit: below, deadband: 0 }, ...delays };
  return { subject, condition: { kind: 'discrete', equals: stateOf(equals ?? 0, subject, stateCode) }, ...delays };
}

function stateOf(written: number | string | boolean, subject: SubjectName, stateCode: StateCodes): number | string {
  if (typeof written === 'string') return stateCode(subject, written) ?? written;
  return Number(written);
}

function rationalisationOf({ responseTime, ...reasons }: NonNullable<AlarmEntry['rationalisation']>): Rationalisation {
  return { ...reasons, responseTimeMs: responseTime };
}

function delaysOf(onDelayMs = 0, offDelayMs = 0): WatchDelays {
  return { onDelayUs: usOf(onDelayMs), offDelayUs: usOf(offDelayMs) };
}

function usOf(ms = 0): number {
  return ms * US_PER_MS;
}
