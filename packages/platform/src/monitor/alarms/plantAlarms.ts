/**
 * All alarms of the plant as the server knows them: its own, which it evaluates on tags and attributes, and those of gateways,
 * which it only shows, for nothing goes back to the plant.
 *
 * Invariants:
 * - Whoever watches sees a record when the journal has it, never before, and once.
 * - A journal that cannot be written loses nothing: records wait, and are written when it can be.
 */

import { setImmediate } from 'node:timers/promises';
import type { Reading } from '@tidegate/alarm/condition/reading.ts';
import { AlarmEngine, type AlarmOperation } from '@tidegate/alarm/engine/alarmEngine.ts';
import { type KeptAlarm, readKeptAlarms } from '@tidegate/alarm/engine/keptAlarm.ts';
import type { Doing } from '@tidegate/alarm/engine/runningAlarm.ts';
import { type AlarmRecord, REMOVED_ALARM } from '@tidegate/core/alarm/alarmRecord.ts';
import type { AlarmView } from '@tidegate/core/alarm/alarmView.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { HistorianReader, LiveBatch } from '../../historian/query/historianReader.ts';
import type { AlarmJournal } from './alarmJournal.ts';
import { alarmRecordsOf, missedRecords } from './gatewayAlarms.ts';
import type { JournalRecord } from './journalRecord.ts';
import type { LoadedAlarms } from './loadAlarms.ts';
import { SignalTable } from './signalTable.ts';

/** The origin of the alarms that this server evaluates. */
export const SERVER_ORIGIN = 'server';

const TICK_MS = 100;
const IMPORTED_AT_ONCE = 1_000;

/** Attributes as they change, from the twins. */
export interface AttributeFeed {
  /**
   * Calls `listener` with what each attribute of `paths` is now and with each change, by its place in `paths`; the reading
   * is written over for the next. Returns the way to stop.
   */
  watch(paths: readonly string[], listener: (place: number, reading: Reading) => void): () => void;
}

export interface PlantAlarmPorts {
  readonly journal: AlarmJournal;
  readonly historian: HistorianReader;
  readonly attributes: AttributeFeed;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** An alarm as people see it, with whose it is: only those of the server can be acknowledged here. */
export interface PlantAlarm extends AlarmView {
  readonly origin: string;
}

export class PlantAlarms {
  readonly #ports: PlantAlarmPorts;
  readonly #listeners = new Set<(records: readonly JournalRecord[]) => void>();
  readonly #reading: Reading = { time: 0, value: 0, text: undefined, status: 0 };
  readonly #engine: AlarmEngine;
  /** How alarms stood when the server stopped, until the first are there. */
  #kept: ReadonlyMap<string, KeptAlarm>;
  #signals = new SignalTable();
  /** By tag: its signal and 1, or 0 where no alarm watches it; and of each signal the time of its last sample. */
  #signalOfTag = new Uint32Array(0);
  #lastTimes = new Float64Array(0);
  #pending: JournalRecord[] = [];
  #isUnwritable = false;
  #stopFeed: () => void = () => {};
  #stopAttributes: () => void = () => {};
  #cancelTick: CancelTimer = () => {};

  private constructor(ports: PlantAlarmPorts, kept: ReadonlyMap<string, KeptAlarm>) {
    this.#ports = ports;
    this.#kept = kept;
    const { clock } = ports;
    const record = (told: AlarmRecord) => {
      this.#pending.push({ ...told, origin: SERVER_ORIGIN, received: clock.now() });
    };
    this.#engine = new AlarmEngine([], { clock, record });
  }

  /** Takes up what gateways have told meanwhile, then follows what comes. Fault: `archive.unwritable`. */
  static async open(ports: PlantAlarmPorts): Promise<Result<PlantAlarms>> {
    const { journal, historian, clock } = ports;
    const states = journal.states();
    if (!states.ok) return states;
    const kept = Object.fromEntries([...states.value].map(([name, text]) => [name, JSON.parse(text)]));
    const alarms = new PlantAlarms(ports, readKeptAlarms(kept));
    alarms.#stopFeed = historian.subscribe((batch) => alarms.#take(batch));
    for await (const missed of missedRecords(historian, [...journal.latest()], clock.now())) {
      const kept = journal.append(missed);
      if (!kept.ok) return kept;
    }
    alarms.#cancelTick = clock.after(TICK_MS, () => alarms.#tick());
    return success(alarms);
  }

