/** Proves that no frame that writes gets past the guards of this configuration. No device is touched. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { AnyDriver } from '@tidegate/edge/acquisition/driver.ts';
import { guardOf, type LineConfig } from '@tidegate/edge/acquisition/line/line.ts';
import { GuardedLink } from '@tidegate/edge/acquisition/transport/guardedLink.ts';
import { Refusals } from '@tidegate/edge/acquisition/transport/refusals.ts';
import { createWriteGuard, type WriteGuard } from '@tidegate/edge/acquisition/transport/writeGuard.ts';
import { type Check, failed, proved, unchecked } from '@tidegate/process/selftest/check.ts';
import { GATEWAY_CONTROLS } from '@tidegate/process/selftest/controls.ts';
import { DeadEnd } from './deadEnd.ts';

const CONTROL = GATEWAY_CONTROLS.writes;
const FORBIDDEN_FILE = 'forbidden.txt';
/** Frames that got through are named, so many of them. */
const MAX_NAMED = 5;

interface ForbiddenFrame {
  readonly bytes: Uint8Array;
  /** What it is, as the file says. */
  readonly text: string;
}

/** `folderOf` gives the folder of a driver, by its protocol; its `forbidden.txt` lists what must be refused. */
export async function proveWritesRefused(
  lines: readonly LineConfig[],
  folderOf: (protocol: string) => string | undefined,
): Promise<Check> {
  const tried: string[] = [];
  const passed: string[] = [];
  for (const line of lines) {
    const { protocol } = line.driver.manifest;
    const folder = folderOf(protocol);
    const text = folder && (await readFile(join(folder, FORBIDDEN_FILE), 'utf8').catch(() => undefined));
    const frames = text ? forbiddenFrames(text, protocol) : [];
    if (frames.length === 0) return unchecked(CONTROL, `the driver for ${protocol} comes with no frames to try`);
    for (const guard of guardsOf(line, frames)) {
      for (const frame of frames) if (!isStopped(frame.bytes, guard)) passed.push(`${line.name}: ${frame.text}`);
    }
    tried.push(`${line.name} (${protocol}): ${frames.length} frames`);
  }
  if (tried.length === 0) return unchecked(CONTROL, 'the configuration has no devices');
  const did =
    'gave forbidden frames to the guard of each line as it is configured, and to one that knows the stations they are for, ' +
    `over a connection that leads nowhere: ${tried.join('; ')}`;
  if (passed.length === 0)
    return proved(CONTROL, did, 'each was refused, no byte was sent, and the connection was given up');
  return failed(CONTROL, did, `${passed.length} were not stopped: ${passed.slice(0, MAX_NAMED).join('; ')}`);
}

/** As it is configured; and with the stations of the frames added, so that what refuses them is not the address. */
function guardsOf(line: LineConfig, frames: readonly ForbiddenFrame[]): readonly WriteGuard[] {
  const { driver, devices } = line;
  const options = devices.flatMap((device) => driver.allowedBy?.(device.options) ?? []);
  const stations = [...stationsOf(driver, frames)].map((station) => ({ station, options }));
  return [guardOf(line), createWriteGuard(driver.manifest, driver.dissect, stations)];
}

function stationsOf({ dissect }: AnyDriver, frames: readonly ForbiddenFrame[]): Set<number> {
  const stations = frames.flatMap(({ bytes }) => {
    const dissected = dissect(bytes);
    return dissected.ok ? [dissected.value.station] : [];
  });
  return new Set(stations);
}

/** Refused, nothing sent, and the connection given up. */
function isStopped(frame: Uint8Array, guard: WriteGuard): boolean {
  const medium = new DeadEnd();
  const refusals = new Refusals('guard.refused', 'selftest', systemClock, () => {});
  const sent = new GuardedLink(medium, guard, refusals, systemClock).send(frame);
  const stopped = !sent.ok && medium.sentBytes === 0 && medium.released;
  medium.release();
  return stopped;
}

/** Hexadecimal, `;`, what it is; a line such as `[modbus-rtu]` says for which protocol those after it are. */
function forbiddenFrames(text: string, protocol: string): ForbiddenFrame[] {
  const frames: ForbiddenFrame[] = [];
  let isOurs = true;
  for (const line of text.split('\n').map((one) => one.replace(/#.*/, '').trim())) {
    const section = /^\[(.+)\]$/.exec(line);
    if (section) isOurs = section[1] === protocol;
    else if (isOurs && line !== '') {
      const [hex, what = 'a frame'] = line.split(';');
      frames.push({ bytes: Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'), text: what.trim() });
    }
  }
  return frames;
}
