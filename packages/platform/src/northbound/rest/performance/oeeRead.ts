/** Overall equipment effectiveness as it is asked for: of one machine, as a whole and by interval. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { Asset } from '../../../model/assets/assetModel.ts';
import type { AppliedModel } from '../../../model/assets/modelStore.ts';
import { type KeptOee, keepOee } from '../../../monitor/performance/keepAccounts.ts';
import { MAX_OEE_INTERVALS, type OeeAnswer, type OeeQuery } from '../../contract/performance.ts';
import { lookUpAsset, modelAt } from '../assets/assetRead.ts';
import { historyLink } from '../events/historyLink.ts';
import { boundariesOf, rangeOf, untilNow } from '../history/moments.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import type { AccountSources } from './energyRead.ts';

type Figures = OeeAnswer['intervals'][number];

/** Time that is still to come is in no account. */
export async function readOee(
  { accounts, model }: AccountSources,
  query: z.output<typeof OeeQuery>,
  now: Timestamp,
): Promise<Outcome<OeeAnswer>> {
  const applied = await modelAt(model, undefined, now);
  if (!applied.ok) return applied;
  const asset = lookUpAsset(applied.value, query.asset);
  if (!asset.ok) return asset;
  const account = accounts.current().machines.get(asset.value.id);
  if (!account) return unaccounted(applied.value, asset.value, [...accounts.current().machines.keys()]);
  const asked = rangeOf(query, now);
  if (!asked.ok) return asked;
  const range = untilNow(asked.value, now);
  const boundaries = boundariesOf(range, query.interval, query.timeZone);
  if (!boundaries.ok) return boundaries;
  const count = query.interval === undefined ? 0 : boundaries.value.length - 1;
  if (count > MAX_OEE_INTERVALS) {
    return refusal('history.too-much', `There would be ${count} intervals; at most ${MAX_OEE_INTERVALS} are given.`);
  }
  const whole = await keepOee(accounts.samples, account, range);
  if (!whole.ok) return { ...whole, extras: {} };
  const intervals: Figures[] = [];
  for (let at = 0; at < count; at++) {
    const part = { start: boundaries.value[at], end: boundaries.value[at + 1] };
    const kept = await keepOee(accounts.samples, account, part);
    if (!kept.ok) return { ...kept, extras: {} };
    intervals.push(figuresJson(kept.value, part));
  }
  return answer({
    asset: { id: asset.value.id, path: asset.value.path },
    idealCycleSeconds: account.idealCycleSeconds,
    ...figuresJson(whole.value, range),
    intervals,
    sources: whole.value.sources.map((source) => historyLink(applied.value, source.asset, source.attribute, source)),
  });
}

/** Names the machines below it, which is what was probably meant. */
function unaccounted({ model }: AppliedModel, { path }: Asset, machines: readonly string[]): Outcome<never> {
  const paths = machines.flatMap((id) => model.assets.get(id)?.path ?? []);
  const below = paths.filter((one) => one.startsWith(`${path}/`));
  const hint = below.length > 0 ? ` Below it there are accounts of ${below.slice(0, 5).join(', ')}.` : '';
  const suggestions = (below.length > 0 ? below : paths).slice(0, 5);
  return refusal('performance.unknown', `The model asks for no account of the machine ${path}.${hint}`, {
    suggestions,
  });
}

function figuresJson(kept: KeptOee, { start, end }: { readonly start: number; readonly end: number }): Figures {
  const { plannedSeconds, productiveSeconds, plannedStopSeconds, unknownSeconds, qualityMeasured, pieces } = kept;
  const order = ['availability', 'performance', 'quality'];
  let remainingSeconds = plannedSeconds;
  const losses = kept.losses
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((loss) => {
      remainingSeconds -= loss.seconds;
      return { ...loss, remainingSeconds };
    });
  return {
    ...{ start, end, oee: kept.oee ?? null, availability: kept.availability ?? null },
    ...{ performance: kept.performance ?? null, quality: kept.quality ?? null, qualityMeasured },
    ...{ pieces, unit: kept.unit, rejected: kept.rejected ?? null },
    ...{ plannedSeconds, productiveSeconds, plannedStopSeconds, unknownSeconds, losses },
    states: kept.states.map((state) => ({ ...state })),
  };
}
