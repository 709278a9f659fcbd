/** `tidegate oee` and `tidegate energy`: what machines achieve, and what energy was used for it. */

import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { formatEnergy } from '../events/energyText.ts';
import type { EnergyAnswer, OeeAnswer } from '../events/frameAnswers.ts';
import { formatOee } from '../events/oeeText.ts';
import { reportFault } from '../reportFault.ts';
import { type QueryParameters, ServerApi } from '../serverApi/serverApi.ts';

interface Given {
  readonly server: string;
  readonly json?: true;
  readonly start: string;
  readonly end: string;
}

const OEE_EXAMPLES = `
The losses lead from the planned time to the ideal time of good pieces (ISO 22400-2). Examples:
  tidegate oee acme/north/line-1/press --start '*-7d' --interval 1d --time-zone Europe/Berlin
  tidegate oee acme/north/line-1/press --start t --interval 8h
`;
const ENERGY_EXAMPLES = `
What was used is held against what the baseline expects for what was made (ISO 50006). Examples:
  tidegate energy 'fuel gas' --start '*-1d'
`;

export function addPerformanceCommands(program: Command): void {
  const add = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('--start <time>', 'first moment', '*-1d')
      .option('--end <time>', 'end of the range, itself not included', '*')
      .option('--json', 'the answer of the server as it is, with where each figure comes from')
      .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420');
  add('oee', 'availability, performance and quality of a machine, with its losses')
    .argument('<asset>', 'path or id of the machine')
    .option('--interval <time>', 'also by interval: shifts, days')
    .option('--time-zone <zone>', 'whose days they are, as an IANA name', 'UTC')
    .addHelpText('after', OEE_EXAMPLES)
    .action((asset: string, given: Given & { readonly interval?: string; readonly timeZone: string }) => {
      const { interval, timeZone } = given;
      return end(show<OeeAnswer>('/performance/oee', { asset, interval, timeZone }, given, formatOee));
    });
  add('energy', 'energy used against its baseline, and for each unit that was made')
    .argument('[name]', 'of the account; it may be left out where there is only one')
    .option('--asset <asset>', 'path or id, where several have an account of this name')
    .addHelpText('after', ENERGY_EXAMPLES)
    .action((name: string | undefined, given: Given & { readonly asset?: string }) =>
      end(show<EnergyAnswer>('/performance/energy', { name, asset: given.asset }, given, formatEnergy)),
    );
}

async function end(work: Promise<number>): Promise<void> {
  process.exitCode = await work;
}

async function show<T>(
  path: string,
  query: QueryParameters,
  { server, json, start, end: until }: Given,
  format: (answer: T) => string,
): Promise<number> {
  const answer = await new ServerApi(server).get<T>(path, { ...query, start, end: until });
  if (!answer.ok) {
    reportFault(answer.fault);
    return EXIT.failed;
  }
  process.stdout.write(json ? `${JSON.stringify(answer.value, null, 2)}\n` : format(answer.value));
  return EXIT.ok;
}
