/** How a detector stands, as it lies on disk; it is read back with doubt. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { KeptAverages } from './heldAverages.ts';
import type { WatchedProfile } from './watchedProfile.ts';

export interface KeptDetector extends Pick<WatchedProfile, 'name' | 'digest' | 'features'> {
  readonly averages: KeptAverages;
  /** Samples that came too late. */
  readonly late: number;
  /** Of the model; the profile itself tells whether it can go on from there. */
  readonly stream: unknown;
}

type Unproven<Shape> = { readonly [Member in keyof Shape]?: unknown };

/** `undefined` where it is of another model or of other tags. Fault: `health.state-damaged`. */
export function readKeptDetector(
  json: unknown,
  { digest, features, profile }: Pick<WatchedProfile, 'digest' | 'features' | 'profile'>,
): Result<KeptDetector | undefined> {
  const kept = membersOf<KeptDetector>(json);
  if (kept.digest !== digest) return success(undefined);
  if (JSON.stringify(kept.features) !== JSON.stringify(features)) return success(undefined);
  const { begun, until, doubtfulUs, hours, shifts, sums } = membersOf<KeptAverages>(kept.averages);
  const { intervalUs } = profile.spec;
  const isWhole =
    isBetween(begun, 0, Number.MAX_SAFE_INTEGER) &&
    begun % intervalUs === 0 &&
    isBetween(until, begun, begun + intervalUs) &&
    isBetween(doubtfulUs, 0, until - begun) &&
    isBetween(kept.late, 0, Number.MAX_SAFE_INTEGER) &&
    [hours, shifts, sums].every((column) => isColumn(column, features.length));
  return isWhole
    ? success(json as KeptDetector)
    : failure('health.state-damaged', 'What was kept of it is not as it was written.');
}

function membersOf<Shape>(json: unknown): Unproven<Shape> {
  return typeof json === 'object' && json !== null ? json : {};
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isColumn(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
}
