/** Reads a learnt detector back from its JSON document, which may come from disk and is not believed. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { TailFit } from '../threshold/tailFit.ts';
import { ChangePoints } from './changePoints.ts';
import type { DetectorDocument, LearnedDetector } from './detector.ts';
import { Ensemble } from './ensemble.ts';
import { IsolationForest } from './isolationForest.ts';
import { type LimitChart, LimitDetector } from './limits.ts';
import { NearestNeighbours } from './nearestNeighbours.ts';
import { Novelty } from './novelty.ts';
import { OperatingModes } from './operatingModes.ts';
import { QuadraticDetector, type RowMemory } from './quadraticDetector.ts';
import { SpectralResidual } from './spectralResidual.ts';

/** `health.bad-data` names the member that is not as the kind needs it. */
export function detectorFromJson(document: unknown): Result<LearnedDetector> {
  try {
    return success(readDetector(document));
  } catch (error) {
    if (error instanceof NotADetector) return failure('health.bad-data', error.message);
    throw error;
  }
}

class NotADetector extends Error {}

/** The members that are read by name, not yet believed. */
interface UnreadDocument extends DetectorDocument {
  readonly memory?: unknown;
  readonly chart?: unknown;
  readonly neighbours?: unknown;
  readonly meanDepth?: unknown;
  readonly options?: unknown;
  readonly past?: unknown;
  readonly nodes?: unknown;
}

type Reader = (document: UnreadDocument) => LearnedDetector;

const READERS: Readonly<Record<string, Reader>> = {
  quadratic: (document) => {
    const names = textsOf(document, 'names');
    const memory = document.memory as RowMemory;
    demand(Number.isInteger(memory?.lags) && memory.lags >= 0 && memory.newest > 0 && memory.newest <= 1, 'memory');
    const size = names.length * (memory.lags + 1);
    return new QuadraticDetector(
      names,
      scalingOf(document, names.length),
      memory,
      numbersOf(document, 'map', size * size),
    );
  },
  limits: (document) => {
    const names = textsOf(document, 'names');
    const chart = document.chart as LimitChart;
    demand(['shewhart', 'ewma', 'cusum'].includes(chart?.form), 'chart');
    return new LimitDetector(names, scalingOf(document, names.length), chart);
  },
  neighbours: (document) => {
    const names = textsOf(document, 'names');
    const references = numbersOf(document, 'references');
    const neighbours = Number(document.neighbours);
    demand(references.length % names.length === 0 && neighbours >= 1 && Number.isInteger(neighbours), 'neighbours');
    return new NearestNeighbours(names, scalingOf(document, names.length), references, neighbours);
  },
  forest: (document) => {
    const names = textsOf(document, 'names');
    return new IsolationForest(
      names,
      numbersOf(document, 'centre', names.length),
      forestNodes(document, names.length),
      Number(document.meanDepth),
    );
  },
  changes: (document) => {
    const names = textsOf(document, 'names');
    const options = document.options as ChangePoints['options'];
    demand(options?.rowsBetween > 1 && options.recentRows >= 1, 'options');
    return new ChangePoints(names, scalingOf(document, names.length), options);
  },
  spectral: (document) => {
    const options = document.options as SpectralResidual['options'];
    demand(options?.window > options?.ahead + 6 && options.window < 10_000, 'options');
    return new SpectralResidual(textsOf(document, 'names'), options);
  },
  novelty: (document) => {
    const names = textsOf(document, 'names');
    const past = document.past;
    demand(Array.isArray(past) && past.length === names.length, 'past');
    return new Novelty(
      names,
      names.map((_, i) => numbersOf({ kind: 'novelty', past: (past as unknown[])[i] }, 'past')),
    );
  },
  modes: (document) => {
    const modes = listOf(document, 'modes').map(readDetector);
    const width = modes[0].names.length;
    return new OperatingModes(scalingOf(document, width), numbersOf(document, 'centres', width * modes.length), modes);
  },
  ensemble: (document) => {
    const members = listOf(document, 'members').map((member) => {
      const { detector } = member as { detector: unknown };
      const normal = numbersOf(member as DetectorDocument, 'normal').sort();
      demand(normal.length >= 20, 'normal');
      return { detector: readDetector(detector), tail: new TailFit(normal) };
    });
    return new Ensemble(members);
  },
};

function readDetector(document: unknown): LearnedDetector {
  const kind = (document as DetectorDocument | null)?.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(READERS, kind))
    throw new NotADetector(`'${kind}' is no kind of detector.`);
  return READERS[kind](document as DetectorDocument);
}

function demand(fits: boolean, member: string): void {
  if (!fits) throw new NotADetector(`'${member}' of the detector is not as it must be.`);
}

function listOf(document: DetectorDocument, member: string): readonly unknown[] {
  const list = document?.[member];
  demand(Array.isArray(list) && list.length > 0 && list.every((entry) => typeof entry === 'object' && entry), member);
  return list as readonly unknown[];
}

function textsOf(document: DetectorDocument, member: string): readonly string[] {
  const list = document[member];
  demand(Array.isArray(list) && list.length > 0 && list.every((entry) => typeof entry === 'string'), member);
  return list as readonly string[];
}

function numbersOf(document: DetectorDocument, member: string, length?: number): Float64Array {
  const list = document[member];
  demand(Array.isArray(list) && list.every(Number.isFinite) && (length ?? list.length) === list.length, member);
  return Float64Array.from(list as number[]);
}

function scalingOf(document: DetectorDocument, width: number) {
  return { centre: numbersOf(document, 'centre', width), spread: numbersOf(document, 'spread', width) };
}

/** Children come after their parents, so that no walk goes in circles. */
function forestNodes(document: UnreadDocument, width: number): IsolationForest['nodes'] {
  const nodes = document.nodes as DetectorDocument;
  demand(typeof nodes === 'object' && nodes !== null, 'nodes');
  const signal = Int32Array.from(numbersOf(nodes, 'signal'));
  const next = Int32Array.from(numbersOf(nodes, 'next', signal.length));
  const roots = Int32Array.from(numbersOf(nodes, 'roots'));
  const inOrder = signal.every((cut, i) => cut < width && (cut < 0 || (next[i] > i && next[i] + 1 < signal.length)));
  demand(inOrder && roots.length > 0 && roots.every((root) => root >= 0 && root < signal.length), 'nodes');
  return { signal, value: numbersOf(nodes, 'value', signal.length), next, roots };
}
