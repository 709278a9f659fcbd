/**
 * Work orders by HTTP: one POST of JSON to one address. Whoever calls keeps the order and tries again; this makes one attempt.
 *
 * Invariants:
 * - Nothing but the configured address is ever asked: redirects are faults.
 * - What the other side answers costs bounded time and memory, and only a short plain reference of it is kept.
 * - The secret stands in a header of the request, and in no fault.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { orderDocument } from '../../monitor/health/cases/orders/orderDocument.ts';
import type { WorkOrder, WorkOrderPort } from '../../monitor/health/cases/workOrderPort.ts';

export interface WebhookOptions {
  /** As it is called in the configuration. */
  readonly name: string;
  /** http or https, without a user and a password in it. */
  readonly url: string;
  /** Sent with each request: `Authorization: Bearer ...`. */
  readonly secret?: { readonly header: string; readonly value: string } | undefined;
  /** For the whole exchange. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_REFERENCE_LENGTH = 120;
/** Where systems of orders put the name of what they have made, the first that is there counts. */
const REFERENCE_FIELDS = ['reference', 'number', 'id', 'key', 'name'];

export class WebhookWorkOrders implements WorkOrderPort {
  readonly name: string;
  readonly #url: URL;
  readonly #headers: Headers;
  readonly #timeoutMs: number;

  private constructor(name: string, url: URL, headers: Headers, timeoutMs: number) {
    this.name = name;
    this.#url = url;
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
  }

  /** Fault `config.invalid`: an address or a header that cannot be used. */
  static open({ name, url, secret, timeoutMs = TIMEOUT_MS }: WebhookOptions): Result<WebhookWorkOrders> {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (!address || !/^https?:$/.test(address.protocol)) {
      return failure('config.invalid', `"${url}" is no address of a webhook; it begins with http:// or https://.`);
    }
    if (address.username !== '' || address.password !== '') {
      return failure('config.invalid', `The address of "${name}" holds a user or a password; they belong in a header.`);
    }
    const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
    headers.set('accept-encoding', 'identity');
    try {
      if (secret) headers.set(secret.header, secret.value);
    } catch {
      return failure('config.invalid', `The header "${secret?.header}" of "${name}", or its value, cannot be sent.`);
    }
    return success(new WebhookWorkOrders(name, address, headers, timeoutMs));
  }

  /** The key of the order goes along as `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
  async place(order: WorkOrder): Promise<Result<string>> {
    const headers = new Headers(this.#headers);
    headers.set('idempotency-key', `tidegate-${order.key}`);
    try {
      const answer = await fetch(this.#url, {
        ...{ method: 'POST', headers, body: JSON.stringify(orderDocument(order)), redirect: 'manual' },
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      const text = await beginningOf(answer);
      if (answer.ok) return success(referenceIn(text) ?? order.key);
      return failure('health.order-failed', `${this.#url.host} answered ${statusWords(answer.status)}.`);
    } catch (error) {
      return failure('health.order-failed', `${this.#url.host} cannot be reached: ${reasonOf(error)}.`);
    }
  }
}

/** At most `MAX_ANSWER_BYTES` of the body; `undefined` where there is more, or it breaks off. */
async function beginningOf(answer: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    // Leaving the loop cancels the rest.
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function referenceIn(text: string | undefined): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  for (const field of REFERENCE_FIELDS) {
    const value = Object.hasOwn(document, field) ? (document as Record<string, unknown>)[field] : undefined;
    if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value))) continue;
    const plain = String(value).replaceAll(/\p{C}/gu, '').trim();
    if (plain !== '') return plain.slice(0, MAX_REFERENCE_LENGTH);
  }
  return undefined;
}

function statusWords(status: number): string {
  return status >= 300 && status < 400 ? `${status}, a redirect, and none is followed` : String(status);
}

/** The cause is what the network says; the error itself says only that fetching failed. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? message);
}
