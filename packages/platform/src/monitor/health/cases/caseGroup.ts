/** Cases that began together: many at once on one site are rarely as many faults, but one dip of the power or of the network. */

import type { HealthCase } from './healthCase.ts';

/** A case as far as it tells what began with it: `first` is the number of the first of its group, its own where it began alone. */
export interface Beginning {
  readonly assetPath: string;
  readonly first: number;
}

/** Of the cases that are looked at, those that began together. */
export interface CaseGroup {
  /** The least number of them. */
  readonly first: number;
  readonly count: number;
  /** The asset that all of theirs are part of; empty where they share none. */
  readonly place: string;
  /** When the earliest of them was opened (µs since 1970 UTC). */
  readonly since: number;
}

/** Fewer come together by chance. */
export const FEWEST_TOGETHER = 3;
/** Assets that share so many parts of their paths (enterprise and site, ISA-95) or are under one parent may have a cause in common. */
const SITE_DEPTH = 2;

/** The number of the first case of the group that a case at `assetPath` joins; `near` were opened within an interval of it. */
export function groupFor(assetPath: string, near: readonly Beginning[]): number | undefined {
  const firsts = near.filter((other) => isOneSite(assetPath, other.assetPath)).map(({ first }) => first);
  return firsts.length === 0 ? undefined : Math.min(...firsts);
}

/** By the number of the case; cases that began alone, or with too few of `cases` for it to mean anything, are in no group. */
export function caseGroups(cases: readonly HealthCase[]): ReadonlyMap<number, CaseGroup> {
  const groups = Map.groupBy(cases, ({ number, beganWith }) => beganWith ?? number).values();
  return new Map(
    [...groups]
      .filter((members) => members.length >= FEWEST_TOGETHER)
      .flatMap((members) => {
        const group: CaseGroup = {
          first: Math.min(...members.map(({ number }) => number)),
          count: members.length,
          place: placeOf(members),
          since: Math.min(...members.map(({ openedAt }) => openedAt)),
        };
        return members.map(({ number }) => [number, group] as const);
      }),
  );
}

/** "with 37 others of acme/north". */
export function groupWords({ count, place }: CaseGroup): string {
  return `with ${count - 1} others${place === '' ? '' : ` of ${place}`}`;
}

/** Path of the asset that all of theirs are part of; empty where they share none. */
export function placeOf(cases: readonly HealthCase[]): string {
  return cases.map(({ assetPath }) => assetPath).reduce(sharedPath);
}

function isOneSite(a: string, b: string): boolean {
  const depth = Math.min(a.split('/').length, b.split('/').length);
  const shared = sharedPath(a, b);
  return (shared === '' ? 0 : shared.split('/').length) >= Math.min(SITE_DEPTH, depth - 1);
}

/** "acme/north" of "acme/north/pump-1" and "acme/north/train-1/motor". */
function sharedPath(a: string, b: string): string {
  const [parts, others] = [a.split('/'), b.split('/')];
  const differs = parts.findIndex((part, place) => part !== others[place]);
  return parts.slice(0, differs < 0 ? parts.length : differs).join('/');
}
