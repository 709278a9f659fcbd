/**
 * The outbound guard: reads every frame again, independently of the driver that made it, and lets pass only what the
 * driver's manifest declares, to stations that are configured.
 *
 * Invariant: `GuardedFrame` is made here and nowhere else, and a link writes nothing but guarded frames.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Dissector } from '@tidegate/dissect/outboundRequest.ts';
import type { DriverManifest } from '../driver.ts';

declare const guardedFrameBrand: unique symbol;

/** The bytes of one frame that the guard has read and allowed; a copy that nobody else holds, so nobody can change it. */
export type GuardedFrame = Uint8Array & { readonly [guardedFrameBrand]: 'GuardedFrame' };

export interface WriteGuard {
  /** Fault: `frame.forbidden`, with the frame in hexadecimal. */
  check(frame: Uint8Array): Result<GuardedFrame>;
}

/** A device that frames may be sent to, and the options of the manifest that are switched on for it. */
export interface GuardedStation {
  readonly station: number;
  readonly options: readonly string[];
}

/** The guard of one line. What writes, or is in no standard, is refused even where a manifest declares it. */
export function createWriteGuard(
  manifest: DriverManifest,
  dissect: Dissector,
  stations: readonly GuardedStation[],
): WriteGuard {
  const allowed = new Map(
    stations.map(({ station, options }) => {
      const services = manifest.outbound.filter(({ option }) => option === undefined || options.includes(option));
      return [station, new Set(services.map(({ service }) => service))];
    }),
  );
  return {
    check(frame) {
      // Not `frame.slice()`: that of a Buffer shares its bytes, and a subclass answers as it likes.
      const copy = new Uint8Array(frame.length);
      copy.set(frame);
      const dissected = dissect(copy);
      if (!dissected.ok) return forbidden(copy, `not one whole request: ${dissected.fault.detail}`);
      const { service, effect, station } = dissected.value;
      if (effect !== 'read' && effect !== 'session') return forbidden(copy, `${service} is not a read`);
      const services = allowed.get(station);
      if (!services) return forbidden(copy, `no device of this line has the address ${station}`);
      if (!services.has(service)) return forbidden(copy, `${service} is not declared by the driver`);
      return success(copy as GuardedFrame);
    },
  };
}

function forbidden(frame: Uint8Array, reason: string) {
  return failure('frame.forbidden', `${reason}; frame ${Buffer.from(frame).toString('hex')}`);
}
