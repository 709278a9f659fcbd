/**
 * The lives of all fleets of the model: learned when lives have ended, at most once a day or when somebody asks; what is left
 * of those that go on is told as their cycles end.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { ThreadRoom } from '../../../historian/query/threadRoom.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { FleetLife, FleetMember } from '../definition/fleetLife.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from '../features/featureReader.ts';
import { readyUntil, type WatchTags } from '../models/watchTags.ts';
import { type ScoreHistorian, ScoreWriter } from '../scoring/scoreWriter.ts';
import type { FleetLifeEstimate, LifeCourse } from './fleetLifeEstimate.ts';
import type { FleetLifeVersion } from './fleetLifeModel.ts';
import type { FleetLifeStanding } from './fleetLifeStanding.ts';
import { FleetRows } from './fleetRows.ts';
import type { LearnedLives } from './learnLives.ts';
import { endsOf, lifeCard } from './lifeCard.ts';
import { LifeRegistry } from './lifeRegistry.ts';
import { lifeSeries } from './lifeSeries.ts';
import type { LifeTask } from './lifeTask.ts';
import { LifeTeller, type RunningLife } from './lifeTeller.ts';
import type { LifeUnit } from './lifeUnit.ts';
import { type FindingsOf, lifeUnits } from './lifeUnits.ts';

export interface FleetLivesOptions {
  /** Where what was learned and told is kept: `health-lives.sqlite`. */
  readonly path: string;
  readonly historian: ScoreHistorian;
  readonly reader: Pick<FeatureReader, 'rows'>;
  readonly tags: Pick<WatchTags, 'horizons'>;
  readonly findings: FindingsOf;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** As the model of the plant has it. */
interface Fleet {
  readonly life: FleetLife;
  /** Of every member. */
  readonly watches: ReadonlyMap<AssetId, HealthWatch>;
}

/** One life with what is known of it. */
interface Following {
  /** May become another while work goes on with the one that it began with. */
  fleet: Fleet;
  teller: LifeTeller | undefined;
  estimates: readonly FleetLifeEstimate[];
  isLearning: boolean;
  refused: Fault | undefined;
  /** What the last attempt to learn was made of, and when (`Clock.elapsedMs`). */
  tried: { readonly key: string; readonly atMs: number } | undefined;
  renewedAt: number | undefined;
  /** When the next estimates are due (`Clock.elapsedMs`). */
  dueMs: number;
  told: string | undefined;
}

const BY_ITSELF = 'Tidegate';
const TICK_MS = 60_000;
const RENEW_MS = 3_600_000;
const DAY_MS = 86_400_000;

