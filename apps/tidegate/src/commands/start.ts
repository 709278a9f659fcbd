/** `tidegate start`: plant, gateways and server on this machine, until Ctrl-C or for a stated time. */

import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { Interrupt } from '../launch/interrupt.ts';
import { consoleUrl, gatewayPrograms, Launch } from '../launch/launch.ts';
import { type LaunchOptions, readLaunchOptions, type StartArguments } from '../launch/launchOptions.ts';
import { RunObserver } from '../launch/runObserver.ts';
import { RuntimeDirectory } from '../launch/runtimeDirectory.ts';
import { formatStatus, StatusLine } from '../launch/statusLine.ts';
import type { ProcessEnd } from '../launch/supervisedProcess.ts';
import { formatFault, reportFault } from '../reportFault.ts';
import { ServerApi } from '../serverApi/serverApi.ts';

const STATUS_INTERVAL_MS = 1_000;

const EXAMPLES = `
Examples:
  tidegate start                            both example sites, until Ctrl-C
  tidegate start --for 60s --json           for a minute; prints one JSON object at the end
  tidegate start --past-days 240 --fresh    the station with months behind it, so that there are cases to look at
  tidegate start --rows-per-second 4        the recordings four times as fast
  tidegate start --config my-gateway.yaml   your own devices in place of the example plant

The exit status is 0 if the ledger balances and no sample was lost, 1 if not, 2 if something must be changed first.
`;

export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start plant, gateways and server on this machine')
    .option('--port <port>', 'port of the console and the REST interface', '8420')
    .option('--boundary-port <port>', 'port that the gateway connects to', '7420')
    .option(
      '--plant-ports <ports>',
      'first port of the five devices of both sites, or all; three leave out the station',
      '15020',
    )
    .option('--rows-per-second <rows>', 'rows of each recording replayed in a second (default: 1)')
    .option('--past-days <days>', 'days that the station has run already; their history is brought in first')
    .option('--speed <factor>', 'in the time of each recording instead, 1 = as recorded; the station runs as fast')
    .option('--data <directory>', 'directory for everything that is written', '.tidegate')
    .option('--fresh', 'delete the data of earlier runs first')
    .option('--config <file>', 'a gateway configuration of your own; the plant is then not started')
    .option('--no-plant', 'do not start the example plant')
    .option('--for <time>', 'stop after this time, such as 60s or 10min')
    .option('--json', 'print one JSON object at the end and everything else to standard error')
    .addHelpText('after', EXAMPLES)
    .action(async (given: StartArguments) => {
      process.exitCode = await start(given);
    });
}

async function start(given: StartArguments): Promise<number> {
  const options = readLaunchOptions(given);
  if (!options.ok) return refuse(options.fault);
  const directory = await RuntimeDirectory.open(options.value.directory, options.value.fresh);
  if (!directory.ok) return refuse(directory.fault);
  try {
    return await run(options.value, directory.value);
  } finally {
    await directory.value.release();
  }
}

function refuse(fault: Parameters<typeof reportFault>[0]): number {
  reportFault(fault);
  return EXIT.refused;
}

async function run(options: LaunchOptions, directory: RuntimeDirectory): Promise<number> {
  const line = new StatusLine(options.json ? process.stderr : process.stdout);
  const observer = new RunObserver(new ServerApi(consoleUrl(options)), gatewayPrograms(options));
  const launch = new Launch(options, directory, observer, (end) => line.print(formatEnd(end)));
  const interrupt = new Interrupt(() => launch.kill());
  if (options.pastDays !== undefined) {
    line.print(
      `The station lives through ${options.pastDays} days, and their history is brought in. Give it a minute.`,
    );
  }
  try {
    const started = await launch.start(interrupt.signal);
    if (started.ok && !interrupt.signal.aborted) {
      line.print(`Tidegate runs. Console: ${consoleUrl(options)}   Logs: ${directory.log}   Ctrl-C stops it.`);
      await watch(options.forMs, AbortSignal.any([interrupt.signal, launch.broken]), observer, line);
      line.print('Stopping: first the devices, then the rest of the spool, then the server.');
    }
    await launch.stop();
    const fault = started.ok ? launch.broken.reason : started.fault;
    if (fault !== undefined) {
      line.print(formatFault(fault).trimEnd());
      return EXIT.refused;
    }
  } finally {
    launch.kill();
    interrupt.close();
  }
  return conclude(options, observer, line);
}

/** Shows the status every second until the time is over or somebody stops the run. */
async function watch(
  forMs: number | undefined,
  stopped: AbortSignal,
  observer: RunObserver,
  line: StatusLine,
): Promise<void> {
  const endMs = performance.now() + (forMs ?? Number.POSITIVE_INFINITY);
  let before: RunObserver['accounts'] | undefined;
  while (!stopped.aborted) {
    const restMs = endMs - performance.now();
    if (restMs <= 0) return;
    await delay(Math.min(STATUS_INTERVAL_MS, restMs), undefined, { signal: stopped }).catch(() => {});
    await observer.refresh();
    const now = observer.accounts;
    line.show(formatStatus({ before, now, boundary: observer.boundary }));
    before = now;
  }
}

/** The account of the run, in words or as JSON. */
function conclude(options: LaunchOptions, observer: RunObserver, line: StatusLine): number {
  const result = observer.result();
  for (const sentence of observer.discrepancies) line.print(sentence);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else {
    const { samplesRead, samplesSuppressed, samplesCompressed, samplesStored, samplesLost } = result;
    line.print(
      `Stopped. This run: ${samplesRead} samples read, ${samplesSuppressed} suppressed as unchanged, ` +
        `${samplesCompressed} compressed, ${samplesStored} stored, ${samplesLost} lost. The ledger ${result.ledgerBalanced ? 'balances' : 'DOES NOT BALANCE'}.`,
    );
  }
  return result.ledgerBalanced && result.samplesLost === 0 ? EXIT.ok : EXIT.failed;
}

function formatEnd({ name, how, lastLines, logFile, restartInMs }: ProcessEnd): string {
  const next = restartInMs === undefined ? '' : `; it is started again in ${restartInMs} ms`;
  const lines = lastLines.map((text) => `  | ${text}`).join('\n');
  return `The ${name} ended by itself (${how})${next}. The end of ${logFile}:\n${lines}`;
}
