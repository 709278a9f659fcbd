/** Cases as people read them. */

import { timeText } from '../events/timeText.ts';
import { shortNumber, textTable } from '../twin/textTable.ts';
import type { CaseDetail, CaseList, Evidence, ShownCase } from './healthAnswers.ts';
import { estimateText, lifeText } from './lifeText.ts';
import { sparkline } from './sparkline.ts';

const RANK_COLUMN = 0;
const NUMBER_COLUMN = 1;
const US_PER_S = 1_000_000;

/** Two lines for each: what stands where, and what a technician reads. */
export function formatCases({ cases, total, counts }: CaseList): string {
  const head = ['rank', 'no.', 'severity', 'left', 'asset', 'state', 'since'];
  const [headLine = '', ...lines] = textTable(
    [head, ...cases.map(caseRow)],
    new Set([RANK_COLUMN, NUMBER_COLUMN]),
  ).split('\n');
  const listed = cases.flatMap(({ sentence, rankReason, group }, at) => [
    lines[at],
    `      ${sentence}`,
    ...(rankReason === null ? [] : [`      ranked by: ${rankReason}`]),
    ...(group === null ? [] : [`      ${groupText(group)}`]),
  ]);
  const more = total > cases.length ? [`${total - cases.length} more match (--limit).`] : [];
  const { open, ordered, snoozed, closed } = counts;
  const summary = `${open} open, ${ordered} ordered, ${snoozed} of them snoozed; ${closed} closed`;
  return `${[...(cases.length > 0 ? [headLine] : ['No such case.']), ...listed, ...more, summary].join('\n')}\n`;
}

/** What they have in common may be the cause. */
function groupText({ count, place, since }: NonNullable<ShownCase['group']>): string {
  return `began with ${count === 2 ? 'another' : `${count - 1} others`} in ${place}, ${momentText(since)}`;
}

function caseRow({ rank, number, severity, life, asset, state, since, quietSince, snoozedUntil, outcome }: ShownCase) {
  const quiet = quietSince === null ? state : `${state}, quiet since ${momentText(quietSince)}`;
  const doing = snoozedUntil !== null ? `${state}, snoozed until ${momentText(snoozedUntil)}` : quiet;
  return [
    ...[rank === null ? '-' : String(rank), String(number), severity, lifeText(life, null), asset.path],
    ...[outcome === null ? doing : `${doing} (${outcome})`, momentText(since)],
  ];
}

/** A case whole; the courses of its signs where there are any. */
export function formatCase(shown: CaseDetail, evidence?: Evidence): string {
  const { number, state, rank, rankReason, sentence, site, reasons, bring, isolations } = shown;
  const ranked = rank === null ? '' : `, rank ${rank}: ${rankReason}`;
  return [
    `case ${number} is ${state}${ranked}\n${sentence}\n\n`,
    textTable(factsOf(shown).map(([key, value]) => [`  ${key}`, value])),
    section('signs', signLines(reasons.signs, evidence)),
    section(
      'wear',
      reasons.fatigue.map(({ name, damage, perDay }) => {
        return `${name}: ${shortNumber(damage)} of its life, ${shortNumber(perDay)} more a day`;
      }),
    ),
    section(
      'others like it',
      shown.fleet.map((estimate) => `${estimate.lives}: ${estimateText(estimate)}`),
    ),
    section('where', site ? [site.where, site.access] : []),
    section('bring', bring),
    section('isolate', isolations),
    section(
      'cases like it',
      reasons.similar.map((one) => `case ${one.number} (${percent(one.likeness)}): ${one.outcome}`),
    ),
    section('orders', shown.orders.map(orderLine)),
    section('found', findingLines(shown.finding)),
    section(
      'photos',
      shown.photos.map(({ photo }) => photo),
    ),
    section(
      'history',
      shown.history.map(
        ({ at, what, by, why }) => `${momentText(at)}  ${what} by ${by}${why === '' ? '' : `: ${why}`}`,
      ),
    ),
  ].join('');
}

function factsOf(shown: CaseDetail): [string, string][] {
  const { asset, watch, failure, severity, since, openedAt, lastAlertAt, closedAt, snoozedUntil, reasons } = shown;
  const { quietSince, group } = shown;
  return [
    ['asset', asset.path],
    ['watch', watch.name],
    ['failure', `${failure ?? 'none that is known fits'} (${severity})`],
    ['left', lifeText(shown.life, shown.noLife)],
    ['leads to', shown.consequence],
    ['do', shown.action],
    ['since', momentText(since)],
    ...(group === null ? [] : [['together', groupText(group)] as [string, string]]),
    ['opened', `${momentText(openedAt)}, last alert ${momentText(lastAlertAt)} (${reasons.kind})`],
    ...(reasons.mode === null ? [] : [['in', reasons.mode] as [string, string]]),
    ['good data', percent(shown.quality)],
    ...(quietSince === null ? [] : [['quiet', `since ${momentText(quietSince)}`] as [string, string]]),
    ...(snoozedUntil === null ? [] : [['snoozed', `until ${momentText(snoozedUntil)}`] as [string, string]]),
    ...(closedAt === null ? [] : [['closed', momentText(closedAt)] as [string, string]]),
  ];
}

/** The name and the course of each sign, and then what it is, what is normal and what the limit is. */
function signLines(signs: CaseDetail['reasons']['signs'], evidence: Evidence | undefined): string[] {
  if (signs.length === 0) return [];
  const rows = signs.map(({ feature, unit, now, normal, limit, since, perDay, proven }) => {
    const series = evidence?.signs.find((one) => one.feature === feature);
    const [bottom, top] = [normal ?? series?.normal?.at, limit ?? series?.limit?.at];
    const course = sparkline(series?.mean ?? [], bottom, top).trimStart();
    const trend = since === null ? '-' : `since ${momentText(since)}, ${signed(perDay)} a day of late`;
    const values = [now, normal, limit].map(shortNumber);
    return [feature, course, ...values, unit, trend, proven ? 'proven' : ''];
  });
  const head = ['feature', 'course', 'now', 'normal', 'limit', 'unit', 'drift', ''];
  return textTable([head, ...rows], new Set([2, 3, 4]))
    .trimEnd()
    .split('\n');
}

function orderLine({ reference, trouble, port, by, at }: CaseDetail['orders'][number]): string {
  const place = reference ?? (trouble === null ? 'on its way' : `not taken yet: ${trouble}`);
  return `${momentText(at)}  ${port}: ${place}, by ${by}`;
}

function findingLines(finding: CaseDetail['finding']): string[] {
  if (!finding) return [];
  const { outcome, failure, notes, repaired, photos, by, at } = finding;
  const what = [outcome, ...(failure === null ? [] : [failure]), ...(repaired ? ['repaired'] : [])].join(', ');
  return [`${momentText(at)}  ${what}, by ${by}`, ...(notes === '' ? [] : [notes]), ...photos];
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function signed(value: number | null): string {
  return `${value !== null && value > 0 ? '+' : ''}${shortNumber(value)}`;
}

/** To the second: nobody asks for less of what takes days. */
export function momentText(timeUs: number): string {
  return timeText(Math.round(timeUs / US_PER_S) * US_PER_S);
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
