/** The process of the OT zone: reads devices, keeps their samples on disk, and sends them to the server. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { loadGatewayConfig } from '@tidegate/edge/configuration/loadGatewayConfig.ts';
import { logEvents } from '@tidegate/process/eventLog.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { outliveReaders } from '@tidegate/process/outliveReaders.ts';
import { openProcessLog } from '@tidegate/process/processLog.ts';
import { refusalLine } from '@tidegate/process/refusal.ts';
import { runService } from '@tidegate/process/service.ts';
import { listenForStop } from '@tidegate/process/stopRequest.ts';
import { checkConfiguration } from './checkConfiguration.ts';
import { Gateway } from './gateway.ts';
import { reportStatus } from './statusReports.ts';

async function run(file: string): Promise<number> {
  const stop = listenForStop();
  const loaded = await loadGatewayConfig(file);
  if (!loaded.ok) {
    process.stderr.write(formatReport(loaded.defects, process.stderr));
    return EXIT.refused;
  }
  const config = loaded.value;
  const log = openProcessLog('gateway', { gateway: config.gateway });
  const started = await Gateway.start(config, { clock: systemClock, events: logEvents(log, systemClock) });
  if (!started.ok) {
    process.stderr.write(refusalLine('gateway', started.fault));
    return EXIT.refused;
  }
  const gateway = started.value;
  const { lines, server } = config;
  const devices = lines.reduce((sum, line) => sum + line.devices.length, 0);
  log.info({ devices, server: `${server.host}:${server.port}`, pid: process.pid }, 'started');
  const reports = reportStatus(() => gateway.status(), log);

  const { drain } = await stop.first;
  log.info({ drain }, 'stopping');
  await gateway.stop(drain, stop.again);
  await reports.finish();
  const { lanes } = gateway.status();
  const undelivered = LANES.reduce((samples, lane) => samples + lanes[lane].depth.samples, 0);
  log.info({ undelivered }, 'stopped');
  return EXIT.ok;
}

/** What a person asks that needs no gateway to run; loaded when it is asked, so that a gateway carries none of it. */
const TOOLS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  crossings: async (args) => (await import('./policy/listCrossings.ts')).listCrossings(args),
  drivers: async (args) => (await import('./drivers/listDrivers.ts')).listDrivers(args),
  probe: async (args) => (await import('./probe/probe.ts')).probe(args),
  selftest: async (args) => (await import('./selftest/selftest.ts')).selftest(args),
  tune: async (args) => (await import('./tune/tune.ts')).tune(args),
};

const [word = '', ...args] = process.argv.slice(2);
if (Object.hasOwn(TOOLS, word)) {
  outliveReaders();
  process.exitCode = await TOOLS[word](args);
} else {
  await runService({ name: 'gateway', run, check: checkConfiguration });
}
