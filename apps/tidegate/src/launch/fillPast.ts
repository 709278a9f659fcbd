/** Brings in what the example station did before it was started, as anybody brings in the history of another system. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { PROGRAMS } from '../repository.ts';
import type { RuntimeDirectory } from './runtimeDirectory.ts';

/** Resolves when all of it is durable, or when `stopped` aborts. Fault: `launch.process`. */
export async function fillPast(directory: RuntimeDirectory, stopped: AbortSignal): Promise<Result<void>> {
  const { serverData, pastFile } = directory;
  const logFile = join(directory.log, 'past.log');
  const log = openSync(logFile, 'w');
  const args = ['archive', 'import', '--data', serverData, '--by', 'example station', '--json', '--', pastFile];
  const child = spawn(process.execPath, [PROGRAMS.server, ...args], { stdio: ['ignore', log, log] });
  closeSync(log);
  const stop = () => child.kill();
  stopped.addEventListener('abort', stop);
  const [status] = (await once(child, 'exit')) as [number | null];
  stopped.removeEventListener('abort', stop);
  await rm(pastFile, { force: true });
  if (status === 0 || stopped.aborted) return success(undefined);
  return failure('launch.process', `The past of the station could not be brought in; ${logFile} says why.`);
}
