/** The alarms of the plant on a server: those of its model, evaluated here, and those of gateways beside them. */

import { join } from 'node:path';
import { formatReport } from '@tidegate/config/formatReport.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import type { AppliedModel, ModelStore } from '@tidegate/platform/model/assets/modelStore.ts';
import { TagNames } from '@tidegate/platform/model/assets/tagNames.ts';
import { AttributeFeed } from '@tidegate/platform/model/twins/engine/attributeFeed.ts';
import type { TwinEngine } from '@tidegate/platform/model/twins/engine/twinEngine.ts';
import { AlarmJournal } from '@tidegate/platform/monitor/alarms/alarmJournal.ts';
import { loadAlarms, type TagsByPath } from '@tidegate/platform/monitor/alarms/loadAlarms.ts';
import { PlantAlarms } from '@tidegate/platform/monitor/alarms/plantAlarms.ts';

export interface PlantAlarmingOptions {
  readonly dataDirectory: string;
  readonly historian: Historian;
  readonly twins: TwinEngine;
  readonly model: ModelStore;
  readonly clock: Clock;
  readonly events: EventSink;
}

const JOURNAL_FILE = 'alarms.sqlite';
/** Names of states and units come with the tags, which gateways may tell of later than the model does. */
const TAGS_INTERVAL_MS = 2_000;

export class PlantAlarming {
  readonly alarms: PlantAlarms;
  readonly journal: AlarmJournal;
  readonly #options: PlantAlarmingOptions;
  readonly #tags: TagsByPath;
  #usedRevision = Number.NaN;
  #cancel: CancelTimer = () => undefined;

  private constructor(alarms: PlantAlarms, journal: AlarmJournal, options: PlantAlarmingOptions) {
    this.alarms = alarms;
    this.journal = journal;
    this.#options = options;
    const names = new TagNames(options.historian);
    this.#tags = (path) => names.find(path);
  }

  /** Evaluates the alarms of the model that holds, and of each that comes to. Faults: those of the journal. */
  static async open(options: PlantAlarmingOptions): Promise<Result<PlantAlarming>> {
    const { dataDirectory, model, twins } = options;
    const journal = AlarmJournal.open(join(dataDirectory, JOURNAL_FILE));
    if (!journal.ok) return journal;
    const alarms = await PlantAlarms.open({
      ...options,
      journal: journal.value,
      attributes: new AttributeFeed(twins),
    });
    if (!alarms.ok) {
      journal.value.close();
      return alarms;
    }
    const alarming = new PlantAlarming(alarms.value, journal.value, options);
    model.addCheck((texts, drafted) => loadAlarms(texts, drafted, alarming.#tags).defects);
    model.onChange((applied) => alarming.#use(applied));
    const current = model.current();
    if (current) alarming.#use(current);
    alarming.#watchTags();
    return success(alarming);
  }

  close(): void {
    this.#cancel();
    this.alarms.close();
    this.journal.close();
  }

  #watchTags(): void {
    this.#cancel = this.#options.clock.after(TAGS_INTERVAL_MS, () => this.#watchTags());
    const current = this.#options.model.current();
    if (current && this.#options.historian.tagRevision !== this.#usedRevision) this.#use(current);
  }

  #use({ texts, model }: AppliedModel): void {
    this.#usedRevision = this.#options.historian.tagRevision;
    const loaded = loadAlarms(texts, model, this.#tags);
    this.alarms.use(loaded);
    if (loaded.defects.length > 0) this.#tell(`alarms of the model have defects:\n${formatReport(loaded.defects)}`);
  }

  #tell(detail: string): void {
    const { clock, events } = this.#options;
    events({ at: clock.now(), kind: 'model.defective', source: 'alarms', detail });
  }
}
