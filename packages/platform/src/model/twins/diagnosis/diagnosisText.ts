/** A diagnosis in plain words. */

import type { CausePart, DiagnosedCause, Diagnosis } from './diagnosis.ts';

/** The unit of differences of temperatures that have a zero of their own. */
const DIFFERENCE_UNITS: Readonly<Record<string, string>> = { Cel: 'K' };
/** From this factor between what is left over and noise on, a cause is not the whole story. */
const MOST_LEFT = 0.2;

export function diagnosisText(verdict: Diagnosis['verdict'], causes: readonly DiagnosedCause[]): string {
  const [best, ...others] = causes;
  switch (verdict) {
    case 'sound':
      return 'Nothing has changed by more than its noise since the model was fitted.';
    case 'unexplained':
      return best === undefined
        ? 'The residuals have changed, and nothing that the model knows explains it.'
        : `The residuals have changed, and no single cause explains it. What comes nearest, with ${percent(best.explained)}: ${causeText(best)}.`;
    case 'ambiguous':
      return `The residuals cannot tell these apart: ${[best, ...others].map(causeText).join('; or ')}.`;
    default: {
      const rest =
        best.kind === 'sensor'
          ? 'the other residuals fit the machine as it was'
          : 'no drift of a single instrument would explain it';
      const whole = 1 - best.explained < MOST_LEFT ? rest : `it explains ${percent(best.explained)} of what is unusual`;
      return `${upperFirst(causeText(best))}; ${whole}.`;
    }
  }
}

function causeText({ kind, parts, onset, since, beganBefore }: DiagnosedCause): string {
  const text = parts.map((part) => (kind === 'sensor' ? sensorText(part) : machineText(part))).join(' and ');
  const moment = beganBefore ? 'since before what was looked at' : `since about ${momentText(since)}`;
  return `${text}, ${onset === 'drift' ? 'ever more ' : ''}${moment}`;
}

function sensorText({ name, unit, size, uncertainty }: CausePart): string {
  const shown = DIFFERENCE_UNITS[unit] ?? unit;
  const amount = `${withUncertainty(Math.abs(size), uncertainty)}${shown === '' ? '' : ` ${shown}`}`;
  return `${name} reads about ${amount} too ${size > 0 ? 'high' : 'low'}`;
}

function machineText({ name, unit, size, uncertainty, reference }: CausePart): string {
  const direction = size > 0 ? 'up' : 'down';
  if (!reference) return `${name} is ${direction} by ${withUncertainty(Math.abs(size), uncertainty)} ${unit}`.trimEnd();
  const share = Math.abs(reference) / 100;
  return `${name} is ${direction} by ${withUncertainty(Math.abs(size) / share, uncertainty / share)} % of its fitted ${round(reference)}`;
}

/** `4.2 (± 0.1)`: as many digits as the uncertainty, whose factor of 2 covers 95 %, leaves meaning in. */
function withUncertainty(value: number, uncertainty: number): string {
  const expanded = 2 * uncertainty;
  if (!(expanded > 0)) return round(value);
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(expanded)) - 1));
  return `${value.toFixed(decimals)} (± ${expanded.toFixed(decimals)})`;
}

/** To the minute, in UTC. */
function momentText(time: number): string {
  return `${new Date(time / 1_000).toISOString().slice(0, 16)}Z`;
}

function percent(share: number): string {
  return `${Math.round(100 * Math.max(0, share))} %`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
