/** The model as it holds now, as it held at any time, and what would come of another: the one owner of its versions. */

import { join } from 'node:path';
import type { Defect } from '@tidegate/config/defect.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { AssetLookup } from './assetLookup.ts';
import { type AssetModel, emptyModel, type ModelTexts } from './assetModel.ts';
import { loadAssetModel } from './loadAssetModel.ts';
import { type Bindings, checkBindings, type TagUnits } from './version/bindingDefects.ts';
import { type ModelChanges, modelChanges } from './version/modelChanges.ts';
import { MODEL_FILE, type ModelVersion, ModelVersions } from './version/modelVersions.ts';
import { type BrokenSubscription, brokenSubscriptions, type Subscribers } from './version/subscribers.ts';

export interface ModelStoreOptions {
  /** The data directory of the server. */
  readonly directory: string;
  readonly clock: Clock;
  /** Without it bindings are not held against the tags that there are. */
  readonly tagOf?: TagUnits;
}

/** A version with what was made of its texts. */
export interface AppliedModel {
  readonly version: ModelVersion;
  readonly texts: ModelTexts;
  readonly model: AssetModel;
  readonly lookup: AssetLookup;
  /** What was left out of it; only the parts that this stage reads. */
  readonly defects: readonly Defect[];
}

/** A version and the part of a range in which it holds. */
export interface ModelPeriod {
  readonly version: ModelVersion;
  readonly start: Timestamp;
  /** Itself not included. */
  readonly end: Timestamp;
}

/** What a later stage has to say of its own files (`twins/*.yaml` and so on) against a model. */
export type ModelCheck = (texts: ModelTexts, model: AssetModel) => Promise<readonly Defect[]> | readonly Defect[];

export interface ModelPlan {
  /** The version that it would follow; `undefined` where it is the first. */
  readonly follows: ModelVersion | undefined;
  readonly effective: Timestamp;
  /** Of all stages. */
  readonly defects: readonly Defect[];
  readonly changes: ModelChanges;
  readonly broken: readonly BrokenSubscription[];
  readonly waiting: Bindings['waiting'];
  /** False where the texts are those that hold already. */
  readonly isNew: boolean;
}

export interface ApplyRequest {
  readonly texts: ModelTexts;
  readonly by: string;
  readonly comment: string;
  /** Since when it holds: now, where it is absent; the first one since ever, because nobody knows since when. */
  readonly effective?: Timestamp;
  readonly acceptBreaking?: boolean;
  /** Applies what is right of it. */
  readonly acceptDefects?: boolean;
}

export interface Applied {
  readonly version: ModelVersion;
  readonly plan: ModelPlan;
}

/** A version that was refused, and the plan that shows why. */
export type ApplyResult = Result<Applied> & { readonly plan?: ModelPlan };

type Listener = (applied: AppliedModel) => void;

/** So many versions are kept in memory as models: questions about the past ask for a few again and again. */
const KEPT_MODELS = 4;

export class ModelStore {
  readonly #versions: ModelVersions;
  readonly #clock: Clock;
  readonly #tagOf: TagUnits | undefined;
  readonly #listeners = new Set<Listener>();
  readonly #checks: ModelCheck[] = [];
  readonly #subscribers: Subscribers[] = [];
  readonly #models = new Map<number, Promise<Result<AppliedModel>>>();
  #current: AppliedModel | undefined;
  /** Changes of what holds follow each other. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(versions: ModelVersions, { clock, tagOf }: ModelStoreOptions) {
    this.#versions = versions;
    this.#clock = clock;
    this.#tagOf = tagOf;
  }

  /** With the version that holds now. Faults: those of `ModelVersions.open`; a damaged version is said by `refresh`. */
  static async open(options: ModelStoreOptions): Promise<Result<ModelStore>> {
    const versions = ModelVersions.open(join(options.directory, MODEL_FILE));
    if (!versions.ok) return versions;
    const store = new ModelStore(versions.value, options);
    await store.refresh();
    return success(store);
  }

  /** What holds now, as of the last `refresh` or `apply`; `undefined` where nothing does. */
  current(): AppliedModel | undefined {
    return this.#current;
  }

  /** In the order in which they were applied. */
  versions(): readonly ModelVersion[] {
    return this.#versions.list();
  }

  /** Faults: `model.none` where no version held then, `model.damaged`, `archive.unwritable`. */
  async asOf(time: Timestamp): Promise<Result<AppliedModel>> {
    const version = this.#versions.asOf(time);
    return version ? this.#load(version) : failure('model.none', 'No version of the model held at that time.');
  }

  /** Faults: `model.version-unknown` and those of `asOf`. */
  async version(number: number): Promise<Result<AppliedModel>> {
    const version = this.#versions.list().find((one) => one.number === number);
    if (version) return this.#load(version);
    return failure(
      'model.version-unknown',
      `The model has no version ${number}; the last is ${this.#versions.list().length}.`,
    );
  }

