/** One outstation as its line sees it: what it is asked, in which order, and what becomes of what it says. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { DeviceReader, DeviceSpec, DriverPorts, Exchange } from '../../driver.ts';
import type { Readings } from '../../readings.ts';
import { Agenda, type Task } from './agenda.ts';
import type { Response } from './application/applicationHeader.ts';
import { decodeObjects } from './application/decodeObjects.ts';
import type { Indication, InternalIndications } from './application/internalIndications.ts';
import { ClockCheck } from './clockCheck.ts';
import { ClockSetting } from './clockSetting.ts';
import { EventCheck } from './eventCheck.ts';
import { EventScan } from './eventScan.ts';
import { IndicationWatch } from './indicationWatch.ts';
import type { LinkFrame } from './link/linkFrame.ts';
import { MissingPoints } from './missingPoints.ts';
import type { Dnp3Options } from './options.ts';
import { PointReadings } from './pointReadings.ts';
import { readRun } from './pointRuns.ts';
import { PointTable } from './pointTable.ts';
import { explainRefusal, refusalOf } from './refusal.ts';
import { Session } from './session.ts';
import { taskRequest } from './taskRequest.ts';

/** What an outstation needs of its line. */
export interface OutstationPorts extends DriverPorts {
  readonly send: (frame: Uint8Array) => void;
  /** Lets `begin` ask something, and waits for the answer. Faults: `link.timeout`, `link.closed`. */
  readonly converse: (outstation: Outstation, begin: () => void) => Promise<Fault | undefined>;
}

const NOT_CLEARED =
  'the outstation goes on saying that it has restarted (IIN1.7) although it was told that this was noticed: the next restart may be overlooked until everything is read again';

export class Outstation implements DeviceReader {
  readonly groups: readonly EventScan[];
  readonly session: Session;
  readonly timeoutMs: number;
  /** Frames that came from an address that is not configured, while this one was expected to speak. */
  strays = 0;
  readonly #name: string;
  readonly #options: Dnp3Options;
  readonly #clock: Clock;
  readonly #events: EventSink;
  readonly #readings: Readings;
  readonly #converse: OutstationPorts['converse'];
  readonly #agenda: Agenda;
  readonly #table: PointTable;
  readonly #missing: MissingPoints;
  readonly #values: PointReadings;
  readonly #watch: IndicationWatch;
  readonly #setting: ClockSetting;
  readonly #clockCheck = new ClockCheck();
  readonly #eventCheck = new EventCheck();
  /** Whether it has answered since the link was opened, or since it was silent. */
  #greeted = false;
  /** Of the latest answer, and what in it could not be decoded. */
  #indications: InternalIndications | undefined;
  #undecoded: Fault | undefined;
  #reportsByItself = false;
  #unsolicitedRefused = false;
  /** When a frame of it came last. */
  #heardMs = 0;

