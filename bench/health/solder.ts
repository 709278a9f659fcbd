/**
 * The simulated station: a solder joint of a power supply cracks by its own thermal cycles, in twenty seeds, and in twenty
 * others nothing is wrong for a year. Each supply is learned from its first 30 days, in January, by the features of the
 * example model (`examples/station/model/health/utilities.yaml`); rows are of 10 minutes, of samples each minute. The truth
 * of the simulation is looked at only when the days are counted.
 */

import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import { learnProfile } from '@tidegate/health/profile/learnProfile.ts';
import type { ProfileSpec } from '@tidegate/health/profile/profileSpec.ts';
import type { Fault } from '../../apps/plant/src/station/faults/fault.ts';
import { Random } from '../../apps/plant/src/station/physics/random.ts';
import { SITE } from '../../apps/plant/src/station/signals/signalCatalogue.ts';
import { simulateStation } from '../../apps/plant/src/station/simulateStation.ts';

const SEEDS = 20;
const DAY_S = 86_400;
const DAY_US = DAY_S * 1e6;
const YEAR_DAYS = 365;
/** A joint cracks by its cycles, and there are hardly any in summer: this is long enough for the slowest. */
const MOST_DAYS = 3 * YEAR_DAYS;
const LEARNING_DAYS = 30;
const SAMPLES_PER_ROW = 10;
const ROWS_PER_DAY = 144;
const SUPPLIES = [1, 2];
const SIGNALS = ['joint-temperature', 'case-temperature', 'output-current', 'output-voltage'];
/** A case without an alarm for so long is over. */
const CASE_OVER_DAYS = 7;
const LIFE_LOOKED_AT_DAYS = [90, 60, 30];

const SPEC: ProfileSpec = {
  features: [
    { name: 'contact-resistance', unit: 'Ohm', negligible: 0.0003, limit: { at: 0.05, side: 'high' } },
    { name: 'voltage-residual', unit: 'V', negligible: 0.01 },
  ],
  intervalUs: 600e6,
  budget: { alarms: 1, perUs: YEAR_DAYS * DAY_US },
};

const TARGETS = {
  solderFoundSeeds: { min: SEEDS },
  solderFoundDaysBeforeOpening: { min: 30 },
  solderFalseCasesPerYear: { max: 1 },
  solderRightSupply: { min: 1 },
} as const;

interface Case {
  readonly supply: number;
  readonly time: number;
  /** The feature that drifts most, or has most of the strangeness. */
  readonly feature: string;
}

interface Run {
  readonly days: number;
  readonly cases: readonly Case[];
  /** µs; NaN where the joint never cracked. */
  readonly begins: number;
  readonly opens: number;
  /** Of the cracking supply, so many days before it opens; `undefined` where nothing drifted or no life was told. */
  readonly lives: readonly { readonly left: number; readonly told: LifeLeft | undefined }[];
}

interface Rows {
  readonly times: Float64Array;
  /** By supply, then feature. */
  readonly columns: readonly (readonly Float64Array[])[];
  readonly begins: number;
  readonly opens: number;
}

