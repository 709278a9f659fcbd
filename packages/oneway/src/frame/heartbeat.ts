/** HEARTBEAT: what a gateway says of a lane every second, in a fixed number of bytes. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { TALLY_FIELDS, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import {
  HEARTBEAT_AT,
  HEARTBEAT_BYTES,
  POLICY_DIGEST_BYTES,
  readSafeInteger,
  viewOf,
  writeSafeInteger,
} from './frameLayout.ts';
import { readPosition, writePosition } from './position.ts';

const DEPTH_FIELDS = ['blocks', 'samples', 'bytes'] as const;
/** Stands for the digest where there is no policy. */
const NO_POLICY = '0'.repeat(POLICY_DIGEST_BYTES * 2);

/** Throws on a digest of a wrong length, which is a bug. */
export function encodeHeartbeat(heartbeat: Heartbeat): Uint8Array {
  const payload = new Uint8Array(HEARTBEAT_BYTES);
  const view = viewOf(payload);
  writeSafeInteger(view, HEARTBEAT_AT.at, heartbeat.at);
  writePosition(view, HEARTBEAT_AT.head, heartbeat.head);
  writePosition(view, HEARTBEAT_AT.oldest, heartbeat.oldest);
  for (const [index, field] of DEPTH_FIELDS.entries()) {
    writeSafeInteger(view, HEARTBEAT_AT.depth + index * 8, heartbeat.depth[field]);
  }
  for (const [index, field] of TALLY_FIELDS.entries()) {
    writeSafeInteger(view, HEARTBEAT_AT.tally + index * 8, heartbeat.tally[field]);
  }
  const policy = heartbeat.policy ?? NO_POLICY;
  if (policy.length !== NO_POLICY.length) throw new RangeError(`policy digest of ${policy.length} digits`);
  payload.set(Uint8Array.fromHex(policy), HEARTBEAT_AT.policy);
  return payload;
}

/** Fault: `boundary.malformed`. */
export function decodeHeartbeat(payload: Uint8Array): Result<Heartbeat> {
  if (payload.length !== HEARTBEAT_BYTES) {
    return failure('boundary.malformed', `HEARTBEAT of ${payload.length} bytes instead of ${HEARTBEAT_BYTES}`);
  }
  const view = viewOf(payload);
  const at = readSafeInteger(view, HEARTBEAT_AT.at);
  const head = readPosition(view, HEARTBEAT_AT.head);
  const oldest = readPosition(view, HEARTBEAT_AT.oldest);
  const depth = readCounts(view, HEARTBEAT_AT.depth, DEPTH_FIELDS);
  const tally: Tally | undefined = readCounts(view, HEARTBEAT_AT.tally, TALLY_FIELDS);
  if (at === undefined || !head || !oldest || !depth || !tally) {
    return failure('boundary.malformed', 'HEARTBEAT with a number out of range');
  }
  const digest = payload.subarray(HEARTBEAT_AT.policy).toHex();
  const policy = digest === NO_POLICY ? undefined : digest;
  return success({ at: at as Timestamp, head: head.value, oldest: oldest.value, depth, tally, policy });
}

function readCounts<Field extends string>(
  view: DataView,
  at: number,
  fields: readonly Field[],
): Record<Field, number> | undefined {
  const counts: Partial<Record<Field, number>> = {};
  for (const [index, field] of fields.entries()) {
    const count = readSafeInteger(view, at + index * 8);
    if (count === undefined || count < 0) return undefined;
    counts[field] = count;
  }
  return counts as Record<Field, number>;
}
