/** Reads a learnt detector back from its JSON document, which may come from disk and is not believed. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { TailFit } from '../threshold/tailFit.ts';
import { ChangePoints, LONGEST_RUN } from './changePoints.ts';
import type { DetectorDocument, LearnedDetector } from './detector.ts';
import {
  countOf,
  demand,
  gappedNumbersOf,
  isObject,
  namesOf,
  numberOf,
  numbersOf,
  objectOf,
  objectsOf,
  spreadsOf,
  UnfitDocument,
} from './documentMembers.ts';
import { Ensemble } from './ensemble.ts';
import { IsolationForest } from './isolationForest.ts';
import { type LimitChart, LimitDetector } from './limits.ts';
import { NearestNeighbours } from './nearestNeighbours.ts';
import { Novelty } from './novelty.ts';
import { COURSE_LENGTHS, PAST_ROWS } from './noveltyOfSignal.ts';
import { OperatingModes } from './operatingModes.ts';
import { QuadraticDetector } from './quadraticDetector.ts';
import { LONGEST_WINDOW, SpectralResidual } from './spectralResidual.ts';

/** Modes of ensembles are two deep; what nests deeper was not learned here. */
const DEEPEST = 4;

/** `health.bad-data` names the member that is not as the kind needs it. What is read scores any row without throwing. */
export function detectorFromJson(document: unknown): Result<LearnedDetector> {
  try {
    return success(readDetector(document, 1));
  } catch (error) {
    if (error instanceof UnfitDocument) return failure('health.bad-data', error.message);
    throw error;
  }
}

type Reader = (document: DetectorDocument, depth: number) => LearnedDetector;

const READERS: Readonly<Record<string, Reader>> = {
  quadratic: (document) => {
    const names = namesOf(document);
    const memory = objectOf(document, 'memory');
    const lags = countOf(memory, 'lags', 0);
    const newest = numberOf(memory, 'newest', Number.MIN_VALUE, 1);
    const size = names.length * (lags + 1);
    const map = numbersOf(document, 'map', size * size);
    return new QuadraticDetector(names, scalingOf(document, names.length), { lags, newest }, map);
  },
  limits: (document) => {
    const names = namesOf(document);
    return new LimitDetector(names, scalingOf(document, names.length), chartOf(objectOf(document, 'chart')));
  },
  neighbours: (document) => {
    const names = namesOf(document);
    const references = numbersOf(document, 'references');
    const referenceCount = references.length / names.length;
    demand(Number.isInteger(referenceCount), 'references');
    const neighbours = countOf(document, 'neighbours', 1, referenceCount);
    return new NearestNeighbours(names, scalingOf(document, names.length), references, neighbours);
  },
  forest: (document) => {
    const names = namesOf(document);
    const centre = numbersOf(document, 'centre', names.length);
    const nodes = forestNodes(objectOf(document, 'nodes'), names.length);
    return new IsolationForest(names, centre, nodes, numberOf(document, 'meanDepth', Number.MIN_VALUE));
  },
  'change-points': (document) => {
    const names = namesOf(document);
    const options = objectOf(document, 'options');
    const rowsBetween = numberOf(options, 'rowsBetween', 1 + Number.EPSILON);
    const recentRows = numberOf(options, 'recentRows', 1, LONGEST_RUN - 1);
    const scaling = scalingOf(document, names.length);
    return new ChangePoints(names, scaling, { rowsBetween, recentRows }, raresOf(document, names.length));
  },
  'spectral-residual': (document) => {
    const names = namesOf(document);
    const options = objectOf(document, 'options');
    const window = countOf(options, 'window', 7, LONGEST_WINDOW);
    const ahead = countOf(options, 'ahead', 0, window - 7);
    return new SpectralResidual(names, { window, ahead }, raresOf(document, names.length));
  },
  'normal-courses': (document) => {
    const names = namesOf(document);
    const { past } = document;
    demand(Array.isArray(past) && past.length === names.length, 'past');
    const columns = past.map((column: unknown) => gappedNumbersOf({ kind: '', past: column }, 'past'));
    // Between any two rows there may be one that says that they are no neighbours.
    demand(
      columns.every(({ length }) => length < 2 * PAST_ROWS),
      'past',
    );
    return new Novelty(names, columns, raresOf(document, names.length * COURSE_LENGTHS.length));
  },
  modes: (document, depth) => {
    const modes = objectsOf(document, 'modes').map((mode) => readDetector(mode, depth + 1));
    demandOneSet(modes, 'modes');
    const width = modes[0].names.length;
    return new OperatingModes(scalingOf(document, width), numbersOf(document, 'centres', width * modes.length), modes);
  },
  ensemble: (document, depth) => {
    const members = objectsOf(document, 'members').map((member) => {
      const { detector } = member;
      const normal = numbersOf(member, 'normal').sort();
      demand(normal.length >= 20, 'normal');
      return { detector: readDetector(detector, depth + 1), tail: new TailFit(normal) };
    });
    demandOneSet(
      members.map(({ detector }) => detector),
      'members',
    );
    return new Ensemble(members);
  },
};

function readDetector(document: unknown, depth: number): LearnedDetector {
  demand(isObject(document) && typeof document.kind === 'string', 'kind');
  const { kind } = document;
  if (!Object.hasOwn(READERS, kind)) throw new UnfitDocument(`'${kind.slice(0, 40)}' is no kind of detector.`);
  if (depth > DEEPEST) throw new UnfitDocument(`The detector nests deeper than ${DEEPEST}.`);
  return READERS[kind](document, depth);
}

/** Parts of one detector judge the same signals. */
function demandOneSet(detectors: readonly LearnedDetector[], member: string): void {
  const [{ names }] = detectors;
  demand(
    detectors.every(
      (other) => other.names.length === names.length && other.names.every((name, i) => name === names[i]),
    ),
    member,
  );
}

function chartOf(chart: DetectorDocument): LimitChart {
  const { form } = chart;
  if (form === 'ewma') return { form: 'ewma', newest: numberOf(chart, 'newest', Number.MIN_VALUE, 1) };
  if (form === 'cusum') return { form: 'cusum', shift: numberOf(chart, 'shift', Number.MIN_VALUE) };
  demand(form === 'shewhart', 'chart');
  return { form: 'shewhart' };
}

function scalingOf(document: DetectorDocument, width: number) {
  return { centre: numbersOf(document, 'centre', width), spread: spreadsOf(document, width) };
}

/** Scores, each above 0. */
function raresOf(document: DetectorDocument, length: number): Float64Array {
  const rare = numbersOf(document, 'rare', length);
  demand(
    rare.every((score) => score > 0),
    'rare',
  );
  return rare;
}

/** Children come after their parents, so that no walk goes in circles. */
function forestNodes(nodes: DetectorDocument, width: number): IsolationForest['nodes'] {
  const signal = Int32Array.from(numbersOf(nodes, 'signal'));
  const next = Int32Array.from(numbersOf(nodes, 'next', signal.length));
  const roots = Int32Array.from(numbersOf(nodes, 'roots'));
  const inOrder = signal.every((cut, i) => cut < width && (cut < 0 || (next[i] > i && next[i] + 1 < signal.length)));
  demand(inOrder && roots.length > 0 && roots.every((root) => root >= 0 && root < signal.length), 'nodes');
  return { signal, value: numbersOf(nodes, 'value', signal.length), next, roots };
}
