/**
 * Reads one message, or chunk of one, of OPC UA over TCP, whoever sent it (OPC 10000-6, 6.7.2 and 7.1.2).
 *
 *     all     type (3 letters), F C or A, size (4)
 *     HEL     version, three sizes, count (4 each), URL        ACK  version, three sizes, count        ERR  code, reason
 *     OPN     channel (4), policy, certificate, thumbprint, sequence (4), request (4), body
 *     MSG CLO channel (4), token (4), sequence (4), request (4), body
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { UaCursor } from './uaCursor.ts';
import { nodeId } from './uaFields.ts';

export interface OpcUaChunk {
  readonly type: string;
  /** `F` is the last or only chunk of a message, `C` is followed by more, `A` gives the message up. */
  readonly chunk: string;
  /** The policy by which the body is protected; absent where the header has none. */
  readonly policy: string | undefined;
  /** What stands before the body in the clear besides: a certificate and the thumbprint of another. */
  readonly certified: boolean;
  /** The number of the message in the body, where the chunk begins one and is not encrypted. */
  readonly message: number | undefined;
  /** Where the body goes on behind that number. */
  readonly bodyAt: number;
}

export const POLICY_NONE = 'http://opcfoundation.org/UA/SecurityPolicy#None';
export const MESSAGE_HEADER_BYTES = 8;
const TYPES = ['HEL', 'ACK', 'ERR', 'RHE', 'OPN', 'MSG', 'CLO'];
const CHUNKS = ['F', 'C', 'A'];

/** Faults: `frame.truncated`, `frame.malformed`. */
export function dissectOpcUaChunk(frame: Uint8Array): Result<OpcUaChunk> {
  if (frame.length < MESSAGE_HEADER_BYTES) return failure('frame.truncated', `${frame.length} bytes are no header`);
  const type = String.fromCharCode(frame[0], frame[1], frame[2]);
  const chunk = String.fromCharCode(frame[3]);
  if (!TYPES.includes(type) || !CHUNKS.includes(chunk)) return failure('frame.malformed', 'no message of OPC UA');
  const cursor = new UaCursor(frame, 4);
  const size = cursor.u32();
  if (size > frame.length) return failure('frame.truncated', `${frame.length} of ${size} bytes`);
  if (size < frame.length) return failure('frame.malformed', `${frame.length - size} bytes behind the message`);
  const opens = type === 'OPN';
  const secured = opens || type === 'MSG' || type === 'CLO';
  if (!secured) return success({ type, chunk, policy: undefined, certified: false, message: undefined, bodyAt: 8 });
  cursor.pass(4);
  const policy = opens ? (cursor.string() ?? '') : undefined;
  const certificate = opens ? cursor.bytes() : undefined;
  const thumbprint = opens ? cursor.bytes() : undefined;
  if (!opens) cursor.pass(4);
  const legible = chunk === 'F' && (policy ?? POLICY_NONE) === POLICY_NONE;
  if (legible) cursor.pass(8);
  const message = legible ? nodeId(cursor) : undefined;
  if (cursor.defect !== undefined) return failure('frame.malformed', cursor.defect);
  const certified = certificate !== undefined || thumbprint !== undefined;
  return success({ type, chunk, policy, certified, message, bodyAt: cursor.at });
}
