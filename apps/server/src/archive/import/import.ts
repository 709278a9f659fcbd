/**
 * `archive import`: samples of a file into the archive of a server that runs, or of one that does not. The file is read
 * twice: nothing is imported before all of it is known to be good.
 */

import { userInfo } from 'node:os';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import { MAX_TEXT_LENGTH } from '@tidegate/platform/historian/query/runBlocks.ts';
import { importConverter } from '@tidegate/platform/historian/query/unit/importConverter.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { type ArchiveCommand, type CommandRun, Interrupted } from '../commandRun.ts';
import { ArchiveClient } from '../control/archiveClient.ts';
import type { ExportedTag } from '../control/controlMessage.ts';
import { DATA_OPTION } from '../dataOption.ts';
import { formatAmount, formatCount, formatSpan } from '../figures.ts';
import { type ImportSource, openImportSource } from './importSource.ts';
import { SeriesTable } from './seriesTable.ts';

const OPTIONS = {
  ...DATA_OPTION,
  tag: { type: 'string' },
  type: { type: 'string' },
  unit: { type: 'string' },
  stepped: { type: 'boolean' },
  by: { type: 'string' },
  'skip-bad': { type: 'boolean' },
} as const;

const TYPES: readonly string[] = ['number', 'boolean', 'string'] satisfies TagType[];
/** So many mistakes are shown; the others are counted. */
const SHOWN_DEFECTS = 20;

interface Survey {
  readonly samples: number;
  /** Mistakes, the first of them in words. */
  readonly bad: number;
  readonly shown: readonly string[];
}

export const IMPORT: ArchiveCommand<typeof OPTIONS> = {
  name: 'archive import',
  options: OPTIONS,
  async run({ values, positionals: [file, ...others] }, run) {
    const { tag: path, type, unit, stepped, data } = values;
    if (file === undefined || others.length > 0)
      return failure('launch.option', 'Name one file that is to be imported.');
    if (type !== undefined && !TYPES.includes(type)) {
      return failure('launch.option', `--type takes number, boolean or string, not "${type}".`);
    }
    const source = await openImportSource(file);
    try {
      const table = new SeriesTable(source, { path, type: type as TagType | undefined, unit, stepped });
      if (table.defect !== undefined) return failure('import.invalid', `${file}: ${table.defect}`);
      const opened = await ArchiveClient.open(data, run.events);
      if (!opened.ok) return opened;
      const client = opened.value;
      const by = values.by ?? userInfo().username;
      const task = { file, source, table, client, by, skipsBad: values['skip-bad'] ?? false };
      return await importFile(task, run).finally(() => client.close());
    } finally {
      source.close();
    }
  },
};

interface ImportTask {
  readonly file: string;
  readonly source: ImportSource;
  readonly table: SeriesTable;
  readonly client: ArchiveClient;
  readonly by: string;
  readonly skipsBad: boolean;
}

async function importFile(task: ImportTask, run: CommandRun): Promise<Result<number>> {
  const { file, table, client, by, skipsBad } = task;
  if (table.ignored.length > 0) run.note(`${file}: nothing is made of the columns ${table.ignored.join(', ')}.`);
  const survey = await surveyFile(task, run);
  for (const line of run.json ? [] : survey.shown) run.note(line);
  if (survey.bad > survey.shown.length) run.note(`${file}: ${survey.bad - survey.shown.length} more are not shown.`);
  const adopted = await adoptTags(table, client, run.signal);
  if (!adopted.ok) return adopted;
  if (survey.bad > 0 && !skipsBad) {
    const text = `${file}: ${formatAmount(survey.bad, `${task.source.place}`)} wrong; nothing was imported (--skip-bad imports the others).`;
    run.print(text, { file, samples: 0, bad: survey.bad, defects: survey.shown });
    return success(EXIT.failed);
  }
  const line = run.progress('importing', 'samples');
  const series = table.series.map(({ samples: _, ...tag }) => tag);
  let sent = 0;
  const blocks = blocksOf(task, run.signal, (samples) => {
    sent = samples;
    line.update(samples, survey.samples);
  });
  const imported = await client.import({ by, series }, blocks).catch((error) => {
    if (error instanceof Interrupted)
      run.note(`${file}: up to ${formatAmount(sent, 'sample')} of it are in the archive already.`);
    throw error;
  });
  if (!imported.ok) return imported;
  const samples = imported.value;
  if (samples !== survey.samples)
    run.note(`${file}: it has changed since it was checked; ${survey.samples} were good then.`);
  const skipped = survey.bad > 0 ? `, ${formatCount(survey.bad)} left out` : '';
  const text = `${formatAmount(samples, 'sample')} of ${formatAmount(series.length, 'tag')} imported in ${formatSpan(line.elapsedMs)}${skipped}`;
  run.print(`${file}: ${text}.`, { file, samples, bad: survey.bad, defects: survey.shown, series: table.series });
  return success(EXIT.ok);
}

