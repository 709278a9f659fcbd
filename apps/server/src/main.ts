/** The process of the IT zone: receives blocks from gateways, keeps them, and serves people and programs. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { logEvents } from '@tidegate/process/eventLog.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { outliveReaders } from '@tidegate/process/outliveReaders.ts';
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

const [word, ...args] = process.argv.slice(2);
if (word === 'archive') {
  outliveReaders();
  process.exitCode = await (await import('./archive/archive.ts')).archive(args);
} else {
  await runService({ name: 'server', run, check });
}
