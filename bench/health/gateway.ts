/**
 * A gateway that judges: a thousand equipments of ten features, a row each second, of 10,000 readings a second that pass its
 * conditioning. Beside it what the same readings cost where nobody watches them.
 */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { Conditioner } from '@tidegate/edge/conditioning/conditioner.ts';
import { GatewayHealth } from '@tidegate/edge/conditioning/health/gatewayHealth.ts';
import type { WatchedProfile } from '@tidegate/edge/conditioning/health/watchedProfile.ts';
import type { TagRule } from '@tidegate/edge/conditioning/tagRule.ts';
import type { LearnedProfile } from '@tidegate/health/profile/learnedProfile.ts';
import { learnProfile } from '@tidegate/health/profile/learnProfile.ts';
import { seededRandom } from '../../packages/health/src/boost/seededRandom.ts';
import type { SetOutcome } from './setOutcome.ts';

const EQUIPMENTS = 1_000;
const FEATURES = 10;
const READINGS = EQUIPMENTS * FEATURES;
const LEARNED_ROWS = 500;
const SECONDS = 240;
/** Before this nothing is measured: the code is being compiled. */
const WARM_SECONDS = 60;
const LOOKS_PER_S = 4;
const US_PER_S = 1e6;
const START_US = Date.UTC(2026, 0, 5) * 1_000;
const TARGETS = { gatewayCorePercent: { max: 50 }, gatewayMemoryGrowthMb: { max: 5 } } as const;

export async function runGateway(_data: string, say: (line: string) => void): Promise<SetOutcome> {
  const unwatched = judge(learned(), false);
  const judged = judge(learned(), true);
  say(
    `gateway: ${judged.corePercent.toFixed(1)} % of a core for ${READINGS} readings and ${EQUIPMENTS} rows a second, ` +
      `${unwatched.corePercent.toFixed(1)} % where nobody watches; the longest turn takes ${judged.longestMs.toFixed(1)} ms`,
  );
  const figures = {
    gatewayCorePercent: judged.corePercent,
    gatewayUnwatchedCorePercent: unwatched.corePercent,
    gatewayReadingsPerSecond: (100 * READINGS) / judged.corePercent,
    gatewayLongestTurnMs: judged.longestMs,
    gatewayMemoryGrowthMb: judged.growthMb,
  };
  return { figures, targets: TARGETS };
}

/** Of features that follow one load and have noise of their own. */
function learned(): LearnedProfile {
  const values = readingsOf(1);
  const columns = Array.from({ length: FEATURES }, () => new Float64Array(LEARNED_ROWS));
  for (let row = 0; row < LEARNED_ROWS; row++) for (const column of columns) column[row] = values.next().value;
  const times = Float64Array.from(columns[0], (_, row) => START_US - (LEARNED_ROWS - row) * US_PER_S);
  const features = columns.map((_, at) => ({ name: `feature ${at}`, unit: '1', negligible: 0 }));
  const budget = { alarms: 1, perUs: 86_400 * US_PER_S };
  const quality = new Float64Array(LEARNED_ROWS).fill(1);
  const profile = learnProfile({ times, columns, quality }, { features, intervalUs: US_PER_S, budget });
  if (!profile.ok) throw new Error(profile.fault.detail);
  return profile.value;
}

/** The features of one row after the other. */
function* readingsOf(seed: number): Generator<number, never> {
  const random = seededRandom(seed);
  for (;;) {
    const load = random();
    for (let feature = 0; feature < FEATURES; feature++) yield 20 + feature + load + 0.3 * (random() + random());
  }
}

/** Processor time of each second of readings and of the longest turn in which nothing else is done, and the heap that comes to stay. */
function judge(profile: LearnedProfile, watched: boolean) {
  const clock = new ManualClock(START_US as Timestamp);
  const profiles = Array.from({ length: EQUIPMENTS }, (_, at) => watchedProfile(profile, at));
  const health = new GatewayHealth({ profiles, kept: [], clock, events: ({ detail }) => fail(detail) });
  const lanes = perLane(() => ({ write() {} }));
  const conditioner = new Conditioner(rulesOf(profiles, watched), lanes, [], health);
  health.attach(conditioner);
  const values = readingsOf(2);
  let warmBytes = 0;
  let busy = { user: 0, system: 0 };
  let longestMs = 0;
  for (let second = 0; second < SECONDS; second++) {
    const time = (START_US + second * US_PER_S) as Timestamp;
    const samples = new SampleBlockBuilder();
    for (let tag = 0; tag < READINGS; tag++) samples.pushNumber(tag, time, values.next().value, STATUS.Good);
    const started = process.cpuUsage();
    conditioner.write(samples);
    for (let look = 0; look < LOOKS_PER_S; look++) {
      clock.setWallClock((time + (look * US_PER_S) / LOOKS_PER_S) as Timestamp);
      const turnMs = longestTurn(health);
      if (second >= WARM_SECONDS) longestMs = Math.max(longestMs, turnMs);
    }
    const { user, system } = process.cpuUsage(started);
    if (second >= WARM_SECONDS) busy = { user: busy.user + user, system: busy.system + system };
    if (second === WARM_SECONDS) warmBytes = bytesInUse();
  }
  const corePercent = (100 * (busy.user + busy.system)) / US_PER_S / (SECONDS - WARM_SECONDS);
  const growthMb = Math.max(0, bytesInUse() - warmBytes) / 1e6;
  return { corePercent, longestMs, growthMb };
}

/** What is still used when all has been collected that is not. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

function longestTurn(health: GatewayHealth): number {
  let longestMs = 0;
  for (let isMoreDue = true; isMoreDue; ) {
    const started = process.cpuUsage();
    isMoreDue = health.tick();
    const { user, system } = process.cpuUsage(started);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
  }
  return longestMs;
}

function watchedProfile(profile: LearnedProfile, at: number): WatchedProfile {
  const features = Array.from({ length: FEATURES }, (_, feature) => at * FEATURES + feature);
  const first = READINGS + 3 * at;
  return {
    name: `p/${at}`,
    profile,
    digest: '',
    features,
    tags: { score: first, alarming: first + 1, late: first + 2 },
  };
}

function rulesOf(profiles: readonly WatchedProfile[], watched: boolean): TagRule[] {
  const exception = { deviation: 0 };
  return [
    ...Array.from({ length: READINGS }, (_, number): TagRule => ({ number, lane: 'analytical', watched, exception })),
    ...profiles.flatMap(({ tags }) =>
      Object.values(tags).map((number): TagRule => ({ number, lane: 'operational', exception })),
    ),
  ];
}

function fail(detail: string): never {
  throw new Error(detail);
}