export async function runSolder(_dataDirectory: string, say: (line: string) => void) {
  const cracked: { run: Run; supply: number }[] = [];
  let falseCases = 0;
  let soundDays = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const supply = SUPPLIES[seed % 2];
    const run = judge(simulate(seed, [crackOf(seed, supply)], MOST_DAYS), supply);
    cracked.push({ run, supply });
    const sound = judge(simulate(1_000 + seed, [], YEAR_DAYS), undefined);
    falseCases += sound.cases.length;
    soundDays += sound.days;
    say(`solder ${seed}: ${saidOf(run, supply)}; ${sound.cases.length} false cases in a sound year`);
  }
  const first = cracked.map(({ run }) => run.cases.find(({ time }) => time >= run.begins && time < run.opens));
  const ahead = first
    .map((found, i) => (found ? (cracked[i].run.opens - found.time) / DAY_US : 0))
    .sort((a, b) => a - b);
  const right = first.filter(
    (found, i) => found?.supply === cracked[i].supply && found.feature === 'contact-resistance',
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

/** Until a joint opens. */
function simulate(seed: number, faults: readonly Fault[], days: number): Rows {
  const signals = SUPPLIES.flatMap((supply) =>
    SIGNALS.map((signal) => `${SITE}/utilities/substation/power-supply-${supply}/${signal}`),
  );
  const times = new Float64Array(days * ROWS_PER_DAY);
  const columns = SUPPLIES.map(() => SPEC.features.map(() => new Float64Array(times.length)));
  let begins = Number.NaN;
  let opens = Number.NaN;
  let row = 0;
  for (const block of simulateStation({ seed, days, signals, faults })) {
    const samples = signals.map((signal) => block.columns.get(signal)!.values);
    for (let from = 0; from < block.times.length; from += SAMPLES_PER_ROW) {
      times[row] = block.times[from + SAMPLES_PER_ROW - 1];
      for (const supply of SUPPLIES.keys()) featureRow(columns[supply], row, samples.slice(4 * supply), from);
      row++;
    }
    begins = block.events.find(({ event }) => event === 'begins')?.timeS ?? begins;
    opens = block.events.find(({ event }) => event === 'opens')?.timeS ?? opens;
    if (!Number.isNaN(opens)) break;
  }
  return {
    times: times.subarray(0, row),
    columns: columns.map((features) => features.map((column) => column.subarray(0, row))),
    begins: begins * 1e6,
    opens: opens * 1e6,
  };
}

/** Means over the samples of a row in which the supply gives current. */
function featureRow(into: readonly Float64Array[], row: number, samples: readonly Float64Array[], from: number): void {
  const [joint, housing, current, voltage] = samples;
  let count = 0;
  let resistance = 0;
  let residual = 0;
  for (let at = from; at < from + SAMPLES_PER_ROW; at++) {
    if (!(current[at] > 5)) continue;
    count++;
    resistance += (joint[at] - housing[at]) / (12 * current[at] ** 2 * (1 + 0.004 * (joint[at] - 20)));
    residual += voltage[at] - (24.2 - 0.0115 * current[at]);
  }
  into[0][row] = resistance / count;
  into[1][row] = residual / count;
}

function judge(rows: Rows, cracking: number | undefined): Run {
  const cases: Case[] = [];
  const lives: Run['lives'][number][] = [];
  for (const supply of SUPPLIES) {
    const columns = rows.columns[supply - 1];
    const learning = LEARNING_DAYS * ROWS_PER_DAY;
    const learned = learnProfile(
      {
        times: rows.times.subarray(0, learning),
        columns: columns.map((column) => column.subarray(0, learning)),
        quality: new Float64Array(learning).fill(1),
      },
      SPEC,
    );
    if (!learned.ok) throw new Error(learned.fault.detail);
    const stream = learned.value.stream();
    const values = new Float64Array(columns.length);
    const marks = supply === cracking ? [...LIFE_LOOKED_AT_DAYS] : [];
    let lastAlarm = Number.NEGATIVE_INFINITY;
    for (let row = learning; row < rows.times.length; row++) {
      for (let i = 0; i < values.length; i++) values[i] = columns[i][row];
      const seen = stream.push(rows.times[row], values, 1);
      const left = (rows.opens - seen.time) / DAY_US;
      if (left <= marks[0]) {
        marks.shift();
        if (seen.drifts[0].evidence >= 1) lives.push({ left, told: seen.drifts[0].life });
      }
      if (!seen.strange && !seen.drifting) continue;
      if (seen.time - lastAlarm > CASE_OVER_DAYS * DAY_US) {
        const weights = seen.drifting ? seen.drifts.map(({ evidence }) => evidence) : [...seen.contributions];
        const feature = SPEC.features[weights.indexOf(Math.max(...weights))].name;
        cases.push({ supply, time: seen.time, feature });
      }
      lastAlarm = seen.time;
    }
  }
  cases.sort((a, b) => a.time - b.time);
  const days = rows.times.length / ROWS_PER_DAY - LEARNING_DAYS;
  return { days, cases, begins: rows.begins, opens: rows.opens, lives };
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
  const what = found ? `case of supply ${found.supply} by ${found.feature}` : 'no case';
  const ahead = found ? `, ${((opens - found.time) / DAY_US).toFixed(0)} days ahead` : '';
  const life = lives.map(({ left, told }) =>
    told
      ? `${left.toFixed(0)} left: ${told.lowDays.toFixed(0)} to ${told.highDays.toFixed(0)}`
      : `${left.toFixed(0)} left: -`,
  );
  return `supply ${supply} opens ${((opens - begins) / DAY_US).toFixed(0)} days after; ${what}${ahead} (${life.join(', ')})`;
}
