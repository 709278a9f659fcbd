/** Equipment health of the plant, by the model that holds and by each that comes to: watches, models, scores, cases, lives. */

import { join } from 'node:path';
import { formatReport } from '@tidegate/config/formatReport.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Historian } from '../../historian/query/historian.ts';
import type { AppliedModel, ModelStore } from '../../model/assets/modelStore.ts';
import { CaseKeeper } from './cases/caseKeeper.ts';
import { CaseStore } from './cases/caseStore.ts';
import { excludedPeriods, lastRepair } from './cases/labels.ts';
import { OrderDesk } from './cases/orders/orderDesk.ts';
import type { WorkOrderPort } from './cases/workOrderPort.ts';
import type { HealthWatch } from './definition/healthWatch.ts';
import { loadHealth } from './definition/loadHealth.ts';
import { FeatureReader } from './features/featureReader.ts';
import { FleetLives } from './lives/fleetLives.ts';
import { lifeFindings } from './lives/lifeUnits.ts';
import { learnedWatches } from './models/learnedWatches.ts';
import { ModelRegistry } from './models/modelRegistry.ts';
import { ModelTrainer } from './models/modelTrainer.ts';
import { WatchTags } from './models/watchTags.ts';
import { HealthScorer } from './scoring/healthScorer.ts';

export interface PlantHealthOptions {
  readonly dataDirectory: string;
  /** Sets of features are put into directories below it. */
  readonly exportDirectory: string;
  readonly historian: Historian;
  readonly model: ModelStore;
  /** Where work orders can go. */
  readonly orders: readonly WorkOrderPort[];
  /** IANA time zone of the site, for what people read. */
  readonly zone: string;
  readonly clock: Clock;
  readonly events: EventSink;
}

const MODELS_FILE = 'health-models.sqlite';
const SCORING_FILE = 'health-scoring.sqlite';
const CASES_FILE = 'health-cases.sqlite';
const LIVES_FILE = 'health-lives.sqlite';

interface HealthParts {
  readonly features: FeatureReader;
  readonly tags: WatchTags;
  readonly models: ModelRegistry;
  readonly trainer: ModelTrainer;
  readonly scorer: HealthScorer;
  readonly cases: CaseStore;
  readonly keeper: CaseKeeper;
  readonly orders: OrderDesk;
  readonly lives: FleetLives;
}

export class PlantHealth implements HealthParts {
  readonly features: FeatureReader;
  readonly tags: WatchTags;
  readonly models: ModelRegistry;
  readonly trainer: ModelTrainer;
  readonly scorer: HealthScorer;
  readonly cases: CaseStore;
  readonly keeper: CaseKeeper;
  readonly orders: OrderDesk;
  readonly lives: FleetLives;
  readonly exportDirectory: string;
  readonly #options: PlantHealthOptions;
  readonly #stopFollowing: () => void;
  #watches: ReadonlyMap<string, HealthWatch> = new Map();

  private constructor(parts: HealthParts, options: PlantHealthOptions) {
    this.features = parts.features;
    this.tags = parts.tags;
    this.models = parts.models;
    this.trainer = parts.trainer;
    this.scorer = parts.scorer;
    this.cases = parts.cases;
    this.keeper = parts.keeper;
    this.orders = parts.orders;
    this.lives = parts.lives;
    this.exportDirectory = options.exportDirectory;
    this.#options = options;
    const { model } = options;
    model.addCheck((texts, drafted) => loadHealth(texts, drafted).defects);
    model.addSubscribers({ list: () => learnedWatches(this.#watches.values(), this.models) });
    this.scorer.subscribe((standing) => void this.keeper.see(standing));
    this.#stopFollowing = model.onChange((applied) => this.#use(applied));
    const current = model.current();
    if (current) this.#use(current);
  }

  /** Faults: those of its databases. What is wrong with the model is told as an event, and the rest works. */
  static open(options: PlantHealthOptions): Result<PlantHealth> {
    const { dataDirectory, historian, model: store, clock, events, zone, orders: ports } = options;
    using opened = new DisposableStack();
    const cases = CaseStore.open(join(dataDirectory, CASES_FILE));
    if (!cases.ok) return cases;
    opened.defer(() => cases.value.close());
    const models = ModelRegistry.open(join(dataDirectory, MODELS_FILE));
    if (!models.ok) return models;
    opened.defer(() => models.value.close());
    const features = new FeatureReader({ historian, store });
    const tags = new WatchTags({ historian, store, clock });
    const repairedAt = (watch: string) => lastRepair(casesOf(cases.value, watch), watch);
    const trainer = new ModelTrainer({
      ...{ registry: models.value, reader: features, tags, repairedAt, clock, events },
      excluded: (watch, start, end) => excludedPeriods(casesOf(cases.value, watch), watch, start, end),
    });
    const findings = (watch: string) => lifeFindings(casesOf(cases.value, watch));
    const lives = FleetLives.open({
      path: join(dataDirectory, LIVES_FILE),
      ...{ historian, reader: features, tags, findings, clock, events },
    });
    if (!lives.ok) return lives;
    opened.defer(() => void lives.value.close());
    const scorer = HealthScorer.open({
      ...{ path: join(dataDirectory, SCORING_FILE), historian, store, reader: features, tags },
      ...{ registry: models.value, trainer, repairedAt, clock, events },
    });
    if (!scorer.ok) return scorer;
    const orders = new OrderDesk({ store: cases.value, ports, clock, events, random: Math.random });
    const keeper = new CaseKeeper({ store: cases.value, orders, clock, events, zone });
    opened.move();
    const stores = { models: models.value, scorer: scorer.value, cases: cases.value, lives: lives.value };
    return success(new PlantHealth({ features, tags, trainer, keeper, orders, ...stores }, options));
  }

  /** By id, of the model of the plant that holds. */
  get watches(): ReadonlyMap<string, HealthWatch> {
    return this.#watches;
  }

  /** Resolves when nothing of it is under way any more. */
  async close(): Promise<void> {
    this.#stopFollowing();
    await this.lives.close();
    await this.scorer.close();
    await this.trainer.close();
    await this.orders.close();
    this.keeper.stop();
    this.models.close();
    this.cases.close();
  }

  #use({ texts, model }: AppliedModel): void {
    const { watches, lives, defects } = loadHealth(texts, model);
    this.#watches = watches;
    this.trainer.use(watches);
    this.scorer.use(watches);
    this.lives.use(lives, watches);
    if (defects.length === 0) return;
    const { clock, events } = this.#options;
    const detail = `health of the model has defects:\n${formatReport(defects)}`;
    events({ at: clock.now(), kind: 'model.defective', source: 'health', detail });
  }
}

/** Where they cannot be read, nothing is known of them, which whoever writes the next one is told. */
function casesOf(store: CaseStore, watch: string) {
  const found = store.list({ watch });
  return found.ok ? found.value : [];
}
