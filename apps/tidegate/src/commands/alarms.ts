/** `tidegate alarms`: the alarms of the gateway of this machine, and what people do with them. */

import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { AlarmOperationKind } from '@tidegate/core/port/liveAlarms.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { readAlarmLog } from '../alarms/alarmLog.ts';
import { AlarmSource } from '../alarms/alarmSource.ts';
import { alarmLines, doneLine, type PaintAlarm } from '../alarms/alarmText.ts';
import { type AnalysedAlarms, analysisLines } from '../alarms/analysisText.ts';
import { ServerAlarmSource } from '../alarms/serverAlarmSource.ts';
import { gatewayDirectoryIn, gatewayDirectoryOf } from '../live/gatewayDirectory.ts';
import { reportFault } from '../reportFault.ts';
import type { Problem } from '../serverApi/answers.ts';
import { faultOf, ServerApi } from '../serverApi/serverApi.ts';

interface Place {
  readonly data: string;
  readonly config?: string;
  readonly server?: string;
}

interface ImportArguments {
  readonly origin: string;
  readonly columns: string;
  readonly server: string;
}

interface ReportArguments {
  readonly start: string;
  readonly end: string;
  readonly origin?: string;
  readonly operators: string;
  readonly json?: true;
  readonly server: string;
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
const SERVER = 'http://127.0.0.1:8420';
/** Records of one request. */
const IMPORT_PAGE = 20_000;
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

Those of a server, and what its journal says:
  tidegate alarms --server http://127.0.0.1:8420
  tidegate alarms ack --all --server http://127.0.0.1:8420
  tidegate alarms report --start '*-30d' --operators 2
  tidegate alarms import dcs.csv --origin dcs --columns time=time,alarm=tag+level,happening=state,priority=priority

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
  addServerCommands(alarms);
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

function addServerCommands(alarms: Command): void {
  alarms
    .command('report')
    .description('how the alarm system of a server does: rates, floods, bad actors (ISA-18.2)')
    .option('--start <time>', 'first moment', '*-7d')
    .option('--end <time>', 'end, itself not included', '*')
    .option('--origin <name>', 'of one gateway, of `server`, or of one import')
    .option('--operators <count>', 'among how many operators the alarms are shared', '1')
    .option('--json', 'print JSON')
    .option('--server <url>', 'address of the server', SERVER)
    .action(async ({ json, server, ...query }: ReportArguments) => {
      const analysis = await new ServerApi(server).get<AnalysedAlarms>('/alarms/analysis', { ...query });
      if (!analysis.ok) process.exitCode = failed(analysis);
      else if (json) process.stdout.write(`${JSON.stringify(analysis.value)}\n`);
      else process.stdout.write(`${analysisLines(analysis.value).join('\n')}\n`);
    });
  alarms
    .command('import')
    .description('bring the log of another system into the journal of a server, with its own times')
    .argument('<file>', 'CSV with a header')
    .requiredOption('--origin <name>', 'what the log is called from then on')
    .requiredOption(
      '--columns <list>',
      'which column is what: time=..., alarm=tag+level, happening=..., priority=..., value=..., message=...',
    )
    .option('--server <url>', 'address of the server', SERVER)
    .action(async (file: string, given: ImportArguments) => {
      process.exitCode = await importLog(file, given);
    });
}

async function importLog(file: string, { origin, columns, server }: ImportArguments): Promise<number> {
  const rows = await readTable(file);
  if (!rows.ok) return failed(rows);
  const records = readAlarmLog(rows.value, Object.fromEntries(columns.split(',').map((pair) => pair.split('=', 2))));
  if (!records.ok) return failed(records);
  let [added, known] = [0, 0];
  for (let at = 0; at < records.value.length; at += IMPORT_PAGE) {
    const body = { origin, records: records.value.slice(at, at + IMPORT_PAGE) };
    const response = await new ServerApi(server).post('/alarms/import', body, 'application/json');
    if (!response.ok) return failed(response);
    const answer = (await response.value.json()) as { added: number; known: number } | Problem;
    if (!('added' in answer)) return failed(faultOf(answer));
    added += answer.added;
    known += answer.known;
  }
  process.stdout.write(`${added} records are new, ${known} were there already\n`);
  return EXIT.ok;
}

async function readTable(file: string): Promise<Result<string[][]>> {
  try {
    return success(parse(await readFile(file), { bom: true, relax_column_count: true, skip_empty_lines: true }));
  } catch (error) {
    return failure('launch.option', `${file} cannot be read: ${(error as Error).message}.`);
  }
}

function placed(command: Command): Command {
  return command
    .option('--server <url>', 'a server, in place of the gateway of this machine')
    .option('--data <dir>', 'the dataDirectory of the gateway, or that of `tidegate start`', '.tidegate')
    .option('--config <file>', 'the configuration of the gateway, which names its dataDirectory');
}

async function sourceAt({ data, config, server }: Place): Promise<Result<Pick<AlarmSource, 'list' | 'operate'>>> {
  if (server !== undefined) return success(new ServerAlarmSource(new ServerApi(server)));
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
