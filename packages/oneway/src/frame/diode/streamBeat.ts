/** What a sender says of a stream twice a second: whose it is, how far it has been sent, and the heartbeat of its lane. */

import { MAX_GATEWAY_BYTES } from '@tidegate/core/block/blockLayout.ts';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Heartbeat, StreamName } from '@tidegate/core/port/blockSink.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { HEARTBEAT_BYTES, readSafeInteger, viewOf, writeSafeInteger } from '../frameLayout.ts';
import { decodeHeartbeat, encodeHeartbeat } from '../heartbeat.ts';
import { readPosition, writePosition } from '../position.ts';

/** A block that has been sent whole, and how many samples its gateway had accepted up to its end. */
export interface SentMark {
  readonly position: BlockPosition;
  readonly accepted: number;
}

export interface StreamBeat extends StreamName {
  /** How many groups have been sent whole, parity included. */
  readonly groups: number;
  /** The last block that has been sent whole; `undefined` where there is none in this session. */
  readonly sent: SentMark | undefined;
  /** SHA-256 of the sender's configuration, so that a change is seen at the other end. */
  readonly configurationDigest: Uint8Array;
  readonly heartbeat: Heartbeat;
}

/**
 *     0      1   2      4        12       28         36       68          68 + h
 *     +------+---+------+--------+--------+----------+--------+-----------+---------+
 *     | lane | n | zero | groups | sent   | accepted | digest | heartbeat | gateway |
 *     +------+---+------+--------+--------+----------+--------+-----------+---------+
 */
const AT = {
  lane: 0,
  gatewayLength: 1,
  zero: 2,
  groups: 4,
  sent: 12,
  accepted: 28,
  digest: 36,
  heartbeat: 68,
} as const;
const CONFIGURATION_DIGEST_BYTES = 32;
const GATEWAY_AT = AT.heartbeat + HEARTBEAT_BYTES;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const malformed = (detail: string) => failure('boundary.malformed', detail);

/** Throws on a digest or a name of a wrong length: configuration has refused it before. */
export function encodeStreamBeat(beat: StreamBeat): Uint8Array {
  const gateway = new TextEncoder().encode(beat.gateway);
  if (gateway.length < 1 || gateway.length > MAX_GATEWAY_BYTES) {
    throw new RangeError(`gateway name of ${gateway.length} bytes`);
  }
  if (beat.configurationDigest.length !== CONFIGURATION_DIGEST_BYTES) throw new RangeError('digest of a wrong length');
  const payload = new Uint8Array(GATEWAY_AT + gateway.length);
  const view = viewOf(payload);
  payload[AT.lane] = LANES.indexOf(beat.lane);
  payload[AT.gatewayLength] = gateway.length;
  writeSafeInteger(view, AT.groups, beat.groups);
  writePosition(view, AT.sent, beat.sent?.position);
  writeSafeInteger(view, AT.accepted, beat.sent?.accepted ?? 0);
  payload.set(beat.configurationDigest, AT.digest);
  payload.set(encodeHeartbeat(beat.heartbeat), AT.heartbeat);
  payload.set(gateway, GATEWAY_AT);
  return payload;
}

/** Fault: `boundary.malformed`. */
export function decodeStreamBeat(payload: Uint8Array): Result<StreamBeat> {
  if (payload.length <= GATEWAY_AT || payload.length !== GATEWAY_AT + payload[AT.gatewayLength]) {
    return malformed(`beat of ${payload.length} bytes`);
  }
  const view = viewOf(payload);
  const lane = LANES[payload[AT.lane]];
  const groups = readSafeInteger(view, AT.groups);
  const position = readPosition(view, AT.sent);
  const accepted = readSafeInteger(view, AT.accepted);
  if (!lane || view.getUint16(AT.zero, true) !== 0) return malformed('beat of an unknown lane');
  if (groups === undefined || groups < 0 || !position || accepted === undefined || accepted < 0) {
    return malformed('beat with a number out of range');
  }
  const heartbeat = decodeHeartbeat(payload.subarray(AT.heartbeat, GATEWAY_AT));
  if (!heartbeat.ok) return heartbeat;
  const sent = position.value ? { position: position.value, accepted } : undefined;
  const configurationDigest = payload.slice(AT.digest, AT.heartbeat);
  try {
    const gateway = decoder.decode(payload.subarray(GATEWAY_AT));
    return success({ gateway, lane, groups, sent, configurationDigest, heartbeat: heartbeat.value });
  } catch {
    return malformed('the gateway name is not UTF-8');
  }
}
