/** The figures by which an alarm system is judged, each with its target and a sentence that says what it is. */

import { ALARM_PRIORITIES, type AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import type { AlarmAnalysis } from '@tidegate/platform/northbound/contract/alarm.ts';
import { formatCount } from '../../reading/number.ts';

export interface AnalysisFigure {
  readonly name: string;
  readonly value: string;
  readonly target: string;
  readonly state: 'well' | 'attention';
  readonly meaning: string;
}

/** `0.05 %`, `12 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent !== 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)}\u202f%`;
}

/** `0.4`, `12`: rates are means, so that they have a decimal where they are small. */
export function formatMean(mean: number): string {
  return mean < 10 && !Number.isInteger(mean) ? mean.toFixed(1) : formatCount(mean);
}

/** Targets of ANSI/ISA-18.2-2016, clause 16.5 (tables 6 and 7), and EEMUA 191, 3rd edition, 6.5. */
export function analysisFigures({ rate, shareInFlood, shareOfTopTen, floods }: AlarmAnalysis): AnalysisFigure[] {
  const judged = (isWell: boolean) => (isWell ? 'well' : 'attention');
  return [
    {
      name: 'Alarms per 10 min',
      value: formatMean(rate.perTenMinutes),
      target: '1 acceptable, 2 manageable',
      state: judged(rate.verdict !== 'over-demanding'),
      meaning: `Mean per operator over the whole period: ${rate.verdict}. An operator needs minutes for each.`,
    },
    {
      name: 'Alarms per day',
      value: formatMean(rate.perDay),
      target: '150 acceptable, 300 manageable',
      state: judged(rate.perDay <= 300),
      meaning: 'The same mean per operator, for a day.',
    },
    {
      name: 'Most in 10 min',
      value: formatMean(rate.peak),
      target: '10 at most',
      state: judged(rate.peak <= 10),
      meaning: 'The worst ten minutes of the period, per operator.',
    },
    {
      name: 'Time over 10',
      value: formatPercent(rate.shareOverTen),
      target: '1\u202f% at most',
      state: judged(rate.shareOverTen <= 0.01),
      meaning: 'Share of the ten-minute periods with more than ten alarms per operator.',
    },
    {
      name: 'Time in floods',
      value: formatPercent(shareInFlood),
      target: '1\u202f% at most',
      state: judged(shareInFlood <= 0.01),
      meaning: `A flood is ten alarms or more within ten minutes; there were ${formatCount(floods.length)}.`,
    },
    {
      name: 'Ten worst alarms',
      value: formatPercent(shareOfTopTen),
      target: '1 to 5\u202f%',
      state: judged(shareOfTopTen <= 0.05),
      meaning: 'Their share of all activations. Where it is high, mending a few alarms mends much.',
    },
  ];
}

export interface PriorityShare {
  readonly priority: AlarmPriority;
  readonly share: number;
  /** Up to which it is as it should be. */
  readonly target: number;
}

const TARGETS: Partial<Record<AlarmPriority, number>> = { critical: 0.01, high: 0.05, medium: 0.15, low: 0.8 };

/** Shares of activations by priority against about 80 % low, 15 % medium, 5 % high and fewer than 1 % critical. */
export function priorityShares({ rate }: Pick<AlarmAnalysis, 'rate'>): PriorityShare[] {
  return ALARM_PRIORITIES.flatMap((priority) => {
    const target = TARGETS[priority];
    return target === undefined ? [] : [{ priority, share: rate.priorities[priority] ?? 0, target }];
  });
}

/** `origin:name` as the analysis has it, in its two parts. */
export function actorName(alarm: string): { readonly origin: string; readonly name: string } {
  const cut = alarm.indexOf(':');
  return { origin: alarm.slice(0, cut), name: alarm.slice(cut + 1) };
}
