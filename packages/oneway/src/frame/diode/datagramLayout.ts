/**
 * One datagram over the diode, byte by byte. All numbers are little-endian.
 *
 *     0        4     5      6        7         8        12       13  14  15
 *     +--------+-----+------+--------+---------+--------+--------+---+---+--------+
 *     | "TGDD" | ver | kind | stream | sending | key id | symbol | k | m | repeat |
 *     +--------+-----+------+--------+---------+--------+--------+---+---+--------+
 *     16        24      32           36             40      41     42     44
 *     +---------+-------+------------+--------------+-------+------+------+---------+-----+
 *     | session | group | groupBytes | first record | place | set  | zero | payload | tag |
 *     +---------+-------+------------+--------------+-------+------+------+---------+-----+
 *
 * The payload is encrypted with AES-256-GCM; the header is authenticated with it, and the tag of 16 bytes ends the datagram.
 * See `docs/formats/diode-datagram.md`.
 */

import { readSafeInteger, viewOf, writeSafeInteger } from '../frameLayout.ts';
import { MAX_SYMBOLS, symbolBytesOf } from './erasureCode.ts';

const DATAGRAM_MAGIC = 0x44444754; // "TGDD" read as a little-endian number
const DATAGRAM_VERSION = 1;

export const DATAGRAM_AT = {
  magic: 0,
  version: 4,
  kind: 5,
  stream: 6,
  sending: 7,
  keyId: 8,
  symbol: 12,
  k: 13,
  m: 14,
  repeat: 15,
  session: 16,
  group: 24,
  groupBytes: 32,
  firstRecord: 36,
  place: 40,
  setGroups: 41,
  zero: 42,
  payload: 44,
} as const;

export const TAG_BYTES = 16;
/** What a datagram takes beside its payload. */
export const DATAGRAM_OVERHEAD_BYTES = DATAGRAM_AT.payload + TAG_BYTES;
/** The headers of IPv6 and UDP; those of IPv4 are 20 bytes less, which are left unused. */
export const PACKET_OVERHEAD_BYTES = 48;

/** `symbol`: a part of a group. `beat`: the heartbeat of a stream, with its number in place of that of a group. */
export const DatagramKind = { symbol: 1, beat: 2 } as const;
export type DatagramKind = (typeof DatagramKind)[keyof typeof DatagramKind];

/** A gateway has a stream for each lane; more would only cost a receiver memory. */
export const MAX_STREAMS = 16;
export const MAX_SET_GROUPS = 64;
/** Stands for the first record of a group in which none begins. */
export const NO_RECORD = 0xffffffff;

export interface DatagramHeader {
  readonly kind: DatagramKind;
  /** The pre-shared key that the session's key comes from. */
  readonly keyId: number;
  /** The moment of the sender's start in microseconds; a later start has a greater one. */
  readonly session: number;
  /** A number that the sender gives each of its lanes. */
  readonly stream: number;
  /** Groups of a stream count from 0 in each session; for a beat, its own number, from 0 too. */
  readonly group: number;
  /** 0, or 1 when a group is sent for the second time. */
  readonly sending: number;
  /** Below `k` data, from `k` on parity. */
  readonly symbol: number;
  readonly k: number;
  readonly m: number;
  /** In how many tenths of a second the group is sent once more; 0 for never. */
  readonly repeat: number;
  /** Bytes of the group's data, without what fills its last symbols. */
  readonly groupBytes: number;
  /** Where in the group's data the first record begins, or `NO_RECORD`. */
  readonly firstRecord: number;
  /** The place of the group among the `setGroups` groups whose symbols are sent in turn. */
  readonly place: number;
  readonly setGroups: number;
}

/** The largest symbol whose datagram fits into packets of `mtu` bytes. */
export function maxSymbolBytes(mtu: number): number {
  return Math.floor((mtu - PACKET_OVERHEAD_BYTES - DATAGRAM_OVERHEAD_BYTES) / 16) * 16;
}

