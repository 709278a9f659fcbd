/**
 * Fetches what the subscriptions have collected: a few publish requests always wait at the server, each with what has arrived
 * (OPC 10000-4, 5.14.5).
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { Answer, Conversation } from './conversation/conversation.ts';
import {
  type CreatedSubscription,
  type NotificationMessage,
  readPublished,
  readRepublished,
} from './service/answer.ts';
import { type Acknowledgement, encodePublish, encodeRepublish } from './service/request.ts';
import { SERVICE } from './service/serviceNumber.ts';
import { REFUSAL, statusText, subCode } from './statusText.ts';
import { Subscription } from './subscription.ts';

/** Whose subscription it is. */
export interface Subscriber {
  /** The subscription has ended at the server, or is to be deleted there. */
  renew(stillThere: boolean): void;
}

export interface PublishingPorts {
  readonly clock: Clock;
  readonly conversation: Conversation;
  readonly timeoutMs: number;
  /** Makes readings of a message. Gives what makes the link useless. */
  readonly report: (message: NotificationMessage, subscriber: Subscriber) => Fault | undefined;
  /** Messages that the server does not have any more. */
  readonly lost: (messages: number) => void;
  /** The server does not know our session any more. */
  readonly sessionLost: () => void;
}

/** Beside one for each subscription. */
const SPARE_REQUESTS = 2;
/** After a refusal the server is left alone for so long. */
const PAUSE_MS = 1_000;
const MAX_ACKNOWLEDGED = 256;
const NO_SESSION: readonly number[] = [
  REFUSAL.BadSessionIdInvalid,
  REFUSAL.BadSessionClosed,
  REFUSAL.BadSessionNotActivated,
  REFUSAL.BadSecureChannelIdInvalid,
];

export class Publishing {
  readonly #ports: PublishingPorts;
  readonly #subscriptions = new Map<number, { readonly subscription: Subscription; readonly subscriber: Subscriber }>();
  #acknowledged: Acknowledgement[] = [];
  #outstanding = 0;
  /** At most so many requests, after the server has said that there are too many. */
  #most = Number.POSITIVE_INFINITY;
  #pausedUntilMs = 0;
  #fault: Fault | undefined;

  constructor(ports: PublishingPorts) {
    this.#ports = ports;
  }

  /** Another link: no request waits at the server. */
  linkChanged(): void {
    this.#outstanding = 0;
    this.#most = Number.POSITIVE_INFINITY;
    this.#pausedUntilMs = 0;
    this.#fault = undefined;
  }

  open(created: CreatedSubscription, subscriber: Subscriber): Subscription {
    const { clock, timeoutMs } = this.#ports;
    const subscription = new Subscription(created, clock.elapsedMs(), timeoutMs, {
      deliver: (message) => this.#deliver(created.id, message),
      republish: (sequence) => this.#republish({ subscription: created.id, sequence }),
      lost: (messages) => this.#ports.lost(messages),
    });
    this.add(subscription, subscriber);
    return subscription;
  }

  add(subscription: Subscription, subscriber: Subscriber): void {
    this.#subscriptions.set(subscription.id, { subscription, subscriber });
    this.fill();
  }

  remove(id: number): void {
    this.#subscriptions.delete(id);
    this.#acknowledged = this.#acknowledged.filter(({ subscription }) => subscription !== id);
  }

  /** When something is to be done although nothing has come: a subscription has been silent for too long, a pause is over. */
  get alarmMs(): number {
    let earliestMs =
      this.#pausedUntilMs > this.#ports.clock.elapsedMs() ? this.#pausedUntilMs : Number.POSITIVE_INFINITY;
    for (const { subscription } of this.#subscriptions.values()) {
      earliestMs = Math.min(earliestMs, subscription.silentAtMs);
    }
    return earliestMs;
  }

  /** Lets subscriptions that have fallen silent be replaced. Fault `link.timeout`. */
  watch(): Fault | undefined {
    const nowMs = this.#ports.clock.elapsedMs();
    let fault: Fault | undefined;
    for (const { subscription, subscriber } of [...this.#subscriptions.values()]) {
      if (subscription.silentAtMs > nowMs) continue;
      const silence = `subscription ${subscription.id} has said nothing for ${Math.round(subscription.silenceMs)} ms`;
      fault = failure('link.timeout', `${silence}, not even that it is there`).fault;
      subscriber.renew(true);
    }
    return fault;
  }

  /** Sends as many requests as should wait at the server. */
  fill(): void {
    const { clock, conversation } = this.#ports;
    if (clock.elapsedMs() < this.#pausedUntilMs || this.#subscriptions.size === 0) return;
    const wanted = Math.min(this.#most, this.#subscriptions.size + SPARE_REQUESTS);
    while (this.#outstanding < wanted) {
      this.#outstanding++;
      const acknowledged = this.#acknowledged.splice(0, MAX_ACKNOWLEDGED);
      const encode = (envelope: Parameters<typeof encodePublish>[0]) => encodePublish(envelope, acknowledged);
      conversation.post(SERVICE.publish, encode, 0, (answer) => this.#published(answer));
    }
  }

  #published(answer: Answer): Fault | undefined {
    this.#outstanding--;
    if (answer.kind === 'lost') return answer.fault;
    if (answer.kind === 'refused') return this.#refused(answer.status);
    const published = readPublished(answer.reader);
    if (!published.ok) return published.fault;
    const { subscription, message } = published.value;
    this.#subscriptions.get(subscription)?.subscription.hear(message, this.#ports.clock.elapsedMs());
    this.fill();
    return this.#takeFault();
  }

  #refused(status: number): Fault | undefined {
    const code = subCode(status);
    if (NO_SESSION.includes(code)) {
      this.#ports.sessionLost();
      return failure('device.answer', `publish: ${statusText(status)}`).fault;
    }
    if (code === REFUSAL.BadTooManyPublishRequests) this.#most = Math.max(1, this.#outstanding);
    else this.#pausedUntilMs = this.#ports.clock.elapsedMs() + PAUSE_MS;
    if (code === REFUSAL.BadNoSubscription) this.#allEnded();
    return undefined;
  }

  #allEnded(): void {
    for (const { subscriber } of [...this.#subscriptions.values()]) subscriber.renew(false);
  }

  #deliver(id: number, message: NotificationMessage): void {
    const known = this.#subscriptions.get(id);
    if (!known) return;
    this.#acknowledged.push({ subscription: id, sequence: message.sequence });
    this.#fault ??= this.#ports.report(message, known.subscriber);
  }

  #republish(missing: Acknowledgement): void {
    const { conversation, timeoutMs } = this.#ports;
    const encode = (envelope: Parameters<typeof encodeRepublish>[0]) => encodeRepublish(envelope, missing);
    conversation.post(SERVICE.republish, encode, timeoutMs, (answer) => {
      if (answer.kind === 'lost') return answer.fault;
      const message = answer.kind === 'answer' ? readRepublished(answer.reader) : undefined;
      if (message && !message.ok) return message.fault;
      this.#subscriptions.get(missing.subscription)?.subscription.fetched(missing.sequence, message?.value);
      return this.#takeFault();
    });
  }

  #takeFault(): Fault | undefined {
    const fault = this.#fault;
    this.#fault = undefined;
    return fault;
  }
}
