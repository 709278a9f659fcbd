/** The event frames of the plant, by the model that holds and by each that comes to. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Historian } from '../../historian/query/historian.ts';
import type { AppliedModel, ModelStore } from '../../model/assets/modelStore.ts';
import { FrameDeriver } from './frameDeriver.ts';
import { FrameStore } from './frameStore.ts';
import type { FrameTemplate } from './frameTemplate.ts';
import { loadFrames } from './loadFrames.ts';
import { PlantHistory } from './plantHistory.ts';

export interface PlantFramesOptions {
  /** Where frames are kept. */
  readonly path: string;
  readonly historian: Historian;
  readonly model: ModelStore;
  readonly clock: Clock;
  readonly events: EventSink;
}

interface PlantFrameParts {
  readonly store: FrameStore;
  readonly history: PlantHistory;
  readonly deriver: FrameDeriver;
}

export class PlantFrames {
  readonly store: FrameStore;
  readonly history: PlantHistory;
  readonly deriver: FrameDeriver;
  readonly #options: PlantFramesOptions;
  readonly #stopFollowing: () => void;
  #templates: ReadonlyMap<string, FrameTemplate> = new Map();

  private constructor({ store, history, deriver }: PlantFrameParts, options: PlantFramesOptions) {
    this.store = store;
    this.history = history;
    this.deriver = deriver;
    this.#options = options;
    const { model } = options;
    model.addCheck((texts, drafted) => loadFrames(texts, drafted).defects);
    this.#stopFollowing = model.onChange((applied) => this.#use(applied));
    const current = model.current();
    if (current) this.#use(current);
  }

  /** Faults: those of `FrameStore.open`. What is wrong with the model is told as an event, and the rest works. */
  static open(options: PlantFramesOptions): Result<PlantFrames> {
    const store = FrameStore.open(options.path);
    if (!store.ok) return store;
    const history = new PlantHistory({ historian: options.historian, store: options.model });
    const deriver = new FrameDeriver({ ...options, store: store.value, history });
    return success(new PlantFrames({ store: store.value, history, deriver }, options));
  }

  /** By name, as the model has them now. */
  get templates(): ReadonlyMap<string, FrameTemplate> {
    return this.#templates;
  }

  /** Resolves when nothing of it is under way any more. */
  async close(): Promise<void> {
    this.#stopFollowing();
    this.deriver.close();
    await this.deriver.settle();
    this.history.close();
    this.store.close();
  }

  #use({ texts, model }: AppliedModel): void {
    const frames = loadFrames(texts, model);
    this.#templates = frames.templates;
    this.deriver.use(model, frames.templates);
    if (frames.defects.length === 0) return;
    const { clock, events } = this.#options;
    const detail = `frames of the model have defects:\n${formatReport(frames.defects)}`;
    events({ at: clock.now(), kind: 'model.defective', source: 'frames', detail });
  }
}
