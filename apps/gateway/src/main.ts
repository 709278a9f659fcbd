/** The process of the OT zone: reads devices, keeps their samples on disk, and sends them to the server. */

import { parseArgs } from 'node:util';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { loadGatewayConfig } from '@tidegate/edge/configuration/loadGatewayConfig.ts';
import { pino } from 'pino';
import { checkConfiguration } from './checkConfiguration.ts';
import { logEvents } from './eventLog.ts';
import { Gateway } from './gateway.ts';
import { EXIT, refusalLine } from './refusal.ts';
import { reportStatus } from './statusReports.ts';
import { listenForStop } from './stopRequest.ts';

const USAGE = `Usage: node apps/gateway/src/main.ts --config FILE         run the gateway
       node apps/gateway/src/main.ts check --config FILE   check the configuration and do nothing else
`;

async function run(file: string): Promise<number> {
  const stop = listenForStop();
  const loaded = await loadGatewayConfig(file);
  if (!loaded.ok) {
    process.stderr.write(formatReport(loaded.defects, process.stderr));
    return EXIT.refused;
  }
  const config = loaded.value;
  // Synchronous: the last lines before an end are the ones that matter, and they must come in their order.
  const log = pino({ name: 'gateway', base: { gateway: config.gateway } }, pino.destination({ fd: 1, sync: true }));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug ended the gateway');
    process.exit(EXIT.crashed);
  });

  const started = await Gateway.start(config, { clock: systemClock, events: logEvents(log, systemClock) });
  if (!started.ok) {
    process.stderr.write(refusalLine(started.fault));
    return EXIT.refused;
  }
  const gateway = started.value;
  const { devices, server } = config;
  log.info({ devices: devices.length, server: `${server.host}:${server.port}`, pid: process.pid }, 'started');
  const reports = reportStatus(() => gateway.status(), log);

  const { drain } = await stop.first;
  log.info({ drain }, 'stopping');
  await gateway.stop(drain, stop.again);
  await reports.finish();
  log.info('stopped');
  return EXIT.ok;
}

function readArguments(): { readonly check: boolean; readonly file: string } | undefined {
  try {
    const { values, positionals } = parseArgs({ options: { config: { type: 'string' } }, allowPositionals: true });
    const [command, ...rest] = positionals;
    if (values.config === undefined || rest.length > 0 || (command !== undefined && command !== 'check')) return;
    return { check: command === 'check', file: values.config };
  } catch {
    return undefined;
  }
}

async function main(): Promise<number> {
  const args = readArguments();
  if (args === undefined) {
    process.stderr.write(USAGE);
    return EXIT.refused;
  }
  return args.check ? checkConfiguration(args.file) : run(args.file);
}

process.exit(await main());
