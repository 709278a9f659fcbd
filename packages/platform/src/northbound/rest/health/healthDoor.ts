/** What the interface asks of equipment health. */

import type { CaseKeeper } from '../../../monitor/health/cases/caseKeeper.ts';
import type { CaseStore } from '../../../monitor/health/cases/caseStore.ts';
import type { OrderDesk } from '../../../monitor/health/cases/orders/orderDesk.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import type { FeatureReader } from '../../../monitor/health/features/featureReader.ts';
import type { FleetLives } from '../../../monitor/health/lives/fleetLives.ts';
import type { ModelRegistry } from '../../../monitor/health/models/modelRegistry.ts';
import type { ModelTrainer } from '../../../monitor/health/models/modelTrainer.ts';
import type { WatchTags } from '../../../monitor/health/models/watchTags.ts';
import type { HealthScorer } from '../../../monitor/health/scoring/healthScorer.ts';

export interface HealthDoor {
  /** By id, of the model of the plant that holds. */
  readonly watches: ReadonlyMap<string, HealthWatch>;
  readonly features: Pick<FeatureReader, 'rows' | 'origins'>;
  readonly tags: Pick<WatchTags, 'overTags'>;
  readonly models: Pick<ModelRegistry, 'list' | 'get' | 'artefact' | 'promote' | 'retire' | 'trail'>;
  readonly trainer: Pick<ModelTrainer, 'learn' | 'learning'>;
  readonly scorer: Pick<HealthScorer, 'standing' | 'comparisons' | 'modelHealth'>;
  readonly lives: Pick<
    FleetLives,
    'standings' | 'standing' | 'models' | 'estimates' | 'estimatesOf' | 'courses' | 'learn'
  >;
  readonly cases: CaseStore;
  readonly keeper: CaseKeeper;
  readonly orders: Pick<OrderDesk, 'names'>;
  /** Sets of features are put into directories below it. */
  readonly exportDirectory: string;
}
