/**
 * The outbound guard: reads every frame again, independently of the driver that made it, and lets pass only the reads
 * that the driver's manifest declares.
 *
 * Invariant: `GuardedFrame` is made here and nowhere else, and a link writes nothing but guarded frames.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { dissectModbus } from '@tidegate/dissect/modbus/dissectModbus.ts';
import type { DriverManifest } from '../driver.ts';

declare const guardedFrameBrand: unique symbol;

/** The bytes of one frame that the guard has read and allowed; a copy that nobody else holds, so nobody can change it. */
export type GuardedFrame = Uint8Array & { readonly [guardedFrameBrand]: 'GuardedFrame' };

export interface WriteGuard {
  /** Fault: `frame.forbidden`, with the frame in hexadecimal. */
  check(frame: Uint8Array): Result<GuardedFrame>;
}

/** What the guard wants to know of a request, in any protocol. */
interface OutboundRequest {
  readonly code: number;
  readonly reads: boolean;
}

const DISSECTORS: ReadonlyMap<string, (frame: Uint8Array) => Result<OutboundRequest>> = new Map([
  ['modbus-tcp', modbusRequest],
]);

/**
 * The guard of one driver. A write is refused even where a manifest declares it. Throws where the protocol has no
 * dissector: a driver that nobody can check must not start.
 */
export function createWriteGuard(manifest: DriverManifest): WriteGuard {
  const dissect = DISSECTORS.get(manifest.protocol);
  if (!dissect) throw new Error(`no dissector for ${manifest.protocol}`);
  const allowed = new Set(manifest.outbound.map((service) => service.code));
  return {
    check(frame) {
      // Not `frame.slice()`: that of a Buffer shares its bytes, and a subclass answers as it likes.
      const copy = new Uint8Array(frame.length);
      copy.set(frame);
      const request = dissect(copy);
      if (!request.ok) return forbidden(copy, `not one whole request: ${request.fault.detail}`);
      const { code, reads } = request.value;
      if (!reads) return forbidden(copy, `function code ${code} is not a read`);
      if (!allowed.has(code)) return forbidden(copy, `function code ${code} is not declared by the driver`);
      return success(copy as GuardedFrame);
    },
  };
}

function modbusRequest(frame: Uint8Array): Result<OutboundRequest> {
  const dissected = dissectModbus(frame, 'request');
  if (!dissected.ok) return dissected;
  const { functionCode, service, writes } = dissected.value;
  return success({ code: functionCode, reads: service === 'read' && writes === undefined });
}

function forbidden(frame: Uint8Array, reason: string) {
  return failure('frame.forbidden', `${reason}; frame ${Buffer.from(frame).toString('hex')}`);
}
