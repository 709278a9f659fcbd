/** `tidegate health`: watches over equipment, cases of degradation and what people do with them, learned models, lives of fleets. */

import { userInfo } from 'node:os';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DoGiven, type FindGiven, find, operate, showCase } from '../health/caseCalls.ts';
import { formatCases } from '../health/caseText.ts';
import { type LivesGiven, lives } from '../health/fleetCalls.ts';
import type { CaseList, HealthLabels, HealthLedger, WatchDetail, WatchList } from '../health/healthAnswers.ts';
import { type Given, read } from '../health/healthRead.ts';
import { change, exported, imported, models, save } from '../health/modelCalls.ts';
import type { ImportGiven } from '../health/modelImport.ts';
import { formatLabels, formatLedger } from '../health/modelText.ts';
import { formatWatch, formatWatches } from '../health/watchText.ts';
import { reportFault } from '../reportFault.ts';

interface ListGiven extends Given {
  readonly watches?: true;
  readonly asset?: string;
  readonly show?: string;
  readonly state?: string;
  readonly limit?: string;
}

interface RangeGiven extends Given {
  readonly start?: string;
  readonly end?: string;
}

const EXAMPLES = `
docs/health.md tells what stands behind it. Examples:
  tidegate health                                      cases, the most urgent first, with the reason of the rank
  tidegate health list --show all --asset 'acme/north/**'
  tidegate health list --watches --state blind         what is not watched at this moment, and why
  tidegate health show 7                               why, since when, how long; where it is, what to bring and to isolate
  tidegate health watch acme/north/utilities/psu-1/output-joint
  tidegate health order 7 --port maintenance --comment 'with the next trip to north'
  tidegate health snooze 7 --until '*+7d' --comment 'nobody gets there before the thaw'
  tidegate health find 7 --outcome confirmed --failure solder-crack --repaired --comment 'crack of 240 degrees' --photo joint.jpg --close
  tidegate health close 9 --group --comment 'the power dipped, all is well'
  tidegate health find 8 --outcome nothing-found --comment 'terminal is tight, 3 mOhm' --close
  tidegate health reopen 7 --comment 'it rises again'
  tidegate health comment 7 'the cabinet was open in May'

What was learned, and what it has been worth:
  tidegate health models acme/north/utilities/psu-1/output-joint
  tidegate health learn acme/north/utilities/psu-1/output-joint --start '*-60d' --end '*-30d'
  tidegate health promote acme/north/utilities/psu-1/output-joint 2 --comment 'sees the winter as normal'
  tidegate health lives                                lives of like equipment, and how far off estimates by them are
  tidegate health lives bearing-life                   what each asset has left, the least first
  tidegate health lives bearing-life --learn
  tidegate health ledger --start '*-365d'              precision, lead time, false cases per equipment and year
  tidegate health labels --json
  tidegate health export acme/north/utilities/psu-1/output-joint --start '*-90d'

A model that was learned elsewhere: one input of floats [rows, features], the features in the order of the watch, and one score
for each row. Its threshold is learned here, from the budget; it begins as a shadow, and is promoted like any other:
  tidegate health import acme/north/utilities/psu-1/output-joint --onnx forest.onnx --lower-is-stranger --comment 'IsolationForest of the rows of spring'

A case keeps its number. The exit status is 0, or 1 where the server does not answer or refuses.
`;

export function addHealthCommand(program: Command): void {
  const health = program
    .command('health')
    .description(
      'equipment health: what degrades, how long it lasts, what to do about it; learned models and their ledger',
    )
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string, isDefault = false) =>
    health
      .command(name, { isDefault })
      .description(description)
      .option('--json', 'the answer of the server as it is')
      .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420');
  addReading(add);
  addCaseOperations(add);
  addModelOperations(add);
}

type Add = (name: string, description: string, isDefault?: boolean) => Command;

