/** The model of the plant on a server: its versions, the first of which may come from a directory of the configuration. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import { readTextTree } from '@tidegate/config/readTextTree.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { ModelStore } from '@tidegate/platform/model/assets/modelStore.ts';
import { TagNames } from '@tidegate/platform/model/assets/tagNames.ts';

export interface PlantModelOptions {
  readonly dataDirectory: string;
  /** What is applied where no version is there yet; none where it is `undefined`. */
  readonly directory: string | undefined;
  readonly historian: Pick<Historian, 'tags' | 'tagRevision'>;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** A version that is to hold from a later time on begins to hold at most so much later. */
const REFRESH_INTERVAL_MS = 1_000;
const AUTHOR = 'server.yaml';

export class PlantModel {
  readonly store: ModelStore;
  readonly #options: PlantModelOptions;
  #cancel: CancelTimer = () => undefined;
  #isClosed = false;

  private constructor(store: ModelStore, options: PlantModelOptions) {
    this.store = store;
    this.#options = options;
  }

  /** Faults: those of `ModelStore.open`. What is wrong with the model itself is told as an event, and the rest works. */
  static async open(options: PlantModelOptions): Promise<Result<PlantModel>> {
    const { dataDirectory, historian, clock, events } = options;
    const names = new TagNames(historian);
    const tagOf = (name: string) => names.find(name);
    const opened = await ModelStore.open({ directory: dataDirectory, clock, tagOf });
    if (!opened.ok) return opened;
    const store = opened.value;
    store.onChange(({ version: { number, by, comment }, model }) => {
      const detail = `version ${number} by ${by} holds: ${model.assets.size} assets; ${comment}`;
      events({ at: clock.now(), kind: 'model.changed', source: 'model', detail });
    });
    const plant = new PlantModel(store, options);
    await plant.#refresh();
    return success(plant);
  }

  /** Applies the directory of the configuration, where nothing has been applied yet. Stages add their checks before. */
  async applyFirst(): Promise<void> {
    const { directory } = this.#options;
    if (directory === undefined || this.store.versions().length > 0) return;
    const { texts, defects: unread } = await readTextTree(directory);
    if (texts.size === 0) {
      this.#tell(`${directory} holds no model: ${unread[0]?.message ?? 'there is no YAML and no CSV in it'}`);
      return;
    }
    const comment = `the first, from ${directory}`;
    const applied = await this.store.apply({ texts, by: AUTHOR, comment, acceptDefects: true });
    if (!applied.ok) return this.#tell(applied.fault.detail);
    const defects = [...unread, ...applied.value.plan.defects];
    if (defects.length > 0) this.#tell(`${directory} has defects:\n${formatReport(defects)}`);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
    this.store.close();
  }

  async #refresh(): Promise<void> {
    const refreshed = await this.store.refresh();
    if (this.#isClosed) return;
    if (!refreshed.ok) return this.#tell(refreshed.fault.detail);
    this.#cancel = this.#options.clock.after(REFRESH_INTERVAL_MS, () => void this.#refresh());
  }

  #tell(detail: string): void {
    const { clock, events } = this.#options;
    events({ at: clock.now(), kind: 'model.defective', source: 'model', detail });
  }
}
