/**
 * The simulated station: a solder joint of a power supply cracks by its own thermal cycles, in twenty seeds, and in twenty
 * others nothing is wrong for a year. Each supply has the very watch of the example model
 * (`examples/station/model/health/utilities.yaml`), learned from its first 30 days, in January; rows are of 10 minutes, of
 * samples each minute. The truth of the simulation is looked at only when the days are counted.
 */

import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { HealthWatch } from '@tidegate/platform/monitor/health/definition/healthWatch.ts';
import type { Fault } from '../../apps/plant/src/station/faults/fault.ts';
import { Random } from '../../apps/plant/src/station/physics/random.ts';
import { judgedWatch, type WatchCase } from './judgedWatch.ts';
import { type StationPast, type WatchedStation, watchedStation } from './watchedStation.ts';

const SEEDS = 20;
const DAY_S = 86_400;
const DAY_US = DAY_S * 1e6;
const STEP_S = 60;
const YEAR_DAYS = 365;
/** A joint cracks by its cycles, and there are hardly any in summer: this is long enough for the slowest. */
const MOST_DAYS = 3 * YEAR_DAYS;
const SUPPLIES = [1, 2];
const LIFE_LOOKED_AT_DAYS = [90, 60, 30];

const TARGETS = {
  solderFoundSeeds: { min: SEEDS },
  solderFoundDaysBeforeOpening: { min: 30 },
  solderFalseCasesPerYear: { max: 1 },
  solderRightSupply: { min: 1 },
} as const;

interface Run {
  /** That were judged. */
  readonly days: number;
  /** Of both supplies, oldest first. */
  readonly cases: readonly WatchCase[];
  /** µs; NaN where the joint never cracked. */
  readonly begins: number;
  readonly opens: number;
  /** Of the cracking supply, so many days before it opens; `undefined` where nothing drifted or no life was told. */
  readonly lives: readonly { readonly left: number; readonly told: LifeLeft | undefined }[];
}

export async function runSolder(_dataDirectory: string, say: (line: string) => void) {
  const station = await watchedStation();
  const watches = SUPPLIES.map((supply) => jointOf(station, supply));
  const cracked: { run: Run; supply: number }[] = [];
  let falseCases = 0;
  let soundDays = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const supply = SUPPLIES[seed % 2];
    const faults = [crackOf(seed, supply)];
    const options = { seed, faults, days: MOST_DAYS, stepSeconds: STEP_S, untilOpen: true };
    const run = judged(watches, station.live(watches, options), watches[supply - 1]);
    cracked.push({ run, supply });
    const sound = judged(watches, station.live(watches, { seed: 1_000 + seed, days: YEAR_DAYS, stepSeconds: STEP_S }));
    falseCases += sound.cases.length;
    soundDays += sound.days;
    say(`solder ${seed}: ${saidOf(run, supply)}; ${sound.cases.length} false cases in a sound year`);
  }
  const first = cracked.map(({ run }) => run.cases.find(({ time }) => time >= run.begins && time < run.opens));
  const ahead = first
    .map((found, i) => (found ? (cracked[i].run.opens - found.time) / DAY_US : 0))
    .sort((a, b) => a - b);
  const right = first.filter(
    (found, i) => found?.watch === watches[cracked[i].supply - 1] && found.settled.reasons.failure === 'solder-crack',
  );
  const before = cracked.reduce((sum, { run }) => sum + run.cases.filter(({ time }) => time < run.begins).length, 0);
  say(
    `solder: ${before} cases before the crack began; found ${ahead.map((days) => days.toFixed(0)).join(' ')} days ahead`,
  );
  const figures = {
    solderFoundSeeds: first.filter((found) => found !== undefined).length,
    solderFoundDaysBeforeOpening: ahead[0],
    solderFoundMedianDays: (ahead[SEEDS / 2 - 1] + ahead[SEEDS / 2]) / 2,
    solderFalseCasesPerYear: falseCases / (soundDays / YEAR_DAYS),
    solderRightSupply: right.length / SEEDS,
    ...lifeFigures(cracked.map(({ run }) => run)),
  };
  return { figures, targets: TARGETS };
}

/** Begins 40 to 160 days after the start; in the service of a winter the joint would last 120 to 300 days. */
function crackOf(seed: number, supply: number): Fault {
  const random = new Random(seed, 'bench/health/solder');
  const atS = (40 + 120 * random.uniform()) * DAY_S;
  const overS = (120 + 180 * random.uniform()) * DAY_S;
  return { kind: 'solder-crack', target: `utilities/substation/power-supply-${supply}`, atS, overS, size: 1 };
}

function jointOf({ watches }: WatchedStation, supply: number): HealthWatch {
  return watches.find(({ assetPath }) => assetPath.endsWith(`/power-supply-${supply}`))!;
}

function judged(watches: readonly HealthWatch[], past: StationPast, cracking?: HealthWatch): Run {
  const timeOf = (name: string) => 1e6 * (past.events.find(({ event }) => event === name)?.timeS ?? Number.NaN);
  const opens = timeOf('opens');
  const lives: Run['lives'][number][] = [];
  const marks = [...LIFE_LOOKED_AT_DAYS];
  const runs = watches.map((watch) =>
    judgedWatch(watch, past.rows.get(watch.id)!, ({ time, drifts }) => {
      const left = (opens - time) / DAY_US;
      if (watch !== cracking || !(left <= marks[0])) return;
      marks.shift();
      if (drifts[0].evidence >= 1) lives.push({ left, told: drifts[0].life });
    }),
  );
  const cases = runs.flatMap((run) => run.cases).sort((a, b) => a.time - b.time);
  const days = (past.end - Math.min(...runs.map(({ learnedUntil }) => learnedUntil))) / DAY_US;
  return { days, cases, begins: timeOf('begins'), opens, lives };
}

/** How often the life lay within the interval of nine in ten, and how far the middle was off, over all that were told. */
function lifeFigures(runs: readonly Run[]) {
  const all = runs.flatMap(({ lives }) => lives);
  const told = all.flatMap(({ left, told }) => (told ? [{ left, ...told }] : []));
  const covered = told.filter(({ left, lowDays, highDays }) => left >= lowDays && left <= highDays);
  const ratios = told.map(({ left, medianDays }) => medianDays / left).sort((a, b) => a - b);
  return {
    solderLifeToldPercent: (100 * told.length) / all.length,
    solderLifeCoveragePercent: (100 * covered.length) / told.length,
    solderLifeMedianRatio: ratios[ratios.length >> 1],
  };
}

function saidOf({ cases, begins, opens, lives }: Run, supply: number): string {
  const found = cases.find(({ time }) => time >= begins && time < opens);
  const what = found
    ? `case of ${found.watch.assetPath.split('/').at(-1)}, ${found.settled.reasons.failure ?? found.settled.reasons.kind}`
    : 'no case';
  const ahead = found ? `, ${((opens - found.time) / DAY_US).toFixed(0)} days ahead` : '';
  const life = lives.map(({ left, told }) =>
    told
      ? `${left.toFixed(0)} left: ${told.lowDays.toFixed(0)} to ${told.highDays.toFixed(0)}`
      : `${left.toFixed(0)} left: -`,
  );
  return `supply ${supply} opens ${((opens - begins) / DAY_US).toFixed(0)} days after; ${what}${ahead} (${life.join(', ')})`;
}
