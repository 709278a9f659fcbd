/**
 * The segments of the transport function, one to a frame of the link layer.
 *
 *     FIN | FIR | sequence (6 bits) | 1 to 249 bytes of a fragment
 *
 * FIR marks the first segment of a fragment and FIN the last. Source: IEEE Std 1815-2012, clause 8.2.
 */

import { MAX_USER_DATA_BYTES } from '../link/linkFrame.ts';

export const FIN = 0x80;
export const FIR = 0x40;
export const SEQUENCE_MASK = 0x3f;

/** The longest fragment that fits one segment; no request of ours is longer. */
export const MAX_SEGMENT_DATA_BYTES = MAX_USER_DATA_BYTES - 1;

/**
 * A fragment as the only segment of its series; `sequence` counts the segments sent to this outstation, and its lowest
 * six bits are sent. Throws where the fragment exceeds `MAX_SEGMENT_DATA_BYTES`.
 */
export function encodeSegment(sequence: number, fragment: Uint8Array): Uint8Array {
  if (fragment.length > MAX_SEGMENT_DATA_BYTES) throw new RangeError(`a request of ${fragment.length} bytes`);
  const segment = new Uint8Array(1 + fragment.length);
  segment[0] = FIN | FIR | (sequence & SEQUENCE_MASK);
  segment.set(fragment, 1);
  return segment;
}
