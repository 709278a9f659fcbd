/**
 * What a fragment of the application layer begins with.
 *
 *     request    control | function | objects ...
 *     response   control | function | internal indications (2) | objects ...
 *
 *     control    FIR | FIN | CON | UNS | sequence (4 bits)
 *
 * Source: IEEE Std 1815-2012, 4.2.2.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { decodeIndications, type InternalIndications } from './internalIndications.ts';

export const FIR = 0x80;
export const FIN = 0x40;
export const CON = 0x20;
export const UNS = 0x10;
export const SEQUENCE_MASK = 0x0f;

const RESPONSE = 129;
const UNSOLICITED_RESPONSE = 130;
const RESPONSE_HEADER_BYTES = 4;

/** A fragment that an outstation sent, its objects not yet decoded. */
export interface Response {
  /** FIR and FIN: whether the fragment is the first, and the last, of its answer. */
  readonly first: boolean;
  readonly final: boolean;
  /** CON: the outstation waits for a confirm, and keeps its events until it comes. */
  readonly confirm: boolean;
  /** It was not asked for; its sequence numbers are a series of their own. */
  readonly unsolicited: boolean;
  /** 0 to 15: that of the request that it answers, or one more than the fragment before. */
  readonly sequence: number;
  readonly indications: InternalIndications;
  /** The object headers and objects; a view of the fragment. */
  readonly objects: Uint8Array;
}

/** Faults: `frame.truncated`, `frame.malformed`. */
export function decodeResponse(fragment: Uint8Array): Result<Response> {
  if (fragment.length < RESPONSE_HEADER_BYTES) {
    return failure('frame.truncated', `a response of ${fragment.length} bytes`);
  }
  const [control, functionCode, low, high] = fragment;
  if (functionCode !== RESPONSE && functionCode !== UNSOLICITED_RESPONSE) {
    return failure('frame.malformed', `function code ${functionCode}, which is no response`);
  }
  const unsolicited = functionCode === UNSOLICITED_RESPONSE;
  if (unsolicited !== ((control & UNS) !== 0)) {
    return failure('frame.malformed', `function code ${functionCode} contradicts the UNS bit`);
  }
  const first = (control & FIR) !== 0;
  const final = (control & FIN) !== 0;
  if (unsolicited && !(first && final)) {
    return failure('frame.malformed', 'an unsolicited response of several fragments');
  }
  return success({
    first,
    final,
    confirm: (control & CON) !== 0,
    unsolicited,
    sequence: control & SEQUENCE_MASK,
    indications: decodeIndications(low, high),
    objects: fragment.subarray(RESPONSE_HEADER_BYTES),
  });
}
