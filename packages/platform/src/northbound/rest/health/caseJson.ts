/** Cases as the interface gives them. */

import type { RankedCase } from '../../../monitor/health/cases/byUrgency.ts';
import type { CaseChange, CasePhoto, HealthCase as KeptCase } from '../../../monitor/health/cases/healthCase.ts';
import type { HealthCase, HealthCaseDetail, CasePhoto as JsonPhoto } from '../../contract/healthCase.ts';
import { lifeJson, numberJson } from './healthNumbers.ts';
import { siteJson } from './watchJson.ts';

/** `ranked` is `undefined` of a closed case. */
export function caseSummary(kept: KeptCase, watchName: string, ranked: RankedCase | undefined): HealthCase {
  const { number, state, watch, asset, assetPath, reasons, severity, consequence, since, openedAt, lastAlertAt } = kept;
  return {
    ...{ number, state, rank: ranked?.rank ?? null, rankReason: ranked?.why ?? null },
    group: ranked?.group ?? null,
    ...{ watch: { id: watch, name: watchName }, asset: { id: asset, path: assetPath } },
    ...{ sentence: reasons.sentence, failure: reasons.failure ?? null, severity, consequence },
    ...{ since, openedAt, lastAlertAt, closedAt: kept.closedAt ?? null },
    ...lifeJson(kept),
    quality: reasons.quality,
    quietSince: kept.quietSince ?? null,
    snoozedUntil: kept.snoozedUntil ?? null,
    outcome: kept.finding?.outcome ?? null,
  };
}

/** What stands around a case. */
export interface CaseSurroundings {
  readonly watchName: string;
  readonly ranked: RankedCase | undefined;
  readonly history: readonly CaseChange[];
  readonly photos: readonly CasePhoto[];
  readonly fleet: HealthCaseDetail['fleet'];
  /** Names of the ports that take orders. */
  readonly ports: readonly string[];
}

export function caseDetail(
  kept: KeptCase,
  { watchName, ranked, history, photos, fleet, ports }: CaseSurroundings,
): HealthCaseDetail {
  const { model, action, bring, isolations, site, orders, finding } = kept;
  return {
    ...caseSummary(kept, watchName, ranked),
    ...{ model: model === 0 ? null : model, action, bring: [...bring] },
    isolations: [...isolations],
    site: siteJson(site),
    reasons: reasonsJson(kept),
    fleet,
    orders: orders.map(({ reference, trouble, port, by, comment, at }) => ({
      ...{ reference: reference ?? null, trouble: trouble ?? null, port, by, comment, at },
    })),
    finding: finding
      ? {
          ...{ ...finding, failure: finding.failure ?? null },
          ...{ photos: [...finding.photos], failedAt: finding.failedAt ?? null },
        }
      : null,
    photos: photos.map(photoJson),
    ports: [...ports],
    history: history.map(({ at, kind, by, why }) => ({ at, what: kind, by, why })),
  };
}

export function photoJson({ name, mediaType, bytes, by, at }: CasePhoto): JsonPhoto {
  return { photo: name, mediaType, bytes, by, at };
}

function reasonsJson({ reasons }: KeptCase): HealthCaseDetail['reasons'] {
  const { kind, score, mode, signs, fatigue, similar } = reasons;
  return {
    ...{ kind, score: score > 0 ? score : null, mode: mode ?? null },
    signs: signs.map((sign) => ({
      ...sign,
      ...{ now: numberJson(sign.now), normal: numberJson(sign.normal), since: numberJson(sign.since) },
      ...{ perDay: numberJson(sign.perDay), limit: sign.limit ?? null },
    })),
    fatigue: fatigue.map(({ name, damage, perDay }) => {
      return { name, damage: numberJson(damage), perDay: numberJson(perDay) };
    }),
    similar: similar.map((one) => ({ ...one })),
  };
}
