/**
 * The session with a server, from greeting to goodbye.
 *
 * Invariant: of our sessions a server keeps at most a few that we have lost sight of. A new connection goes on with the session of
 * the one before; only where the server does not know it any more is there another, and while two of ours may still be open there
 * is none.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../transport/link.ts';
import type { Answer, Conversation } from './conversation/conversation.ts';
import { NO_SESSION } from './conversation/envelope.ts';
import { type CreatedSession, readCreatedSession } from './service/answer.ts';
import { encodeActivateSession, encodeCloseSession, encodeCreateSession, encodeRead } from './service/request.ts';
import { FACT_PLACES, NO_FACTS, readFacts, type ServerFacts } from './service/serverFacts.ts';
import { SERVICE } from './service/serviceNumber.ts';
import { REFUSAL, statusText, subCode } from './statusText.ts';

export interface SessionTerms {
  readonly clock: Clock;
  readonly conversation: Conversation;
  readonly url: string;
  readonly name: string;
  readonly timeoutMs: number;
}

/** A session that the server knows, and which identity it wants of us. */
interface Known {
  readonly token: Uint8Array;
  readonly timeoutMs: number;
  readonly anonymousPolicy: string;
  readonly maxRequestBytes: number;
  /** Until when the server keeps it though it hears nothing of us; infinity while it does. */
  untilMs: number;
}

type Step = 'hello' | 'channel' | 'session' | 'facts' | 'done';

const SECURITY_NONE = 1;
const ANONYMOUS = 0;
const MAX_LOST = 2;
/** The answers by which a server says that it has no such session. */
const GONE: readonly number[] = [REFUSAL.BadSessionIdInvalid, REFUSAL.BadSessionClosed];

export class Session {
  readonly #terms: SessionTerms;
  #step: Step = 'hello';
  #known: Known | undefined;
  /** Until when the server may keep each session that we have lost sight of. */
  #lostUntilMs: number[] = [];
  #resumed = false;
  #facts: ServerFacts = NO_FACTS;

  constructor(terms: SessionTerms) {
    this.#terms = terms;
  }

  get ready(): boolean {
    return this.#step === 'done';
  }

  /** Whether it is the one of the connection before, with its subscriptions. */
  get resumed(): boolean {
    return this.#resumed;
  }

  get facts(): ServerFacts {
    return this.#facts;
  }

  /** The longest request that the server takes. */
  get requestBytes(): number {
    const { requestBytes } = this.#terms.conversation;
    const limit = this.#known?.maxRequestBytes ?? 0;
    return limit > 0 ? Math.min(limit, requestBytes) : requestBytes;
  }

  linkBegan(link: Link): void {
    this.linkEnded();
    this.#terms.conversation.begin(link);
  }

  linkEnded(): void {
    if (this.ready && this.#known) this.#known.untilMs = this.#terms.clock.elapsedMs() + this.#known.timeoutMs;
    this.#terms.conversation.end();
    this.#step = 'hello';
  }

  /** The server does not know it any more. */
  forget(): void {
    this.#known = undefined;
  }

  /** Goes on with greeting the server, by one request. Gives what makes the link useless. */
  async advance(): Promise<Fault | undefined> {
    const { conversation, url } = this.#terms;
    switch (this.#step) {
      case 'hello': {
        const greeted = await conversation.hello(url);
        return greeted.ok ? this.#to('channel') : greeted.fault;
      }
      case 'channel': {
        const opened = await conversation.open();
        return opened.ok ? this.#to('session') : opened.fault;
      }
      case 'session':
        return this.#enter();
      default:
        return this.#learn();
    }
  }

  /** Frees everything that the server keeps for us; called while the link is still there. */
  leave(): void {
    const { conversation } = this.#terms;
    conversation.leave(...(conversation.session === NO_SESSION ? [] : [encodeCloseSession]));
    this.#known = undefined;
  }

  #to(step: Step): undefined {
    this.#step = step;
    return undefined;
  }

