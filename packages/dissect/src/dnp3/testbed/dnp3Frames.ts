/** Cuts the payloads of a capture into link frames, each numbered by the packet that ends it. */

import { dnp3FrameLength } from '../dissectDnp3Link.ts';
import type { CapturedPayload } from './readPcap.ts';

export interface CapturedFrame {
  readonly packet: number;
  readonly flow: string;
  readonly bytes: Uint8Array;
}

export function dnp3Frames(payloads: readonly CapturedPayload[]): CapturedFrame[] {
  const streams = new Map<string, { next: number | undefined; kept: Uint8Array }>();
  const frames: CapturedFrame[] = [];
  for (const { packet, flow, tcpSequence, payload } of payloads) {
    const stream = streams.get(flow) ?? { next: tcpSequence, kept: new Uint8Array() };
    streams.set(flow, stream);
    const repeated = tcpSequence === undefined ? 0 : ((stream.next ?? tcpSequence) - tcpSequence) | 0;
    if (repeated >= payload.length) continue;
    if (tcpSequence !== undefined) stream.next = (tcpSequence + payload.length) >>> 0;
    let rest = Buffer.concat([stream.kept, payload.subarray(Math.max(0, repeated))]);
    for (let length = frameAt(rest); length !== undefined; length = frameAt(rest)) {
      if (length > 0) frames.push({ packet, flow, bytes: rest.subarray(0, length) });
      rest = rest.subarray(Math.max(1, length));
    }
    stream.kept = tcpSequence === undefined ? new Uint8Array() : rest;
  }
  return frames;
}

/** The length of the frame at the start; 0 for an octet that begins none, `undefined` where more octets are needed. */
function frameAt(bytes: Uint8Array): number | undefined {
  if (bytes.length === 0) return undefined;
  const length = dnp3FrameLength(bytes);
  if (!length.ok) return length.fault.code === 'frame.truncated' ? undefined : 0;
  return length.value <= bytes.length ? length.value : undefined;
}
