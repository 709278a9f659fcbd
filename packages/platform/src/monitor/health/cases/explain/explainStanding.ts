/** From how a watch stands to what there is to say of it: the evidence of one case for each failure that shows. */

import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { FailureMode, HealthWatch } from '../../definition/healthWatch.ts';
import type { FatigueStanding, WatchStanding } from '../../scoring/watchStanding.ts';
import type { AlertKind, CaseReasons, CaseSign, HealthCase } from '../healthCase.ts';
import { nameWords } from './assetWords.ts';
import { caseSentence } from './caseSentence.ts';
import { caseSigns, driftOf } from './caseSigns.ts';
import { claims, fittingFailures } from './failureFit.ts';

/** What an alert says of a case, new or known. */
export type CaseEvidence = Pick<
  HealthCase,
  'since' | 'severity' | 'consequence' | 'action' | 'bring' | 'isolations' | 'life' | 'noLife'
> & { readonly reasons: Omit<CaseReasons, 'similar'> };

export interface ExplainOptions {
  /** IANA time zone of the site. */
  readonly zone: string;
  /** Since when features drift, as cases that are open say (µs); an earlier beginning stays. */
  readonly beginnings?: ReadonlyMap<string, number>;
  /** Wear alone is an alert when with 5 % probability the part fails within so many days. */
  readonly wearHorizonDays: number;
}

interface Alert {
  readonly kind: AlertKind;
  readonly signs: readonly CaseSign[];
  readonly failure: FailureMode | undefined;
  readonly fatigue: FatigueStanding | undefined;
}

/** Nothing where there is no alert, or where the data behind it are doubtful. */
export function explainStanding(standing: WatchStanding, options: ExplainOptions): readonly CaseEvidence[] {
  const alerts = signAlerts(standing, options.beginnings);
  const worn = wearAlerts(standing, options.wearHorizonDays);
  const isTold = ({ failure }: Alert) => failure !== undefined && alerts.some((alert) => alert.failure === failure);
  return [...alerts, ...worn.filter((alert) => !isTold(alert))].map((alert) => evidenceOf(alert, standing, options));
}

/** A row without a score proves nothing: its values are missing or doubtful, or too few came before. */
function signAlerts(standing: WatchStanding, beginnings: ExplainOptions['beginnings']): readonly Alert[] {
  const { assessment } = standing;
  if (assessment.unscored !== undefined || !(assessment.strange || assessment.drifting)) return [];
  const all = caseSigns(standing, beginnings);
  const isStep = (sign: CaseSign) => sign.proven && driftOf(sign, standing)?.step !== undefined;
  const signs = all.filter((sign) => !isStep(sign));
  const isDrift = signs.some(({ proven }) => proven);
  const stepped = all.filter(isStep);
  if (stepped.length === 0) return trendAlerts(standing, signs, isDrift);
  const step: Alert = { kind: 'step', signs: stepped, failure: undefined, fatigue: undefined };
  // What changed at once makes rows strange too; what drifts does so by itself.
  return isDrift ? [...trendAlerts(standing, signs, isDrift), step] : [step];
}

function trendAlerts(standing: WatchStanding, signs: readonly CaseSign[], isDrift: boolean): readonly Alert[] {
  const kind = isDrift ? 'drift' : 'strange';
  const failures = fittingFailures(standing, signs);
  if (failures.length === 0) return [{ kind, signs, failure: undefined, fatigue: undefined }];
  // What no failure claims goes to the one that fits best: one cause often shows in more than it is known for.
  return failures.map((failure, place) => ({
    ...{ kind, failure, fatigue: standing.fatigue.find(({ name }) => name === failure.fatigue) },
    signs: signs.filter(({ feature }) =>
      place === 0 ? !failures.slice(1).some((other) => claims(other, feature)) : claims(failure, feature),
    ),
  }));
}

function wearAlerts({ watch, assessment, fatigue }: WatchStanding, horizonDays: number): readonly Alert[] {
  if (assessment.unscored === 'doubtful') return [];
  return fatigue
    .filter(({ life }) => life !== undefined && life.lowDays <= horizonDays)
    .map((worn) => {
      const failure = watch.failures.find((mode) => mode.fatigue === worn.name);
      return { kind: 'wear', signs: [], failure, fatigue: worn };
    });
}

