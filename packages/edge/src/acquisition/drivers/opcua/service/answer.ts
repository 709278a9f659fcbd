/** What a server answers: the bodies of the answers that the driver waits for (OPC 10000-4, 5; layouts: OPC 10000-6). */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { UaReader } from '../encoding/uaReader.ts';

export interface SecurityToken {
  readonly channel: number;
  readonly token: number;
  readonly lifetimeMs: number;
}

export interface CreatedSession {
  /** As it is to be sent back. */
  readonly token: Uint8Array;
  readonly timeoutMs: number;
  readonly endpoints: readonly Endpoint[];
  /** The longest message that the server takes; 0 where it sets no limit. */
  readonly maxRequestBytes: number;
}

export interface Endpoint {
  readonly url: string;
  readonly securityMode: number;
  readonly identities: readonly { readonly policy: string; readonly type: number }[];
}

export interface CreatedSubscription {
  readonly id: number;
  readonly publishMs: number;
  readonly lifetimeCount: number;
  readonly keepAliveCount: number;
}

export interface Published {
  readonly subscription: number;
  readonly moreFollows: boolean;
  readonly message: NotificationMessage;
}

export interface NotificationMessage {
  readonly sequence: number;
  readonly notifications: readonly { readonly type: number; readonly body: Uint8Array }[];
}

/** Skips the header but for what the server says of the request as a whole (OPC 10000-4, 7.34). */
export function readAnswerHeader(reader: UaReader): number {
  reader.pass(8 + 4);
  const status = reader.u32();
  reader.skipDiagnostics();
  for (let left = reader.count(4); left > 0; left--) reader.bytes();
  reader.extension();
  return status;
}

export function readOpenedChannel(reader: UaReader): Result<SecurityToken> {
  reader.pass(4);
  const channel = reader.u32();
  const token = reader.u32();
  reader.pass(8);
  return reader.result({ channel, token, lifetimeMs: reader.u32() });
}

export function readCreatedSession(reader: UaReader): Result<CreatedSession> {
  reader.nodeId();
  const from = reader.at;
  reader.nodeId();
  const token = reader.since(from).slice();
  const timeoutMs = reader.f64();
  reader.bytes();
  reader.bytes();
  const endpoints = reader.array(() => readEndpoint(reader));
  for (let left = reader.count(8); left > 0; left--) skipSignature(reader);
  skipSignature(reader);
  return reader.result({ token, timeoutMs, endpoints, maxRequestBytes: reader.u32() });
}

function readEndpoint(reader: UaReader): Endpoint {
  const url = reader.string() ?? '';
  skipApplication(reader);
  reader.bytes();
  const securityMode = reader.u32();
  reader.bytes();
  const identities = reader.array(() => {
    const policy = reader.string() ?? '';
    const type = reader.u32();
    for (let field = 0; field < 3; field++) reader.bytes();
    return { policy, type };
  });
  reader.bytes();
  reader.u8();
  return { url, securityMode, identities };
}

function skipApplication(reader: UaReader): void {
  reader.bytes();
  reader.bytes();
  reader.localizedText();
  reader.pass(4);
  reader.bytes();
  reader.bytes();
  for (let left = reader.count(4); left > 0; left--) reader.bytes();
}

function skipSignature(reader: UaReader): void {
  reader.bytes();
  reader.bytes();
}

export function readCreatedSubscription(reader: UaReader): Result<CreatedSubscription> {
  const id = reader.u32();
  const publishMs = reader.f64();
  return reader.result({ id, publishMs, lifetimeCount: reader.u32(), keepAliveCount: reader.u32() });
}

/** The status of each item, in the order in which they were asked for. */
export function readCreatedItems(reader: UaReader): Result<readonly number[]> {
  const statuses = reader.array(() => {
    const status = reader.u32();
    reader.pass(4 + 8 + 4);
    reader.extension();
    return status;
  });
  return reader.result(statuses);
}

export function readPublished(reader: UaReader): Result<Published> {
  const subscription = reader.u32();
  for (let left = reader.count(4); left > 0; left--) reader.pass(4);
  const moreFollows = reader.u8() !== 0;
  const message = readMessage(reader);
  return reader.result({ subscription, moreFollows, message });
}

export function readRepublished(reader: UaReader): Result<NotificationMessage> {
  return reader.result(readMessage(reader));
}

function readMessage(reader: UaReader): NotificationMessage {
  const sequence = reader.u32();
  reader.pass(8);
  const notifications = reader.array(() => {
    const { type, body } = reader.extension();
    const number = type.namespace === 0 && typeof type.identifier === 'number' ? type.identifier : 0;
    return { type: number, body };
  });
  return { sequence, notifications };
}