function addReading(add: Add): void {
  add('list', 'cases, the most urgent first; `list` may be left out', true)
    .option('--watches', 'the watches in place of the cases')
    .option('--asset <asset>', 'path, id or pattern of assets; what is below them counts too')
    .addOption(new Option('--show <which>', 'which cases').choices(['pending', 'snoozed', 'closed', 'all']))
    .option('--state <state>', 'open, ordered or closed; of watches learning, scoring or blind')
    .option('--limit <cases>', 'most of them')
    .action((given: ListGiven) => end(list(given)));
  add('show', 'one case: why, how long, where, what to bring and to isolate, what was done')
    .argument('<number>', 'of the case', readNumber)
    .action((number: number, given: Given) => end(showCase(number, given)));
  add('watch', 'one watch: its features, what was learned, what goes on')
    .argument('<watch>', 'path of the asset, a slash and its name; or its id')
    .action((watch: string, given: Given) => end(read<WatchDetail>(given, '/health/watch', { watch }, formatWatch)));
  add('lives', 'what like equipment has left, by the lives of others')
    .argument('[name]', 'of the lives; all of them where it is left out')
    .option('--learn', 'learn them anew from all lives that are known now')
    .option('--by <name>', 'who has it learned', userInfo().username)
    .action((name: string | undefined, given: LivesGiven) => end(lives(name, given)));
  add('ledger', 'how right the cases were: precision, lead time, false cases per equipment and year')
    .option('--start <time>', 'first moment', '*-365d')
    .option('--end <time>', 'end, itself not included', '*')
    .action(({ start, end: until, ...given }: RangeGiven) =>
      end(read<HealthLedger>(given, '/health/ledger', { start, end: until }, formatLedger)),
    );
  add('labels', 'what findings say of times, for the next learning')
    .option('--watch <watch>', 'of one watch only')
    .option('--start <time>', 'first moment', '*-365d')
    .option('--end <time>', 'end, itself not included', '*')
    .action(({ start, end: until, watch, ...given }: RangeGiven & { readonly watch?: string }) =>
      end(read<HealthLabels>(given, '/health/labels', { start, end: until, watch }, formatLabels)),
    );
}

function addCaseOperations(add: Add): void {
  const addFor = (name: string, description: string) =>
    add(name, description)
      .argument('<number>', 'of the case', readNumber)
      .option('--by <name>', 'who does it', userInfo().username)
      .option('--comment <text>', 'why, or what is to be remembered of it');
  const addForGroup = (name: string, description: string) =>
    addFor(name, description).option('--group', 'the cases that began together with it and are not closed as well');
  addForGroup('snooze', 'set a case aside; it comes back earlier where it grows clearly worse')
    .requiredOption('--until <time>', "end of it, such as '*+7d'")
    .action((number: number, given: DoGiven & { readonly until: string }) =>
      end(operate(number, 'snooze', given, { until: given.until })),
    );
  addFor('order', 'place a work order for it')
    .option('--port <name>', 'where the order goes; the first of the configuration where it is left out')
    .action((number: number, given: DoGiven & { readonly port?: string }) =>
      end(operate(number, 'order', given, { port: given.port })),
    );
  addForGroup('find', 'say what was found: the next learning and the ledger go by it')
    .addOption(
      new Option('--outcome <outcome>', 'whether it was so')
        .choices(['confirmed', 'other-cause', 'nothing-found'])
        .makeOptionMandatory(),
    )
    .option('--failure <failure>', 'what it was: a failure of the model, or other words')
    .option('--repaired', 'it was put right: what is normal is learned anew from here on')
    .option('--photo <file...>', 'photos: JPEG, PNG or WebP')
    .option('--at <time>', 'when it was looked at')
    .option('--failed-at <time>', 'when it failed, where it did before that')
    .option('--close', 'the case is over with it')
    .action((number: number, given: FindGiven) => end(find(number, given)));
  add('comment', 'add a line to its history, and change nothing else')
    .argument('<number>', 'of the case', readNumber)
    .argument('<text>', 'what is to be remembered')
    .option('--by <name>', 'who says it', userInfo().username)
    .option('--group', 'of the cases that began together with it and are not closed as well')
    .action((number: number, comment: string, given: DoGiven) =>
      end(operate(number, 'comment', { ...given, comment })),
    );
  addForGroup('close', 'it is over; without a finding a comment says why').action((number: number, given: DoGiven) =>
    end(operate(number, 'close', given)),
  );
  for (const [word, description] of CASE_WORDS) {
    addFor(word, description).action((number: number, given: DoGiven) => end(operate(number, word, given)));
  }
}

