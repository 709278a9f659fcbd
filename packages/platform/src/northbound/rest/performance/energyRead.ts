/** Energy against its baseline as it is asked for, and the list of all accounts. */

import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { AppliedModel, ModelStore } from '../../../model/assets/modelStore.ts';
import type { EnergyAccountDefinition } from '../../../monitor/performance/accountDefinition.ts';
import { type KeptEnergy, keepEnergy } from '../../../monitor/performance/keepAccounts.ts';
import type { PlantAccounts } from '../../../monitor/performance/plantAccounts.ts';
import type { AccountList, EnergyAnswer, EnergyQuery } from '../../contract/performance.ts';
import { lookUpAsset, modelAt } from '../assets/assetRead.ts';
import { historyLink } from '../events/historyLink.ts';
import { rangeOf, untilNow } from '../history/moments.ts';
import { nearestNames } from '../nearestNames.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';

/** What accounts are read from. */
export interface AccountSources {
  readonly accounts: PlantAccounts;
  readonly model: ModelStore;
}

export async function listAccounts({ accounts, model }: AccountSources, now: Timestamp): Promise<Outcome<AccountList>> {
  const applied = await modelAt(model, undefined, now);
  if (!applied.ok) return applied;
  const { machines, energy } = accounts.current();
  return answer({
    machines: [...machines.keys()].map((id) => ({ asset: assetJson(applied.value, id) })),
    energy: energy.map(({ name, asset }) => ({ name, asset: assetJson(applied.value, asset) })),
  });
}

/** Time that is still to come is in no account. */
export async function readEnergy(
  { accounts, model }: AccountSources,
  query: z.output<typeof EnergyQuery>,
  now: Timestamp,
): Promise<Outcome<EnergyAnswer>> {
  const applied = await modelAt(model, undefined, now);
  if (!applied.ok) return applied;
  const definition = chosen(accounts.current().energy, query, applied.value);
  if (!definition.ok) return definition;
  const asked = rangeOf({ ...query, timeZone: 'UTC' }, now);
  if (!asked.ok) return asked;
  const range = untilNow(asked.value, now);
  const kept = await keepEnergy(accounts.samples, definition.value, range);
  if (!kept.ok) return { ...kept, extras: {} };
  const { name, asset, meter, drivers, intervalUs } = definition.value;
  const sources = kept.value.sources.map((source, at) => {
    const { measure, unit } = [meter, ...drivers][at];
    return { ...historyLink(applied.value, source.asset, source.attribute, source), measure, unit };
  });
  return answer({
    ...{ name, asset: assetJson(applied.value, asset), intervalSeconds: intervalUs / US_PER_S, ...range },
    ...figuresJson(kept.value),
    sources,
  });
}

type Figures = Omit<EnergyAnswer, 'name' | 'asset' | 'start' | 'end' | 'intervalSeconds' | 'sources'>;

function figuresJson({ baseline, baselineOver, ...kept }: KeptEnergy): Figures {
  return {
    ...{ unit: kept.unit, used: kept.used, expected: kept.expectedTotal, ratio: kept.ratio ?? null },
    ...{ perUnit: kept.perUnit ?? null, expectedPerUnit: kept.expectedPerUnit ?? null, driverUnit: kept.driverUnit },
    baseline: {
      ...baselineOver,
      terms: baseline.terms.map((term) => ({ ...term })),
      ...{ r2: baseline.r2, cvRmse: baseline.cvRmse, intervals: baseline.rows },
    },
    intervals: {
      starts: Array.from(kept.starts),
      used: columnJson(kept.usedIn),
      expected: columnJson(kept.expected),
      cumulative: columnJson(kept.cumulative),
    },
  };
}

function columnJson(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

/** The one that fits; where none does or several do, the detail says which there are. */
function chosen(
  accounts: readonly EnergyAccountDefinition[],
  { name, asset: named }: z.output<typeof EnergyQuery>,
  applied: AppliedModel,
): Outcome<EnergyAccountDefinition> {
  const asset = named === undefined ? undefined : lookUpAsset(applied, named);
  if (asset && !asset.ok) return asset;
  const fitting = accounts.filter(
    (account) => (name === undefined || account.name === name) && (!asset || account.asset === asset.value.id),
  );
  if (fitting.length === 1) return answer(fitting[0]);
  const names = [...new Set((fitting.length > 0 ? fitting : accounts).map((account) => account.name))];
  if (fitting.length === 0) {
    const detail = `The model asks for no such account of energy; there are ${names.join(', ') || 'none'}.`;
    return refusal('performance.unknown', detail, {
      suggestions: name === undefined ? names : nearestNames(name, names),
    });
  }
  const paths = fitting.map((account) => `${account.name} of ${assetJson(applied, account.asset).path}`);
  return refusal('performance.unknown', `There are ${fitting.length} such accounts: ${paths.slice(0, 5).join(', ')}.`);
}

function assetJson({ model }: AppliedModel, id: string): EnergyAnswer['asset'] {
  return { id, path: model.assets.get(id)?.path ?? id };
}
