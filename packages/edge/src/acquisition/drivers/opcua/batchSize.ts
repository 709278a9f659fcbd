/** How many nodes one request asks for: as many as server and chunk take, and fewer after the server has said that it was too much. */

import type { NodeId } from './encoding/nodeId.ts';
import { EVENT_FIELDS } from './service/eventField.ts';
import type { ValuePlace } from './service/request.ts';
import { REFUSAL, subCode } from './statusText.ts';

export interface Batch<T> {
  readonly elements: readonly T[];
}

/** More of them make a request long and save hardly anything. */
const MAX_NODES = 1_000;
/** Around the nodes of a request. */
const ENVELOPE_BYTES = 512;
/** Beside the node id: attribute, range, encoding, handle, sampling interval, filter, queue. */
const ITEM_BYTES = 64;
/** What each field of an event adds to a filter. */
const FIELD_BYTES = 48;
const TOO_MUCH: readonly number[] = [
  REFUSAL.BadTooManyOperations,
  REFUSAL.BadEncodingLimitsExceeded,
  REFUSAL.BadRequestTooLarge,
  REFUSAL.BadResponseTooLarge,
  REFUSAL.BadTcpMessageTooLarge,
];

interface Place extends ValuePlace {
  readonly events: boolean;
}

export class BatchSize {
  #most = MAX_NODES;

  /** The server says how much it takes; 0 where it takes everything. */
  limit(nodes: number): void {
    this.#most = nodes > 0 ? Math.min(nodes, MAX_NODES) : MAX_NODES;
  }

  requestsFor(elements: readonly unknown[]): number {
    return Math.ceil(elements.length / this.#most);
  }

  /** The first of the elements, at least one. */
  take<T extends Place>(elements: readonly T[], requestBytes: number): Batch<T> {
    let left = requestBytes - ENVELOPE_BYTES;
    let count = 0;
    while (count < Math.min(elements.length, this.#most)) {
      left -= bytesOf(elements[count]);
      if (left < 0 && count > 0) break;
      count++;
    }
    return { elements: elements.slice(0, count) };
  }

  /** Whether less may do where the server has refused so much; then the next batch is half as long. */
  refused({ elements }: Batch<unknown>, status: number): boolean {
    if (elements.length <= 1 || !TOO_MUCH.includes(subCode(status))) return false;
    this.#most = elements.length >> 1;
    return true;
  }
}

function bytesOf({ node, events }: Place): number {
  return ITEM_BYTES + idBytes(node) + (events ? EVENT_FIELDS.length * FIELD_BYTES : 0);
}

/** At most; a character takes three bytes. */
function idBytes({ identifier }: NodeId): number {
  if (typeof identifier === 'string') return 3 * identifier.length;
  return typeof identifier === 'number' ? 0 : identifier.bytes.length;
}