const CASE_WORDS = [
  ['wake', 'end snoozing before its time'],
  ['reopen', 'it is not over'],
  ['undo', 'take back what was done last'],
] as const;

function addModelOperations(add: Add): void {
  const addFor = (name: string, description: string) =>
    add(name, description).argument('<watch>', 'path of the asset, a slash and its name; or its id');
  addFor('models', 'the learned models of a watch, the newest first')
    .option('--save <number>', 'write this model as a document into --to', readNumber)
    .option('--to <file>', 'where it is written; a file that is there is refused')
    .action((watch: string, given: Given & { readonly save?: number; readonly to?: string }) =>
      end(given.save === undefined ? models(watch, given) : save(watch, given)),
    );
  addFor('learn', 'a new model from history; it begins as a shadow where there is one with a voice')
    .option('--start <time>', 'first moment (default: as the watch says)')
    .option('--end <time>', 'end of it, itself not included (default: now)')
    .option('--by <name>', 'who has it learned', userInfo().username)
    .action((watch: string, { server, json, ...body }: DoGiven & RangeGiven) =>
      end(change({ server, ...(json && { json }) }, { operation: 'learn', watch, ...body })),
    );
  for (const [word, description] of MODEL_WORDS) {
    addFor(word, description)
      .argument('<number>', 'of the model', readNumber)
      .option('--by <name>', 'who does it', userInfo().username)
      .option('--comment <text>', 'why')
      .action((watch: string, number: number, { server, json, ...body }: DoGiven) =>
        end(change({ server, ...(json && { json }) }, { operation: word, watch, number, ...body })),
      );
  }
  addFor('import', 'bring a model that was learned elsewhere, as ONNX; it begins as a shadow')
    .requiredOption('--onnx <file>', 'the file')
    .requiredOption('--comment <text>', 'what it is, and what it was learned from')
    .option(
      '--input <name>',
      'the input that takes the features, in the order of the watch; the only one where left out',
    )
    .option('--output <name>', 'the output that is the score; the only one of floats where left out')
    .option('--lower-is-stranger', 'low scores mean strange rows, as those of detectors of scikit-learn do')
    .option('--start <time>', 'its threshold: first moment (default: as the watch says)')
    .option('--end <time>', 'its threshold: end of it, itself not included (default: now)')
    .option('--by <name>', 'who brings it', userInfo().username)
    .action((watch: string, { server, json, ...given }: Given & ImportGiven) =>
      end(imported({ server, ...(json && { json }) }, watch, given)),
    );
  addFor('export', 'rows of features as Parquet with a card, into the export folder of the server')
    .requiredOption('--start <time>', 'first moment')
    .option('--end <time>', 'end of it, itself not included', '*')
    .option('--known-at <time>', 'only what was known then')
    .option('--no-labels', 'without the column of what findings say of each row')
    .option('--by <name>', 'who asks for it', userInfo().username)
    .action((watch: string, { server, json, ...body }: DoGiven & RangeGiven) =>
      end(exported({ server, ...(json && { json }) }, { watch, ...body })),
    );
}

const MODEL_WORDS = [
  ['promote', 'give a model the voice; the one that has it is retired'],
  ['retire', 'a model scores no more'],
] as const;

function list({ server, json, watches, ...query }: ListGiven): Promise<Result<string>> {
  const given = { server, ...(json && { json }) };
  if (!watches) return read<CaseList>(given, '/health/cases', query, formatCases);
  const { asset, state } = query;
  return read<WatchList>(given, '/health/watches', { asset, state }, formatWatches);
}

/** What people and devices have said must not steer the terminal. */
async function end(outcome: Promise<Result<string>>): Promise<void> {
  const done = await outcome;
  if (done.ok) process.stdout.write(done.value.replaceAll(/[^\P{Cc}\n]/gu, '\ufffd'));
  else reportFault(done.fault);
  process.exitCode = done.ok ? EXIT.ok : EXIT.failed;
}

function readNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1.');
  return Number(text);
}
