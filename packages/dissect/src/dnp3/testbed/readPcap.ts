/** Takes the TCP and UDP payloads out of a classic pcap file, in the order of their packets. */

export interface CapturedPayload {
  /** From 1, as every analyser numbers them. */
  readonly packet: number;
  /** Sender and receiver, for telling the streams apart. */
  readonly flow: string;
  /** Absent for UDP, whose payloads stand alone. */
  readonly tcpSequence?: number;
  readonly payload: Uint8Array;
}

const LINK_HEADER_BYTES = new Map([
  [0, 4], // loopback
  [1, 14], // Ethernet
  [101, 0], // raw IP
  [113, 16], // Linux cooked
]);
const TCP = 6;
const UDP = 17;

export function readPcap(file: Uint8Array): CapturedPayload[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const littleEndian = [0xd4c3b2a1, 0x4d3cb2a1].includes(view.getUint32(0));
  const linkBytes = LINK_HEADER_BYTES.get(view.getUint32(20, littleEndian)) ?? 14;
  const payloads: CapturedPayload[] = [];
  for (let at = 24, packet = 1; at + 16 <= file.length; packet++) {
    const length = view.getUint32(at + 8, littleEndian);
    const payload = payloadOf(file.subarray(at + 16 + linkBytes, at + 16 + length), packet);
    if (payload && payload.payload.length > 0) payloads.push(payload);
    at += 16 + length;
  }
  return payloads;
}

function payloadOf(ip: Uint8Array, packet: number): CapturedPayload | undefined {
  if (ip.length < 20 || ip[0] >> 4 !== 4) return undefined;
  const view = new DataView(ip.buffer, ip.byteOffset, ip.byteLength);
  const at = (ip[0] & 0x0f) * 4;
  const end = Math.min(ip.length, view.getUint16(2) || ip.length);
  if (at + 8 > end) return undefined;
  const flow = `${view.getUint32(12)}:${view.getUint16(at)}>${view.getUint32(16)}:${view.getUint16(at + 2)}`;
  if (ip[9] === UDP) return { packet, flow, payload: ip.subarray(at + 8, end) };
  if (ip[9] !== TCP || at + 20 > end) return undefined;
  const payload = ip.subarray(at + (ip[at + 12] >> 4) * 4, end);
  return { packet, flow, tcpSequence: view.getUint32(at + 4), payload };
}
