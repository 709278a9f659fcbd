/** Proves that no frame that writes gets past the guards of this configuration. No device is touched. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { framesNotRefused } from '@tidegate/edge/acquisition/line/guardDrill.ts';
import type { LineConfig } from '@tidegate/edge/acquisition/line/line.ts';
import { type Check, failed, proved, unchecked } from '@tidegate/process/selftest/check.ts';
import { GATEWAY_CONTROLS } from '@tidegate/process/selftest/controls.ts';

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
    const list = folder && (await readFile(join(folder, FORBIDDEN_FILE), 'utf8').catch(() => undefined));
    const frames = list ? forbiddenFrames(list, protocol) : [];
    if (frames.length === 0) return unchecked(CONTROL, `the driver for ${protocol} comes with no frames to try`);
    const through = new Set(
      framesNotRefused(
        line,
        frames.map(({ bytes }) => bytes),
      ),
    );
    for (const { bytes, text } of frames) if (through.has(bytes)) passed.push(`${line.name}: ${text}`);
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