  async #enter(): Promise<Fault | undefined> {
    const nowMs = this.#terms.clock.elapsedMs();
    if (this.#known && this.#known.untilMs <= nowMs) this.#known = undefined;
    if (this.#known) return this.#activate(this.#known);
    const created = await this.#create(nowMs);
    if (!('token' in created)) return created;
    this.#known = created;
    this.#resumed = false;
    this.#terms.conversation.session = created.token;
    return undefined;
  }

  async #create(nowMs: number): Promise<Known | Fault> {
    const { conversation, url, name, timeoutMs } = this.#terms;
    this.#lostUntilMs = this.#lostUntilMs.filter((untilMs) => untilMs > nowMs);
    if (this.#lostUntilMs.length >= MAX_LOST) {
      const waitS = Math.ceil((Math.min(...this.#lostUntilMs) - nowMs) / 1_000);
      return wrong(`the server may still keep ${MAX_LOST} sessions of ours: another one is opened in ${waitS} s`);
    }
    const answer = await conversation.ask(SERVICE.createSession, (envelope) =>
      encodeCreateSession(envelope, url, `Tidegate ${name}`, timeoutMs, conversation.messageBytes),
    );
    if (answer.kind === 'refused') return refused('opens no session', answer);
    const created = answer.kind === 'answer' ? readCreatedSession(answer.reader) : undefined;
    if (!created?.ok) {
      this.#lostUntilMs.push(nowMs + timeoutMs);
      return created?.fault ?? lostFault(answer);
    }
    return this.#judge(created.value);
  }

  /** Without security, and without anybody who logs in: what else a server offers is of no use. */
  #judge({ token, timeoutMs, endpoints, maxRequestBytes }: CreatedSession): Known | Fault {
    const open = endpoints.filter(({ securityMode }) => securityMode === SECURITY_NONE);
    const policies = open.flatMap(({ identities }) => identities.filter(({ type }) => type === ANONYMOUS));
    const anonymousPolicy = policies.at(0)?.policy ?? (endpoints.length === 0 ? 'anonymous' : undefined);
    const known = { token, timeoutMs: Math.max(0, timeoutMs) || 0, maxRequestBytes, untilMs: Number.POSITIVE_INFINITY };
    if (anonymousPolicy !== undefined) return { ...known, anonymousPolicy };
    this.#terms.conversation.session = token;
    this.#terms.conversation.leave(encodeCloseSession);
    return wrong(
      open.length === 0
        ? 'the server has no endpoint without security: allow the policy None for the address of the gateway'
        : 'the server lets nobody in without a name: allow anonymous users to read',
    );
  }

  /** Says who we are, which is nobody; to the session that was just created, or to that of the connection before. */
  async #activate(known: Known): Promise<Fault | undefined> {
    const { conversation, clock } = this.#terms;
    const again = known.untilMs !== Number.POSITIVE_INFINITY;
    conversation.session = known.token;
    const answer = await conversation.ask(SERVICE.activateSession, (envelope) =>
      encodeActivateSession(envelope, known.anonymousPolicy),
    );
    if (answer.kind === 'answer') {
      known.untilMs = Number.POSITIVE_INFINITY;
      this.#resumed = again;
      return this.#to('facts');
    }
    if (answer.kind === 'lost') {
      known.untilMs = clock.elapsedMs() + known.timeoutMs;
      return answer.fault;
    }
    this.#known = undefined;
    if (!again) {
      conversation.leave(encodeCloseSession);
      return refused('lets nobody in without a name', answer);
    }
    if (!GONE.includes(subCode(answer.status))) this.#lostUntilMs.push(known.untilMs);
    conversation.session = NO_SESSION;
    return undefined;
  }

  async #learn(): Promise<Fault | undefined> {
    const answer = await this.#terms.conversation.ask(SERVICE.read, (envelope) => encodeRead(envelope, FACT_PLACES));
    if (answer.kind === 'lost') return answer.fault;
    this.#facts = answer.kind === 'answer' ? readFacts(answer.reader) : NO_FACTS;
    return this.#to('done');
  }
}

function refused(what: string, answer: Answer & { readonly kind: 'refused' }): Fault {
  return wrong(`the server ${what}: ${statusText(answer.status)}`);
}

function lostFault(answer: Answer): Fault {
  return answer.kind === 'lost' ? answer.fault : wrong('no session');
}

function wrong(detail: string): Fault {
  return failure('device.answer', detail).fault;
}
