/** `tidegate tune`: how many samples of a tag need not be stored, and what that would cost. */

import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import { readSeries } from '../query/seriesReader.ts';
import { reportFault } from '../reportFault.ts';
import { PROGRAMS } from '../repository.ts';
import type { Tag } from '../serverApi/answers.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import { runProgram } from './runProgram.ts';

interface TuneArguments {
  readonly start: string;
  readonly end: string;
  readonly maxInterval: string;
  readonly compressionMaxInterval: string;
  readonly json?: true;
  readonly server: string;
}

/** More of them tell nothing new, and are asked for page by page. */
const MAX_SAMPLES = 200_000;

const EXAMPLES = `
It gives the history of a tag to the conditioning of a gateway, under many settings, and shows for each how much is left
and how far that is from what was measured. It changes nothing: what is chosen is written into the configuration.

Examples:
  tidegate tune tidewater/chemicals/tep/reactor/pressure
  tidegate tune PI-7 --start '*-7d' --compression-max-interval 5min
  tidegate tune PI-7 --json
`;

export function addTuneCommand(program: Command): void {
  program
    .command('tune')
    .description('show what exception reporting and compression would leave of the history of a tag')
    .argument('<tag>', 'path, id, alias or index of a tag')
    .option('--start <time>', 'first moment of the range', '*-8h')
    .option('--end <time>', 'end of the range, itself not included', '*')
    .option('--max-interval <time>', 'a value is kept when this much time has passed', '10min')
    .option('--compression-max-interval <time>', 'the same, of compression', '1min')
    .option('--json', 'print JSON')
    .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420')
    .addHelpText('after', EXAMPLES)
    .action(async (tag: string, given: TuneArguments) => {
      process.exitCode = await tune(tag, given);
    });
}

async function tune(tag: string, given: TuneArguments): Promise<number> {
  const api = new ServerApi(given.server);
  const known = await api.get<Tag>(`/tags/${encodeURIComponent(tag)}`);
  if (!known.ok) return fail(known.fault);
  const range = { start: given.start, end: given.end, mode: 'raw' };
  const series = await readSeries(api, tag, range, MAX_SAMPLES);
  if (!series.ok) return fail(series.fault);
  const { path, unit, lane, stepped, low, high } = known.value;
  const { valueType, times, values, statuses, hasMore } = series.value;
  if (hasMore) process.stderr.write(`The range holds more than ${MAX_SAMPLES} samples: these are the newest.\n`);
  const history = { path, unit, valueType, lane, stepped, low, high, times, values, statuses };
  const intervals = [
    ...['--max-interval', given.maxInterval],
    ...['--compression-max-interval', given.compressionMaxInterval],
  ];
  const args = ['tune', ...intervals, ...(given.json ? ['--json'] : [])];
  return runProgram(PROGRAMS.gateway, args, JSON.stringify(history));
}

function fail(fault: Parameters<typeof reportFault>[0]): number {
  reportFault(fault);
  return EXIT.failed;
}