  constructor(spec: DeviceSpec<Dnp3Options>, ports: OutstationPorts) {
    const { name, options, timeoutMs } = spec;
    this.timeoutMs = timeoutMs;
    this.#name = name;
    this.#options = options;
    this.#clock = ports.clock;
    this.#events = ports.events;
    this.#readings = ports.readings;
    this.#converse = ports.converse;
    this.#agenda = new Agenda(options, ports.clock);
    this.#table = new PointTable(spec.classes.flatMap(({ points }) => points));
    this.#missing = new MissingPoints(this.#table);
    this.#values = new PointReadings(this.#table, ports.readings, this.#clockCheck);
    const quiet: readonly Indication[] = options.synchroniseTime === 'off' ? [] : ['needTime'];
    this.#watch = new IndicationWatch(name, ports.clock, ports.events, quiet);
    this.#setting = new ClockSetting(ports.clock, options.synchroniseTime);
    this.session = new Session({ ...options, send: ports.send, take: (response) => this.#take(response) });
    this.groups = spec.classes.map(({ points }) => new EventScan(points, this));
  }

  get discardedAnswers(): number {
    return this.session.discarded + this.strays;
  }

  get defect(): string | undefined {
    const defects = [
      ...this.#watch.defects,
      this.#clockCheck.defect,
      this.#missing.defect,
      this.#eventCheck.defect,
      this.#unsolicitedRefused && 'the outstation does not report by itself; its events are polled',
      this.#agenda.clearedRestart && this.#watch.has('deviceRestart') && NOT_CLEARED,
    ].filter(Boolean);
    return defects.length > 0 ? defects.join('; ') : undefined;
  }

  /** How many requests are to be made. */
  get wishes(): number {
    return this.#agenda.count;
  }

  /** Whether it is there, and something is to be asked although no scan is due. */
  get urgent(): boolean {
    return this.#greeted && this.wishes > 0;
  }

  /** When to ask whether it is still there. One that is polled need not be: its scans tell. */
  get suspectAtMs(): number {
    if (!this.#reportsByItself || this.#agenda.wants('link status')) return Number.POSITIVE_INFINITY;
    return this.#heardMs + this.#options.keepAlive;
  }

  /** Called when nothing has been heard until `suspectAtMs`. */
  suspect(): void {
    if (this.#clock.elapsedMs() >= this.suspectAtMs) this.#agenda.requestStatus();
  }

  /** Takes a frame that it sent. */
  hear(frame: LinkFrame): void {
    this.#heardMs = this.#clock.elapsedMs();
    this.session.hear(frame);
  }

  linkChanged(): void {
    this.session.begin();
    this.#away();
  }

  greet(): Promise<Exchange> {
    this.#away();
    this.#agenda.start();
    return this.step();
  }

  tick(): void {
    this.#agenda.tick();
  }

  async step(): Promise<Exchange> {
    const task = this.#agenda.next ?? 'event poll';
    const eventsBefore = this.#values.events;
    const fault = await this.#ask(task);
    if (fault) {
      this.session.giveUp();
      this.#away();
      return { outcome: fault.code === 'link.timeout' ? 'silent' : 'lost', fault };
    }
    this.#greeted = true;
    this.#agenda.done(task);
    const refusal = this.#undecoded?.detail ?? refusalOf(this.#indications);
    this.#conclude(task, refusal !== undefined);
    this.#followUp(task, this.#values.events > eventsBefore);
    if (this.wishes === 0) for (const group of this.groups) group.settled();
    const tolerated = task === 'disable unsolicited' || task === 'enable unsolicited';
    if (refusal === undefined || tolerated) return { outcome: 'answered' };
    return { outcome: 'refused', detail: explainRefusal(task, refusal) };
  }

  /** The outstation is away, and these points have no values for this reason. */
  fail(tags: readonly number[], status: StatusCode): void {
    this.#away();
    this.#table.fail(tags, this.#clock.now(), status, this.#readings);
    this.#readings.flush();
  }

  #away(): void {
    if (this.#reportsByItself) for (const group of this.groups) group.deserted();
    this.#clockCheck.forget();
    this.#eventCheck.forget();
    this.#greeted = false;
    this.#reportsByItself = false;
    this.#agenda.clear();
  }

  #ask(task: Task): Promise<Fault | undefined> {
    this.#undecoded = undefined;
    this.#indications = undefined;
    this.#values.delayMs = undefined;
    if (task === 'integrity poll') this.#missing.begin();
    return this.#converse(this, () => {
      if (task === 'link reset') return this.session.resetLink();
      if (task === 'link status') return this.session.requestStatus();
      if (task === 'record current time' || task === 'delay measurement') this.#setting.begin();
      const data = { timeMs: this.#setting.timeMs, rest: this.#missing.next.map(readRun) };
      this.session.ask((sequence) => taskRequest(task, sequence, this.#options, data));
    });
  }

  #conclude(task: Task, refused: boolean): void {
    switch (task) {
      case 'integrity poll':
        if (!this.#options.classes.includes(0)) this.#eventCheck.everythingRead(this.#values);
        this.#missing.seek();
        this.#readRest();
        break;
      case 'read of the rest':
        this.#missing.asked(refused);
        this.#readRest();
        break;
      case 'enable unsolicited':
        this.#reportsByItself = !refused;
        this.#unsolicitedRefused = refused;
        break;
      case 'record current time':
        if (refused) this.#agenda.drop('write time');
        break;
      case 'delay measurement':
        if (refused || this.#values.delayMs === undefined) this.#agenda.drop('write time');
        else this.#setting.measured(this.#values.delayMs);
        break;
      case 'immediate freeze':
        if (refused) this.#agenda.drop('read of frozen counters');
        break;
    }
  }

  #readRest(): void {
    if (this.#missing.next.length > 0) this.#agenda.readRest();
    else this.#tellMissing();
  }

  /**
   * An outstation says in each answer whether it has more events. Where it does not report them by itself they are asked for,
   * unless it has just been asked and gave none.
   */
  #followUp(task: Task, gaveEvents: boolean): void {
    if (!this.#indications) return;
    const { classes } = this.#options;
    const { class1Events, class2Events, class3Events } = this.#indications;
    const bits = [class1Events, class2Events, class3Events];
    const waiting = bits.some((set, at) => set && classes.includes(at + 1));
    if (waiting && !this.#reportsByItself && (gaveEvents || task !== 'event poll')) this.#agenda.readEvents();
    if (!gaveEvents && !bits.includes(true)) this.#clockCheck.empty(this.#clock.now());
  }

  #tellMissing(): void {
    const before = this.#missing.defect;
    for (const point of this.#missing.settle()) {
      point.told = true;
      this.#readings.none(point.tag, this.#clock.now(), STATUS.BadWaitingForInitialData);
    }
    this.#readings.flush();
    const { defect } = this.#missing;
    if (defect === undefined || defect === before) return;
    this.#events({ at: this.#clock.now(), kind: 'device.address-refused', source: this.#name, detail: defect });
  }

  /** A response that counts: its values become readings before it is confirmed. */
  #take(response: Response): void {
    const { indications, objects, unsolicited } = response;
    const arrival = this.#clock.now();
    const clockDefect = this.#clockCheck.defect;
    const statesFollow = this.#agenda.wants('integrity poll');
    this.#values.begin({ arrival, clockRight: !indications.needTime, statesFollow });
    const undecoded = decodeObjects(objects, this.#values);
    this.#values.end();
    if (clockDefect === undefined) this.#watch.clock(this.#clockCheck.defect);
    if (undecoded) this.#tellUndecoded(undecoded, unsolicited);
    this.#readIndications(indications);
    this.#readings.flush();
    if (!unsolicited) this.#indications = indications;
    this.#obey(indications, unsolicited && objects.length === 0);
  }

  #tellUndecoded(fault: Fault, unsolicited: boolean): void {
    if (!unsolicited) this.#undecoded = fault;
    const detail = `a response holds ${fault.detail}; what stands behind it is lost`;
    this.#events({ at: this.#clock.now(), kind: 'device.events-lost', source: this.#name, detail });
  }

  #readIndications(indications: InternalIndications): void {
    for (const point of this.#table.indications) {
      const set = indications[point.indication];
      if (point.told && point.latest === set) continue;
      point.told = true;
      point.latest = set;
      this.#readings.number(point.tag, this.#clock.now(), set ? 1 : 0, STATUS.Good);
    }
  }

  /** What the indications ask for. An empty unsolicited response with IIN1.7 is what an outstation begins with. */
  #obey(indications: InternalIndications, empty: boolean): void {
    const raised = this.#watch.note(indications);
    const again = empty && indications.deviceRestart && !raised.has('deviceRestart');
    if (this.#greeted && again && !this.#agenda.wants('integrity poll')) this.#watch.tell('deviceRestart');
    if (this.#greeted && (again || raised.has('deviceRestart'))) {
      this.#reportsByItself = false;
      this.session.forgetUnsolicited();
      this.#clockCheck.forget();
      this.#eventCheck.forget();
      this.#agenda.restarted();
    }
    if (indications.deviceRestart) this.#agenda.clearRestart();
    if (raised.has('eventBufferOverflow')) this.#agenda.readEverything();
    if (indications.needTime) this.#agenda.setTime();
  }
}
