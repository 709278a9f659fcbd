/** Puts frames that must be refused to the guard of a line. No medium is opened, and no device is touched. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { AnyDriver } from '../driver.ts';
import { deadEndLink } from '../transport/openLine.ts';
import { createWriteGuard, type WriteGuard } from '../transport/writeGuard.ts';
import { guardOf, type LineConfig } from './line.ts';

const PORTS = { clock: systemClock, events: () => {} };

/**
 * Which of `frames` get past the guard of the line as it is configured, or past one that knows the stations that the frames
 * are for and allows them what any device of the line is allowed, so that it is not the address that refuses them.
 */
export function framesNotRefused(line: LineConfig, frames: readonly Uint8Array[]): readonly Uint8Array[] {
  const { driver, devices } = line;
  const options = devices.flatMap((device) => driver.allowedBy?.(device.options) ?? []);
  const stations = [...stationsOf(driver, frames)].map((station) => ({ station, options }));
  const guards = [guardOf(line), createWriteGuard(driver.manifest, driver.dissect, stations)];
  return frames.filter((frame) => !guards.every((guard) => isRefused(frame, guard)));
}

/** Refused, nothing sent, and the link given up. */
function isRefused(frame: Uint8Array, guard: WriteGuard): boolean {
  const { link, end } = deadEndLink(guard, PORTS);
  const sent = link.send(frame);
  const refused = !sent.ok && end.sentBytes === 0 && end.released;
  link.close();
  return refused;
}

function stationsOf({ dissect }: AnyDriver, frames: readonly Uint8Array[]): Set<number> {
  const stations = frames.flatMap((frame) => {
    const dissected = dissect(frame);
    return dissected.ok ? [dissected.value.station] : [];
  });
  return new Set(stations);
}
