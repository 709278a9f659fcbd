import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@tidegate/health/boost/seededRandom.ts';
import { bearingSound } from '@tidegate/health/signal/testbed/bearingSound.ts';
import { orderOf } from '@tidegate/health/signal/vibrationMeasure.ts';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { blankRun, type SampleRun } from '../../historian/archive/sampleRun.ts';
import { mustSucceed } from '../../historian/query/testbed/historians.ts';
import { type CaseEvidence, explainStanding } from './cases/explain/explainStanding.ts';
import { DAY, HealthPlant, MINUTE, START } from './scoring/testbed/healthPlant.ts';

const RATE_HZ = 25_600;
const BURST = 2_560;
/** A burst of a tenth of a second each. */
const EVERY = 30 * MINUTE;
const LEARNED_DAYS = 3;
const STRUCK_FROM = 4;
const DAYS = 6;
/** SKF 6205-2RS JEM. */
const BEARING = { rollers: 9, rollerDiameter: 7.94, pitchDiameter: 39.04, contactDegrees: 0 };
const OUTER = mustSucceed(orderOf({ measure: 'bpfo', bearing: BEARING }));

const SAYS = 'severity: major, consequence: the motor stops, action: change the bearing';
const FILES = {
  'assets/acme.yaml': `
assets:
  - { path: acme, level: site }
  - path: acme/motor
    id: M1
    attributes:
      acceleration: { tag: acme/motor/acceleration, unit: "[g]" }
      speed: { tag: acme/motor/speed, unit: /min }
`,
  'health/motor.yaml': `
health:
  - asset: acme/motor
    name: bearing
    every: 30min
    learn: 60h
    budget: 1 per 365d
    while: "'speed' > 600"
    features:
      rms: { attribute: acceleration, measure: rms, unit: m/s2 }
      kurtosis: { attribute: acceleration, measure: kurtosis }
      high: { attribute: acceleration, measure: band, unit: m/s2, band: { lowHz: 2500, highHz: 6000 } }
      mesh: { attribute: acceleration, measure: order, unit: m/s2, order: 21, shaft: speed }
      outer: { attribute: acceleration, measure: bpfo-prominence, shaft: speed, bearing: &drive-end ${JSON.stringify(BEARING)} }
      inner: { attribute: acceleration, measure: bpfi-prominence, shaft: speed, bearing: *drive-end }
      roller: { attribute: acceleration, measure: bsf-prominence, shaft: speed, bearing: *drive-end }
    failures:
      outer-race: { signs: { outer: up }, says: the outer ring of the bearing is damaged, ${SAYS} }
      inner-race: { signs: { inner: up }, says: the inner ring of the bearing is damaged, ${SAYS} }
      roller: { signs: { roller: up }, says: a roller of the bearing is damaged, ${SAYS} }
      gear: { signs: { mesh: up, rms: up }, says: the teeth of the gear wear, ${SAYS} }
`,
};

let root: string;
let plant: HealthPlant;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tidegate-bearing-'));
  plant = await HealthPlant.open(join(root, 'plant'), { files: FILES });
});
afterAll(async () => {
  await plant.close();
  await rm(root, { recursive: true, force: true });
});

/** The motor stands for two hours of every day; the sensor listens all the same. */
const isStanding = (at: number) => at % DAY < 4 * EVERY;

/** What the sensor and the tachometer say from day to day, struck by the outer ring ever harder. */
function operation(from: number, to: number): { acceleration: SampleRun; speed: SampleRun } {
  const bursts = Math.round(((to - from) * DAY) / EVERY);
  const acceleration = blankRun(bursts * BURST);
  const speed = blankRun(bursts);
  const random = seededRandom(from + 1);
  for (let burst = 0; burst < bursts; burst++) {
    const at = from * DAY + burst * EVERY;
    const shaftHz = isStanding(at) ? 0 : 24.5 + random();
    const blow = 0.15 * Math.max(0, at / DAY - STRUCK_FROM);
    const sound = { rateHz: RATE_HZ, count: BURST, shaftHz, order: OUTER, noise: 0.05, seed: at / EVERY };
    const samples = bearingSound({ ...sound, blow: shaftHz === 0 ? 0 : blow });
    for (let i = 0; i < BURST; i++) {
      acceleration.times[burst * BURST + i] = START + at + MINUTE + Math.round((i * 1e6) / RATE_HZ);
      acceleration.values[burst * BURST + i] = samples[i];
    }
    speed.times[burst] = START + at;
    speed.values[burst] = 60 * shaftHz;
  }
  acceleration.kinds.fill(1);
  speed.kinds.fill(1);
  return { acceleration, speed };
}

async function operate(from: number, to: number, where: HealthPlant = plant): Promise<void> {
  const series = Object.entries(operation(from, to)).map(([name, run]) => {
    const unit = name === 'speed' ? '/min' : '[g]';
    return { path: `acme/motor/${name}`, unit, run, type: 'number' as const, stepped: true, description: '' };
  });
  mustSucceed(await where.historian.importSamples(series, 'test'));
}

it('a bearing that is struck at its outer ring is found, by name, before its vibration has grown', {
  timeout: 100_000,
}, async () => {
  await operate(0, LEARNED_DAYS);
  plant.at(LEARNED_DAYS);
  await plant.trainer.check();
  const told: {
    readonly day: number;
    readonly rms: number;
    readonly quality: number;
    readonly evidence: readonly CaseEvidence[];
  }[] = [];
  plant.scorer.subscribe((standing) => {
    const { time, quality } = standing.assessment;
    const evidence = explainStanding(standing, { zone: 'UTC', wearHorizonDays: 60 });
    told.push({ day: (time - START) / DAY, rms: standing.row[0], quality, evidence });
  });
  for (let day = LEARNED_DAYS; day < DAYS; day++) {
    await operate(day, day + 1);
    plant.at(day + 1);
    await plant.scorer.settle();
  }
  // A row for each burst of the motor running, and every one of them of data that are good.
  expect(told.length).toBeGreaterThan((DAYS - LEARNED_DAYS) * 44);
  expect(told.every(({ quality }) => quality === 1)).toBe(true);
  const alerts = told.filter(({ evidence }) => evidence.length > 0);
  expect(alerts[0].day).toBeGreaterThan(STRUCK_FROM);
  expect(alerts[0].day).toBeLessThan(STRUCK_FROM + 1);
  const named = alerts.flatMap(({ day, evidence }) => evidence.map(({ reasons }) => ({ day, ...reasons })));
  const first = named.find(({ failure }) => failure !== undefined);
  expect(first?.day).toBeLessThan(DAYS);
  expect(first?.sentence).toContain('the outer ring of the bearing is damaged');
  // Before that its rows are strange, and never is another failure named.
  expect(new Set(named.map(({ failure }) => failure))).toEqual(new Set([undefined, 'outer-race']));
  const before = told.filter(({ day }) => day < STRUCK_FROM).map(({ rms }) => rms);
  expect(alerts[0].rms).toBeLessThan(1.05 * Math.max(...before));
});

it('what bursts are too short for is said where nothing can be learned', async () => {
  const text = FILES['health/motor.yaml'].replace('order: 21', 'order: 1');
  const other = await HealthPlant.open(join(root, 'other'), { files: { ...FILES, 'health/motor.yaml': text } });
  onTestFinished(() => other.close());
  await operate(0, 0.2, other);
  other.at(0.2);
  await other.trainer.check();
  expect(other.trainer.learning('M1/bearing')?.refused?.detail).toContain(
    'There is no value of mesh (The stretch is too short to tell order from what is beside it).',
  );
});