  /** Evaluates these alarms from now on; those that were there before stay as they are, as `AlarmEngine.use` says. */
  use({ alarms, signals }: LoadedAlarms): void {
    this.#engine.use(alarms, this.#kept);
    this.#kept = new Map();
    this.#lastTimes = this.#lastTimesOf(signals);
    this.#signals = signals;
    this.#signalOfTag = new Uint32Array(0);
    this.#takeLatest();
    this.#watchAttributes();
    // An alarm that was renamed stands as it stood without a record of that.
    this.#flush(Object.keys(this.#engine.keep()));
  }

  /** What a person does with an alarm of this server. Faults: `alarm.unknown`, `alarm.elsewhere`, `alarm.refused`. */
  operate(name: string, operation: AlarmOperation, doing: Doing): Result<AlarmView> {
    const owner = this.#engine.view(name) ? undefined : this.#elsewhere().find(({ alarm }) => alarm === name);
    if (owner) {
      const how = `it is done there: tidegate alarms --data DIR, on the machine of ${owner.origin}`;
      return failure(
        'alarm.elsewhere',
        `${name} belongs to ${owner.origin}, and nothing goes back to the plant; ${how}.`,
      );
    }
    const done = this.#engine.operate(name, operation, doing);
    this.#flush();
    return done;
  }

  /** Those of the server first, each as it stands. */
  views(): readonly PlantAlarm[] {
    const own = this.#engine.views().map((view) => ({ ...view, origin: SERVER_ORIGIN }));
    return [...own, ...this.#elsewhere().map(viewOf)];
  }

  /** Calls `listener` with records as the journal gets them; returns the way to stop it. */
  subscribe(listener: (records: readonly JournalRecord[]) => void): () => void {
    const own = (records: readonly JournalRecord[]) => listener(records);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /**
   * Keeps records that come from elsewhere, such as the log of a control system, a thousand at a time: an import that ends
   * early is made again. Returns how many were new. Faults: `alarm.import-refused` where they would be
   * taken for those of this server or of a gateway, and those of `AlarmJournal.append`.
   */
  async import(origin: string, records: readonly JournalRecord[]): Promise<Result<number>> {
    const { historian, journal } = this.#ports;
    if (origin === SERVER_ORIGIN || historian.tags().some(({ gateway }) => gateway === origin)) {
      return failure('alarm.import-refused', `"${origin}" tells of its alarms itself; give the log another name.`);
    }
    let added = 0;
    for (let start = 0; start < records.length; start += IMPORTED_AT_ONCE) {
      const kept = journal.append(records.slice(start, start + IMPORTED_AT_ONCE));
      if (!kept.ok) return kept;
      added += kept.value.length;
      this.#publish(kept.value);
      await setImmediate();
    }
    return success(added);
  }

  close(): void {
    this.#cancelTick();
    this.#stopFeed();
    this.#stopAttributes();
    this.#flush();
  }

  /** The last record of each alarm of another that is still configured there. */
  #elsewhere(): IteratorObject<JournalRecord> {
    const latest = this.#ports.journal.latest();
    return latest.filter(({ origin, condition }) => origin !== SERVER_ORIGIN && condition !== REMOVED_ALARM);
  }

  /** What was seen of a signal stays seen, whatever number it has. */
  #lastTimesOf(signals: SignalTable): Float64Array<ArrayBuffer> {
    const times = new Float64Array(signals.count).fill(Number.NEGATIVE_INFINITY);
    for (const kind of ['tag', 'attribute'] as const) {
      const before = this.#signals.of(kind);
      for (const [path, signal] of signals.of(kind)) {
        times[signal] = this.#lastTimes[before.get(path) ?? -1] ?? Number.NEGATIVE_INFINITY;
      }
    }
    return times;
  }

  #tick(): void {
    this.#cancelTick = this.#ports.clock.after(TICK_MS, () => this.#tick());
    this.#engine.tick();
    this.#flush();
  }

