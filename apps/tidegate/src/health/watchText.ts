/** Watches over equipment as people read them. */

import { formatSpan } from '../devices/spanText.ts';
import { shortNumber, textTable } from '../twin/textTable.ts';
import { momentText, percent } from './caseText.ts';
import type { ShownWatch, WatchDetail, WatchList } from './healthAnswers.ts';
import { estimateText, lifeText } from './lifeText.ts';

const NUMBER_COLUMNS = new Set([2, 3, 4]);

/** One line for each; what is learned, or why it is blind, at its end. */
export function formatWatches({ watches, counts }: WatchList): string {
  const rows = watches.map((watch) => [
    `${watch.asset.path}/${watch.name}`,
    stateText(watch),
    `${shortNumber(watch.score)} / ${shortNumber(watch.threshold)}`,
    watch.model === null ? '-' : String(watch.model),
    watch.quality === null ? '-' : percent(watch.quality),
    watch.openCase === null ? '' : `case ${watch.openCase}`,
    watch.why ?? driftsText(watch),
  ]);
  const head = ['watch', 'state', 'score / threshold', 'model', 'good data', 'case', ''];
  const { learning, scoring, blind, alarming, all } = counts;
  const summary = `${all} watches: ${scoring} score, ${learning} learn, ${blind} are blind; ${alarming} alarm\n`;
  return `${rows.length === 0 ? 'No such watch.\n' : textTable([head, ...rows], NUMBER_COLUMNS)}${summary}`;
}

function stateText({ state, progress, strange, drifting }: ShownWatch): string {
  if (strange || drifting) return [...(strange ? ['strange'] : []), ...(drifting ? ['drifts'] : [])].join(', ');
  return progress === null ? state : `${state} ${percent(progress)}`;
}

function driftsText({ features }: ShownWatch): string {
  return features
    .filter(({ evidence }) => evidence !== null && evidence >= 1)
    .map(({ name, level, normal, unit }) => `${name} ${shortNumber(level)} ${unit}, normally ${shortNumber(normal)}`)
    .join('; ');
}

export function formatWatch(watch: WatchDetail): string {
  const features = watch.definitions.map(({ name, of, measure, leftOut }) => {
    const stands = watch.features.find((feature) => feature.name === name);
    const [value = null, level = null, normal = null] = [stands?.value, stands?.level, stands?.normal];
    const numbers = [value, level, normal, stands?.limit?.at ?? null].map(shortNumber);
    const drift = leftOut ? 'not watched: nothing in it' : shortNumber(stands?.evidence ?? null);
    return [`  ${name}`, ...numbers, stands?.unit ?? '', drift, `${measure} of ${of}`];
  });
  const head = ['  feature', 'value', 'level', 'normal', 'limit', 'unit', 'drift (1 alarms)', 'what'];
  const wear = watch.fatigue.map(({ part, cause, damage, perDay, life, noLife }) => {
    const used = `${shortNumber(damage)} of its life by ${cause}, ${shortNumber(perDay)} more a day`;
    return `  ${part}: ${used}; left: ${lifeText(life, noLife)}\n`;
  });
  return [
    `${watch.asset.path}/${watch.name}: ${stateText(watch)}${watch.why === null ? '' : `: ${watch.why}`}\n`,
    watch.description === '' ? '' : `${watch.description}\n`,
    '\n',
    textTable(factsOf(watch).map(([key, value]) => [`  ${key}`, value])),
    '\n',
    textTable([head, ...features], new Set([1, 2, 3, 4])),
    wear.length === 0 ? '' : `\nwear\n${wear.join('')}`,
    ...(watch.report?.notes ?? []).map((note) => `! ${note}\n`),
    ...(watch.modelDrift?.says ?? []).map((note) => `! ${note}\n`),
  ].join('');
}

function factsOf(watch: WatchDetail): [string, string][] {
  const { at, score, threshold, unscored, quality, budget, condition, learning, report, comparisons } = watch;
  const newest =
    at === null ? 'none yet' : `${momentText(at)}, ${quality === null ? 'no' : percent(quality)} good data`;
  const facts: [string, string][] = [
    ['newest row', newest],
    ['score', `${unscored ?? shortNumber(score)}, threshold ${shortNumber(threshold)}`],
    ['left', lifeText(watch.life, watch.noLife)],
    ['rows', `of ${formatSpan(watch.intervalSeconds * 1_000)}${condition === null ? '' : `, while ${condition}`}`],
    ['budget', `${budget.alarms} false alarms in ${shortNumber(budget.perDays)} days`],
  ];
  for (const estimate of watch.fleet) facts.push([`by ${estimate.lives}`, estimateText(estimate)]);
  if (report) {
    const from = `${report.rows} rows from ${momentText(report.start)} to ${momentText(report.end)}`;
    facts.push(['model', `${watch.model}: ${from}, ${report.modes} operating modes`]);
  }
  for (const { model, rows, activeAlarms, shadowAlarms, agreement } of comparisons) {
    const alike = agreement === null ? '' : `, the same in ${percent(agreement)}`;
    facts.push(['shadow', `${model}: ${shadowAlarms} alarms to ${activeAlarms} in ${rows} rows${alike}`]);
  }
  for (const { model, why } of watch.brokenShadows) facts.push(['shadow', `${model} judges no more: ${why}`]);
  if (learning) facts.push(['learning', learningText(learning)]);
  return facts;
}

function learningText({ by, foundDays, neededDays, underWay, refused }: NonNullable<WatchDetail['learning']>): string {
  const found = `${shortNumber(foundDays)} of ${shortNumber(neededDays)} days of normal operation`;
  return underWay ? `under way for ${by}: ${found}` : `${refused ?? 'waits'} (${found})`;
}
