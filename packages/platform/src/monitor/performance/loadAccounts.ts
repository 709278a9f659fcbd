/** The accounts of machines and of energy that a model asks for, from `frames/*.yaml`. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { parseTimestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { z } from 'zod';
import type { Asset, AssetId, AssetModel, ModelTexts } from '../../model/assets/assetModel.ts';
import { AssetScope, modelFiles } from '../../model/assets/assetScope.ts';
import { ModelDefects, type PlaceFinder } from '../../model/assets/text/modelDefects.ts';
import {
  type BaselinePeriod,
  type EnergyAccountDefinition,
  type MachineAccount,
  MEASURES,
  type MeasuredAttribute,
} from './accountDefinition.ts';
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

const measured = z.preprocess(
  (given) => (typeof given === 'string' ? { attribute: given } : given),
  z
    .strictObject({ attribute, measure: z.enum(MEASURES).default('increase') })
    .describe('an attribute, alone if it counts'),
);
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
  pieces: measured,
  rejects: measured.optional(),
  idealCycle: duration,
});
const moment = z
  .string()
  .refine((text) => parseTimestamp(text) !== undefined, {
    error: 'is no time with an offset, such as 2026-01-31T06:00:00Z',
  })
  .transform((text) => Number(parseTimestamp(text)));
const baseline = z
  .strictObject({
    start: moment.optional(),
    end: moment.optional(),
    before: duration.optional().describe('so long before the range that is asked for'),
  })
  .transform(({ start, end, before }, context): BaselinePeriod => {
    if (before !== undefined && start === undefined && end === undefined) return { beforeUs: before * US_PER_MS };
    if (before === undefined && start !== undefined && end !== undefined && start < end) return { start, end };
    const message = 'is a start and an end that is not before it, or `before`, a length of time';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
const energySchema = z.strictObject({
  name: z.string().min(1),
  ...scope,
  meter: measured,
  drivers: z.array(measured).min(1),
  interval: duration,
  baseline,
});
const fileSchema = z.looseObject({
  machines: z.array(z.looseObject({})).default([]),
  energy: z.array(z.looseObject({})).default([]),
});

/** Never throws for what the texts hold; what is wrong is left out, and the rest works. */
export function loadAccounts(texts: ModelTexts, model: AssetModel): LoadedAccounts {
  const loading = new AccountLoading(model);
  for (const [file, text] of modelFiles(texts, 'frames')) loading.readFile(file, text);
  return loading.finish();
}

class AccountLoading {
  readonly #scope: AssetScope;
  readonly #defects = new ModelDefects();
  readonly #machines = new Map<AssetId, MachineAccount>();
  readonly #energy: EnergyAccountDefinition[] = [];

  constructor(model: AssetModel) {
    this.#scope = new AssetScope(model, this.#defects);
  }

  readFile(file: string, text: string): void {
    const document = ConfigDocument.parse(file, text);
    const content = document.validate(fileSchema);
    if (!content.ok) return void this.#defects.addAll(content.defects);
    const each = <T>(
      list: 'machines' | 'energy',
      schema: z.ZodType<T>,
      add: (said: T, placeOf: PlaceFinder) => void,
    ) => {
      for (const [index, written] of content.value[list].entries()) {
        const placeOf: PlaceFinder = (path, part) => ({ file, ...document.place([list, index, ...path], part) });
        const parsed = schema.safeParse(written, { reportInput: true });
        if (parsed.success) add(parsed.data, placeOf);
        else this.#defects.addIssues(parsed.error, schema, file, placeOf);
      }
    };
    each('machines', machineSchema, (said, placeOf) => this.#addMachine(said, placeOf));
    each('energy', energySchema, (said, placeOf) => this.#addEnergy(said, placeOf));
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
      [pieces.attribute, ['pieces']],
      ...(rejects ? [[rejects.attribute, ['rejects']] as [string, DataPath]] : []),
    ];
    for (const asset of this.#scope.assetsOf(said, placeOf) ?? []) {
      if (!this.#sees(asset, named, placeOf)) continue;
      const idealCycleSeconds = idealCycle / 1_000;
      this.#machines.set(asset.id, {
        asset: asset.id,
        state,
        states,
        categories,
        pieces: this.#withUnit(asset, pieces),
        rejects: rejects && this.#withUnit(asset, rejects),
        idealCycleSeconds,
        place: placeOf([]),
      });
    }
  }

  #addEnergy(said: z.output<typeof energySchema>, placeOf: PlaceFinder): void {
    const { name, meter, drivers, interval, baseline } = said;
    const named: [string, DataPath][] = [
      [meter.attribute, ['meter']],
      ...drivers.map((driver, at): [string, DataPath] => [driver.attribute, ['drivers', at]]),
    ];
    for (const asset of this.#scope.assetsOf(said, placeOf) ?? []) {
      if (!this.#sees(asset, named, placeOf)) continue;
      const withUnit = (one: z.output<typeof measured>) => this.#withUnit(asset, one);
      this.#energy.push({
        ...{ name, asset: asset.id, meter: withUnit(meter), drivers: drivers.map(withUnit) },
        ...{ intervalUs: interval * US_PER_MS, baseline, place: placeOf([]) },
      });
    }
  }

  #withUnit(asset: Asset, measure: z.output<typeof measured>): MeasuredAttribute {
    return { ...measure, unit: this.#scope.lookup.attribute(asset, measure.attribute)?.attribute.unit ?? '' };
  }

  #sees(asset: Asset, named: readonly [string, DataPath][], placeOf: PlaceFinder): boolean {
    return named.map(([name, field]) => this.#scope.attribute(asset, name, field, placeOf)).every(Boolean);
  }
}
