/** Where the gateway of this machine keeps its data. */

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LIVE_DIRECTORY } from '@tidegate/core/port/liveView.ts';

/** In the directory of `tidegate start`. */
const BELOW_START = 'gateway';

/** The dataDirectory of a gateway, or the directory of `tidegate start`, which has it below. */
export function gatewayDirectoryIn(data: string): string {
  const path = resolve(data);
  const below = join(path, BELOW_START);
  return !existsSync(join(path, LIVE_DIRECTORY)) && existsSync(join(below, LIVE_DIRECTORY)) ? below : path;
}

/** Fault: `live.unreachable` where the file names no dataDirectory. */
export async function gatewayDirectoryOf(config: string): Promise<Result<string>> {
  const { data } = await ConfigDocument.read(config);
  const directory = (data as { dataDirectory?: unknown } | null | undefined)?.dataDirectory;
  if (typeof directory !== 'string') return failure('live.unreachable', `${config} names no dataDirectory.`);
  return success(resolve(dirname(config), directory));
}
