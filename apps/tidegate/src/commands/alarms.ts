/** `tidegate alarms`: the alarms of the gateway of this machine, and what people do with them. */

import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { AlarmOperationKind } from '@tidegate/core/port/liveAlarms.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { AlarmSource } from '../alarms/alarmSource.ts';
import { alarmLines, doneLine, type PaintAlarm } from '../alarms/alarmText.ts';
import { gatewayDirectoryIn, gatewayDirectoryOf } from '../live/gatewayDirectory.ts';
import { reportFault } from '../reportFault.ts';

interface Place {
  readonly data: string;
  readonly config?: string;
}

interface ListArguments extends Place {
  readonly all?: true;
  readonly watch?: true;
  readonly json?: true;
}

interface OperationArguments extends Place {
  readonly all?: true;
  readonly by: string;
  readonly comment?: string;
  readonly for?: string;
  readonly reason?: string;
  readonly oneShot?: true;
}

const RENEW_MS = 1_000;
/** Clears the terminal and goes to its upper left corner (ECMA-48, 8.3.39 and 8.3.21). */
const CLEAR = '\x1b[2J\x1b[H';
const STYLES = { strong: 'bold', critical: ['red', 'bold'], high: 'red', medium: 'yellow', quiet: 'gray' } as const;

const EXAMPLES = `
An alarm is answered where it is evaluated. Those of a gateway are answered on its machine, at a socket that the user of
the gateway alone may use: nothing comes back over the boundary, and what is done here crosses to the server as history.

Examples:
  tidegate alarms                                            what an operator has to know, the most urgent first
  tidegate alarms --watch                                    the same, anew each second
  tidegate alarms --all --json                               every alarm, for scripts
  tidegate alarms ack train-1/temperature/high --comment 'fan restarted'
  tidegate alarms ack --all --by anna
  tidegate alarms shelve train-1/flow/low --for 30min --reason 'transmitter is exchanged'
  tidegate alarms shelve train-1/flow/low --for 8h --one-shot --reason 'known, ends by itself'
  tidegate alarms unshelve train-1/flow/low
  tidegate alarms out-of-service train-1/flow/low --reason 'no transmitter until May'
  tidegate alarms in-service train-1/flow/low

The exit status is 0, or 1 where no gateway answers or something was refused.
`;

/** The words of the command, what each asks of the gateway, and what it says of itself. */
const OPERATIONS: readonly (readonly [word: string, operation: AlarmOperationKind, description: string])[] = [
  ['ack', 'acknowledge', 'say that somebody knows of it'],
  ['reset', 'reset', 'let go of an alarm that stays until it is reset'],
  ['shelve', 'shelve', 'set it aside for a time, with a reason'],
  ['unshelve', 'unshelve', 'end shelving before its time'],
  ['out-of-service', 'remove-from-service', 'take it out of use, for maintenance'],
  ['in-service', 'return-to-service', 'put it back into use'],
];

export function addAlarmsCommand(program: Command): void {
  const alarms = placed(program.command('alarms'))
    .description('the alarms of the gateway of this machine, with or without a server: list, acknowledge, shelve')
    .option('--all', 'those that are normal, shelved, suppressed or out of service as well')
    .option('--watch', 'print anew each second')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (given: ListArguments) => {
      process.exitCode = await list(given);
    });
  for (const [word, operation, description] of OPERATIONS) {
    const command = placed(alarms.command(word))
      .description(description)
      .argument('[names...]', 'names of alarms')
      .option('--all', 'all that it means anything for')
      .option('--by <name>', 'who does it', userInfo().username)
      .option('--comment <text>', 'what is to be remembered of it')
      .action(async (names: string[], given: OperationArguments) => {
        process.exitCode = await operate(operation, names, given);
      });
    if (operation === 'shelve') {
      command.requiredOption('--for <time>', 'for how long, such as 30min or 8h');
      command.option('--one-shot', 'only until its condition returns, if that is earlier');
    }
    if (operation === 'shelve' || operation === 'remove-from-service') command.requiredOption('--reason <text>', 'why');
  }
}

function placed(command: Command): Command {
  return command
    .option('--data <dir>', 'the dataDirectory of the gateway, or that of `tidegate start`', '.tidegate')
    .option('--config <file>', 'the configuration of the gateway, which names its dataDirectory');
}

async function sourceAt({ data, config }: Place): Promise<Result<AlarmSource>> {
  const directory = config === undefined ? success(gatewayDirectoryIn(data)) : await gatewayDirectoryOf(config);
  return directory.ok ? success(new AlarmSource(directory.value)) : directory;
}

/** A gateway that does not answer may do so again, unless it was asked once. */
async function list(given: ListArguments): Promise<number> {
  const source = await sourceAt(given);
  if (!source.ok) return failed(source);
  for (;;) {
    const read = await source.value.list();
    if (given.watch && process.stdout.isTTY) process.stdout.write(CLEAR);
    if (!read.ok) reportFault(read.fault);
    else if (given.json) process.stdout.write(`${JSON.stringify(read.value)}\n`);
    else
      process.stdout.write(
        alarmLines(read.value, given.all === true, paint)
          .map((line) => `${line}\n`)
          .join(''),
      );
    if (!given.watch) return read.ok ? EXIT.ok : EXIT.failed;
    await delay(RENEW_MS);
  }
}

async function operate(operation: AlarmOperationKind, names: string[], given: OperationArguments): Promise<number> {
  const { by, all, reason, oneShot } = given;
  if (names.length > 0 === (all === true)) {
    return failed(failure('launch.option', 'Name the alarms that are meant, or say --all.'));
  }
  const forMs = given.for === undefined ? undefined : parseDurationMs(given.for);
  if (given.for !== undefined && !forMs) {
    return failed(failure('launch.option', `"${given.for}" is no length of time, such as 30min or 8h.`));
  }
  const source = await sourceAt(given);
  if (!source.ok) return failed(source);
  const comment = reason ?? given.comment;
  const answer = await source.value.operate({
    ...{ operation, alarms: all ? 'all' : names, by },
    ...(comment !== undefined && { comment }),
    ...(forMs !== undefined && { forMs }),
    ...(oneShot && { oneShot }),
  });
  if (!answer.ok) return failed(answer);
  const { done, refused } = answer.value;
  process.stdout.write(
    done.map((alarm) => `${doneLine(alarm)}\n`).join('') || (refused.length === 0 ? 'nothing to do\n' : ''),
  );
  for (const { fault } of refused) reportFault(fault);
  return refused.length === 0 ? EXIT.ok : EXIT.failed;
}

function failed({ fault }: Extract<Result<never>, { ok: false }>): number {
  reportFault(fault);
  return EXIT.failed;
}

/** `styleText` leaves colours out where the stream is no terminal, or NO_COLOR says so. */
const paint: PaintAlarm = (text, as) => styleText([...[STYLES[as]].flat()], text, { stream: process.stdout });
