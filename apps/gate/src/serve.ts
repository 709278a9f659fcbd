/** The relay as a service: on one configuration file, until it is told to stop. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { logEvents } from '@tidegate/process/eventLog.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { openProcessLog } from '@tidegate/process/processLog.ts';
import { refusalLine } from '@tidegate/process/refusal.ts';
import { runService } from '@tidegate/process/service.ts';
import { listenForStop } from '@tidegate/process/stopRequest.ts';
import { Gate } from './gate.ts';
import { loadGateConfig } from './gateConfig.ts';
import { reportStatus } from './statusReports.ts';

async function check(file: string): Promise<number> {
  const loaded = await loadGateConfig(file);
  process.stdout.write(loaded.ok ? 'ok\n' : formatReport(loaded.defects, process.stdout));
  return loaded.ok ? EXIT.ok : EXIT.refused;
}

async function run(file: string): Promise<number> {
  const stop = listenForStop();
  const loaded = await loadGateConfig(file);
  if (!loaded.ok) {
    process.stderr.write(formatReport(loaded.defects, process.stderr));
    return EXIT.refused;
  }
  const config = loaded.value;
  const log = openProcessLog('gate', { relay: config.relay });
  const started = await Gate.start(config, { clock: systemClock, events: logEvents(log, systemClock) });
  if (!started.ok) {
    process.stderr.write(refusalLine('gate', started.fault));
    return EXIT.refused;
  }
  const gate = started.value;
  const { boundaryPort, deliveryPort } = gate;
  log.info({ boundaryPort, deliveryPort, pid: process.pid }, 'ready');
  process.send?.({ kind: 'ready', boundaryPort, deliveryPort });
  const stopReports = reportStatus(() => gate.status(), log);

  await stop.first;
  log.info('stopping');
  stopReports();
  await gate.stop();
  const undelivered = gate.status().streams.reduce((samples, { depth }) => samples + depth.samples, 0);
  log.info({ undelivered }, 'stopped');
  return EXIT.ok;
}

/** Does what the arguments of the process say, and ends the process. */
export function serve(): Promise<never> {
  return runService({ name: 'gate', run, check });
}
