/** The accounts of machines and of energy that a model asks for, from `frames/*.yaml`. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { z } from 'zod';
import { AssetLookup } from '../../model/assets/assetLookup.ts';
import type { Asset, AssetId, AssetModel, ModelTexts } from '../../model/assets/assetModel.ts';
import { ModelDefects, type PlaceFinder } from '../../model/assets/text/modelDefects.ts';
import { isOfType } from '../events/loadFrames.ts';
import { type EnergyAccountDefinition, type MachineAccount, MEASURES } from './accountDefinition.ts';
import type { TimeCategory } from './oee.ts';
import { PACKML_CATEGORIES, PACKML_STATES, type PackmlState } from './packml.ts';

export interface LoadedAccounts {
  /** By asset. */
  readonly machines: ReadonlyMap<AssetId, MachineAccount>;
  readonly energy: readonly EnergyAccountDefinition[];
  readonly defects: readonly Defect[];
}

const duration = z
  .string()
  .refine((text) => (parseDurationMs(text) ?? 0) > 0, { error: 'is no length of time, such as 30s or 15min' })
  .transform((text) => parseDurationMs(text) ?? 0);
const attribute = z.string().min(1);
const scope = {
  type: z.string().optional().describe('every asset of this type'),
  asset: z.string().optional().describe('the path or the id of an asset'),
};

const machineSchema = z.strictObject({
  ...scope,
  state: attribute,
  states: z
    .record(z.string(), z.enum(PACKML_STATES))
    .describe('what each value of the state is in PackML, such as `2: execute`'),
  categories: z
    .partialRecord(z.enum(PACKML_STATES), z.enum(['productive', 'planned-stop', 'unplanned-stop', 'unknown']))
    .default({})
    .describe('where a state counts otherwise than usual'),
  pieces: attribute,
  rejects: attribute.optional(),
  idealCycle: duration,
});
const measured = z.strictObject({ attribute, measure: z.enum(MEASURES).default('increase') });
const energySchema = z.strictObject({
  name: z.string().min(1),
  ...scope,
  meter: measured,
  drivers: z.array(measured).min(1),
  interval: duration,
  baseline: z.strictObject({ start: z.string(), end: z.string() }),
});
const fileSchema = z.looseObject({
  machines: z.array(machineSchema).default([]),
  energy: z.array(energySchema).default([]),
});

const PREFIX = 'frames/';

/** Never throws for what the texts hold; what is wrong is left out, and the rest works. */
export function loadAccounts(texts: ModelTexts, model: AssetModel): LoadedAccounts {
  const loading = new AccountLoading(model);
  const files = [...texts].filter(([file]) => file.startsWith(PREFIX) && /\.ya?ml$/i.test(file));
  for (const [file, text] of files.sort(([a], [b]) => (a < b ? -1 : 1))) loading.readFile(file, text);
  return loading.finish();
}

class AccountLoading {
  readonly #model: AssetModel;
  readonly #lookup: AssetLookup;
  readonly #defects = new ModelDefects();
  readonly #machines = new Map<AssetId, MachineAccount>();
  readonly #energy: EnergyAccountDefinition[] = [];

  constructor(model: AssetModel) {
    this.#model = model;
    this.#lookup = new AssetLookup(model.assets);
  }

  readFile(file: string, text: string): void {
    const document = ConfigDocument.parse(file, text.replaceAll('\r\n', '\n'));
    const content = document.validate(fileSchema);
    if (!content.ok) return void this.#defects.addAll(content.defects);
    const placeIn =
      (list: string, index: number): PlaceFinder =>
      (path, part) => {
        return { file, ...document.place([list, index, ...path], part) };
      };
    for (const [index, said] of content.value.machines.entries()) this.#addMachine(said, placeIn('machines', index));
    for (const [index, said] of content.value.energy.entries()) this.#addEnergy(said, placeIn('energy', index));
  }

  finish(): LoadedAccounts {
    return { machines: this.#machines, energy: this.#energy, defects: this.#defects.list() };
  }

  #addMachine(said: z.output<typeof machineSchema>, placeOf: PlaceFinder): void {
    const { state, pieces, rejects, idealCycle } = said;
    const states = new Map<SampleValue, PackmlState>();
    for (const [value, packml] of Object.entries(said.states)) {
      states.set(value, packml);
      if (value.trim() !== '' && Number.isFinite(Number(value))) states.set(Number(value), packml);
    }
    const categories = new Map<SampleValue, TimeCategory>();
    for (const [value, packml] of states) categories.set(value, said.categories[packml] ?? PACKML_CATEGORIES[packml]);
    const named: [string, DataPath][] = [
      [state, ['state']],
      [pieces, ['pieces']],
      ...(rejects ? [[rejects, ['rejects']] as [string, DataPath]] : []),
    ];
    for (const asset of this.#assetsOf(said, placeOf)) {
      if (!this.#sees(asset, named, placeOf)) continue;
      const idealCycleSeconds = idealCycle / 1_000;
      this.#machines.set(asset.id, {
        asset: asset.id,
        state,
        states,
        categories,
        pieces,
        rejects,
        idealCycleSeconds,
        place: placeOf([]),
      });
    }
  }

  #addEnergy(said: z.output<typeof energySchema>, placeOf: PlaceFinder): void {
    const { name, meter, drivers, interval, baseline } = said;
    const named: [string, DataPath][] = [
      [meter.attribute, ['meter', 'attribute']],
      ...drivers.map((driver, at): [string, DataPath] => [driver.attribute, ['drivers', at, 'attribute']]),
    ];
    for (const asset of this.#assetsOf(said, placeOf)) {
      if (!this.#sees(asset, named, placeOf)) continue;
      const withUnit = (one: z.output<typeof measured>) => {
        return { ...one, unit: this.#lookup.attribute(asset, one.attribute)?.attribute.unit ?? '' };
      };
      this.#energy.push({
        ...{ name, asset: asset.id, meter: withUnit(meter), drivers: drivers.map(withUnit) },
        ...{ intervalUs: interval * US_PER_MS, baseline, place: placeOf([]) },
      });
    }
  }

  #assetsOf(
    { type, asset }: { type?: string | undefined; asset?: string | undefined },
    placeOf: PlaceFinder,
  ): readonly Asset[] {
    if (asset !== undefined) {
      const found = this.#lookup.asset(asset);
      const nearest = this.#lookup.nearestAsset(asset);
      if (!found)
        this.#defects.add(placeOf(['asset']), `there is no asset "${asset}"`, nearest && `did you mean "${nearest}"?`);
      return found ? [found] : [];
    }
    if (type === undefined) this.#defects.add(placeOf([]), 'needs a type or an asset', 'asset: the path of a machine');
    else if (!this.#model.types.has(type)) {
      const nearest = nearestWord(type, [...this.#model.types.keys()]);
      this.#defects.add(placeOf(['type']), `there is no type "${type}"`, nearest && `did you mean "${nearest}"?`);
    }
    return [...this.#model.assets.values()].filter((each) => type !== undefined && isOfType(this.#model, each, type));
  }

  #sees(asset: Asset, named: readonly [string, DataPath][], placeOf: PlaceFinder): boolean {
    const blind = named.filter(([name]) => !this.#lookup.attribute(asset, name));
    for (const [name, field] of blind) {
      const nearest = this.#lookup.nearestAttribute(asset, name);
      this.#defects.addOf(
        asset.path,
        placeOf(field),
        `there is no attribute "${name}"`,
        nearest && `did you mean "${nearest}"?`,
      );
    }
    return blind.length === 0;
  }
}
