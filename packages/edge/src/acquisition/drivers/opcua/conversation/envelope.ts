/**
 * What stands around every message of a client: each fits one chunk (OPC 10000-6, 6.7.2 and 7.1.2; OPC 10000-4, 7.33).
 *
 *     hello           HELF, size, version, receive and send buffer, message size, chunks, URL
 *     all others      type, F, size, channel | policy and two empty fields, or token | sequence, request | number, header, body
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { UaWriter } from '../encoding/uaWriter.ts';
import { SERVICE, type ServiceNumber } from '../service/serviceNumber.ts';

/** What is different in each message. */
export interface Envelope {
  readonly channel: number;
  readonly token: number;
  readonly sequence: number;
  readonly request: number;
  /** The authentication token of the session as the server has encoded it. */
  readonly session: Uint8Array;
  readonly at: Timestamp;
  /** How long the answer is waited for; 0 where it may take as long as it takes. */
  readonly timeoutMs: number;
}

export interface BufferSizes {
  /** The longest chunk, and the longest message, that we take. */
  readonly chunkBytes: number;
  readonly messageBytes: number;
  readonly chunks: number;
}

export const POLICY_NONE = 'http://opcfoundation.org/UA/SecurityPolicy#None';
/** A NodeId that is null: no session yet. */
export const NO_SESSION = Uint8Array.of(0, 0);
const SERVICES: readonly number[] = Object.values(SERVICE);
const SIZE_AT = 4;
const FINAL = 'F';
const EPOCH_TICKS = 116_444_736_000_000_000n;
const TICKS_PER_US = 10n;
const ascii = new TextEncoder();

export function encodeHello(url: string, { chunkBytes, messageBytes, chunks }: BufferSizes): Uint8Array {
  const writer = begin('HEL').u32(0).u32(chunkBytes).u32(chunkBytes).u32(messageBytes).u32(chunks).string(url);
  return end(writer);
}

/** The message of `service`, whose body `write` adds behind the request header. Throws `RangeError` where there is no such service. */
export function encodeMessage(
  service: ServiceNumber,
  envelope: Envelope,
  write: (body: UaWriter) => unknown,
): Uint8Array {
  if (!SERVICES.includes(service)) throw new RangeError(`there is no service ${service}`);
  const writer = begin(typeOf(service)).u32(envelope.channel);
  if (service === SERVICE.openSecureChannel) writer.string(POLICY_NONE).bytes(undefined).bytes(undefined);
  else writer.u32(envelope.token);
  writer.u32(envelope.sequence).u32(envelope.request);
  writer.nodeId({ namespace: 0, identifier: service });
  writer.raw(envelope.session).i64(BigInt(envelope.at) * TICKS_PER_US + EPOCH_TICKS);
  writer.u32(envelope.request).u32(0).string(undefined).u32(envelope.timeoutMs).noExtension();
  write(writer);
  return end(writer);
}

function typeOf(service: ServiceNumber): string {
  if (service === SERVICE.openSecureChannel) return 'OPN';
  return service === SERVICE.closeSecureChannel ? 'CLO' : 'MSG';
}

function begin(type: string): UaWriter {
  return new UaWriter().raw(ascii.encode(type + FINAL)).u32(0);
}

function end(writer: UaWriter): Uint8Array {
  writer.u32At(SIZE_AT, writer.length);
  return writer.take();
}
