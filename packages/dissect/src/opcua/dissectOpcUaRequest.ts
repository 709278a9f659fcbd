/**
 * Reads one message of OPC UA over TCP as a client may send it, for the guard: which service it asks for, and what that does.
 *
 * Everything that a client of ours sends fits one chunk, in the clear: a part of a message, and one that is encrypted, cannot be
 * judged and is refused. A service that reading has no use for is named and its body is not read. On a connection there is one
 * server, whose address here is 0.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Dissector, OutboundRequest } from '../outboundRequest.ts';
import { dissectOpcUaChunk, MESSAGE_HEADER_BYTES, type OpcUaChunk, POLICY_NONE } from './dissectOpcUaChunk.ts';
import { UaCursor } from './uaCursor.ts';
import { requestHeader } from './uaFields.ts';
import { uaServiceOf } from './uaService.ts';

const STATION = 0;
const OPEN_SECURE_CHANNEL = 446;
const CLOSE_SECURE_CHANNEL = 452;
/** The longest URL of an endpoint (OPC 10000-6, 7.1.2.3). */
const MAX_URL_BYTES = 4096;

const malformed = (detail: string) => failure('frame.malformed', detail);

/** Faults: `frame.truncated`, `frame.malformed`. */
export const dissectOpcUaRequest: Dissector = (frame) => {
  const chunk = dissectOpcUaChunk(frame);
  if (!chunk.ok) return chunk;
  const { type } = chunk.value;
  if (chunk.value.chunk !== 'F') return malformed('a part of a message');
  if (type === 'HEL') return hello(frame);
  if (type !== 'OPN' && type !== 'MSG' && type !== 'CLO') return malformed(`${type} is nothing that a client sends`);
  return request(frame, chunk.value);
};

function hello(frame: Uint8Array): Result<OutboundRequest> {
  const cursor = new UaCursor(frame, MESSAGE_HEADER_BYTES);
  cursor.pass(20);
  const url = cursor.bytes();
  if (url && url.length > MAX_URL_BYTES) cursor.reject(`a URL of ${url.length} bytes`);
  return whole(cursor, { service: 'hello', effect: 'session', station: STATION });
}

function request(frame: Uint8Array, chunk: OpcUaChunk): Result<OutboundRequest> {
  const { type, policy, certified, message, bodyAt } = chunk;
  if (policy !== undefined && policy !== POLICY_NONE) return malformed('protected by a policy, so not to be read');
  if (certified) return malformed('a certificate without a policy');
  if ((type === 'OPN') !== (message === OPEN_SECURE_CHANNEL)) return malformed(`${type} with message ${message}`);
  if ((type === 'CLO') !== (message === CLOSE_SECURE_CHANNEL)) return malformed(`${type} with message ${message}`);
  const { service, effect, body } = uaServiceOf(message);
  const cursor = new UaCursor(frame, bodyAt);
  requestHeader(cursor);
  const asked = { service, effect, station: STATION };
  if (!body) return success(asked);
  body(cursor);
  return whole(cursor, asked);
}

function whole(cursor: UaCursor, request: OutboundRequest): Result<OutboundRequest> {
  if (cursor.defect !== undefined) return malformed(`${request.service}: ${cursor.defect}`);
  if (cursor.left > 0) return malformed(`${request.service} with ${cursor.left} bytes behind it`);
  return success(request);
}