export class FleetLives {
  readonly #options: FleetLivesOptions;
  readonly #registry: LifeRegistry;
  readonly #rows: FleetRows;
  readonly #writer: ScoreWriter;
  readonly #room = new ThreadRoom<LifeTask, LearnedLives>({
    script: new URL('./lifeThread.ts', import.meta.url),
    ...{ mostAtOnce: 1, timeLimitMs: 3_600_000, mostMemoryMb: 2_048 },
    ...{ busy: 'health.learning-busy', long: 'health.learning-long' },
  });
  #followings: ReadonlyMap<string, Following> = new Map();
  /** Fleets are learned and told one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #cancelTick: CancelTimer = () => undefined;
  #isClosed = false;

  private constructor(options: FleetLivesOptions, registry: LifeRegistry) {
    this.#options = options;
    this.#registry = registry;
    this.#rows = new FleetRows(options.reader);
    this.#writer = new ScoreWriter(options.historian);
    this.#tickAfter(TICK_MS);
  }

  /** Faults as `DurableDatabase.open`. */
  static open(options: FleetLivesOptions): Result<FleetLives> {
    const registry = LifeRegistry.open(options.path);
    return registry.ok ? success(new FleetLives(options, registry.value)) : registry;
  }

  /** Follows these lives from now on; `watches` are all of the model, those of every member among them. */
  use(lives: ReadonlyMap<string, FleetLife>, watches: ReadonlyMap<string, HealthWatch>): void {
    const followings = new Map<string, Following>();
    for (const [name, life] of lives) {
      const members = life.members.map(({ asset, watch }) => [asset, watches.get(watch)!] as const);
      followings.set(name, this.#follow({ life, watches: new Map(members) }));
    }
    this.#followings = followings;
  }

  /** Of all lives, by name. */
  standings(): readonly FleetLifeStanding[] {
    return [...this.#followings.values()]
      .map((one) => this.#standingOf(one))
      .sort((a, b) => (a.life.name < b.life.name ? -1 : 1));
  }

  /** Fault: `health.life-unknown`. */
  standing(life: string): Result<FleetLifeStanding> {
    const found = this.#find(life);
    return found.ok ? success(this.#standingOf(found.value)) : found;
  }

  /** The newest, which holds, last. Faults: `health.life-unknown`, `health.model-damaged`, `archive.unwritable`. */
  models(life: string): Result<readonly FleetLifeVersion[]> {
    const found = this.#find(life);
    return found.ok ? this.#registry.list(life) : found;
  }

  /** By asset path, as they were told last. Fault: `health.life-unknown`. */
  estimates(life: string): Result<readonly FleetLifeEstimate[]> {
    const found = this.#find(life);
    return found.ok ? success(found.value.estimates) : found;
  }

  /** Of all fleets that it is in. */
  estimatesOf(asset: AssetId): readonly FleetLifeEstimate[] {
    return [...this.#followings.values()].flatMap(({ estimates }) => estimates.filter((one) => one.asset === asset));
  }

  /**
   * How the life that goes on has shown itself so far, and how those did that it is like. Faults: `health.life-unknown`,
   * `health.too-little` where it is told by age or not at all, those of history.
   */
  async courses(
    life: string,
    asset: AssetId,
  ): Promise<Result<{ readonly own: LifeCourse; readonly similar: readonly LifeCourse[] }>> {
    const found = this.#find(life);
    if (!found.ok) return found;
    const { fleet, teller, estimates } = found.value;
    const estimate = estimates.find((one) => one.asset === asset);
    const member = fleet.life.members.find((one) => one.asset === asset);
    const none = failure('health.too-little', 'What the watch shows of it tells no life that is left.');
    if (!teller || !estimate?.unit || !member) return none;
    const running = await this.#running(fleet, member, estimate.unit, estimate.at);
    if (!running.ok) return running;
    const courses = teller.courses(running.value, namesOf(fleet), estimate.similar);
    return courses ? success(courses) : none;
  }

  /**
   * Learns a life now, and tells what is left by it. Faults: `health.life-unknown`, `health.learning-busy`,
   * `health.too-little`, `health.learning-long`, `health.learning-failed`, those of history and of the registry.
   */
  async learn(life: string, by: string): Promise<Result<FleetLifeVersion>> {
    const found = this.#find(life);
    if (!found.ok) return found;
    if (found.value.isLearning) return failure('health.learning-busy', `The lives ${life} are being learned already.`);
    // Others may have to be learned first.
    found.value.isLearning = true;
    return this.#inTurn(() => this.#learn(found.value, by));
  }

  /** Looks now at all lives whose turn it is; resolves when what was due has been learned, told and written. */
  check(): Promise<void> {
    return this.#inTurn(async () => {
      for (const following of this.#followings.values()) {
        if (this.#isClosed) return;
        if (!following.isLearning && this.#mustLearn(following)) await this.#learn(following, BY_ITSELF);
        if (this.#options.clock.elapsedMs() >= following.dueMs) await this.#renew(following);
      }
    });
  }

  /** Resolves when what is under way has come to its end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTick();
    await this.#turn;
    this.#registry.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #tickAfter(ms: number): void {
    this.#cancelTick = this.#options.clock.after(ms, () => {
      void this.check().then(() => this.#isClosed || this.#tickAfter(TICK_MS));
    });
  }

  #find(life: string): Result<Following> {
    const found = this.#followings.get(life);
    return found ? success(found) : failure('health.life-unknown', `There are no lives "${life}".`);
  }

  /** Goes on with what is known; what was learned with another definition tells nothing any more. */
  #follow(fleet: Fleet): Following {
    const { life } = fleet;
    const known = this.#followings.get(life.name);
    if (known?.fleet.life.version === life.version) {
      known.fleet = fleet;
      known.dueMs = 0;
      return known;
    }
    const teller = this.#load(life);
    const kept = teller.ok && teller.value ? this.#registry.estimates(life.name) : success([]);
    const estimates = kept.ok ? kept.value.filter(({ asset }) => fleet.watches.has(asset)) : [];
    return {
      ...{ fleet, estimates, isLearning: false, tried: undefined, renewedAt: undefined, dueMs: 0, told: undefined },
      ...(teller.ok ? { teller: teller.value, refused: undefined } : { teller: undefined, refused: teller.fault }),
    };
  }

  #load(life: FleetLife): Result<LifeTeller | undefined> {
    const versions = this.#registry.list(life.name);
    if (!versions.ok) return versions;
    const last = versions.value.at(-1);
    if (!last || last.card.version !== life.version) return success(undefined);
    const document = this.#registry.document(life.name, last.number);
    return document.ok ? LifeTeller.of(life, last, document.value) : document;
  }

  #unitsOf(life: FleetLife): readonly LifeUnit[] {
    return lifeUnits(life, this.#options.findings, this.#options.clock.now());
  }

  #standingOf({ fleet: { life }, teller, isLearning, refused, renewedAt }: Following): FleetLifeStanding {
    const units = this.#unitsOf(life);
    const model = teller?.version;
    const isOutdated = model !== undefined && endsOf(model.card.units) !== endsOf(units);
    return { life, units, model, isOutdated, isLearning, refused, renewedAt };
  }

  #mustLearn({ fleet: { life }, teller, tried }: Following): boolean {
    const { clock } = this.#options;
    const ends = endsOf(this.#unitsOf(life));
    const model = teller?.version;
    if (model && endsOf(model.card.units) === ends) return false;
    if (model && Math.abs(clock.now() - model.learnedAt) < US_PER_DAY) return false;
    return tried?.key !== ends || clock.elapsedMs() - tried.atMs >= DAY_MS;
  }

  async #learn(following: Following, by: string): Promise<Result<FleetLifeVersion>> {
    const { clock } = this.#options;
    const { fleet } = following;
    const { life } = fleet;
    const units = this.#unitsOf(life);
    following.isLearning = true;
    following.tried = { key: endsOf(units), atMs: clock.elapsedMs() };
    const learned = await this.#learnNow(fleet, units, by).catch((error: Error) => this.#crashed(life, error));
    following.isLearning = false;
    following.refused = learned.ok ? undefined : learned.fault;
    if (!learned.ok) return learned;
    following.teller = learned.value;
    const { version } = learned.value;
    const { method, backtest } = version.card;
    const off = backtest
      ? `, ${backtest.errorDays.toFixed(1)} d off on ${backtest.lives} lives that were held out`
      : '';
    this.#event('health.model-learned', life.name, `model ${version.number} was learned by ${method}${off}`);
    await this.#renew(following);
    return success(version);
  }

  async #learnNow({ life, watches }: Fleet, units: readonly LifeUnit[], by: string): Promise<Result<LifeTeller>> {
    if (this.#isClosed) return failure('health.learning-busy', 'The server is being stopped.');
    const now = this.#options.clock.now();
    const gathered = await this.#rows.gather(life, units, ({ asset }) => watches.get(asset)!, now);
    if (!gathered.ok) return gathered;
    const learned = await this.#room.answer(gathered.value.task);
    if (!learned.ok) return learned;
    const card = lifeCard(life, gathered.value, learned.value, now);
    const { document } = learned.value;
    const learnedAt = this.#options.clock.now();
    const added = this.#registry.add({ life: life.name, learnedAt, by, card, document });
    return added.ok ? LifeTeller.of(life, added.value, document) : added;
  }

  /** Learning runs in a thread: a bug in it ends the thread, and nothing else. */
  #crashed(life: FleetLife, { message }: Error): Result<never> {
    this.#event('worker.crashed', life.name, `learning: ${message}`);
    return failure('health.learning-failed', message);
  }

  async #renew(following: Following): Promise<void> {
    const { clock } = this.#options;
    following.dueMs = clock.elapsedMs() + RENEW_MS;
    if (!following.teller) return;
    const renewed = await this.#renewNow(following, following.teller);
    if (renewed.ok) {
      following.renewedAt = clock.now();
      following.told = undefined;
      return;
    }
    // It is told once, until all is well again.
    const told = `${renewed.fault.code}: ${renewed.fault.detail}`;
    if (following.told !== told) this.#event('health.failed', following.fleet.life.name, told);
    following.told = told;
  }

  async #renewNow(following: Following, teller: LifeTeller): Promise<Result<void>> {
    const { fleet, estimates } = following;
    const known = new Map(estimates.map((estimate) => [estimate.asset, estimate]));
    const present = this.#present(fleet, teller);
    const due = new Set(present.filter((one) => isDue(one, known.get(one.member.asset), teller)));
    if (due.size === 0) return success(undefined);
    const isBySignals = teller.version.card.method === 'signals';
    const running: RunningLife[] = [];
    let trouble: Fault | undefined;
    // By ages each tells of all others; by signals of itself alone.
    for (const one of isBySignals ? due : present) {
      const read = teller.needsRows && one.unit ? await this.#running(fleet, one.member, one.unit, one.at) : undefined;
      if (read?.ok) running.push(read.value);
      else if (read) trouble ??= read.fault;
      else running.push({ ...one, rows: undefined });
    }
    const wanted = new Set([...due].map(({ member }) => member.asset));
    const told: FleetLifeEstimate[] = [];
    for (const together of isBySignals ? running.map((one) => [one]) : [running]) {
      told.push(...teller.tell(together, namesOf(fleet)).filter(({ asset }) => wanted.has(asset)));
      await nextTurn();
    }
    const loads = told.map((estimate) => ({ series: lifeSeries(estimate), isRepeated: true }));
    const fault = (await this.#writer.write(loads)).find((one) => one !== undefined);
    if (fault) return { ok: false, fault };
    const kept = this.#registry.keep(told);
    if (!kept.ok) return kept;
    for (const estimate of told) known.set(estimate.asset, estimate);
    following.estimates = fleet.life.members.flatMap(({ asset }) => known.get(asset) ?? []);
    return trouble ? { ok: false, fault: trouble } : success(undefined);
  }

  /** Every member with the life that goes on, and up to when what is needed of it is here. */
  #present({ life, watches }: Fleet, { needsRows }: LifeTeller): readonly Omit<RunningLife, 'rows'>[] {
    const { clock, tags } = this.#options;
    const now: number = clock.now();
    const units = this.#unitsOf(life);
    const horizons = tags.horizons(life.members.map(({ asset }) => watches.get(asset)!));
    return life.members.map((member, index) => {
      const ready = needsRows ? readyUntil(horizons[index], now) : now;
      const unit = units.find(({ asset, end }) => asset === member.asset && end === undefined);
      return { member, unit, at: Math.floor((Number.isFinite(ready) ? ready : now) / life.cycleUs) * life.cycleUs };
    });
  }

  async #running(
    { life, watches }: Fleet,
    member: FleetMember,
    unit: LifeUnit,
    at: number,
  ): Promise<Result<RunningLife>> {
    const rows = await this.#rows.running(life, watches.get(member.asset)!, unit, at);
    return rows.ok ? success({ member, unit, at, rows: rows.value }) : rows;
  }

  #event(kind: EventKind, source: string, detail: string): void {
    const { clock, events } = this.#options;
    events({ at: clock.now(), kind, source, detail });
  }
}

/** Features of the watch, which all members have alike. */
function namesOf({ life, watches }: Fleet): readonly string[] {
  return watches.get(life.members[0].asset)!.features.map(({ name }) => name);
}

function isDue(
  { unit, at }: Omit<RunningLife, 'rows'>,
  known: FleetLifeEstimate | undefined,
  { version }: LifeTeller,
): boolean {
  if (!known || known.at !== at || known.model !== version.number) return true;
  return unit?.number !== known.unit?.number || unit?.start !== known.unit?.start;
}