function evidenceOf(alert: Alert, standing: WatchStanding, { zone }: ExplainOptions): CaseEvidence {
  const { watch, assessment } = standing;
  const { kind, failure, signs, fatigue } = alert;
  const { life, limited, noLife } = lifeOf(alert, standing);
  // Of a load only what is good is counted; the row beside it may have nothing to do with it.
  const quality = kind === 'wear' ? 1 : assessment.quality || 0;
  // What drifts leaves the modes by itself.
  const isNewMode = kind === 'strange' && assessment.mode < 0;
  const step = kind === 'step' ? driftOf(signs[0], standing)?.step : undefined;
  const sentence = caseSentence({
    step,
    ...{ kind, watch, failure, signs, fatigue, life, limited, noLife, isNewMode, quality, zone, now: assessment.time },
  });
  const reasons: CaseEvidence['reasons'] = {
    ...{ kind, sentence, failure: failure?.name, signs, quality, score: assessment.score || 0 },
    mode: kind === 'wear' ? undefined : modeWords(watch, assessment.mode, isNewMode),
    fatigue: standing.fatigue.map(({ name, damage, perDay }) => ({ name, damage, perDay })),
  };
  const beginnings = signs.map(({ since }) => since).filter(Number.isFinite);
  return { since: Math.min(...beginnings, assessment.time), ...measuresOf(alert), life, noLife, reasons };
}

function measuresOf({
  kind,
  failure,
  signs,
}: Alert): Pick<CaseEvidence, 'severity' | 'consequence' | 'action' | 'bring' | 'isolations'> {
  if (failure) {
    const { severity, consequence, action, bring, isolations } = failure;
    return { severity, consequence, action, bring, isolations };
  }
  const names = signs.map(({ feature }) => nameWords(feature)).join(', ');
  return {
    // What goes to a limit that somebody has set matters; of the rest nobody knows.
    severity: kind === 'drift' && signs.some(({ proven, limit }) => proven && limit !== undefined) ? 'major' : 'minor',
    consequence: 'Not known: no failure that is described for it fits.',
    action: kind === 'step' ? `Look at the sensors and settings behind ${names}.` : `Look for what changes ${names}.`,
    bring: [],
    isolations: [],
  };
}

interface LifeOfAlert {
  readonly life: LifeLeft | undefined;
  readonly limited: CaseSign | undefined;
  readonly noLife: string | undefined;
}

/** The first limit that one of the signs reaches; of wear, what is left of the part. */
function lifeOf({ kind, signs, fatigue }: Alert, standing: WatchStanding): LifeOfAlert {
  const none = { life: undefined, limited: undefined };
  if (kind === 'step') return { ...none, noLife: 'a change at once has no trend' };
  if (kind === 'wear') return { life: fatigue?.life, limited: undefined, noLife: fatigue?.noLife };
  const drifts = signs
    .filter(({ proven }) => proven)
    .map((sign) => ({ sign, life: driftOf(sign, standing)?.life, noLife: driftOf(sign, standing)?.noLife }));
  const first = drifts
    .filter(({ life }) => life !== undefined && !Number.isNaN(life.medianDays))
    .sort((a, b) => a.life!.medianDays - b.life!.medianDays)
    .at(0);
  if (first) return { life: first.life, limited: first.sign, noLife: undefined };
  const noLife = drifts.map((drift) => drift.noLife).find((reason) => reason !== undefined);
  return { ...none, noLife: noLife ?? 'nothing of it has a limit that it goes to' };
}

function modeWords({ conditionSays }: HealthWatch, mode: number, isNewMode: boolean): string | undefined {
  const words = [
    ...(conditionSays === undefined ? [] : [conditionSays]),
    ...(mode >= 0 ? [`in learned mode ${mode + 1}`] : []),
    ...(isNewMode ? ['in a way of running that was not learned'] : []),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}
