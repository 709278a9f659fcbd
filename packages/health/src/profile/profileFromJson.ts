/** Reads a learned profile back from its JSON document, which may come from disk and is not believed. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { detectorFromJson } from '../detect/detectorFromJson.ts';
import type { DetectorName } from '../detect/namedEnsemble.ts';
import { OperatingModes } from '../detect/operatingModes.ts';
import { fitTail, type TailFit } from '../threshold/tailFit.ts';
import { EquipmentProfile, PROFILE_FORM } from './equipmentProfile.ts';
import type { Dependence, FeatureNormal } from './featureNormal.ts';
import type { FeatureSeason } from './featureSeason.ts';
import type { LearnedProfile, ProfileReport } from './learnedProfile.ts';
import { wrongSpec } from './learningRows.ts';
import type { LevelClock } from './levelClock.ts';
import type { ProfileFeature, ProfileSpec } from './profileSpec.ts';
import type { RowNormal } from './rowNormal.ts';

/** `health.bad-data` names the member that is not as it must be. */
export function profileFromJson(json: unknown): Result<LearnedProfile> {
  try {
    return success(readProfile(json));
  } catch (error) {
    if (error instanceof NotAProfile) return failure('health.bad-data', error.message);
    throw error;
  }
}

class NotAProfile extends Error {}

/** Members that are read by name, not yet believed. */
interface Members {
  readonly [member: string]: unknown;
  readonly kind?: unknown;
  readonly form?: unknown;
  readonly spec?: unknown;
  readonly budget?: unknown;
  readonly limit?: unknown;
  readonly side?: unknown;
  readonly detector?: unknown;
  readonly report?: unknown;
  readonly clock?: unknown;
  readonly dependence?: unknown;
  readonly outside?: unknown;
  readonly detectors?: unknown;
}

const MOST_SLOTS = 10_000;

function readProfile(json: unknown): EquipmentProfile {
  const document = membersOf(json, 'profile');
  demand(document.kind === 'profile', 'kind');
  const { form } = document;
  if (form !== 1 && form !== PROFILE_FORM)
    throw new NotAProfile(`Its form is ${form}, and 1 to ${PROFILE_FORM} are known.`);
  const spec = readSpec(document.spec);
  const kept = numbersOf(document, 'kept');
  const ascends = kept.every((at, i) => Number.isInteger(at) && at > (i === 0 ? -1 : kept[i - 1]));
  demand(kept.length > 0 && ascends && kept[kept.length - 1] < spec.features.length, 'kept');
  const detector = detectorFromJson(document.detector);
  if (!detector.ok) throw new NotAProfile(detector.fault.detail);
  const modes = detector.value;
  demand(modes instanceof OperatingModes && modes.names.length === kept.length, 'detector');
  const normals = listOf(document, 'normals').map((normal) => readNormal(normal, kept.length));
  demand(normals.length === kept.length, 'normals');
  const rowNormals = listOf(document, 'rowNormals').map((mode) => readRowNormals(mode, kept.length));
  demand(rowNormals.length === modes.modes.length, 'rowNormals');
  const seasons = form === 1 ? kept.map(() => undefined) : listOf(document, 'seasons').map(readSeason);
  demand(seasons.length === kept.length, 'seasons');
  return new EquipmentProfile({
    spec,
    kept,
    seasons,
    detector: modes,
    rowNormals,
    normals,
    outside: document.outside === undefined ? undefined : readTail(document),
    report: readReport(document.report, spec),
    usualPeak: numberOf(document, 'usualPeak'),
    clock: readClock(document.clock),
  });
}

function readTail(document: Members): TailFit {
  const tail = fitTail(Float64Array.from(numbersOf(document, 'outside')));
  if (!tail.ok) throw new NotAProfile(tail.fault.detail);
  return tail.value;
}

function readSpec(json: unknown): ProfileSpec {
  const spec = membersOf(json, 'spec');
  const budget = membersOf(spec.budget, 'budget');
  const read: ProfileSpec = {
    features: listOf(spec, 'features').map(readFeature),
    intervalUs: numberOf(spec, 'intervalUs'),
    budget: { alarms: numberOf(budget, 'alarms'), perUs: numberOf(budget, 'perUs') },
    ...(spec.detectors === undefined ? {} : { detectors: textsOf(spec, 'detectors') as readonly DetectorName[] }),
  };
  const wrong = wrongSpec(read);
  if (wrong !== undefined) throw new NotAProfile(wrong);
  return read;
}

function readFeature(json: unknown): ProfileFeature {
  const feature = membersOf(json, 'features');
  const { limit } = feature;
  return {
    name: textOf(feature, 'name'),
    unit: textOf(feature, 'unit'),
    negligible: numberOf(feature, 'negligible'),
    ...(limit === undefined ? {} : { limit: readLimit(limit) }),
  };
}

function readLimit(json: unknown): ProfileFeature['limit'] {
  const limit = membersOf(json, 'limit');
  const { side } = limit;
  if (side !== 'high' && side !== 'low') throw new NotAProfile(`'side' of the limit is neither high nor low.`);
  return { at: numberOf(limit, 'at'), side };
}

