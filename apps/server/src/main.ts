/** The process of the IT zone: receives blocks from gateways, keeps them, and serves people and programs. */

import { parseArgs } from 'node:util';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { pino } from 'pino';
import { logEvents } from './eventLog.ts';
import { EXIT, refusalLine } from './refusal.ts';
import { Server } from './server.ts';
import { loadServerConfig } from './serverConfig.ts';
import { firstStopRequest } from './stopRequest.ts';

const USAGE = `Usage: node apps/server/src/main.ts --config FILE         run the server
       node apps/server/src/main.ts check --config FILE   check the configuration and do nothing else
`;

async function check(file: string): Promise<number> {
  const loaded = await loadServerConfig(file);
  process.stdout.write(loaded.ok ? 'ok\n' : formatReport(loaded.defects, process.stdout));
  return loaded.ok ? EXIT.ok : EXIT.refused;
}

async function run(file: string): Promise<number> {
  const stopRequest = firstStopRequest();
  const loaded = await loadServerConfig(file);
  if (!loaded.ok) {
    process.stderr.write(formatReport(loaded.defects, process.stderr));
    return EXIT.refused;
  }
  const log = pino({ name: 'server', base: {} });
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug ended the server');
    process.exit(EXIT.crashed);
  });
  const started = await Server.start(loaded.value, { clock: systemClock, events: logEvents(log), log });
  if (!started.ok) {
    process.stderr.write(refusalLine(started.fault));
    return EXIT.refused;
  }
  const { url, boundaryPort } = started.value;
  log.info({ url, boundaryPort, pid: process.pid }, 'ready');
  process.send?.({ kind: 'ready', url, boundaryPort });

  await stopRequest;
  log.info('stopping');
  await started.value.stop();
  log.info('stopped');
  return EXIT.ok;
}

function readArguments(): { readonly action: typeof run; readonly file: string } | undefined {
  try {
    const { values, positionals } = parseArgs({ options: { config: { type: 'string' } }, allowPositionals: true });
    const [command, ...rest] = positionals;
    if (values.config === undefined || rest.length > 0 || (command !== undefined && command !== 'check')) return;
    return { action: command === 'check' ? check : run, file: values.config };
  } catch {
    return undefined;
  }
}

async function main(): Promise<number> {
  const args = readArguments();
  if (args) return args.action(args.file);
  process.stderr.write(USAGE);
  return EXIT.refused;
}

process.exit(await main());
