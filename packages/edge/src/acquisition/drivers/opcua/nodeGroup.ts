/**
 * The points of one scan class: a subscription with an item for each, set up request by request; or, where the server is not to
 * report by itself, reads of all of them at each tick.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Exchange, ScanClassPoints, ScanGroup } from '../../driver.ts';
import { type Batch, BatchSize } from './batchSize.ts';
import type { Answer, Conversation } from './conversation/conversation.ts';
import { emptyValue, readDataValue } from './encoding/readValue.ts';
import { NodePoint } from './nodePoint.ts';
import type { OpcuaOptions } from './options.ts';
import type { PointReadings } from './pointReadings.ts';
import type { Publishing } from './publishing.ts';
import { readCreatedItems, readCreatedSubscription } from './service/answer.ts';
import {
  encodeCreateMonitoredItems,
  encodeCreateSubscription,
  encodeDeleteSubscriptions,
  encodeRead,
  type SubscriptionTerms,
} from './service/request.ts';
import { SERVICE } from './service/serviceNumber.ts';
import type { Session } from './session.ts';
import { isBad, statusText } from './statusText.ts';
import type { Subscription } from './subscription.ts';

export interface GroupPorts {
  readonly name: string;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly readings: PointReadings;
  readonly options: OpcuaOptions;
  readonly session: Session;
  readonly conversation: Conversation;
  readonly publishing: Publishing;
}

/** What is refused today is asked for again after so long: the program of the server may be another one then. */
const REST_MS = 600_000;
/** Values are reported in messages of so many, so that none grows long. */
const MAX_NOTIFICATIONS = 1_000;
/** The server may keep what nobody fetches for as long as it keeps the session. */
const MIN_KEEP_ALIVES_PER_LIFETIME = 3;
const NAMED_REFUSALS = 3;

const NOT_GREETED = { code: 'link.closed', detail: 'the server was not greeted' } as const;
const value = emptyValue();

export class NodeGroup implements ScanGroup {
  readonly points: readonly NodePoint[];
  readonly #ports: GroupPorts;
  readonly #intervalMs: number;
  readonly #items = new BatchSize();
  readonly #reads = new BatchSize();
  #subscription: Subscription | undefined;
  /** Subscriptions of before that the server still has. */
  #outdated: number[] = [];
  /** Those that are in no subscription yet, and those whose values are to be read. */
  #unmonitored: NodePoint[];
  #unread: NodePoint[] = [];
  #due = false;
  #restUntilMs = Number.POSITIVE_INFINITY;

  constructor({ intervalMs, points }: ScanClassPoints, ports: GroupPorts) {
    this.#ports = ports;
    this.#intervalMs = intervalMs;
    this.points = points.map((point, handle) => new NodePoint(point, handle));
    this.#unmonitored = [...this.points];
  }

  get requests(): number {
    return this.#ports.options.subscribe ? 0 : this.#reads.requestsFor(this.points);
  }

