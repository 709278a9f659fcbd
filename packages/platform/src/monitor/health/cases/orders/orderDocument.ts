/** A work order as other systems read it: JSON whose fields keep their meaning, and text for people. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { assetWords, capitalised } from '../explain/assetWords.ts';
import { lifeWords } from '../explain/lifeWords.ts';
import type { WorkOrder } from '../workOrderPort.ts';

/** Times are RFC 3339 in UTC; a number that is not known or has no end is `null`. */
export function orderDocument({ key, case: one, by, comment, at }: WorkOrder): unknown {
  const { life, reasons, site } = one;
  return {
    ...{
      format: 'tidegate-work-order',
      version: 1,
      key,
      case: one.number,
      orderedBy: by,
      orderedAt: timeText(at),
      comment,
    },
    ...{ asset: { id: one.asset, path: one.assetPath, name: assetWords(one.assetPath) }, watch: one.watch },
    ...{ failure: reasons.failure ?? null, reason: reasons.sentence, since: timeText(one.since) },
    ...{ severity: one.severity, consequence: one.consequence, action: one.action },
    ...{ bring: one.bring, isolations: one.isolations, where: site?.where ?? null, access: site?.access ?? null },
    daysLeft: life ? { median: finite(life.medianDays), low: finite(life.lowDays), high: finite(life.highDays) } : null,
    noEstimate: one.noLife ?? null,
    signs: reasons.signs.map(({ feature, unit, now, normal, limit }) => ({
      ...{ feature, unit, now: finite(now), normal: finite(normal), limit: limit ?? null },
    })),
    dataQuality: reasons.quality,
  };
}

/** One page that somebody can take along. */
export function orderText({ key, case: one, by, comment, at }: WorkOrder): string {
  const { site, life, reasons } = one;
  const list = (items: readonly string[]) => (items.length === 0 ? '-' : items.join('; '));
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Order', `${key}, of ${timeText(at)}, by ${by}`],
    ['Equipment', `${assetWords(one.assetPath)} (${one.assetPath})`],
    ['Severity', one.severity],
    ['Reason', reasons.sentence],
    ['Time left', life ? capitalised(lifeWords(life)) : `Not known: ${one.noLife ?? 'the data carry no estimate'}`],
    ['Consequence', one.consequence],
    ['Action', one.action],
    ['Comment', comment || undefined],
    ['Where', site?.where],
    ['Access', site?.access],
    ['Bring', list(one.bring)],
    ['Isolations', list(one.isolations)],
  ];
  const lines = fields.flatMap(([name, text]) => (text === undefined ? [] : [`${`${name}:`.padEnd(13)}${text}`]));
  return `${lines.join('\n')}\n\nWhat was found there is told to case ${one.number}.\n`;
}

function timeText(time: number): string {
  return formatTimestamp(Math.floor(time) as Timestamp).replace(/\.\d+Z$/, 'Z');
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