/** Reads all of the file and imports nothing. */
async function surveyFile({ file, source, table }: ImportTask, { signal, progress }: CommandRun): Promise<Survey> {
  const line = progress('checking', 'bytes');
  const shown: string[] = [];
  let bad = 0;
  let samples = 0;
  for await (const batch of source.batches((bytes) => line.update(bytes, source.bytes))) {
    signal.throwIfAborted();
    for (const row of batch) {
      const defect = 'defect' in row ? row.defect : (table.read(row.fields) ?? lengthDefect(table));
      if (defect === undefined) samples++;
      else if (++bad <= SHOWN_DEFECTS) shown.push(`${file}: ${source.place} ${row.line}: ${defect}.`);
    }
  }
  line.clear();
  return { samples, bad, shown };
}

function lengthDefect({ sample: { value } }: SeriesTable): string | undefined {
  const isLong = typeof value === 'string' && value.length > MAX_TEXT_LENGTH;
  return isLong ? `the text has more than ${MAX_TEXT_LENGTH} characters` : undefined;
}

/** Tags that are there already say of what type their values are, and in which unit they are kept. */
async function adoptTags(table: SeriesTable, client: ArchiveClient, signal: AbortSignal): Promise<Result<void>> {
  let known: readonly ExportedTag[] = [];
  const take = (tags: readonly ExportedTag[]) => {
    known = tags;
  };
  const tags = table.series.map(({ path }) => path);
  const asked = await client.export({ tags, start: 0, end: 0 }, take, () => {}, signal);
  if (!asked.ok) return asked;
  for (const tag of known) {
    const defect = table.adopt(tag.path, tag.type);
    if (defect !== undefined) return failure('import.invalid', `${defect}.`);
    const series = table.series.find(({ path }) => path === tag.path);
    const converter = series ? await importConverter(series, tag) : success(undefined);
    if (!converter.ok) return converter;
  }
  return success(undefined);
}

/** The samples in the order of the file; what was wrong at the first reading is left out. */
async function* blocksOf(
  { source, table }: ImportTask,
  signal: AbortSignal,
  onSamples: (samples: number) => void,
): AsyncGenerator<SampleBlock, void, undefined> {
  const block = new SampleBlockBuilder();
  let samples = 0;
  let textLength = 0;
  table.countAnew();
  for await (const batch of source.batches(() => {})) {
    signal.throwIfAborted();
    for (const row of batch) {
      if ('defect' in row || table.read(row.fields) !== undefined || lengthDefect(table) !== undefined) continue;
      const { series, time, value, status } = table.sample;
      block.push(series, time, value, status);
      if (typeof value === 'string') textLength += value.length;
      if (!block.full && textLength < MAX_TEXT_LENGTH) continue;
      samples += block.count;
      onSamples(samples);
      yield block;
      block.clear();
      textLength = 0;
    }
  }
  if (block.count > 0) yield block;
}
