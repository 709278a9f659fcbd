/** The lives of every asset of a fleet, from what is on record and from what was found on site. */

import type { HealthCase } from '../cases/healthCase.ts';
import type { FleetLife, FleetMember, LifeEnd, LifeRecord } from '../definition/fleetLife.ts';
import type { LifeUnit } from './lifeUnit.ts';

/** What a person found at an asset (µs since 1970 UTC). */
export interface LifeFinding {
  readonly case: number;
  readonly failure: string;
  /** When it failed, or was found to. */
  readonly at: number;
  /** `undefined` where nothing was put right. */
  readonly repairedAt: number | undefined;
}

/** What was found is what a person says it was, whether that was expected or not. */
export function lifeFindings(cases: readonly HealthCase[]): readonly LifeFinding[] {
  return cases.flatMap(({ number, finding }) => {
    if (finding?.failure === undefined) return [];
    const { failure, at, failedAt = at, repaired } = finding;
    return [{ case: number, failure, at: failedAt, repairedAt: repaired ? at : undefined }];
  });
}

/** Of a watch. */
export type FindingsOf = (watch: string) => readonly LifeFinding[];

type Turn =
  | { readonly kind: 'begin'; readonly at: number }
  | { readonly kind: 'end'; readonly at: number; readonly ended: LifeEnd; readonly case: number | undefined };

/**
 * By asset and number; what is said to be after `now` has not happened. A record ends a life, and the next begins there
 * unless another record says when; a finding of the failure ends one, and the next begins with the repair. Where both tell
 * of the same life the record holds. A life that began anew before it was known to end was replaced.
 */
export function lifeUnits({ members, records, failure, cycleUs }: FleetLife, findingsOf: FindingsOf, now: number) {
  return members.flatMap((member): readonly LifeUnit[] => {
    const own = records.filter(({ asset }) => asset === member.asset);
    const found = findingsOf(member.watch).filter(
      (finding) => finding.failure === failure && !isOnRecord(finding.at, own, cycleUs),
    );
    const turns = [...own.flatMap(turnsOfRecord), ...found.flatMap(turnsOfFinding)].filter(({ at }) => at <= now);
    return unitsOf(
      member,
      turns.sort((a, b) => a.at - b.at || Number(a.kind === 'begin') - Number(b.kind === 'begin')),
    );
  });
}

/** A record is of days, a finding of the minute. */
function isOnRecord(at: number, records: readonly LifeRecord[], slackUs: number): boolean {
  return records.some(({ from = Number.NEGATIVE_INFINITY, to }) => to !== undefined && at > from && at <= to + slackUs);
}

function turnsOfRecord({ from, to, ended }: LifeRecord): readonly Turn[] {
  const begin: readonly Turn[] = from === undefined ? [] : [{ kind: 'begin', at: from }];
  if (to === undefined || ended === undefined) return begin;
  return [...begin, { kind: 'end', at: to, ended, case: undefined }, { kind: 'begin', at: to }];
}

function turnsOfFinding({ case: number, at, repairedAt }: LifeFinding): readonly Turn[] {
  const end: Turn = { kind: 'end', at, ended: 'failure', case: number };
  return repairedAt === undefined ? [end] : [end, { kind: 'begin', at: repairedAt }];
}

/** Of turns in the order of time, ends before beginnings. */
function unitsOf({ asset, assetPath }: FleetMember, turns: readonly Turn[]): readonly LifeUnit[] {
  const units: LifeUnit[] = [];
  // The first life began before anybody wrote anything down.
  let start: number | undefined;
  let isRunning = true;
  let lastEnd = Number.NEGATIVE_INFINITY;
  const close = (end: number, ended: LifeEnd, of: number | undefined) => {
    units.push({ asset, assetPath, number: units.length + 1, start, end, ended, case: of });
    [isRunning, lastEnd] = [false, end];
  };
  for (const turn of turns) {
    if (turn.kind === 'end') {
      if (isRunning && !(start !== undefined && turn.at <= start)) close(turn.at, turn.ended, turn.case);
      continue;
    }
    // A record that says when the next life began moves a beginning that was only taken to be at the end of the last.
    if (isRunning && start !== undefined && start !== lastEnd && turn.at > start) close(turn.at, 'replaced', undefined);
    [isRunning, start] = [true, turn.at];
  }
  if (isRunning)
    units.push({
      asset,
      assetPath,
      number: units.length + 1,
      start,
      end: undefined,
      ended: undefined,
      case: undefined,
    });
  return units;
}
