/** `tidegate query`: values of tags from a running server. */

import { EXIT } from '@tidegate/process/exitStatus.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readSeries, type SeriesRange } from '../query/seriesReader.ts';
import { formatSeries, SERIES_FORMATS, type SeriesFormat } from '../query/seriesText.ts';
import { reportFault } from '../reportFault.ts';
import type { Series } from '../serverApi/answers.ts';
import { ServerApi } from '../serverApi/serverApi.ts';

interface QueryArguments extends SeriesRange {
  readonly limit: number;
  readonly format: SeriesFormat;
  readonly server: string;
}

const EXAMPLES = `
Times are RFC 3339 (2026-01-31T12:00:00Z) or relative: * (now), t (today 00:00), y (yesterday 00:00), *-8h, t+6h.
Days begin at midnight of this machine's time zone; the times written are UTC.
Where the range holds more than --limit samples of a tag, the newest are written, and a note says so.

Examples:
  tidegate query tidewater/chemicals/tep/reactor/pressure
  tidegate query PI-7 LI-8 --start '*-10min' --mode interpolated --interval 30s
  tidegate query steel.load-type --start y --end t --limit 100000 --format csv
`;

export function addQueryCommand(program: Command): void {
  program
    .command('query')
    .description('values of tags, raw or interpolated, as a table, CSV or JSON')
    .argument('<tag...>', 'path, id, alias or index of a tag')
    .option('--start <time>', 'first moment of the range', '*-5min')
    .option('--end <time>', 'end of the range, itself not included', '*')
    .addOption(new Option('--mode <mode>', 'kind of values').choices(['raw', 'interpolated']).default('raw'))
    .option('--interval <time>', 'distance between interpolated values, such as 10s')
    .option('--limit <samples>', 'most samples of each tag, the newest of the range', readLimit, 1_000)
    .addOption(new Option('--format <format>', 'how they are written').choices([...SERIES_FORMATS]).default('table'))
    .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420')
    .addHelpText('after', EXAMPLES)
    .action(async (tags: string[], given: QueryArguments) => {
      process.exitCode = await query(tags, given);
    });
}

async function query(tags: readonly string[], { limit, format, server, ...range }: QueryArguments): Promise<number> {
  const api = new ServerApi(server);
  const all: Series[] = [];
  for (const tag of tags) {
    const series = await readSeries(api, tag, range, limit);
    if (!series.ok) {
      reportFault(series.fault);
      return EXIT.failed;
    }
    all.push(series.value);
  }
  process.stdout.write(formatSeries(all, format));
  for (const { path, hasMore } of all) {
    if (!hasMore) continue;
    process.stderr.write(`${path}: the newest ${limit}; the range holds more before them (--limit, --start, --end).\n`);
  }
  return EXIT.ok;
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('It takes a whole number above 0.');
  return limit;
}
