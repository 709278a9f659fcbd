/** `tidegate archive`: what a person does with the history of a plant as a whole. */

import type { Command } from 'commander';
import { PROGRAMS } from '../repository.ts';
import { type GivenOptions, programArguments } from './programArguments.ts';
import { runProgram } from './runProgram.ts';

const DATA_HELP = `
DIR is the dataDirectory of a server, or the directory of \`tidegate start\`. Where a server runs on it, the server is asked;
where none does, the archive is opened for as long as the command takes.
`;

const EXAMPLES = `
Examples:
  tidegate archive stats
  tidegate archive backup --to /mnt/backup/plant        while everything runs; the next one copies only what is new
  tidegate archive verify                               the archive itself, while everything runs
  tidegate archive verify --data /mnt/backup/plant      a backup
  tidegate archive restore --from /mnt/backup/plant --to restored
  tidegate archive export 'acme/north/**' --start '*-7d' --to week.parquet
  tidegate archive import old-historian.csv
`;

const VERIFY_HELP = `
It reads and changes nothing: every segment, chunk, checksum and summary, the log, and the database of tags and edits; of a
backup also that its files are those that were backed up. It ends with 0 where nothing is wrong, with 1 where something is
damaged, and with 2 where it could not look.
`;

const BACKUP_HELP = `
The directory of the backup is made where it is not there. What an earlier backup has left in it is checked by its digest and
not copied again; the earlier backup stays whole until the new one is. \`tidegate archive verify --data DIR\` verifies it.
`;

const RESTORE_HELP = `
It checks every file by its digest and makes a directory that is empty or not there. Then name it as the dataDirectory of the
server. Gateways go on where the backup ends, as far as they still hold what came after it.
`;

const EXPORT_HELP = `
Tags are paths, ids, aliases, or patterns of paths as of a shell (* within a segment, ** over any number). Columns are those of
the lake: tag, path, time, value, text, status. A text stands in its column of its own; NaN is a number; where both are empty
there is no value. Times are RFC 3339 in UTC; the status is an OPC UA StatusCode with all its bits.

Examples:
  tidegate archive export > everything.csv
  tidegate archive export acme/north/pump-1/flow --start 2026-01-01 --end 2026-02-01 --to january.csv
  tidegate archive export 'acme/north/**' --to north.parquet
`;

const IMPORT_HELP = `
A CSV file (RFC 4180, with commas or semicolons) names its columns in the first line: time and value, and optionally status,
path (or tag), type (number, boolean, string), unit, stepped (true, false), text. A Parquet file has columns of these names.
Times are RFC 3339 with an offset, or microseconds since 1970 UTC; a status is Good, 0x80000000, or a number. Tags that are
not there are made; others get the samples added. Nothing is imported where anything is wrong, unless --skip-bad is given.

Examples:
  tidegate archive import measured.csv --tag acme/north/pump-1/flow --unit m3/h
  tidegate archive import export-of-another-historian.parquet --skip-bad
`;

export function addArchiveCommand(program: Command): void {
  const archive = program
    .command('archive')
    .description('verify, back up and restore the history of the plant; bring history in and out')
    .addHelpText('after', EXAMPLES);
  addCommand(archive, 'stats', 'how much is stored, and what it costs').addHelpText('after', DATA_HELP);
  addCommand(archive, 'verify', 'read everything and name what is damaged').addHelpText('after', VERIFY_HELP);
  addCommand(archive, 'backup', 'copy the archive as it is now, while it is in use')
    .requiredOption('--to <directory>', 'directory of the backup')
    .addHelpText('after', BACKUP_HELP);
  addCommand(archive, 'restore', 'make a data directory of a backup', false)
    .requiredOption('--from <directory>', 'directory of the backup')
    .requiredOption('--to <directory>', 'the data directory that is to be made')
    .addHelpText('after', RESTORE_HELP);
  addCommand(archive, 'export', 'write the samples of tags as CSV or Parquet')
    .argument('[tag...]', 'paths, ids, aliases or patterns (default: every tag)')
    .option('--to <file>', 'the file that is to be written (default: standard output)')
    .option('--format <format>', 'csv or parquet (default: what the name of the file ends with)')
    .option('--start <time>', 'first moment of the range (default: the beginning)')
    .option('--end <time>', 'end of the range, itself not included (default: the end)')
    .addHelpText('after', EXPORT_HELP);
  addCommand(archive, 'import', 'bring in the samples of a CSV or Parquet file')
    .argument('<file>', 'the file')
    .option('--tag <path>', 'the tag of all samples, where the file has no column path')
    .option('--type <type>', 'number, boolean or string, of new tags (default: what the first values are)')
    .option('--unit <unit>', 'UCUM code of the unit, of new tags')
    .option('--stepped', 'values hold until the next one, of new tags')
    .option('--by <name>', 'who imports (default: you)')
    .option('--skip-bad', 'leave out what is wrong, and import the rest')
    .addHelpText('after', IMPORT_HELP);
}

function addCommand(archive: Command, name: string, description: string, hasData = true): Command {
  const command = archive.command(name).description(description);
  if (hasData) command.option('--data <directory>', 'the data directory', '.tidegate');
  return command.option('--json', 'print JSON, and no progress').action(async () => {
    const args = [...programArguments(command.opts<GivenOptions>()), '--', ...command.args];
    process.exitCode = await runProgram(PROGRAMS.server, ['archive', name, ...args]);
  });
}
