/** Frames as an outstation sends them, for tests; made by hand, because the driver's codec has only those of a master. */

import { writeCrc } from '../link/crc.ts';
import { BLOCK_BYTES, bodyBytes, HEADER_BYTES } from '../link/linkFrame.ts';

/** DIR clear, PRM set, unconfirmed user data. */
const FROM_OUTSTATION = 0x44;
const WHOLE_FRAGMENT = 0xc0;

/** A frame with `data` as its user data. */
export function outstationFrame(source: number, data: Uint8Array, destination = 1): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + bodyBytes(data.length));
  frame.set([0x05, 0x64, 5 + data.length, FROM_OUTSTATION]);
  new DataView(frame.buffer).setUint16(4, destination, true);
  new DataView(frame.buffer).setUint16(6, source, true);
  let at = writeCrc(frame, 0, 8);
  for (let from = 0; from < data.length; from += BLOCK_BYTES) {
    const block = data.subarray(from, from + BLOCK_BYTES);
    frame.set(block, at);
    at = writeCrc(frame, at, at + block.length);
  }
  return frame;
}

/** A fragment that fits one frame; `segment` counts them. */
export function fragmentFrame(source: number, fragment: string, segment = 0): Uint8Array {
  const bytes = Buffer.from(fragment.replaceAll(/\s/g, ''), 'hex');
  return outstationFrame(source, Uint8Array.of(WHOLE_FRAGMENT | (segment & 0x3f), ...bytes));
}
