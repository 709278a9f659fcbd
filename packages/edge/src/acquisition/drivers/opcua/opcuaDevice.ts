/** One server as its line sees it: greeted request by request, then listened to. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { DeviceReader, DeviceSpec, DriverPorts, Exchange } from '../../driver.ts';
import type { Link } from '../../transport/link.ts';
import { ConditionAlarms } from './conditionAlarms.ts';
import { Conversation } from './conversation/conversation.ts';
import { NodeGroup } from './nodeGroup.ts';
import { report } from './notifications.ts';
import type { OpcuaOptions } from './options.ts';
import { PointReadings } from './pointReadings.ts';
import { Publishing, type Subscriber } from './publishing.ts';
import type { NotificationMessage } from './service/answer.ts';
import { Session } from './session.ts';

/** Losses of changes are told so often. */
const QUIET_MS = 60_000;

export class OpcuaDevice implements DeviceReader {
  readonly groups: readonly NodeGroup[];
  readonly #name: string;
  readonly #clock: Clock;
  readonly #events: EventSink;
  readonly #conversation: Conversation;
  readonly #session: Session;
  readonly #publishing: Publishing;
  readonly #readings: PointReadings;
  #lossToldAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    spec: DeviceSpec<OpcuaOptions>,
    { clock, events, readings, alarms, authority = 'localhost' }: DriverPorts,
  ) {
    const { name, options, timeoutMs } = spec;
    this.#name = name;
    this.#clock = clock;
    this.#events = events;
    this.#conversation = new Conversation(clock, timeoutMs);
    const conversation = this.#conversation;
    const url = options.endpointUrl ?? `opc.tcp://${authority}`;
    this.#session = new Session({ clock, conversation, url, name, timeoutMs: options.sessionTimeout });
    this.#readings = new PointReadings(readings, clock, alarms && new ConditionAlarms(name, alarms));
    this.#publishing = new Publishing({
      clock,
      conversation,
      timeoutMs,
      report: (message, subscriber) => this.#report(message, subscriber),
      lost: (messages) => this.#tellLoss(`${messages} messages of a subscription did not arrive`),
      sessionLost: () => this.#session.forget(),
    });
    const session = this.#session;
    const ports = { name, clock, events, readings: this.#readings, options, session, conversation };
    this.groups = spec.classes.map((points) => new NodeGroup(points, { ...ports, publishing: this.#publishing }));
  }

  get discardedAnswers(): number {
    return this.#conversation.discarded;
  }

  get defect(): string | undefined {
    const defects = this.groups.flatMap(({ defect }) => defect ?? []);
    return defects.length > 0 ? defects.join('; ') : undefined;
  }

  linkBegan(link: Link): void {
    this.linkEnded();
    this.#session.linkBegan(link);
  }

  linkEnded(): void {
    this.#session.linkEnded();
    this.#publishing.linkChanged();
    for (const group of this.groups) group.deserted();
  }

  leave(): void {
    this.#session.leave();
  }

  async greet(): Promise<Exchange> {
    const fault = await this.#session.advance();
    if (fault) return { outcome: 'lost', fault };
    if (!this.#session.ready) return { outcome: 'answered', goesOn: true };
    for (const group of this.groups) group.greeted(this.#session.resumed);
    this.#readings.flush();
    return { outcome: 'answered' };
  }

  /** Ends early when something is to be asked, or said without being asked. Faults, after which the link is of no use: any. */
  async listen(withinMs: number): Promise<Result<void>> {
    const nowMs = this.#clock.elapsedMs();
    if (this.#session.ready) this.#publishing.fill();
    const urgent = () => this.groups.some((group) => group.urgent);
    // What has come while nobody listened is heard before anybody is held to be silent.
    const untilMs = Math.max(nowMs + 1, Math.min(nowMs + withinMs, this.#publishing.alarmMs));
    const fault = (await this.#conversation.hear(urgent, untilMs)) ?? this.#publishing.watch();
    return fault ? { ok: false, fault } : success(undefined);
  }

  #report(message: NotificationMessage, subscriber: Subscriber): Fault | undefined {
    const group = this.groups.find((candidate) => candidate === subscriber)!;
    const reported = report(message, group.points, this.#readings);
    this.#readings.flush();
    if (!reported.ok) return reported.fault;
    const { overflows, ended } = reported.value;
    if (overflows > 0) this.#tellLoss(`the server could not keep all changes of ${overflows} values`);
    if (ended !== undefined) group.renew(false);
    return undefined;
  }

  #tellLoss(detail: string): void {
    const nowMs = this.#clock.elapsedMs();
    if (nowMs - this.#lossToldAtMs < QUIET_MS) return;
    this.#lossToldAtMs = nowMs;
    this.#events({ at: this.#clock.now(), kind: 'device.events-lost', source: this.#name, detail });
  }
}
