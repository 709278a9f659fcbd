/** The server as a service: on one configuration file, until it is told to stop. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { logEvents } from '@tidegate/process/eventLog.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { openProcessLog } from '@tidegate/process/processLog.ts';
import { refusalLine } from '@tidegate/process/refusal.ts';
import { runService } from '@tidegate/process/service.ts';
import { listenForStop } from '@tidegate/process/stopRequest.ts';
import { Server } from './server.ts';
import { loadServerConfig } from './serverConfig.ts';

async function check(file: string): Promise<number> {
  const loaded = await loadServerConfig(file);
  process.stdout.write(loaded.ok ? 'ok\n' : formatReport(loaded.defects, process.stdout));
  return loaded.ok ? EXIT.ok : EXIT.refused;
}

async function run(file: string): Promise<number> {
  const stop = listenForStop();
  const loaded = await loadServerConfig(file);
  if (!loaded.ok) {
    process.stderr.write(formatReport(loaded.defects, process.stderr));
    return EXIT.refused;
  }
  const log = openProcessLog('server');
  const events = logEvents(log, systemClock);
  const started = await Server.start(loaded.value, { clock: systemClock, events, log });
  if (!started.ok) {
    process.stderr.write(refusalLine('server', started.fault));
    return EXIT.refused;
  }
  const { url, boundaryPort } = started.value;
  log.info({ url, boundaryPort, pid: process.pid }, 'ready');
  process.send?.({ kind: 'ready', url, boundaryPort });

  await stop.first;
  log.info('stopping');
  await started.value.stop();
  log.info('stopped');
  return EXIT.ok;
}

/** Does what the arguments of the process say, and ends the process. */
export function serve(): Promise<never> {
  return runService({ name: 'server', run, check });
}
