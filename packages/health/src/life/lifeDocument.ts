/** A learned life estimator as a JSON document, and back; a document that is not whole is refused. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { BoostedTrees, type BoostedTreesJson } from '../boost/boostedTrees.ts';
import type { LearnedFeatures } from './lifeFeatures.ts';
import type { LifeMember } from './lifeMember.ts';
import { type NeuralNet, readNet } from './neuralNet.ts';
import type { ResidualBand } from './residualBand.ts';
import type { Ridge } from './ridge.ts';

const FORMAT = 'tidegate-life-4';

export interface LifeEstimatorParts {
  readonly cap: number;
  readonly features: LearnedFeatures;
  readonly members: readonly LifeMember[];
  readonly band: ResidualBand;
  /** By how many of its widths both ends of the band are moved outwards. */
  readonly margin: number;
}

export interface LifeDocument {
  readonly format: typeof FORMAT;
  readonly cap: number;
  readonly margin: number;
  readonly band: Plain<LifeEstimatorParts['band']>;
  readonly features: Plain<LearnedFeatures>;
  readonly trees: readonly BoostedTreesJson[];
  /** Of each member. */
  readonly nets: readonly Plain<NeuralNet>[];
}

/** The same with arrays of numbers in place of columns. */
type Plain<T> = T extends Float64Array
  ? readonly number[]
  : T extends object
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T;

export function lifeDocument({ cap, margin, band, features, members }: LifeEstimatorParts): LifeDocument {
  const plain = { cap, margin, band, features, nets: members.map(({ net }) => net) };
  // Columns become plain arrays on the way through JSON text, which would write them as objects.
  const text = JSON.stringify(plain, (_, value) => (value instanceof Float64Array ? Array.from(value) : value));
  return { format: FORMAT, ...JSON.parse(text), trees: members.map(({ trees }) => trees.toJson()) };
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
  const { trees, nets } = given;
  if (!Array.isArray(trees) || !Array.isArray(nets) || trees.length === 0 || nets.length !== trees.length)
    return failure('health.bad-data', 'The life estimator has no trees, or not as many nets.');
  const width = featureCount(features);
  const members: LifeMember[] = [];
  for (const [i, json] of trees.entries()) {
    const read = BoostedTrees.fromJson(json);
    if (!read.ok) return read;
    const net = readNet(nets[i], width);
    if (!net || read.value.names.length !== width)
      return failure('health.bad-data', `Trees or net ${i} do not know the ${width} features of the life estimator.`);
    members.push({ trees: read.value, net });
  }
  return success({ cap, margin, band: { at, lower: lower!, upper: upper! }, features, members });
}

/** Two measures a window of every signal and of the index, and the age. */
function featureCount({ signals, windows, usesAge }: LearnedFeatures): number {
  return 2 * (signals.length + 1) * windows.length + (usesAge ? 1 : 0);
}

function readFeatures(given: Partial<LifeDocument['features']> | undefined): LearnedFeatures | undefined {
  const windows = column(given?.windows);
  const centre = column(given?.regimes?.centre);
  const spread = column(given?.regimes?.spread);
  const centres = Array.isArray(given?.regimes?.centres) ? given.regimes.centres.map(column) : [];
  const index = readRidge(given?.index);
  if (!windows?.length || !windows.every((window) => Number.isInteger(window) && window >= 2)) return undefined;
  if (!centre || !sameLength(centre, spread, ...centres) || centres.length === 0) return undefined;
  if (!Array.isArray(given?.signals) || index?.coefficients.length !== given.signals.length) return undefined;
  const mixes = Array.isArray(given.mixes) ? given.mixes.map(readMixes) : [];
  if (mixes.length !== centres.length || !mixes.every((ofRegime) => fits(ofRegime, given.signals!.length)))
    return undefined;
  const trust = Array.isArray(given.trust) ? given.trust.map(column) : [];
  if (trust.length !== given.signals.length + 1 || !trust.every((each) => isTrust(each, centres.length)))
    return undefined;
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
  const learned = { mixes: mixes as Ridge[][], index, trust: trust as Float64Array[] };
  return { windows: Array.from(windows), regimes, signals, ...learned, usesAge };
}

function isTrust(trust: Float64Array | undefined, regimes: number): boolean {
  return trust?.length === regimes && trust.every((value) => value > 0);
}

function readMixes(ofRegime: unknown): (Ridge | undefined)[] {
  return Array.isArray(ofRegime) ? ofRegime.map(readRidge) : [];
}

function readRidge(json: unknown): Ridge | undefined {
  const given = json as { [K in keyof Ridge]?: unknown } | null;
  const coefficients = column(given?.coefficients);
  return coefficients && isNumber(given?.intercept) ? { intercept: given.intercept, coefficients } : undefined;
}

/** One mix a signal, each of all signals. */
function fits(ofRegime: readonly (Ridge | undefined)[], signals: number): boolean {
  return ofRegime.length === signals && ofRegime.every((mix) => mix?.coefficients.length === signals);
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
