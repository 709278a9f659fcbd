/** `tidegate live`: what the gateway of this machine reads, with or without a server. */

import { setTimeout as delay } from 'node:timers/promises';
import { success } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { gatewayDirectoryIn, gatewayDirectoryOf } from '../live/gatewayDirectory.ts';
import { LiveChanges } from '../live/liveChanges.ts';
import { LiveScreen } from '../live/liveScreen.ts';
import { LiveSource, livePattern } from '../live/liveSource.ts';
import { liveHeader, liveTable, UNPAINTED } from '../live/liveText.ts';
import { reportFault } from '../reportFault.ts';

interface LiveArguments {
  readonly data: string;
  readonly config?: string;
  readonly json?: true;
  readonly plain?: true;
  readonly once?: true;
}

const RENEW_MS = 1_000;

const EXAMPLES = `
It is asked at a socket in the data directory, which the user of the gateway alone may use; nothing crosses a network, and
it changes nothing. Values are as the devices say them: scaled, and before anything is left out.

Examples:
  tidegate live                                    all tags, of the gateway of \`tidegate start\`
  tidegate live pressure --config gateway.yaml     tags with this in their path
  tidegate live 'acme/north/**' --once             a pattern of paths, printed once
  tidegate live --json --once                      one JSON object, for scripts
  tidegate live --plain                            a line for each change, for screen readers

Keys: q quits, / filters, arrows, PgUp, PgDn, Home and End scroll. Without a terminal it prints once. NO_COLOR is honoured.
The exit status is 0, or 1 where no gateway answers.
`;

export function addLiveCommand(program: Command): void {
  program
    .command('live')
    .description('what the gateway of this machine reads now, and how its boundary is doing, with or without a server')
    .argument('[pattern]', 'pattern of tag paths, or a part of one', '')
    .option('--data <dir>', 'the dataDirectory of the gateway, or that of `tidegate start`', '.tidegate')
    .option('--config <file>', 'the configuration of the gateway, which names its dataDirectory')
    .option('--once', 'print once')
    .option('--plain', 'print a line for each change')
    .option('--json', 'print one line of JSON each second')
    .addHelpText('after', EXAMPLES)
    .action(async (pattern: string, given: LiveArguments) => {
      process.exitCode = await live(pattern, given);
    });
}

async function live(pattern: string, given: LiveArguments): Promise<number> {
  const { data, config, json, plain } = given;
  const directory = config === undefined ? success(gatewayDirectoryIn(data)) : await gatewayDirectoryOf(config);
  if (!directory.ok) {
    reportFault(directory.fault);
    return EXIT.failed;
  }
  const source = new LiveSource(directory.value);
  if (!json && !plain && !given.once && process.stdin.isTTY && process.stdout.isTTY) {
    await new LiveScreen(source, pattern, process.stdin, process.stdout).run();
    return EXIT.ok;
  }
  const once = given.once === true || (!json && !plain);
  return print(source, livePattern(pattern), given, once);
}

/** A gateway that does not answer may do so again, unless it was asked once. */
async function print(source: LiveSource, pattern: string, { json, plain }: LiveArguments, once: boolean) {
  const changes = new LiveChanges();
  const columns = process.stdout.columns ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const read = await source.readAll(pattern);
    if (!read.ok) reportFault(read.fault);
    else if (json) process.stdout.write(`${JSON.stringify(read.value)}\n`);
    else {
      const { value } = read;
      const lines = plain
        ? changes.take(value)
        : [...liveHeader(value, UNPAINTED), '', ...liveTable(value, columns, UNPAINTED)];
      process.stdout.write(lines.map((line) => `${line.trimEnd()}\n`).join(''));
    }
    if (once) return read.ok ? EXIT.ok : EXIT.failed;
    await delay(RENEW_MS);
  }
}
