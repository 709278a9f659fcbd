/** The watches of a model, from `health/*.yaml`: each for one asset, or for every asset of a type; how to get to assets; and fleets. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import type { z } from 'zod';
import type { Asset, AssetId, AssetModel, ModelTexts } from '../../../model/assets/assetModel.ts';
import { AssetScope, modelFiles } from '../../../model/assets/assetScope.ts';
import { ModelDefects, type PlaceFinder } from '../../../model/assets/text/modelDefects.ts';
import { loadTwins } from '../../../model/twins/loadTwins.ts';
import type { FleetLife } from './fleetLife.ts';
import type { HealthWatch, SitePlace } from './healthWatch.ts';
import { LifeMaker } from './lifeMaker.ts';
import { type LifeText, lifeSchema } from './lifeText.ts';
import { WatchMaker } from './watchMaker.ts';
import { healthSchema, type PlaceText, placeSchema, type WatchText, watchSchema } from './watchText.ts';

export interface LoadedHealth {
  /** By id. */
  readonly watches: ReadonlyMap<string, HealthWatch>;
  /** By name. */
  readonly lives: ReadonlyMap<string, FleetLife>;
  readonly defects: readonly Defect[];
}

/** Never throws for what the texts hold; what is wrong is left out, and the rest works. */
export function loadHealth(texts: ModelTexts, model: AssetModel): LoadedHealth {
  const loading = new HealthLoading(texts, model);
  for (const [file, text] of modelFiles(texts, 'health')) loading.readFile(file, text);
  return loading.finish();
}

class HealthLoading {
  readonly #model: AssetModel;
  readonly #scope: AssetScope;
  readonly #maker: WatchMaker;
  readonly #defects = new ModelDefects();
  readonly #watches = new Map<string, HealthWatch>();
  readonly #places = new Map<AssetId, SitePlace>();
  readonly #lives: (readonly [said: LifeText, placeOf: PlaceFinder])[] = [];

  constructor(texts: ModelTexts, model: AssetModel) {
    this.#model = model;
    this.#scope = new AssetScope(model, this.#defects);
    const { lookup } = this.#scope;
    this.#maker = new WatchMaker({ model, lookup, twins: loadTwins(texts, model).twins }, this.#defects);
  }

  readFile(file: string, text: string): void {
    const document = ConfigDocument.parse(file, text);
    const content = document.validate(healthSchema);
    if (!content.ok) return void this.#defects.addAll(content.defects);
    const each = <S extends z.ZodType>(
      list: 'health' | 'places' | 'lives',
      schema: S,
      add: (said: z.output<S>, placeOf: PlaceFinder) => void,
    ) => {
      for (const [index, written] of content.value[list].entries()) {
        const placeOf: PlaceFinder = (path, part) => ({ file, ...document.place([list, index, ...path], part) });
        const parsed = schema.safeParse(written, { reportInput: true });
        if (parsed.success) add(parsed.data, placeOf);
        else this.#defects.addIssues(parsed.error, schema, file, placeOf);
      }
    };
    each('health', watchSchema, (said, placeOf) => this.#addWatch(said, placeOf));
    each('places', placeSchema, (said, placeOf) => this.#addPlace(said, placeOf));
    each('lives', lifeSchema, (said, placeOf) => void this.#lives.push([said, placeOf]));
  }

  finish(): LoadedHealth {
    const watches = new Map<string, HealthWatch>();
    for (const [id, watch] of this.#watches) watches.set(id, { ...watch, site: this.#siteOf(watch.asset) });
    return { watches, lives: this.#madeLives(), defects: this.#defects.list() };
  }

  /** Of watches that may be in files that come later. */
  #madeLives(): ReadonlyMap<string, FleetLife> {
    const maker = new LifeMaker(this.#scope, this.#watches, this.#defects);
    const lives = new Map<string, FleetLife>();
    for (const [said, placeOf] of this.#lives) {
      if (lives.has(said.name)) {
        this.#defects.add(placeOf(['name']), `there are two lives "${said.name}"`, 'give one of them another name');
        continue;
      }
      const life = maker.make(said, placeOf);
      if (life) lives.set(life.name, life);
    }
    return lives;
  }

  #addWatch(said: WatchText, placeOf: PlaceFinder): void {
    const failures = this.#maker.failures(said, placeOf);
    for (const asset of this.#scope.assetsOf(said, placeOf) ?? []) {
      const id = `${asset.id}/${said.name}`;
      if (this.#watches.has(id)) {
        const hint = 'give one of them another name';
        this.#defects.addOf(asset.path, placeOf(['name']), `there are two watches "${said.name}"`, hint);
        continue;
      }
      const watch = this.#maker.make(said, asset, failures, placeOf);
      if (watch) this.#watches.set(id, watch);
    }
  }

  #addPlace({ asset: name, ...place }: PlaceText, placeOf: PlaceFinder): void {
    const asset = this.#scope.assetsOf({ asset: name }, placeOf)?.[0];
    if (!asset) return;
    if (this.#places.has(asset.id)) {
      this.#defects.add(placeOf(['asset']), `there are two places of "${asset.path}"`, 'merge the two');
    } else this.#places.set(asset.id, place);
  }

  /** Its own, or that of the nearest above it. */
  #siteOf(id: AssetId): SitePlace | undefined {
    let asset: Asset | undefined = this.#model.assets.get(id);
    while (asset && !this.#places.has(asset.id)) {
      asset = asset.parent === undefined ? undefined : this.#model.assets.get(asset.parent);
    }
    return asset && this.#places.get(asset.id);
  }
}
