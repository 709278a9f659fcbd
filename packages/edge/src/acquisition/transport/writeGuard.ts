/**
 * The outbound guard, the last lock before a device. It reads every frame again, with a parser that shares no code with the
 * driver, and lets pass only
 *
 *     1. one whole frame, which the parser understands to the last byte,
 *     2. that reads, or that changes nothing but the conversation (effect `read` or `session`),
 *     3. to a station that is configured on this line,
 *     4. for a service that the manifest of the driver declares with this effect; where it names an option, only to a
 *        station for which the configuration has switched it on.
 *
 * All else is refused. What writes, or is in no standard, is refused by 2 whatever a manifest or a configuration says.
 *
 * Invariant: `GuardedFrame` is made here and nowhere else, and a link writes nothing but guarded frames.
 * docs/security.md tells how to audit this, and which test holds what.
 */

import { types } from 'node:util';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Dissector, Effect } from '@tidegate/dissect/outboundRequest.ts';
import type { DriverManifest } from '../driver.ts';

declare const guardedFrameBrand: unique symbol;

/** The bytes of one frame that the guard has read and allowed; a copy that nobody else holds, so nobody can change it. */
export type GuardedFrame = Uint8Array & { readonly [guardedFrameBrand]: 'GuardedFrame' };

export interface WriteGuard {
  /** Fault: `frame.forbidden`, with the frame in hexadecimal. Throws on what is no `Uint8Array` at all. */
  check(frame: Uint8Array): Result<GuardedFrame>;
}

/** A device that frames may be sent to, and the options of the manifest that are switched on for it. */
export interface GuardedStation {
  readonly station: number;
  readonly options: readonly string[];
}

/** More than a frame of any protocol here, and a bound for what a refusal brings into the log. */
const MAX_SHOWN_BYTES = 1024;

/** The guard of one line. What it allows is settled here, once: it looks at neither manifest nor configuration again. */
export function createWriteGuard(
  manifest: DriverManifest,
  dissect: Dissector,
  stations: readonly GuardedStation[],
): WriteGuard {
  const declaredFor = new Map(stations.map(({ station, options }) => [station, declaredEffects(manifest, options)]));
  return {
    check(frame) {
      const copy = copyOf(frame);
      const dissected = dissect(copy);
      if (!dissected.ok) return forbidden(copy, `not one whole request: ${dissected.fault.detail}`);
      const { service, effect, station } = dissected.value;
      if (effect !== 'read' && effect !== 'session') return forbidden(copy, `${service} is not a read`);
      const declared = declaredFor.get(station);
      if (!declared) return forbidden(copy, `no device of this line has the address ${station}`);
      if (declared.get(service) !== effect) return forbidden(copy, `${service} is not declared by the driver`);
      return success(copy as GuardedFrame);
    },
  };
}

/** By service, what a device with these options may be asked. */
function declaredEffects({ outbound }: DriverManifest, options: readonly string[]): ReadonlyMap<string, Effect> {
  const services = outbound.filter(({ option }) => option === undefined || options.includes(option));
  return new Map(services.map(({ service, effect }) => [service, effect]));
}

/**
 * The bytes of the frame as they lie in memory now, in memory of our own. An object can answer as it likes when it is asked for
 * its length, its buffer or a slice; the copy constructor of a true `Uint8Array` asks it for nothing.
 */
function copyOf(frame: Uint8Array): Uint8Array {
  if (!types.isUint8Array(frame)) throw new TypeError('a frame is a Uint8Array and nothing else');
  return new Uint8Array(frame);
}

function forbidden(frame: Uint8Array, reason: string) {
  const shown = Buffer.from(frame.subarray(0, MAX_SHOWN_BYTES)).toString('hex');
  const cut = frame.length > MAX_SHOWN_BYTES ? `... (${frame.length} bytes)` : '';
  return failure('frame.forbidden', `${reason}; frame ${shown}${cut}`);
}
