/** The twins of the plant on a server: reckoned live by the model that holds, and by each that comes to. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import type { AppliedModel, ModelStore } from '@tidegate/platform/model/assets/modelStore.ts';
import { planEngine } from '@tidegate/platform/model/twins/engine/enginePlan.ts';
import { TwinEngine } from '@tidegate/platform/model/twins/engine/twinEngine.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';

export interface LiveTwinsOptions {
  readonly historian: Historian;
  readonly model: ModelStore;
  readonly clock: Clock;
  readonly events: EventSink;
}

export class LiveTwins {
  readonly engine: TwinEngine;
  readonly #stopFollowing: () => void;

  private constructor(engine: TwinEngine, stopFollowing: () => void) {
    this.engine = engine;
    this.#stopFollowing = stopFollowing;
  }

  /** What is wrong with twins is found when a model is planned, and told as an event when it holds all the same. */
  static start({ historian, model: store, clock, events }: LiveTwinsOptions): LiveTwins {
    const engine = new TwinEngine(historian, clock);
    const use = ({ texts, model }: AppliedModel) => {
      const { twins, defects } = loadTwins(texts, model);
      engine.load(model, twins);
      const wrong = [...defects, ...engine.planDefects];
      if (wrong.length === 0) return;
      const detail = `twins of the model have defects:\n${formatReport(wrong)}`;
      events({ at: clock.now(), kind: 'model.defective', source: 'twins', detail });
    };
    store.addCheck((texts, model) => [...loadTwins(texts, model).defects, ...planEngine(model, new Map()).defects]);
    const stopFollowing = store.onChange(use);
    const current = store.current();
    if (current) use(current);
    engine.start();
    return new LiveTwins(engine, stopFollowing);
  }

  close(): void {
    this.#stopFollowing();
    this.engine.stop();
  }
}
