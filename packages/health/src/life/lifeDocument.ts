/** A learned life estimator as a JSON document, and back; a document that is not whole is refused. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { BoostedTrees, type BoostedTreesJson } from '../boost/boostedTrees.ts';
import type { LearnedFeatures } from './lifeFeatures.ts';
import type { ResidualBand } from './residualBand.ts';

const FORMAT = 'tidegate-life-1';

export interface LifeEstimatorParts {
  readonly cap: number;
  readonly features: LearnedFeatures;
  readonly boosters: readonly BoostedTrees[];
  readonly band: ResidualBand;
  /** By how many cycles both ends of the band are moved outwards. */
  readonly margin: number;
}

export interface LifeDocument {
  readonly format: typeof FORMAT;
  readonly cap: number;
  readonly margin: number;
  readonly band: Plain<LifeEstimatorParts['band']>;
  readonly features: Plain<LearnedFeatures>;
  readonly boosters: readonly BoostedTreesJson[];
}

/** The same with arrays of numbers in place of columns. */
type Plain<T> = T extends Float64Array
  ? readonly number[]
  : T extends object
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T;

export function lifeDocument({ cap, margin, band, features, boosters }: LifeEstimatorParts): LifeDocument {
  const plain = { cap, margin, band, features };
  // Columns become plain arrays on the way through JSON text, which would write them as objects.
  const text = JSON.stringify(plain, (_, value) => (value instanceof Float64Array ? Array.from(value) : value));
  return { format: FORMAT, ...JSON.parse(text), boosters: boosters.map((booster) => booster.toJson()) };
}

/** `health.bad-data` where the document is no life estimator or a part of it is broken or does not fit the others. */
export function readLifeDocument(json: unknown): Result<LifeEstimatorParts> {
  const given = json as Partial<LifeDocument> | null;
  if (given?.format !== FORMAT) return failure('health.bad-data', 'This is no learned life estimator.');
  const { cap, margin } = given;
  const features = readFeatures(given.features);
  const [at, lower, upper] = [given.band?.at, given.band?.lower, given.band?.upper].map(column);
  if (!features || !isNumber(cap) || !isNumber(margin) || !at?.length || !sameLength(at, lower, upper))
    return failure('health.bad-data', 'The features or the band of the life estimator are broken.');
  if (!Array.isArray(given.boosters) || given.boosters.length === 0)
    return failure('health.bad-data', 'The life estimator has no trees.');
  const boosters: BoostedTrees[] = [];
  for (const booster of given.boosters) {
    const read = BoostedTrees.fromJson(booster);
    if (!read.ok) return read;
    boosters.push(read.value);
  }
  const width = featureCount(features);
  if (boosters.some(({ names }) => names.length !== width))
    return failure('health.bad-data', `Trees of the life estimator do not know the ${width} features it makes.`);
  return success({ cap, margin, band: { at, lower: lower!, upper: upper! }, features, boosters });
}

/** Six measures of the index a window and two of a signal, a fading mean of each, and the age. */
function featureCount({ signals, windows, usesAge }: LearnedFeatures): number {
  return signals.length * (2 * windows.length + 1) + 6 * windows.length + 1 + (usesAge ? 1 : 0);
}

function readFeatures(given: Partial<LifeDocument['features']> | undefined): LearnedFeatures | undefined {
  const windows = column(given?.windows);
  const centre = column(given?.regimes?.centre);
  const spread = column(given?.regimes?.spread);
  const centres = Array.isArray(given?.regimes?.centres) ? given.regimes.centres.map(column) : [];
  const coefficients = column(given?.index?.coefficients);
  const intercept = given?.index?.intercept;
  if (!windows?.length || !windows.every((window) => Number.isInteger(window) && window >= 2)) return undefined;
  if (!centre || !sameLength(centre, spread, ...centres) || centres.length === 0 || !isNumber(intercept))
    return undefined;
  if (!Array.isArray(given?.signals) || coefficients?.length !== given.signals.length) return undefined;
  const signals: LearnedFeatures['signals'][number][] = [];
  for (const signal of given.signals as readonly (Partial<LifeDocument['features']['signals'][number]> | null)[]) {
    const scale = { mean: column(signal?.scale?.mean), spread: column(signal?.scale?.spread) };
    const isWhole = scale.mean?.length === centres.length && scale.spread?.length === centres.length;
    if (!signal || !isWhole || !isIndex(signal.at) || !isNumber(signal.farthest)) return undefined;
    const { mean, spread: spreads } = scale as { mean: Float64Array; spread: Float64Array };
    const { at, name, farthest } = signal;
    signals.push({ at, name: String(name), scale: { mean, spread: spreads }, farthest });
  }
  const regimes = { centre, spread: spread!, centres: centres as Float64Array[] };
  const usesAge = given.usesAge === true;
  return { windows: Array.from(windows), regimes, signals, index: { intercept, coefficients }, usesAge };
}

function column(values: unknown): Float64Array | undefined {
  return Array.isArray(values) && values.every(isNumber) ? Float64Array.from(values) : undefined;
}

function sameLength(first: Float64Array, ...others: readonly (Float64Array | undefined)[]): boolean {
  return others.every((other) => other?.length === first.length);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
