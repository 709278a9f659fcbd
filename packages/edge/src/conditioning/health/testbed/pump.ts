/** A pump for the tests of health in a gateway: its readings, and a profile that is really learned from them. */

import { seededRandom } from '@tidegate/health/boost/seededRandom.ts';
import type { LearnedProfile } from '@tidegate/health/profile/learnedProfile.ts';
import { learnProfile } from '@tidegate/health/profile/learnProfile.ts';
import type { ProfileSpec } from '@tidegate/health/profile/profileSpec.ts';

export const MINUTE_US = 60e6;
const DAY_US = 86_400e6;
/** A whole minute. */
export const START_US = Date.UTC(2026, 0, 5) * 1_000;

export const PUMP: ProfileSpec = {
  features: [
    { name: 'vibration', unit: 'mm/s', negligible: 0 },
    { name: 'temperature', unit: 'Cel', negligible: 0 },
  ],
  intervalUs: MINUTE_US,
  budget: { alarms: 1, perUs: 30 * DAY_US },
};

const LEARNED_ROWS = 600;

/** Averages of a minute, on and on. */
export function* pumpMinutes(seed = 1): Generator<readonly [vibration: number, temperature: number], never> {
  const random = seededRandom(seed);
  const noise = () => random() + random() + random() - 1.5;
  for (;;) {
    const load = noise();
    yield [2 + 0.3 * load + 0.05 * noise(), 60 + 4 * load + noise()];
  }
}

/** Of `spec`, from ten hours that end at `START_US`; an interval is as long as it says. */
export function pumpProfile(spec: ProfileSpec = PUMP): LearnedProfile {
  const minutes = pumpMinutes();
  const columns = spec.features.map(() => new Float64Array(LEARNED_ROWS));
  for (let row = 0; row < LEARNED_ROWS; row++) {
    for (const [at, value] of minutes.next().value.entries()) columns[at][row] = value;
  }
  const times = Float64Array.from(columns[0], (_, row) => START_US - (LEARNED_ROWS - 1 - row) * spec.intervalUs);
  const learned = learnProfile({ times, columns, quality: new Float64Array(LEARNED_ROWS).fill(1) }, spec);
  if (!learned.ok) throw new Error(learned.fault.detail);
  return learned.value;
}

/** As `tidegate health models WATCH --save 3 --to FILE` writes it. */
export function pumpDocument(profile: LearnedProfile = pumpProfile()) {
  const { features } = profile.spec;
  const rows = features.map(({ name, unit }) => {
    return { name, measure: 'average', of: `'${name}'`, unit, tag: `site/pump-7/${name}` };
  });
  return {
    card: { watch: 'pump-7/bearings', number: 3, features: features.map(({ name }) => name) },
    rows: { condition: null, features: rows },
    profile: profile.toJson(),
  };
}