export function encodeDatagramHeader(header: DatagramHeader): Uint8Array {
  const bytes = new Uint8Array(DATAGRAM_AT.payload);
  const view = viewOf(bytes);
  view.setUint32(DATAGRAM_AT.magic, DATAGRAM_MAGIC, true);
  bytes[DATAGRAM_AT.version] = DATAGRAM_VERSION;
  bytes[DATAGRAM_AT.kind] = header.kind;
  bytes[DATAGRAM_AT.stream] = header.stream;
  bytes[DATAGRAM_AT.sending] = header.sending;
  view.setUint32(DATAGRAM_AT.keyId, header.keyId, true);
  bytes[DATAGRAM_AT.symbol] = header.symbol;
  bytes[DATAGRAM_AT.k] = header.k;
  bytes[DATAGRAM_AT.m] = header.m;
  bytes[DATAGRAM_AT.repeat] = header.repeat;
  writeSafeInteger(view, DATAGRAM_AT.session, header.session);
  writeSafeInteger(view, DATAGRAM_AT.group, header.group);
  view.setUint32(DATAGRAM_AT.groupBytes, header.groupBytes, true);
  view.setUint32(DATAGRAM_AT.firstRecord, header.firstRecord, true);
  bytes[DATAGRAM_AT.place] = header.place;
  bytes[DATAGRAM_AT.setGroups] = header.setGroups;
  return bytes;
}

/** The header of a datagram, nothing of which is proved yet; `undefined` where no sender of ours could have made it. */
export function decodeDatagramHeader(datagram: Uint8Array): DatagramHeader | undefined {
  const payloadBytes = datagram.length - DATAGRAM_OVERHEAD_BYTES;
  if (payloadBytes <= 0) return undefined;
  const view = viewOf(datagram);
  if (view.getUint32(DATAGRAM_AT.magic, true) !== DATAGRAM_MAGIC) return undefined;
  if (datagram[DATAGRAM_AT.version] !== DATAGRAM_VERSION || view.getUint16(DATAGRAM_AT.zero, true) !== 0) {
    return undefined;
  }
  const session = readSafeInteger(view, DATAGRAM_AT.session);
  const group = readSafeInteger(view, DATAGRAM_AT.group);
  if (session === undefined || session < 0 || group === undefined || group < 0) return undefined;
  const header = {
    kind: datagram[DATAGRAM_AT.kind] as DatagramKind,
    keyId: view.getUint32(DATAGRAM_AT.keyId, true),
    session,
    stream: datagram[DATAGRAM_AT.stream],
    group,
    sending: datagram[DATAGRAM_AT.sending],
    symbol: datagram[DATAGRAM_AT.symbol],
    k: datagram[DATAGRAM_AT.k],
    m: datagram[DATAGRAM_AT.m],
    repeat: datagram[DATAGRAM_AT.repeat],
    groupBytes: view.getUint32(DATAGRAM_AT.groupBytes, true),
    firstRecord: view.getUint32(DATAGRAM_AT.firstRecord, true),
    place: datagram[DATAGRAM_AT.place],
    setGroups: datagram[DATAGRAM_AT.setGroups],
  };
  if (header.stream >= MAX_STREAMS || header.sending > 1) return undefined;
  if (header.kind === DatagramKind.beat) return header;
  return header.kind === DatagramKind.symbol && isSymbol(header, payloadBytes) ? header : undefined;
}

function isSymbol(header: DatagramHeader, payloadBytes: number): boolean {
  const { k, m, symbol, groupBytes, firstRecord, place, setGroups, group } = header;
  if (k < 1 || k + m > MAX_SYMBOLS || symbol >= k + m) return false;
  if (groupBytes < 1 || symbolBytesOf(groupBytes, k) !== payloadBytes) return false;
  if (firstRecord >= groupBytes && firstRecord !== NO_RECORD) return false;
  return place < setGroups && setGroups <= MAX_SET_GROUPS && place <= group;
}
