/** `tidegate model`: what a model of the plant would change, its versions, and a first draft from a tag list. */

import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { styleText } from 'node:util';
import type { Defect } from '@tidegate/config/defect.ts';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { readTextTree } from '@tidegate/config/readTextTree.ts';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { type Command, Option } from 'commander';
import { AASX_FORMS, type AasxForm, fetchAasx, writeAasx } from '../model/aasxFile.ts';
import { askModel } from '../model/askModel.ts';
import { formatAsset, formatVersions } from '../model/assetText.ts';
import type { ModelPlan, ModelProposal, ModelVersion, ShownAsset } from '../model/modelAnswers.ts';
import { formatPlan, type PaintPlan } from '../model/planText.ts';
import { writeTexts } from '../model/writeTexts.ts';
import { reportFault } from '../reportFault.ts';
import { ServerApi } from '../serverApi/serverApi.ts';

interface Given {
  readonly server: string;
  readonly effective?: string;
  readonly by: string;
  readonly comment: string;
  readonly acceptBreaking?: true;
  readonly acceptDefects?: true;
  readonly at?: string;
  readonly model?: string;
  readonly out: string;
  readonly overwrite?: boolean;
  readonly form: AasxForm;
}

const STYLES = { added: 'green', changed: 'yellow', removed: 'red', warning: 'magenta', heading: 'bold' } as const;

const EXAMPLES = `
A model is a directory of text: types/*.yaml, assets/*.yaml and *.csv, twins/*.yaml, alarms/*.yaml, frames/*.yaml. docs/model.md
tells what stands in them. The server keeps every version that was applied.

Examples:
  tidegate model import tags.xlsx --out model          a first draft from a list of tags
  tidegate model plan model                            what it would change, instance by instance
  tidegate model apply model --comment 'train 3 added'
  tidegate model apply model --effective 2026-03-01T06:00:00Z --comment 'the new turbine runs since then'
  tidegate model versions
  tidegate model show acme/north/train-1 --at '*-30d'
  tidegate model export old --model 3                  the texts of version 3
  tidegate model aasx acme/north/train-1 --out train.aasx  as an Asset Administration Shell
`;

const STATUS_HELP = `
The exit status is 0, or 1 where there are defects or a live subscriber would be broken, or no server answers; 2 where the
directory cannot be read.
`;

export function addModelCommand(program: Command): void {
  const model = program
    .command('model')
    .description('the model of the plant: plan and apply its texts, show it as of any time, draft it from a tag list')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string) =>
    model
      .command(name)
      .description(description)
      .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420');
  const sinceOption = ['--effective <time>', 'since when it holds (default: now; the first since ever)'] as const;
  add('plan', 'what a model would change on every instance; nothing is applied')
    .argument('<directory>', 'of the model')
    .option(...sinceOption)
    .addHelpText('after', STATUS_HELP)
    .action((directory: string, given: Given) => end(plan(directory, given)));
  add('apply', 'make a model the next version')
    .argument('<directory>', 'of the model')
    .option(...sinceOption)
    .option('--by <name>', 'who applies it', userInfo().username)
    .option('--comment <text>', 'why', '')
    .option('--accept-breaking', 'even where live subscribers lose what they listen to')
    .option('--accept-defects', 'what is right of it, where something is wrong')
    .addHelpText('after', STATUS_HELP)
    .action((directory: string, given: Given) => end(apply(directory, given)));
  add('versions', 'who applied which version, when and why').action((given: Given) =>
    end(
      show<{ versions: readonly ModelVersion[] }>(given, '/model/versions', {}, ({ versions }) =>
        formatVersions(versions),
      ),
    ),
  );
  add('show', 'an asset with its attributes, parts and relations')
    .argument('<asset>', 'path or id, or a path that it had before')
    .option('--at <time>', 'as the model held then')
    .action((asset: string, given: Given) =>
      end(show<ShownAsset>(given, `/assets/${encodeURIComponent(asset)}`, { at: given.at }, formatAsset)),
    );
  add('export', 'write the texts of a version to a directory')
    .argument('<directory>', 'where to')
    .option('--model <number>', 'the version (default: the one that holds)')
    .option('--at <time>', 'the version that held then')
    .option('--overwrite', 'replace files that are there')
    .action((directory: string, given: Given) => end(exportTexts(directory, given)));
  add('aasx', 'write assets as Asset Administration Shells, with the values of this moment')
    .argument('<asset...>', 'paths or ids')
    .requiredOption('--out <file>', 'the AASX file')
    .addOption(new Option('--form <form>', 'what is in the package').choices([...AASX_FORMS]).default('json'))
    .option('--overwrite', 'replace the file if it is there')
    .action((assets: string[], given: Given) => end(pack(assets, given)));
  add('import', 'draft a model from a list of tags (CSV or XLSX) with names by ISA-5.1, KKS or paths')
    .argument('<file>', 'whose first rows name the columns: tag, description, unit, low, high')
    .option('--out <directory>', 'where the draft is written', 'model')
    .option('--overwrite', 'replace files that are there')
    .action((file: string, given: Given) => end(draft(file, given)));
}

