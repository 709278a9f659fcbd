/**
 * The simulated station under all watches of the example model (`examples/station/model/health`): sound years, and others in which
 * each train has faults that are drawn with the seed and grow slowly. Each watch is learned from the first time of
 * operation that it asks for, in winter, spring, summer and autumn by turns. The truth of the simulation is looked at only
 * when the cases are counted.
 */

import type { HealthWatch } from '@tidegate/platform/monitor/health/definition/healthWatch.ts';
import type { Fault, FaultKind } from '../../apps/plant/src/station/faults/fault.ts';
import { Random } from '../../apps/plant/src/station/physics/random.ts';
import { SITE } from '../../apps/plant/src/station/signals/signalCatalogue.ts';
import { WINTER_START_S } from '../../apps/plant/src/station/stationSimulation.ts';
import { judgedWatch, type WatchCase } from './judgedWatch.ts';
import { type StationPast, type WatchedStation, watchedStation } from './watchedStation.ts';

const SOUND_SEEDS = 4;
const FAULTY_SEEDS = 3;
const DAY_S = 86_400;
const DAY_US = DAY_S * 1e6;
const YEAR_DAYS = 365;
const QUARTER_DAYS = 91;

/** A monitor that is mute tells nothing false either. */
const TARGETS = { stationFalseCasesPerYear: { max: 1 }, stationFaultsFoundPercent: { min: 90 } } as const;

interface DrawnFault extends Fault {
  /** The watch that should find it, by its id, and what it should say. */
  readonly watch: string;
  readonly failure: string;
}

interface Outcome {
  readonly kind: FaultKind;
  /** Share of the time of growth that had gone when it was found; `undefined` where it was not. */
  readonly foundAt: number | undefined;
  /** What is said after a week of the case at the latest. */
  readonly said: string;
  /** Whether that is right, and what is said at the end. */
  readonly isNamed: boolean;
  readonly isNamedAtLast: boolean;
}

export async function runStation(_dataDirectory: string, say: (line: string) => void) {
  const station = await watchedStation();
  let [falseCases, days] = [0, 0];
  for (let seed = 1; seed <= SOUND_SEEDS; seed++) {
    const sound = judged(station, seed, []);
    falseCases += sound.cases.length;
    days += sound.days;
    say(`station ${seed}: sound, ${sound.cases.length} false cases in ${sound.days.toFixed(0)} days that were judged`);
    for (const one of sound.cases) say(`  ${saidOf(one, sound.past)}`);
  }
  const outcomes: Outcome[] = [];
  let others = 0;
  for (let seed = 1; seed <= FAULTY_SEEDS; seed++) {
    const faults = faultsOf(seed);
    const { cases, past } = judged(station, 100 + seed, faults);
    const found = faults.map((fault) => outcomeOf(fault, cases, past));
    outcomes.push(...found);
    const stray = cases.filter((one) => !faults.some((fault) => isOf(fault, one, past)));
    others += stray.length;
    for (const [i, { kind, foundAt, said }] of found.entries()) {
      const when = foundAt === undefined ? 'not found' : `found after ${(100 * foundAt).toFixed(0)} % of its growth`;
      say(`station ${100 + seed}: ${kind} of ${faults[i].watch}: ${when}${said}`);
    }
    for (const one of stray) say(`  beside them: ${saidOf(one, past)}`);
  }
  const shares = outcomes.flatMap(({ foundAt }) => foundAt ?? []).sort((a, b) => a - b);
  const figures = {
    stationFalseCasesPerYear: falseCases / (days / YEAR_DAYS),
    stationFaultsFoundPercent: (100 * shares.length) / outcomes.length,
    stationFoundAtMedianPercent: 100 * shares[shares.length >> 1],
    stationRightlyNamedPercent: (100 * outcomes.filter(({ isNamed }) => isNamed).length) / shares.length,
    stationRightlyNamedAtLastPercent:
      (100 * outcomes.filter(({ isNamedAtLast }) => isNamedAtLast).length) / shares.length,
    stationCasesBesideFaults: others,
  };
  return { figures, targets: TARGETS };
}

