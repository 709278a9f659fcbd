/** HELLO: the first frame of a connection, in which a gateway says who it is and which blocks of which lane follow. */

import { MAX_GATEWAY_BYTES } from '@tidegate/core/block/blockLayout.ts';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Role, SpoolClaim, StreamName } from '@tidegate/core/port/blockSink.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { HELLO_AT, HELLO_MAGIC, INSTANCE_BYTES, PROTOCOL_VERSION, viewOf } from './frameLayout.ts';
import { readPosition, writePosition } from './position.ts';

/** The place is the number. */
const ROLES: readonly Role[] = ['live', 'backlog'];

export interface Hello extends StreamName, SpoolClaim {
  /** No block before this one follows on this connection. */
  readonly first: BlockPosition;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws on a name that is empty or too long, which configuration has refused before, and on what is no instance. */
export function encodeHello(hello: Hello): Uint8Array {
  const gateway = encoder.encode(hello.gateway);
  if (gateway.length < 1 || gateway.length > MAX_GATEWAY_BYTES) {
    throw new RangeError(`gateway name of ${gateway.length} bytes`);
  }
  const instance = Uint8Array.fromHex(hello.instance);
  if (instance.length !== INSTANCE_BYTES) throw new RangeError(`instance of ${instance.length} bytes`);
  const payload = new Uint8Array(HELLO_AT.gateway + gateway.length);
  const view = viewOf(payload);
  view.setUint32(HELLO_AT.magic, HELLO_MAGIC, true);
  view.setUint16(HELLO_AT.version, PROTOCOL_VERSION, true);
  view.setUint8(HELLO_AT.lane, LANES.indexOf(hello.lane));
  view.setUint8(HELLO_AT.role, ROLES.indexOf(hello.role));
  writePosition(view, HELLO_AT.first, hello.first);
  writePosition(view, HELLO_AT.oldest, hello.oldest);
  payload.set(instance, HELLO_AT.instance);
  view.setUint8(HELLO_AT.gatewayLength, gateway.length);
  payload.set(gateway, HELLO_AT.gateway);
  return payload;
}

/** Faults: `boundary.malformed`, `boundary.version`. */
export function decodeHello(payload: Uint8Array): Result<Hello> {
  if (payload.length <= HELLO_AT.gateway) return failure('boundary.malformed', `HELLO of ${payload.length} bytes`);
  const view = viewOf(payload);
  if (view.getUint32(HELLO_AT.magic, true) !== HELLO_MAGIC) {
    return failure('boundary.malformed', 'HELLO does not begin with TGOW');
  }
  const version = view.getUint16(HELLO_AT.version, true);
  if (version !== PROTOCOL_VERSION) {
    return failure('boundary.version', `version ${version}; this program knows ${PROTOCOL_VERSION}`);
  }
  const lane = LANES[view.getUint8(HELLO_AT.lane)];
  const role = ROLES[view.getUint8(HELLO_AT.role)];
  const first = readPosition(view, HELLO_AT.first)?.value;
  const oldest = readPosition(view, HELLO_AT.oldest)?.value;
  const instance = payload.subarray(HELLO_AT.instance, HELLO_AT.instance + INSTANCE_BYTES).toHex();
  if (!lane) return failure('boundary.malformed', `HELLO for lane ${view.getUint8(HELLO_AT.lane)}`);
  if (!role || !first || !oldest) return failure('boundary.malformed', 'HELLO without a role or a first block');
  if (HELLO_AT.gateway + view.getUint8(HELLO_AT.gatewayLength) !== payload.length) {
    return failure('boundary.malformed', 'the gateway name does not fill the HELLO');
  }
  try {
    const gateway = decoder.decode(payload.subarray(HELLO_AT.gateway));
    return success({ gateway, lane, role, first, oldest, instance });
  } catch {
    return failure('boundary.malformed', 'the gateway name is not UTF-8');
  }
}
