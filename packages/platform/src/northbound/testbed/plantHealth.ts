/** Equipment health over a historian and a model of the plant, as the server app puts it together. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Historian } from '../../historian/query/historian.ts';
import { mustSucceed } from '../../historian/query/testbed/historians.ts';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import { CaseKeeper } from '../../monitor/health/cases/caseKeeper.ts';
import { CaseStore } from '../../monitor/health/cases/caseStore.ts';
import { excludedPeriods, lastRepair } from '../../monitor/health/cases/labels.ts';
import { FileWorkOrders } from '../../monitor/health/cases/orders/fileWorkOrders.ts';
import { OrderDesk } from '../../monitor/health/cases/orders/orderDesk.ts';
import { loadHealth } from '../../monitor/health/definition/loadHealth.ts';
import { FeatureReader } from '../../monitor/health/features/featureReader.ts';
import { ModelRegistry } from '../../monitor/health/models/modelRegistry.ts';
import { ModelTrainer } from '../../monitor/health/models/modelTrainer.ts';
import { WatchTags } from '../../monitor/health/models/watchTags.ts';
import { HealthScorer } from '../../monitor/health/scoring/healthScorer.ts';
import type { HealthDoor } from '../rest/health/healthDoor.ts';

export interface HealthPlantDoor extends HealthDoor {
  readonly trainer: ModelTrainer;
  readonly scorer: HealthScorer;
  close(): Promise<void>;
}

/** `store` has the model already, which stays as it is. */
export function healthOver(historian: Historian, store: ModelStore, directory: string, clock: Clock): HealthPlantDoor {
  const events = () => undefined;
  const cases = mustSucceed(CaseStore.open(join(directory, 'health-cases.sqlite')));
  const models = mustSucceed(ModelRegistry.open(join(directory, 'health-models.sqlite')));
  const all = () => mustSucceed(cases.list({}));
  const repairedAt = (watch: string) => lastRepair(all(), watch);
  const tags = new WatchTags({ historian, store, clock });
  const features = new FeatureReader({ historian, store });
  const parts = { historian, store, tags, reader: features, registry: models, repairedAt, clock, events };
  const excluded = (watch: string, start: number, end: number) => excludedPeriods(all(), watch, start, end);
  const trainer = new ModelTrainer({ ...parts, excluded });
  const scorer = mustSucceed(HealthScorer.open({ ...parts, trainer, path: join(directory, 'health-scoring.sqlite') }));
  const ports = [new FileWorkOrders('files', join(directory, 'orders'))];
  const orders = new OrderDesk({ store: cases, ports, clock, events, random: () => 0.5 });
  const keeper = new CaseKeeper({ store: cases, orders, clock, events, zone: 'UTC' });
  const { texts, model } = store.current()!;
  const { watches } = loadHealth(texts, model);
  trainer.use(watches);
  scorer.use(watches);
  scorer.subscribe((standing) => void keeper.see(standing));
  return {
    ...{ watches, features, models, trainer, scorer, cases, keeper, orders },
    exportDirectory: join(directory, 'exports'),
    async close() {
      await scorer.close();
      await trainer.close();
      await orders.close();
      models.close();
      cases.close();
    },
  };
}
