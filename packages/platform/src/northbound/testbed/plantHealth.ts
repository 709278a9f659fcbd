/** Equipment health over a historian and a model of the plant, as the server app puts it together. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Historian } from '../../historian/query/historian.ts';
import { mustSucceed } from '../../historian/query/testbed/historians.ts';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import { FileWorkOrders } from '../../monitor/health/cases/orders/fileWorkOrders.ts';
import { PlantHealth } from '../../monitor/health/plantHealth.ts';

/** Work orders are files; nobody hears of events. */
export function healthOver(historian: Historian, model: ModelStore, directory: string, clock: Clock): PlantHealth {
  const orders = [new FileWorkOrders('files', join(directory, 'orders'))];
  const exportDirectory = join(directory, 'exports');
  const parts = { historian, model, orders, clock, events: () => undefined };
  return mustSucceed(PlantHealth.open({ ...parts, dataDirectory: directory, exportDirectory, zone: 'UTC' }));
}