async function end(work: Promise<number>): Promise<void> {
  process.exitCode = await work;
}

function refuse(result: Result<unknown>): number {
  if (!result.ok) reportFault(result.fault);
  return EXIT.failed;
}

const paint: PaintPlan = (style, text) => {
  const { NO_COLOR } = process.env;
  const isColoured = process.stdout.isTTY && !NO_COLOR;
  return isColoured ? styleText(STYLES[style], text, { validateStream: false }) : text;
};

/** The texts, or `undefined` where something of them cannot be read, which has been said. */
async function textsOf(directory: string): Promise<Readonly<Record<string, string>> | undefined> {
  const { texts, defects } = await readTextTree(directory);
  if (defects.length > 0) process.stderr.write(formatReport(defects, process.stderr));
  else if (texts.size === 0) process.stderr.write(`tidegate: ${directory} holds no YAML and no CSV\n`);
  return defects.length > 0 || texts.size === 0 ? undefined : Object.fromEntries(texts);
}

async function plan(directory: string, { server, effective }: Given): Promise<number> {
  const texts = await textsOf(directory);
  if (!texts) return EXIT.refused;
  const planned = await askModel<ModelPlan>(new ServerApi(server), '/model/plan', { texts, effective });
  if (!planned.ok) return refuse(planned);
  showPlan(directory, planned.value);
  return planned.value.defects.length + planned.value.broken.length === 0 ? EXIT.ok : EXIT.failed;
}

async function apply(directory: string, given: Given): Promise<number> {
  const { server, effective, by, comment, acceptBreaking, acceptDefects } = given;
  const texts = await textsOf(directory);
  if (!texts) return EXIT.refused;
  const api = new ServerApi(server);
  const planned = await askModel<ModelPlan>(api, '/model/plan', { texts, effective });
  if (!planned.ok) return refuse(planned);
  showPlan(directory, planned.value);
  const body = { texts, effective, by, comment, acceptBreaking, acceptDefects };
  const applied = await askModel<{ version: ModelVersion }>(api, '/model/apply', body);
  if (!applied.ok) return refuse(applied);
  process.stdout.write(formatVersions([applied.value.version]));
  return EXIT.ok;
}

/** Defects stand last, where they are seen. */
function showPlan(directory: string, planned: ModelPlan): void {
  process.stdout.write(formatPlan(planned, paint));
  const defects = planned.defects.map(
    ({ hint, file, ...rest }): Defect => ({
      ...{ ...rest, code: 'config.invalid', file: `${directory.replace(/\/+$/, '')}/${file}` },
      ...(hint !== null && { hint }),
    }),
  );
  if (defects.length > 0) process.stdout.write(`\n${formatReport(defects, process.stdout)}`);
}

async function show<T>(
  { server }: Given,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  format: (answer: T) => string,
): Promise<number> {
  const answer = await new ServerApi(server).get<T>(path, query);
  if (!answer.ok) return refuse(answer);
  process.stdout.write(format(answer.value));
  return EXIT.ok;
}

async function exportTexts(
  directory: string,
  { server, model: version, at, overwrite = false }: Given,
): Promise<number> {
  const found = await new ServerApi(server).get<{ version: ModelVersion; texts: Record<string, string> }>(
    '/model/texts',
    { version, at },
  );
  if (!found.ok) return refuse(found);
  const written = await writeTexts(directory, found.value.texts, overwrite);
  if (!written.ok) return refuse(written);
  process.stdout.write(`${directory}: ${written.value.length} files of version ${found.value.version.number}\n`);
  return EXIT.ok;
}

async function draft(file: string, { server, out, overwrite = false }: Given): Promise<number> {
  const bytes = await readFile(file).catch((error: Error) => error);
  if (bytes instanceof Error) return refuse(failure('model.import', `${file} cannot be read: ${bytes.message}.`));
  const body = { name: basename(file), content: bytes.toString('base64') };
  const proposal = await askModel<ModelProposal>(new ServerApi(server), '/model/proposal', body);
  if (!proposal.ok) return refuse(proposal);
  const { texts, tags, reasons } = proposal.value;
  const written = await writeTexts(out, texts, overwrite);
  if (!written.ok) return refuse(written);
  const told = reasons.map(({ subject, reason }) => `${subject}: ${reason}\n`).join('');
  const next = `\n${tags} tags; ${written.value.length} files in ${out}. Correct them, then: tidegate model plan ${out}\n`;
  process.stdout.write(`${told}${next}`);
  return EXIT.ok;
}

async function pack(assets: readonly string[], { server, out, form, overwrite = false }: Given): Promise<number> {
  const packed = await fetchAasx(new ServerApi(server), assets, form);
  if (!packed.ok) return refuse(packed);
  const written = await writeAasx(out, packed.value, overwrite);
  return written.ok ? EXIT.ok : refuse(written);
}