function readReport(json: unknown, spec: ProfileSpec): ProfileReport {
  const report = membersOf(json, 'report');
  const leastDrifts = listOf(report, 'leastDrifts');
  demand(leastDrifts.length === spec.features.length, 'leastDrifts');
  const interval = numbersOf(report, 'thresholdInterval');
  demand(interval.length === 2, 'thresholdInterval');
  return {
    rows: numberOf(report, 'rows'),
    start: numberOf(report, 'start'),
    end: numberOf(report, 'end'),
    leftOut: textsOf(report, 'leftOut'),
    modes: numberOf(report, 'modes'),
    threshold: numberOf(report, 'threshold'),
    thresholdInterval: [interval[0], interval[1]],
    leastDrifts: leastDrifts.map((least) => (typeof least === 'number' ? least : Number.POSITIVE_INFINITY)),
    notes: textsOf(report, 'notes'),
  };
}

function readClock(json: unknown): LevelClock {
  const clock = membersOf(json, 'clock');
  const read = {
    periodUs: numberOf(clock, 'periodUs'),
    slotsPerPeriod: numberOf(clock, 'slotsPerPeriod'),
    leastSlots: numberOf(clock, 'leastSlots'),
    longestGap: numberOf(clock, 'longestGap'),
  };
  const { slotsPerPeriod } = read;
  const isCount = Number.isInteger(slotsPerPeriod) && slotsPerPeriod >= 1 && slotsPerPeriod <= MOST_SLOTS;
  demand(read.periodUs > 0 && isCount, 'clock');
  return read;
}

function readSeason(json: unknown): FeatureSeason | undefined {
  if (json === null) return undefined;
  const season = membersOf(json, 'seasons');
  const courseOfDay = numbersOf(season, 'courseOfDay');
  const parts = numberOf(season, 'parts');
  const usual = Float64Array.from(numbersOf(season, 'usual'));
  const isCount = (number: number, most: number) => Number.isInteger(number) && number >= 0 && number < most;
  demand(courseOfDay.length === 7 && courseOfDay.every((course) => isCount(course, 7)), 'courseOfDay');
  demand(isCount(parts - 1, MOST_SLOTS) && usual.length === (Math.max(...courseOfDay) + 1) * parts, 'usual');
  return { courseOfDay, parts, usual };
}

function readNormal(json: unknown, width: number): FeatureNormal | undefined {
  if (json === null) return undefined;
  const normal = membersOf(json, 'normals');
  const read = {
    level: numberOf(normal, 'level'),
    spread: numberOf(normal, 'spread'),
    reach: numberOf(normal, 'reach'),
    levelDeviation: numberOf(normal, 'levelDeviation'),
    independentLevels: numberOf(normal, 'independentLevels'),
    slotReach: numberOf(normal, 'slotReach'),
    nearest: numberOf(normal, 'nearest'),
    dependence: normal.dependence === undefined ? undefined : readDependence(normal.dependence, width),
  };
  demand(read.spread > 0 && read.reach > 0 && read.independentLevels > 0, 'normals');
  return read;
}

function readRowNormals(json: unknown, width: number): readonly RowNormal[] {
  demand(Array.isArray(json) && json.length === width, 'rowNormals');
  return json.map((one) => {
    const normal = membersOf(one, 'rowNormals');
    const read = {
      level: numberOf(normal, 'level'),
      borne: numberOf(normal, 'borne'),
      deviation: numberOf(normal, 'deviation'),
      independentRows: numberOf(normal, 'independentRows'),
      dependence: normal.dependence === undefined ? undefined : readDependence(normal.dependence, width),
    };
    demand(read.borne >= 0 && read.deviation >= 0 && read.independentRows > 0, 'rowNormals');
    return read;
  });
}

function readDependence(json: unknown, width: number): Dependence {
  const dependence = membersOf(json, 'dependence');
  const on = numbersOf(dependence, 'on');
  demand(on.length > 0 && on.every((at) => Number.isInteger(at) && at >= 0 && at < width), 'on');
  const read = {
    on,
    coefficients: numbersOf(dependence, 'coefficients'),
    centres: numbersOf(dependence, 'centres'),
    precision: numbersOf(dependence, 'precision'),
  };
  const fits = read.coefficients.length === on.length && read.centres.length === on.length;
  demand(fits && read.precision.length === on.length ** 2, 'dependence');
  return read;
}

function demand(fits: boolean, member: string): asserts fits {
  if (!fits) throw new NotAProfile(`'${member}' of the profile is not as it must be.`);
}

function membersOf(json: unknown, member: string): Members {
  demand(typeof json === 'object' && json !== null && !Array.isArray(json), member);
  return json as Members;
}

function listOf(members: Members, member: string): readonly unknown[] {
  const list = members[member];
  demand(Array.isArray(list), member);
  return list;
}

function numberOf(members: Members, member: string): number {
  const number = members[member];
  demand(typeof number === 'number' && Number.isFinite(number), member);
  return number;
}

function textOf(members: Members, member: string): string {
  const text = members[member];
  demand(typeof text === 'string', member);
  return text;
}

function numbersOf(members: Members, member: string): readonly number[] {
  const list = listOf(members, member);
  demand(list.every(Number.isFinite), member);
  return list as readonly number[];
}

function textsOf(members: Members, member: string): readonly string[] {
  const list = listOf(members, member);
  demand(
    list.every((entry) => typeof entry === 'string'),
    member,
  );
  return list as readonly string[];
}