  /** The versions that hold within `start <= time < end`, in order; together they leave out only what is before the first. */
  periods(start: Timestamp, end: Timestamp): readonly ModelPeriod[] {
    const cuts = new Set<number>([start]);
    for (const { effective } of this.#versions.list()) if (effective > start && effective < end) cuts.add(effective);
    const times = [...cuts].sort((a, b) => a - b);
    return times.flatMap((time, index) => {
      const version = this.#versions.asOf(time);
      return version ? [{ version, start: time as Timestamp, end: (times[index + 1] ?? end) as Timestamp }] : [];
    });
  }

  /** Calls `listener` with each version that comes to hold from now on; returns the way to stop it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addCheck(check: ModelCheck): void {
    this.#checks.push(check);
  }

  addSubscribers(subscribers: Subscribers): void {
    this.#subscribers.push(subscribers);
  }

  /** What would come of `texts`. Faults: those of `asOf` but for `model.none`. */
  async plan(texts: ModelTexts, effective?: Timestamp): Promise<Result<ModelPlan>> {
    const drafted = await this.#draft(texts, effective);
    return drafted.ok ? success(drafted.value.plan) : drafted;
  }

  /**
   * Makes the texts a version, unless they hold already: then that one is answered. Faults: `model.invalid`,
   * `model.breaks-subscriber`, `archive.full`, `archive.unwritable`; nothing has changed then.
   */
  apply(request: ApplyRequest): Promise<ApplyResult> {
    const turn = this.#turn.then(() => this.#apply(request));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Lets a version hold whose time has come. Faults: `model.damaged`, `archive.unwritable`; what held before goes on.
   */
  async refresh(): Promise<Result<void>> {
    const version = this.#versions.asOf(this.#clock.now());
    if (!version || version.number === this.#current?.version.number) return success(undefined);
    const loaded = await this.#load(version);
    if (!loaded.ok) return loaded;
    // Meanwhile another `refresh` may have done the same, or another version come to hold.
    if (version.number === this.#current?.version.number) return success(undefined);
    if (version !== this.#versions.asOf(this.#clock.now())) return this.refresh();
    this.#current = loaded.value;
    for (const listener of this.#listeners) listener(loaded.value);
    return success(undefined);
  }

  close(): void {
    this.#versions.close();
  }

  async #apply(request: ApplyRequest): Promise<ApplyResult> {
    const { texts, by, comment, acceptBreaking = false, acceptDefects = false } = request;
    const drafted = await this.#draft(texts, request.effective);
    if (!drafted.ok) return drafted;
    const { plan, model } = drafted.value;
    if (plan.defects.length > 0 && !acceptDefects) return { ...refusedBy(plan.defects), plan };
    if (plan.broken.length > 0 && !acceptBreaking) return { ...brokenBy(plan.broken), plan };
    if (!plan.isNew && plan.follows) return success({ version: plan.follows, plan });
    const applied = this.#clock.now();
    const added = this.#versions.add({ effective: plan.effective, applied, by, comment }, texts, model);
    if (!added.ok) return added;
    // Assets have other former paths now.
    this.#models.clear();
    const refreshed = await this.refresh();
    return refreshed.ok ? success({ version: added.value, plan }) : refreshed;
  }

  async #draft(
    texts: ModelTexts,
    wanted: Timestamp | undefined,
  ): Promise<Result<{ plan: ModelPlan; model: AssetModel }>> {
    const effective = wanted ?? (this.#versions.list().length === 0 ? (0 as Timestamp) : this.#clock.now());
    const formerPaths = this.#versions.paths();
    if (!formerPaths.ok) return formerPaths;
    const follows = this.#versions.asOf(effective);
    const before = follows && (await this.#load(follows));
    // What cannot be read any more is no reason against putting a whole version in its place.
    const old = before?.ok ? before.value : undefined;
    const options = { formerPaths: formerPaths.value, pause: nextTurn, ...(old && { before: old.model }) };
    const { model, defects } = await loadAssetModel(texts, options);
    const bindings = this.#tagOf && (await checkBindings(model, this.#tagOf));
    const others = await Promise.all(this.#checks.map((check) => check(texts, model)));
    const changes = modelChanges(old?.model ?? emptyModel(), model);
    const subscribers = this.#subscribers.flatMap((port) => port.list());
    const plan: ModelPlan = {
      ...{ follows, effective, changes },
      defects: [...defects, ...(bindings?.defects ?? []), ...others.flat()],
      broken: old ? brokenSubscriptions(changes, old.model, subscribers) : [],
      waiting: bindings?.waiting ?? [],
      isNew: !old || !isSame(texts, old.texts),
    };
    return success({ plan, model });
  }

  #load(version: ModelVersion): Promise<Result<AppliedModel>> {
    const kept = this.#models.get(version.number);
    this.#models.delete(version.number);
    const loading = kept ?? this.#read(version);
    this.#models.set(version.number, loading);
    if (this.#models.size > KEPT_MODELS) this.#models.delete(this.#models.keys().next().value!);
    return loading;
  }

  async #read(version: ModelVersion): Promise<Result<AppliedModel>> {
    const texts = this.#versions.texts(version.number);
    if (!texts.ok) return texts;
    const formerPaths = this.#versions.paths();
    if (!formerPaths.ok) return formerPaths;
    const { model, defects } = await loadAssetModel(texts.value, { formerPaths: formerPaths.value, pause: nextTurn });
    return success({ version, texts: texts.value, model, lookup: new AssetLookup(model.assets), defects });
  }
}

/** Live values go on while a model is made. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isSame(a: ModelTexts, b: ModelTexts): boolean {
  return a.size === b.size && [...a].every(([file, text]) => b.get(file) === text);
}

function refusedBy(defects: readonly Defect[]) {
  const [first] = defects;
  const others = defects.length > 1 ? `, and ${defects.length - 1} more` : '';
  return failure('model.invalid', `${first.file}:${first.line}: ${first.message}${others}.`);
}

function brokenBy(broken: readonly BrokenSubscription[]) {
  const names = [...new Set(broken.map(({ subscriber }) => `"${subscriber}"`))];
  const [{ subscriber, attribute, reason }] = broken;
  const listens = `"${subscriber}" listens to ${attribute}, and ${reason}`;
  const others = names.length > 1 ? ` So it is with ${names.slice(1).join(', ')}.` : '';
  const more = broken.length > 1 ? ` (${broken.length} attributes in all)` : '';
  return failure('model.breaks-subscriber', `${listens}${more}.${others}`);
}