/** A year of the station; days count until which the first watch of the station has learned. */
function judged(station: WatchedStation, seed: number, faults: readonly Fault[]) {
  const startS = WINTER_START_S + (seed % 4) * QUARTER_DAYS * DAY_S;
  const past = station.live(station.watches, { seed, startS, faults, days: YEAR_DAYS });
  const watched = station.watches.map((watch) => judgedWatch(watch, past.rows.get(watch.id)!));
  const learned = Math.min(...watched.map(({ learnedUntil }) => learnedUntil));
  const cases = watched.flatMap((one) => one.cases).sort((a, b) => a.time - b.time);
  return { cases, past, days: (past.end - learned) / DAY_US };
}

/** One of each kind, on trains that are drawn; no watch is asked for a stiction of a valve that moves only in a surge. */
function faultsOf(seed: number): readonly DrawnFault[] {
  const random = new Random(seed, 'bench/health/station');
  const first = Math.floor(3 * random.uniform());
  const train = (after: number) => `compression/train-${1 + ((first + after) % 3)}`;
  const end = random.uniform() < 0.5 ? 'drive-end' : 'non-drive-end';
  const drawn = (kind: FaultKind, target: string, least: number, most: number) => {
    const atS = (70 + 40 * random.uniform()) * DAY_S;
    const overS = (120 + 120 * random.uniform()) * DAY_S;
    return { kind, target, atS, overS, size: least + (most - least) * random.uniform() };
  };
  return [
    {
      ...drawn('bearing-wear', `${train(0)}/bearings/${end}`, 0.4, 0.8),
      ...{ watch: `${SITE}/${train(0)}/bearings`, failure: `${end}-bearing-wear` },
    },
    {
      ...drawn('filter-clogging', `${train(1)}/lube-oil`, 30, 55),
      ...{ watch: `${SITE}/${train(1)}/oil-filter`, failure: 'clogging' },
    },
    {
      ...drawn('fouling', `${train(1)}/compressor`, 2, 4),
      ...{ watch: `${SITE}/${train(1)}/compressor/efficiency`, failure: 'fouling' },
    },
    {
      ...drawn('sensor-drift', `${train(2)}/compressor/discharge-temperature`, 2, 5),
      ...{ watch: `${SITE}/${train(2)}/compressor/efficiency`, failure: 'thermometer-drift' },
    },
  ];
}

/** Found is what is told while it grows. */
function outcomeOf(fault: DrawnFault, cases: readonly WatchCase[], past: StationPast): Outcome {
  const own = cases.filter((one) => isOf(fault, one, past));
  const { kind, atS, overS } = fault;
  if (own.length === 0) return { kind, foundAt: undefined, said: '', isNamed: false, isNamedAtLast: false };
  const foundAt = ((own[0].time - past.start) / 1e6 - atS) / overS;
  const isRight = ({ reasons }: WatchCase['first']) => reasons.failure === fault.failure;
  const { settled } = own[0];
  const said = `, as ${settled.reasons.failure ?? `${settled.reasons.kind}, without a name`}`;
  return { kind, foundAt, said, isNamed: isRight(settled), isNamedAtLast: own.some(({ last }) => isRight(last)) };
}

function isOf({ watch, atS, overS }: DrawnFault, one: WatchCase, { start }: StationPast): boolean {
  const begins = start + atS * 1e6;
  return one.watch.id === watch && one.time >= begins && one.time < begins + overS * 1e6;
}

function saidOf({ watch, time, first }: WatchCase, { start }: StationPast): string {
  const signs = first.reasons.signs.map(
    ({ feature, normal, now }) => `${feature} ${normal.toPrecision(4)} -> ${now.toPrecision(4)}`,
  );
  return `${idOf(watch)}, day ${((time - start) / DAY_US).toFixed(0)}: ${first.reasons.kind}, ${signs.join(', ')}`;
}

function idOf({ id }: HealthWatch): string {
  return id.slice(SITE.length + 1);
}
