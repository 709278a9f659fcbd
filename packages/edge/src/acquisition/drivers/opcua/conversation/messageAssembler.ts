/**
 * Puts the messages of a server together from bytes, chunk by chunk (OPC 10000-6, 6.7.2 and 7.1.2).
 *
 * Invariant: it never holds more than one chunk that has begun and one message's worth of others; what goes beyond the sizes that
 * were agreed upon, comes out of sequence, or comes on another channel is a fault.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { UaReader } from '../encoding/uaReader.ts';
import { type BufferSizes, POLICY_NONE } from './envelope.ts';

export type ServerMessage =
  | { readonly kind: 'acknowledge'; readonly receiveBytes: number; readonly messageBytes: number }
  /** The server gives the connection up. */
  | { readonly kind: 'error'; readonly status: number; readonly reason: string }
  | { readonly kind: 'answer'; readonly request: number; readonly body: Uint8Array }
  /** The server gives up an answer that it has begun. */
  | { readonly kind: 'abandoned'; readonly request: number; readonly status: number };

interface Begun {
  readonly chunks: Uint8Array[];
  bytes: number;
}

const HEADER_BYTES = 8;
const NONE = new Uint8Array(0);
/** Sequence numbers begin anew before they pass 32 bits, below this (6.7.2.4). */
const LAST_SEQUENCE = 4_294_966_271;
const FIRST_SEQUENCES = 1_024;

export class MessageAssembler {
  readonly #sizes: BufferSizes;
  #bytes: Uint8Array = NONE;
  /** Answers of which some chunks have come, by the number of the request. */
  readonly #begun = new Map<number, Begun>();
  #heldBytes = 0;
  #sequence: number | undefined;
  /** The channel in use; `undefined` until it is open. */
  channel: number | undefined;

  constructor(sizes: BufferSizes) {
    this.#sizes = sizes;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** The next whole message; `undefined` where more bytes are needed. Fault `device.answer`: the link is of no use any more. */
  next(): Result<ServerMessage | undefined> {
    for (;;) {
      if (this.#bytes.length < HEADER_BYTES) return success(undefined);
      const header = new UaReader(this.#bytes.subarray(0, HEADER_BYTES));
      const type = String.fromCharCode(header.u8(), header.u8(), header.u8());
      const final = String.fromCharCode(header.u8());
      const size = header.u32();
      if (!['ACK', 'ERR', 'OPN', 'MSG'].includes(type))
        return wrong('bytes came that are no message of an OPC UA server');
      if (size < HEADER_BYTES || size > this.#sizes.chunkBytes) return wrong(`a chunk of ${size} bytes`);
      if (this.#bytes.length < size) return success(undefined);
      const body = this.#bytes.subarray(HEADER_BYTES, size);
      this.#bytes = this.#bytes.subarray(size);
      const message = this.#take(type, final, body);
      if (!message.ok || message.value) return message;
    }
  }

  #take(type: string, final: string, body: Uint8Array): Result<ServerMessage | undefined> {
    const reader = new UaReader(body);
    if (type === 'ACK') {
      reader.pass(4);
      const receiveBytes = reader.u32();
      reader.pass(4);
      return reader.result({ kind: 'acknowledge', receiveBytes, messageBytes: reader.u32() });
    }
    if (type === 'ERR') return reader.result({ kind: 'error', status: reader.u32(), reason: reader.string() ?? '' });
    const channel = reader.u32();
    if (type === 'MSG') {
      if (channel !== this.channel) return wrong(`an answer on channel ${channel}`);
      reader.pass(4);
    } else {
      const policy = reader.string();
      if (policy !== POLICY_NONE) return wrong(`an answer that is protected by ${policy}`);
      reader.bytes();
      reader.bytes();
    }
    const sequence = reader.u32();
    const request = reader.u32();
    if (reader.defect !== undefined) return wrong(`an answer that ${reader.defect}`);
    if (!this.#inSequence(sequence)) return wrong(`chunk ${sequence} comes behind chunk ${this.#sequence}`);
    this.#sequence = sequence;
    return this.#collect(final, request, body.subarray(reader.at));
  }

  #collect(final: string, request: number, part: Uint8Array): Result<ServerMessage | undefined> {
    const begun = this.#begun.get(request);
    if (final === 'A') {
      this.#forget(request);
      const reader = new UaReader(part);
      return success({ kind: 'abandoned', request, status: reader.u32() });
    }
    if (final === 'F' && !begun) return success({ kind: 'answer', request, body: part });
    if (final !== 'F' && final !== 'C') return wrong(`a chunk of kind ${final}`);
    const message = begun ?? { chunks: [], bytes: 0 };
    message.chunks.push(part.slice());
    message.bytes += part.length;
    this.#heldBytes += part.length;
    this.#begun.set(request, message);
    const tooMany = message.chunks.length > this.#sizes.chunks || this.#begun.size > this.#sizes.chunks;
    if (tooMany || this.#heldBytes > this.#sizes.messageBytes)
      return wrong(`an answer of more than ${this.#sizes.messageBytes} bytes`);
    if (final === 'C') return success(undefined);
    this.#forget(request);
    return success({ kind: 'answer', request, body: Buffer.concat(message.chunks) });
  }

  #forget(request: number): void {
    this.#heldBytes -= this.#begun.get(request)?.bytes ?? 0;
    this.#begun.delete(request);
  }

  #inSequence(sequence: number): boolean {
    const last = this.#sequence;
    return last === undefined || sequence === last + 1 || (last >= LAST_SEQUENCE && sequence < FIRST_SEQUENCES);
  }
}

function wrong(detail: string) {
  return failure('device.answer', detail);
}
