/** `tidegate devices`: how the devices that gateways read are doing. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { formatDevices } from '../devices/deviceText.ts';
import { formatFault, reportFault } from '../reportFault.ts';
import type { DeviceList } from '../serverApi/answers.ts';
import { ServerApi } from '../serverApi/serverApi.ts';

interface DevicesArguments {
  readonly server: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

const WATCH_INTERVAL_MS = 2_000;
/** Moves to the upper left corner and clears what is below (ECMA-48, 8.3.21 and 8.3.39). */
const CLEAR_SCREEN = '\x1b[H\x1b[J';

const EXAMPLES = `
A gateway reports every 10 s, and at once when a device changes its state. Round trips (p50, p99) and how late scans begin
(late p99) are of the last minute or two; counts begin when the line of the device is started.

Examples:
  tidegate devices
  tidegate devices --watch
  tidegate devices --json --server http://127.0.0.1:8420

The exit status is 0 if all is well with every device, 1 if something is wrong with one, if there is none, or if the server
does not answer.
`;

export function addDevicesCommand(program: Command): void {
  program
    .command('devices')
    .description('how the devices are doing: state, requests, timeouts, round trips, and what is wrong with them')
    .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420')
    .option('--json', 'print what the server answers')
    .option('--watch', 'again every two seconds, until Ctrl-C')
    .addHelpText('after', EXAMPLES)
    .action(async (given: DevicesArguments) => {
      const api = new ServerApi(given.server);
      if (given.watch) await watch(api, given);
      else process.exitCode = report(await listDevices(api), given);
    });
}

function listDevices(api: ServerApi): Promise<Result<DeviceList>> {
  return api.get<DeviceList>('/devices');
}

/** Prints the devices; gives the status to end with. */
function report(list: Result<DeviceList>, { json }: DevicesArguments): number {
  if (!list.ok) {
    reportFault(list.fault);
    return EXIT.failed;
  }
  process.stdout.write(json ? `${JSON.stringify(list.value, undefined, 2)}\n` : formatDevices(list.value));
  const { devices } = list.value;
  return devices.length > 0 && devices.every(({ problem }) => problem === null) ? EXIT.ok : EXIT.failed;
}

/** A server that does not answer may do so again: only Ctrl-C ends it. */
async function watch(api: ServerApi, { json }: DevicesArguments): Promise<never> {
  for (;;) {
    const list = await listDevices(api);
    if (json) {
      if (list.ok) process.stdout.write(`${JSON.stringify(list.value)}\n`);
      else reportFault(list.fault);
    } else {
      const text = list.ok ? formatDevices(list.value) : formatFault(list.fault);
      process.stdout.write(process.stdout.isTTY ? CLEAR_SCREEN + text : `${text}\n`);
    }
    await delay(WATCH_INTERVAL_MS);
  }
}
