/** `tidegate twin`: parameters fitted to history, runs with other inputs, and what is behind residuals. */

import { userInfo } from 'node:os';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { askModel } from '../model/askModel.ts';
import { writeTexts } from '../model/writeTexts.ts';
import { reportFault } from '../reportFault.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import { type Change, type NamedNumbers, readNamed, readRamp } from '../twin/changeOption.ts';
import { formatFits } from '../twin/fitText.ts';
import type { TwinDiagnosis, TwinFits, WhatIf } from '../twin/studyAnswers.ts';
import { shortNumber, textTable } from '../twin/textTable.ts';
import { formatWhatIf } from '../twin/whatIfText.ts';

interface Given {
  readonly server: string;
  readonly interval?: string;
  readonly json?: true;
}

interface FitGiven extends Given {
  readonly type?: string;
  readonly start: string;
  readonly end: string;
  readonly mode?: readonly string[];
  readonly robust?: true;
  readonly by: string;
  readonly write?: string;
}

interface WhatIfGiven extends Given {
  readonly from: string;
  readonly for: string;
  readonly set?: NamedNumbers;
  readonly add?: NamedNumbers;
  readonly scale?: NamedNumbers;
  readonly ramp?: Readonly<Record<string, Change>>;
  readonly setParameter?: NamedNumbers;
}

interface DiagnoseGiven extends Given {
  readonly start: string;
  readonly end: string;
}

const EXAMPLES = `
docs/twins.md tells what stands behind it. Examples:
  tidegate twin fit acme/north/compression/train-1 --start '*-14d' --write model
  tidegate twin fit --type compressor --start 2026-01-01T00:00:00Z --end 2026-01-15T00:00:00Z --robust
  tidegate model plan model && tidegate model apply model --comment 'compressors fitted'
  tidegate twin whatif acme/north/compression/train-1 --from '*-6h' --for 6h --set speed=9500
  tidegate twin whatif acme/north/compression/train-1 --ramp speed=9800:10min --set-parameter efficiency=0.74
  tidegate twin diagnose acme/north/compression/train-1 --start '*-7d'
`;

export function addTwinCommand(program: Command): void {
  const twin = program
    .command('twin')
    .description('twins of assets: fit their parameters to history, run them with other inputs, tell what has changed')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string) =>
    twin
      .command(name)
      .description(description)
      .option('--interval <time>', 'distance of the moments that are looked at (default: about 2000 of them)')
      .option('--json', 'the answer of the server as it is')
      .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420');
  add('fit', 'what history says of the parameters, with confidence; applied by `tidegate model apply`')
    .argument('[asset]', 'path or id; or --type')
    .option('--type <type>', 'the twin of every asset of this type')
    .option('--start <time>', 'first moment of the history', '*-7d')
    .option('--end <time>', 'end of it, itself not included', '*')
    .option('--mode <mode...>', 'only moments in these modes')
    .option('--robust', 'moments that are far off count less')
    .option('--by <name>', 'who fits', userInfo().username)
    .option('--write <directory>', 'write the file of fits into this directory of a model')
    .action((asset: string | undefined, given: FitGiven) => end(fit(asset, given)));
  add('whatif', 'a run with other inputs or parameters, in a sealed copy, against what happened')
    .argument('<asset>', 'path or id')
    .option('--from <time>', 'past or present moment from which it goes on', '*-1h')
    .option('--for <time>', 'how long it is', '1h')
    .option('--set <attribute=value>', 'an attribute is this', readNamed)
    .option('--add <attribute=value>', 'it is so much more than it was', readNamed)
    .option('--scale <attribute=factor>', 'it is so many times what it was', readNamed)
    .option('--ramp <attribute=value:time>', 'it goes to this in a straight line', readRamp)
    .option('--set-parameter <name=value>', 'a parameter is this', readNamed)
    .action((asset: string, given: WhatIfGiven) => end(whatIf(asset, given)));
  add('diagnose', 'what is behind the residuals: an instrument that drifts, a machine that changes, or nothing')
    .argument('<asset>', 'path or id')
    .option('--start <time>', 'first moment of the history', '*-1d')
    .option('--end <time>', 'end of it, itself not included', '*')
    .action((asset: string, given: DiagnoseGiven) => end(diagnose(asset, given)));
}

async function end(outcome: Promise<Result<string>>): Promise<void> {
  const done = await outcome;
  if (done.ok) process.stdout.write(done.value);
  else reportFault(done.fault);
  process.exitCode = done.ok ? EXIT.ok : EXIT.failed;
}

async function fit(asset: string | undefined, given: FitGiven): Promise<Result<string>> {
  const { server, type, start, end: until, interval, mode, robust, by, write, json } = given;
  const body = { asset, type, start, end: until, interval, modes: mode, robust, by };
  const fits = await askModel<TwinFits>(new ServerApi(server), '/twins/fit', body);
  if (!fits.ok) return fits;
  const text = json ? jsonText(fits.value) : formatFits(fits.value);
  if (write === undefined) return success(text);
  const { file } = fits.value;
  const written = await writeTexts(write, { [file]: fits.value.text }, true);
  if (!written.ok) return written;
  return success(
    json ? text : `${text}\nWritten to ${file}; \`tidegate model plan ${write}\` shows what it changes.\n`,
  );
}

async function whatIf(asset: string, given: WhatIfGiven): Promise<Result<string>> {
  const { server, from, for: length, interval, set = {}, add = {}, scale = {}, ramp = {}, json } = given;
  const each = (numbers: NamedNumbers, kind: string) =>
    Object.entries(numbers).map(([name, value]) => [name, { [kind]: value }] as const);
  const numbers = [...each(set, 'set'), ...each(add, 'add'), ...each(scale, 'scale')];
  const changes = { ...Object.fromEntries(numbers), ...ramp };
  const body = { asset, from, for: length, interval, changes, parameters: given.setParameter };
  const run = await askModel<WhatIf>(new ServerApi(server), '/twins/whatif', body);
  return run.ok ? success(json ? jsonText(run.value) : formatWhatIf(run.value)) : run;
}

async function diagnose(asset: string, given: DiagnoseGiven): Promise<Result<string>> {
  const { server, start, end: until, interval, json } = given;
  const address = `/twins/${encodeURIComponent(asset)}/diagnosis`;
  const found = await new ServerApi(server).get<TwinDiagnosis>(address, { start, end: until, interval });
  if (!found.ok) return found;
  if (json) return success(jsonText(found.value));
  const { text, residuals } = found.value;
  const rows = residuals.map(({ attribute, mean, noise }) => {
    return [attribute, shortNumber(mean), shortNumber(noise), shortNumber(Math.abs(mean) / noise)];
  });
  const table = textTable([['residual', 'of late', 'noise', 'ratio'], ...rows], new Set([1, 2, 3]));
  return success(`${text}\n\n${table}`);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
