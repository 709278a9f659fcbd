/** Standings of the output joint of a power supply, as scoring would tell them. */

import { parseTimestamp, US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { USUAL_TEST } from '@tidegate/health/fatigue/solderFatigue.ts';
import type { FeatureDrift } from '@tidegate/health/profile/assessment.ts';
import type { Expression } from '../../../../historian/query/expression/expressionNode.ts';
import { parseExpression } from '../../../../historian/query/expression/parseExpression.ts';
import type { FeatureDefinition, HealthWatch } from '../../definition/healthWatch.ts';
import type { WatchStanding } from '../../scoring/watchStanding.ts';

const PLACE = { file: 'health/power-supply.yaml', line: 1, column: 1 };

function expression(text: string): Expression {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  return parsed.value;
}

function feature(name: string, unit: string, limit?: FeatureDefinition['limit']): FeatureDefinition {
  const text = `'${name}'`;
  return { name, of: expression(text), text, measure: 'average', unit, negligible: 0, limit, description: '' };
}

export const WATCH: HealthWatch = {
  ...{ id: 'PSU-1/output-joint', name: 'output-joint', asset: 'PSU-1', featureVersion: '1', place: PLACE },
  assetPath: 'acme/north/utilities/substation/power-supply-1',
  formerPaths: [],
  description: 'The joint at the output terminal',
  intervalUs: 600e6,
  condition: expression("'output-current' > 1"),
  conditionSays: 'carrying current',
  features: [
    feature('contact-resistance', 'Ohm', { at: 0.05, side: 'high' }),
    feature('voltage-residual', 'V'),
    feature('case-temperature', 'Cel'),
  ],
  fatigue: [
    {
      ...{ name: 'terminal', attribute: 'joint-temperature', unit: 'Cel', of: expression("'joint-temperature'") },
      ...{ part: 'the solder joint of the output terminal', cause: 'thermal cycling' },
      law: { kind: 'solder', alloy: 'tin-lead', test: { ...USUAL_TEST, medianCycles: 3_000 }, lifeScatter: 0.5 },
    },
  ],
  failures: [
    {
      ...{ name: 'solder-crack', fatigue: 'terminal', severity: 'major' },
      signs: [{ feature: 'contact-resistance', goes: 'up' }],
      says: 'the solder joint at the output terminal cracks',
      consequence: 'The supply fails, and the substation runs on the other one.',
      action: 'Solder the joint again.',
      ...{ bring: ['soldering iron', 'spare supply'], isolations: ['output of the supply'] },
    },
    {
      ...{ name: 'fan-stuck', fatigue: undefined, severity: 'minor' },
      signs: [
        { feature: 'case-temperature', goes: 'up' },
        { feature: 'voltage-residual', goes: 'down' },
      ],
      says: 'the fan does not turn',
      ...{ consequence: 'It ages faster.', action: 'Change the fan.', bring: ['fan'], isolations: [] },
    },
  ],
  learnUs: 30 * US_PER_DAY,
  budget: { alarms: 1, perUs: 365 * US_PER_DAY },
  site: { where: 'Substation, panel 3', access: 'Gate B, key at the guard', isolations: ['panel 3'] },
};

/** Midday of 10 May 2026, UTC. */
export const NOW: number = parseTimestamp('2026-05-10T12:00:00Z')!;
export const DAY = US_PER_DAY;

const QUIET: FeatureDrift = {
  ...{ level: Number.NaN, normal: Number.NaN, spread: 0, evidence: 0, since: Number.NaN, perDay: Number.NaN },
  ...{ step: undefined, life: undefined, noLife: 'There is no drift.' },
};

/** What differs from equipment that is as it was. */
export interface StandingPlan {
  readonly time?: number;
  readonly model?: number;
  readonly watch?: Partial<HealthWatch>;
  /** By feature. */
  readonly drifts?: Readonly<Record<string, Partial<FeatureDrift>>>;
  readonly row?: Readonly<Record<string, number>>;
  readonly contributions?: Readonly<Record<string, number>>;
  readonly assessment?: Partial<WatchStanding['assessment']>;
  readonly fatigue?: Partial<WatchStanding['fatigue'][number]>;
}

const NORMAL: Readonly<Record<string, number>> = {
  ...{ 'contact-resistance': 0.0015, 'voltage-residual': 0, 'case-temperature': 20 },
};

export function standing(plan: StandingPlan = {}): WatchStanding {
  const watch = { ...WATCH, ...plan.watch };
  const drifts = watch.features.map(({ name }) => {
    const normal = NORMAL[name] ?? 0;
    return { ...QUIET, level: normal, normal, spread: 0.01, ...plan.drifts?.[name] };
  });
  const drifting = drifts.some(({ evidence }) => evidence >= 1);
  const fatigue = {
    name: 'terminal',
    damage: 0.62,
    perDay: 0.003,
    ...{ since: parseTimestamp('2024-01-08T12:00:00Z')!, cycles: 812.5, leastRange: 10 },
    life: undefined,
    noLife: undefined,
    ...plan.fatigue,
  };
  return {
    watch,
    model: plan.model ?? 1,
    assessment: {
      ...{
        time: plan.time ?? NOW,
        quality: 1,
        score: 1,
        unscored: undefined,
        mode: 0,
        strange: false,
        drifting,
        drifts,
      },
      contributions: Float64Array.from(watch.features, ({ name }) => plan.contributions?.[name] ?? 0),
      ...plan.assessment,
    },
    row: Float64Array.from(watch.features, ({ name }) => plan.row?.[name] ?? NORMAL[name] ?? 0),
    fatigue: watch.fatigue.map(() => fatigue),
  };
}

/** A contact resistance that has risen since 3 March, so many times as far as to 4.2 mOhm. */
export function crack(
  plan: StandingPlan & { readonly growth?: number; readonly medianDays?: number } = {},
): WatchStanding {
  const { growth = 1, medianDays = 62 } = plan;
  const drift: Partial<FeatureDrift> = {
    ...{ level: 0.0015 + 0.0027 * growth, evidence: 2 * growth, since: parseTimestamp('2026-03-03T08:00:00Z')! },
    ...{ perDay: 0.0001, noLife: undefined },
    life: { medianDays, lowDays: (medianDays * 39) / 62, highDays: (medianDays * 110) / 62 },
  };
  return standing({
    ...plan,
    drifts: { 'contact-resistance': drift, ...plan.drifts },
    contributions: { 'contact-resistance': 4, 'voltage-residual': 0.5, ...plan.contributions },
  });
}
