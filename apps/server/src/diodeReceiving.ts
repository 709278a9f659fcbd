/** Takes what gateways send over a data diode, beside those that connect. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import {
  type PresharedKey,
  parsePresharedKey,
  type RunningDiodeReceiver,
  startDiodeReceiver,
} from '@tidegate/oneway/receive/diode/diodeReceiver.ts';
import { readKeyFile } from '@tidegate/process/identity/readKeyFile.ts';
import type { ServerConfig } from './serverConfig.ts';

export interface DiodeSurroundings {
  readonly sink: BlockSink;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Which sessions have been accepted, below the data directory. */
const SESSION_FILE = 'diode-sessions.json';

/** `undefined` where no diode is configured. Faults: `boundary.key`, `boundary.port`, `boundary.replay-state`. */
export async function receiveOverDiode(
  { dataDirectory, boundary: { diode } }: ServerConfig,
  { sink, clock, events }: DiodeSurroundings,
): Promise<Result<RunningDiodeReceiver | undefined>> {
  if (!diode) return success(undefined);
  const { host, port } = diode;
  const keys = new Map<string, PresharedKey>();
  for (const [gateway, file] of Object.entries(diode.keys)) {
    const secret = await readKeyFile(file);
    const key = secret.ok ? parsePresharedKey(secret.value) : secret;
    if (!key.ok) return key;
    keys.set(gateway, key.value);
  }
  return startDiodeReceiver({ host, port, keys, sink, clock, events, sessionFile: join(dataDirectory, SESSION_FILE) });
}