  get pending(): number {
    if (!this.#due) return 0;
    const setUp = this.#wantsSubscription ? 1 : 0;
    const items = this.#ports.options.subscribe ? this.#items.requestsFor(this.#unmonitored) : 0;
    return Math.max(1, this.#outdated.length + setUp + items + this.#reads.requestsFor(this.#unread));
  }

  /** Whether something is to be asked although no scan is due. */
  get urgent(): boolean {
    return this.#due && this.#ports.session.ready;
  }

  /** Why points are not read, as half a sentence. */
  get defect(): string | undefined {
    const refused = this.points.filter(({ refusal }) => refusal !== undefined);
    if (refused.length === 0) return undefined;
    const named = refused
      .slice(0, NAMED_REFUSALS)
      .map(({ address, refusal }) => `${address.slice(0, 80)} ${statusText(refusal!)}`);
    return `${refused.length} of ${this.points.length} addresses are refused: ${named.join(', ')}`;
  }

  begin(): void {
    const { session, options, clock } = this.#ports;
    if (!options.subscribe) this.#unread = this.points.filter(({ events }) => !events);
    if (clock.elapsedMs() >= this.#restUntilMs) {
      this.#restUntilMs = Number.POSITIVE_INFINITY;
      for (const point of this.points) if (point.refusal !== undefined) this.#unmonitored.push(point);
    }
    this.#due = this.points.length > 0 && (!session.ready || this.#hasWork);
  }

  async step(): Promise<Exchange> {
    if (!this.#ports.session.ready) return { outcome: 'lost', fault: NOT_GREETED, requests: 0 };
    const exchange = await this.#next();
    this.#ports.readings.flush();
    if (exchange.outcome === 'lost') return exchange;
    this.#due = this.#hasWork;
    return exchange;
  }

  fail(status: StatusCode): void {
    this.#due = false;
    const { readings } = this.#ports;
    for (const point of this.points) readings.none(point, status);
    readings.flush();
  }

  /** The server is greeted. `resumed`: what it had collected of this group, it still collects. */
  greeted(resumed: boolean): void {
    const { clock, session, publishing, readings } = this.#ports;
    const { namespaces, maxItemsPerCall, maxNodesPerRead } = session.facts;
    this.#items.limit(maxItemsPerCall);
    this.#reads.limit(maxNodesPerRead);
    if (!resumed) this.#forget();
    if (this.#subscription) {
      publishing.add(this.#subscription, this);
      this.#subscription.resumed(clock.elapsedMs());
      const doubtful = this.points.filter(({ refusal, failedUs }) => refusal === undefined && failedUs !== undefined);
      this.#unread = doubtful.filter(({ events }) => !events);
      for (const point of doubtful) if (point.events) readings.listening(point);
    }
    const strangers = this.points.filter((point) => !point.resolve(namespaces));
    this.#unmonitored = this.#unmonitored.filter((point) => !strangers.includes(point));
    this.#refuse(strangers.map((point) => [point, STATUS.BadConfigurationError]));
    this.#due = this.#hasWork;
  }

  /** The connection is gone: nobody reports the changes of the points any more. */
  deserted(): void {
    if (this.#subscription || this.#due) this.#due = this.points.length > 0;
  }

  /** The subscription is dead, or its silence looks like it; another one takes its place. */
  renew(stillThere: boolean): void {
    if (this.#subscription && stillThere) this.#outdated.push(this.#subscription.id);
    this.#dropSubscription();
    this.#due = this.points.length > 0;
  }

  get #wantsSubscription(): boolean {
    return this.#ports.options.subscribe && !this.#subscription && this.#unmonitored.length > 0;
  }

  get #hasWork(): boolean {
    const monitors = this.#ports.options.subscribe && this.#unmonitored.length > 0;
    return monitors || this.#unread.length > 0 || this.#outdated.length > 0;
  }

  #next(): Promise<Exchange> {
    if (this.#outdated.length > 0) return this.#deleteOutdated();
    if (this.#wantsSubscription) return this.#subscribe();
    const { options, session } = this.#ports;
    if (options.subscribe && this.#unmonitored.length > 0)
      return this.#monitor(this.#items.take(this.#unmonitored, session.requestBytes));
    if (this.#unread.length > 0) return this.#read(this.#reads.take(this.#unread, session.requestBytes));
    return Promise.resolve({ outcome: 'answered', requests: 0 });
  }

  async #deleteOutdated(): Promise<Exchange> {
    const ids = this.#outdated;
    this.#outdated = [];
    const answer = await this.#ports.conversation.ask(SERVICE.deleteSubscriptions, (envelope) =>
      encodeDeleteSubscriptions(envelope, ids),
    );
    // One that the server does not have any more is as good as deleted.
    return answer.kind === 'lost' ? lost(answer) : { outcome: 'answered' };
  }

  async #subscribe(): Promise<Exchange> {
    const { conversation, publishing } = this.#ports;
    const answer = await conversation.ask(SERVICE.createSubscription, (envelope) =>
      encodeCreateSubscription(envelope, this.#terms),
    );
    if (answer.kind === 'lost') return lost(answer);
    if (answer.kind === 'refused')
      return this.#refuseAll(this.#unmonitored.splice(0), answer.status, 'create subscription');
    const created = readCreatedSubscription(answer.reader);
    if (!created.ok) return { outcome: 'lost', fault: created.fault };
    this.#subscription = publishing.open(created.value, this);
    return { outcome: 'answered' };
  }

  async #monitor(batch: Batch<NodePoint>): Promise<Exchange> {
    const { conversation, options } = this.#ports;
    const { id } = this.#subscription!;
    const { queueSize } = options;
    const answer = await conversation.ask(SERVICE.createMonitoredItems, (envelope) =>
      encodeCreateMonitoredItems(envelope, id, batch.elements, { samplingMs: this.#intervalMs, queueSize }),
    );
    if (answer.kind === 'lost') return lost(answer);
    if (answer.kind === 'refused') {
      if (this.#items.refused(batch, answer.status)) return halved(answer);
      return this.#refuseAll(
        this.#unmonitored.splice(0, batch.elements.length),
        answer.status,
        'create monitored items',
      );
    }
    const statuses = readCreatedItems(answer.reader);
    if (!statuses.ok) return { outcome: 'lost', fault: statuses.fault };
    if (statuses.value.length !== batch.elements.length) return miscounted(statuses.value.length, batch);
    this.#unmonitored.splice(0, batch.elements.length);
    const refused = batch.elements.flatMap((point, index): [NodePoint, number][] => {
      if (isBad(statuses.value[index])) return [[point, statuses.value[index]]];
      point.refusal = undefined;
      if (point.events) this.#ports.readings.listening(point);
      return [];
    });
    this.#refuse(refused);
    return { outcome: 'answered' };
  }

  async #read(batch: Batch<NodePoint>): Promise<Exchange> {
    const { conversation, readings } = this.#ports;
    const answer = await conversation.ask(SERVICE.read, (envelope) => encodeRead(envelope, batch.elements));
    if (answer.kind === 'lost') return lost(answer);
    if (answer.kind === 'refused') {
      if (this.#reads.refused(batch, answer.status)) return halved(answer);
      return this.#refuseAll(this.#unread.splice(0, batch.elements.length), answer.status, 'read');
    }
    const { reader } = answer;
    const count = reader.count();
    if (count !== batch.elements.length) return miscounted(count, batch);
    for (const point of batch.elements) {
      readDataValue(reader, value);
      if (reader.defect !== undefined) return { outcome: 'lost', fault: wrong(`an answer that ${reader.defect}`) };
      readings.state(point, value);
    }
    this.#unread.splice(0, batch.elements.length);
    return { outcome: 'answered' };
  }

  /** For as long as the server keeps the session it may also keep what the subscription has collected. */
  get #terms(): SubscriptionTerms {
    const { keepAlive, sessionTimeout } = this.#ports.options;
    const publishMs = this.#intervalMs;
    const keepAliveCount = Math.max(1, Math.round(keepAlive / publishMs));
    const lifetimeCount = Math.max(
      MIN_KEEP_ALIVES_PER_LIFETIME * keepAliveCount,
      Math.ceil(sessionTimeout / publishMs),
    );
    return { publishMs, keepAliveCount, lifetimeCount, maxNotifications: MAX_NOTIFICATIONS };
  }

  #refuseAll(points: readonly NodePoint[], status: number, what: string): Exchange {
    this.#refuse(points.map((point) => [point, status]));
    return { outcome: 'refused', detail: `${what}: ${statusText(status)}` };
  }

  #refuse(refused: readonly (readonly [NodePoint, number])[]): void {
    if (refused.length === 0) return;
    const { clock, events, name, readings } = this.#ports;
    this.#restUntilMs = clock.elapsedMs() + REST_MS;
    const news = refused.filter(([point, status]) => point.refusal !== status);
    for (const [point, status] of refused) {
      point.refusal = status;
      readings.none(point, status);
    }
    if (news.length > 0)
      events({ at: clock.now(), kind: 'device.address-refused', source: name, detail: this.defect! });
  }

  #forget(): void {
    this.#outdated = [];
    this.#dropSubscription();
  }

  #dropSubscription(): void {
    if (this.#subscription) this.#ports.publishing.remove(this.#subscription.id);
    this.#subscription = undefined;
    this.#unmonitored = [...this.points];
    this.#unread = [];
  }
}

function lost(answer: Answer & { readonly kind: 'lost' }): Exchange {
  return { outcome: 'lost', fault: answer.fault };
}

function halved(answer: Answer & { readonly kind: 'refused' }): Exchange {
  return { outcome: 'refused', detail: `too much at once: ${statusText(answer.status)}` };
}

function miscounted(count: number, { elements }: Batch<unknown>): Exchange {
  return { outcome: 'lost', fault: wrong(`${count} results where ${elements.length} were asked for`) };
}

function wrong(detail: string) {
  return { code: 'device.answer', detail } as const;
}