  #take(batch: LiveBatch): void {
    const { historian, clock } = this.#ports;
    for (const record of alarmRecordsOf(historian, batch, clock.now())) this.#pending.push(record);
    if (this.#signals.count === 0) return;
    const { tags, block } = batch;
    for (let row = 0; row < block.count; row++) {
      const tag = tags[row];
      if (tag >= this.#signalOfTag.length) this.#mapTags(tag);
      const signal = this.#signalOfTag[tag] - 1;
      if (signal < 0) continue;
      const isText = block.kinds[row] === ValueKind.string;
      const isNumber = block.kinds[row] === ValueKind.number;
      this.#reading.time = block.times[row];
      this.#reading.value = isNumber ? block.values[row] : Number.NaN;
      this.#reading.text = isText ? block.strings[block.values[row]] : undefined;
      this.#reading.status = block.statuses[row];
      this.#feed(signal, this.#reading);
    }
  }

  /** What is older than what was seen of the signal is history, and raises nothing. */
  #feed(signal: number, reading: Reading): void {
    if (reading.time < this.#lastTimes[signal]) return;
    this.#see(signal, reading.time);
    this.#engine.sample(signal, reading);
  }

  /** A device whose clock was ahead once must not make history of all that it reads until then. */
  #see(signal: number, time: number): void {
    this.#lastTimes[signal] = Math.max(this.#lastTimes[signal], Math.min(time, this.#ports.clock.now()));
  }

  #prime(signal: number, reading: Reading): void {
    this.#see(signal, reading.time);
    this.#engine.prime(signal, reading);
  }

  /** Finds the signals of all tags that are known by now, `last` among them. */
  #mapTags(last: number): void {
    const signals = this.#signals.of('tag');
    const map = new Uint32Array(Math.max(last + 1, 2 * this.#signalOfTag.length));
    for (let tag = 0; tag < map.length; tag++) {
      const path = this.#ports.historian.tag(tag)?.path;
      map[tag] = 1 + ((path === undefined ? undefined : signals.get(path)) ?? -1);
    }
    this.#signalOfTag = map;
  }

  #takeLatest(): void {
    const { historian } = this.#ports;
    for (const { index, path } of historian.tags()) {
      const signal = this.#signals.of('tag').get(path);
      const sample = signal === undefined ? undefined : historian.latest(index);
      if (signal === undefined || !sample) continue;
      const { value, time, status } = sample;
      const text = typeof value === 'string' ? value : undefined;
      this.#prime(signal, { time, value: typeof value === 'number' ? value : Number.NaN, text, status });
    }
  }

  #watchAttributes(): void {
    this.#stopAttributes();
    const entries = [...this.#signals.of('attribute')];
    const numbers = entries.map(([, signal]) => signal);
    const paths = entries.map(([path]) => path);
    let isBeginning = true;
    this.#stopAttributes = this.#ports.attributes.watch(paths, (place, reading) => {
      if (isBeginning) this.#prime(numbers[place], reading);
      else this.#feed(numbers[place], reading);
    });
    isBeginning = false;
  }

  /** Writes what has happened, with how those alarms and `others` stand now. */
  #flush(others: readonly string[] = []): void {
    const records = this.#pending;
    if (records.length === 0 && others.length === 0) return;
    const states = new Map(Object.entries(this.#engine.keep()));
    const own = records.filter(({ origin }) => origin === SERVER_ORIGIN).map(({ alarm }) => alarm);
    const names = [...own, ...others];
    const kept = this.#ports.journal.append(
      records,
      new Map(names.map((alarm) => [alarm, JSON.stringify(states.get(alarm) ?? null)])),
    );
    if (kept.ok) {
      this.#pending = [];
      this.#publish(kept.value);
    }
    if (kept.ok !== this.#isUnwritable) return;
    this.#isUnwritable = !kept.ok;
    const { clock, events } = this.#ports;
    const detail = kept.ok ? 'the journal of alarms can be written again' : `${kept.fault.code}: ${kept.fault.detail}`;
    events({ at: clock.now(), kind: kept.ok ? 'alarms.writable' : 'alarms.unwritable', source: 'alarms', detail });
  }

  #publish(records: readonly JournalRecord[]): void {
    if (records.length === 0) return;
    for (const listener of this.#listeners) listener(records);
  }
}

/** What the last record of an alarm says of it. */
function viewOf({ time, alarm, happening, received: _received, ...record }: JournalRecord): PlantAlarm {
  const active = happening === 'activated' || record.state === 'unacknowledged' || record.state === 'acknowledged';
  return { ...record, name: alarm, since: time, active };
}
