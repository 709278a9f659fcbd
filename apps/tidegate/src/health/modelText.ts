/** Learned models, the ledger of cases and labels as people read them. */

import { shortNumber, textTable } from '../twin/textTable.ts';
import { momentText } from './caseText.ts';
import type { HealthLabels, HealthLedger, ShownModel } from './healthAnswers.ts';
import { daysText } from './lifeText.ts';

export function formatModels(models: readonly ShownModel[]): string {
  if (models.length === 0) return 'No model has been learned yet.\n';
  const rows = models.map(({ number, state, fits, learnedAt, by, start, end, rows, threshold, backtest, file }) => [
    ...[String(number), fits ? state : `${state}, other features`, momentText(learnedAt), by],
    ...[`${momentText(start)} to ${momentText(end)}`, String(rows), shortNumber(threshold)],
    ...[`${backtest.alarms} in ${daysText(backtest.days)}`, file ?? ''],
  ]);
  const head = ['no.', 'state', 'learned', 'by', 'from', 'rows', 'threshold', 'alarms on unseen time', 'file'];
  const notes = models.flatMap(({ number, notes }) => notes.map((note) => `! ${number}: ${note}\n`));
  return `${textTable([head, ...rows], new Set([0, 5, 6]))}${notes.join('')}`;
}

/** What makes the figures less sure is named at the end. */
export function formatLedger({ start, end, watches, ...whole }: HealthLedger): string {
  const rows = [{ ...whole, watch: 'all' }, ...watches].map((account) => [
    ...[account.watch, String(account.opened), String(account.confirmed), String(account.otherCause)],
    ...[String(account.nothingFound), account.lead === null ? '-' : daysText(account.lead.medianDays)],
    ...[shortNumber(account.falsePerYear), shortNumber(account.equipmentYears), account.precision.words],
  ]);
  const head = ['watch', 'cases', 'confirmed', 'other', 'nothing', 'lead', 'false a year', 'years', 'precision'];
  const table = textTable([head, ...rows], new Set([1, 2, 3, 4, 5, 6, 7]));
  const { overdue } = whole;
  const missing =
    overdue.length === 0
      ? ''
      : `\nNobody has said what was found: ${overdue.map((one) => `case ${one}`).join(', ')}.\n`;
  return `from ${momentText(start)} to ${momentText(end)}\n\n${table}${missing}`;
}

export function formatLabels({ labels }: HealthLabels): string {
  if (labels.length === 0) return 'Nothing has been found there yet.\n';
  const rows = labels.map(({ watch, start, end, outcome, failure, number, by }) => [
    ...[watch, momentText(start), momentText(end), outcome, failure ?? '', String(number), by],
  ]);
  return textTable([['watch', 'start', 'end', 'found', 'failure', 'case', 'by'], ...rows], new Set([5]));
}
