/** What makes a plant of tags: the model that holds, its twins, alarms, event frames and health, each built on those before. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { PlantFrames } from '@tidegate/platform/monitor/events/plantFrames.ts';
import { PlantHealth } from '@tidegate/platform/monitor/health/plantHealth.ts';
import { PlantAccounts } from '@tidegate/platform/monitor/performance/plantAccounts.ts';
import { LiveTwins } from './liveTwins.ts';
import { openOrderPorts } from './orderPorts.ts';
import { PlantAlarming } from './plantAlarming.ts';
import { PlantModel } from './plantModel.ts';
import type { ServerConfig } from './serverConfig.ts';

export interface MeaningOptions {
  readonly dataDirectory: string;
  /** Of a model that is applied where there is none yet. */
  readonly directory: string | undefined;
  readonly health: ServerConfig['health'];
  readonly historian: Historian;
  readonly clock: Clock;
  readonly events: EventSink;
}

export interface Meaning {
  readonly model: PlantModel;
  readonly twins: LiveTwins;
  readonly alarming: PlantAlarming;
  readonly frames: PlantFrames;
  readonly accounts: PlantAccounts;
  readonly health: PlantHealth;
}

const FRAMES_FILE = 'events.sqlite';

/** What is opened is closed with `begun`, also where something after it cannot be. Faults: those of its databases. */
export async function openMeaning(options: MeaningOptions, begun: AsyncDisposableStack): Promise<Result<Meaning>> {
  const model = await PlantModel.open(options);
  if (!model.ok) return model;
  begun.defer(() => model.value.close());
  const { store } = model.value;
  const twins = LiveTwins.start({ ...options, model: store });
  begun.defer(() => twins.close());
  const alarming = await PlantAlarming.open({ ...options, twins: twins.engine, model: store });
  if (!alarming.ok) return alarming;
  begun.defer(() => alarming.value.close());
  const frames = PlantFrames.open({ ...options, path: join(options.dataDirectory, FRAMES_FILE), model: store });
  if (!frames.ok) return frames;
  begun.defer(() => frames.value.close());
  const accounts = new PlantAccounts(store, frames.value.history);
  const orders = await openOrderPorts(options.health.orders);
  if (!orders.ok) return orders;
  const health = PlantHealth.open({ ...options, ...options.health, orders: orders.value, model: store });
  if (!health.ok) return health;
  begun.defer(() => health.value.close());
  await model.value.applyFirst();
  const frameParts = { frames: frames.value, accounts };
  return success({ model: model.value, twins, alarming: alarming.value, ...frameParts, health: health.value });
}
