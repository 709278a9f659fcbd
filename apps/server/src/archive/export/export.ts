/** `archive export`: the samples of tags as a file, by the server that has the archive open or without one. */

import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { parseTimeExpression } from '@tidegate/platform/northbound/contract/timeExpression.ts';
import { resolveTimeExpression } from '@tidegate/platform/northbound/contract/timeResolution.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { ArchiveCommand, CommandRun } from '../commandRun.ts';
import { ArchiveClient } from '../control/archiveClient.ts';
import type { ExportedTag, ExportRequest } from '../control/controlMessage.ts';
import { DATA_OPTION } from '../dataOption.ts';
import { formatAmount, formatSpan } from '../figures.ts';
import { CsvExport } from './csvExport.ts';
import type { ExportSink } from './exportSink.ts';

const OPTIONS = {
  ...DATA_OPTION,
  to: { type: 'string' },
  format: { type: 'string' },
  start: { type: 'string' },
  end: { type: 'string' },
} as const;

const FORMATS = ['csv', 'parquet'] as const;
type Format = (typeof FORMATS)[number];

const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const EVERY_TAG = ['**'];

export const EXPORT: ArchiveCommand<typeof OPTIONS> = {
  name: 'archive export',
  options: OPTIONS,
  async run({ values, positionals }, run) {
    const { data, to, format, start, end } = values;
    const wanted = readWanted(positionals, start, end);
    if (!wanted.ok) return wanted;
    const chosen = formatOf(to, format);
    if (!chosen.ok) return chosen;
    const opened = await ArchiveClient.open(data, run.events);
    if (!opened.ok) return opened;
    const client = opened.value;
    try {
      return await exportTo(await openSink(chosen.value, to, run.out), client, wanted.value, to, run);
    } finally {
      await client.close();
    }
  },
};

async function openSink(format: Format, to: string | undefined, out: Writable): Promise<ExportSink> {
  if (format === 'csv') return new CsvExport(to, out);
  // Its engine is loaded only where it is needed.
  const { ParquetFile } = await import('./parquetFile.ts');
  return ParquetFile.open(to!);
}

async function exportTo(
  sink: ExportSink,
  client: ArchiveClient,
  wanted: Omit<ExportRequest, 'ask'>,
  to: string | undefined,
  { signal, progress, print, note }: CommandRun,
): Promise<Result<number>> {
  const line = progress('exporting', 'samples');
  let tags: readonly ExportedTag[] = [];
  let samples = 0;
  let isWhole = false;
  try {
    const begin = async (found: readonly ExportedTag[]) => {
      tags = found;
      await sink.begin(found);
    };
    const exported = await client.export(
      wanted,
      begin,
      async (block) => {
        await sink.write(block);
        samples += block.count;
        line.update(samples);
      },
      signal,
    );
    if (!exported.ok) return exported;
    if (tags.length === 0) return failure('tag.unknown', `No tag is named by ${wanted.tags.join(', ')}.`);
    await sink.finish();
    isWhole = true;
  } finally {
    if (!isWhole) await sink.discard();
  }
  const text = `${formatAmount(samples, 'sample')} of ${formatAmount(tags.length, 'tag')} in ${formatSpan(line.elapsedMs)}`;
  if (to === undefined) note(`${text}.`);
  else print(`${to}: ${text}.`, { to, samples, tags: tags.length });
  return success(EXIT.ok);
}

function formatOf(to: string | undefined, format: string | undefined): Result<Format> {
  const extension = to === undefined ? 'csv' : extname(to).slice(1).toLowerCase();
  const found = FORMATS.find((one) => one === (format ?? extension));
  if (!found) {
    const known = FORMATS.join(' or ');
    return failure('launch.option', `The format is not known: name it with --format ${known}, or end --to with it.`);
  }
  if (found === 'parquet' && to === undefined) {
    return failure('launch.option', 'A Parquet file cannot be written to standard output: name one with --to.');
  }
  return success(found);
}

function readWanted(
  names: readonly string[],
  start: string | undefined,
  end: string | undefined,
): Result<Omit<ExportRequest, 'ask'>> {
  const now = systemClock.now();
  const range = {
    start: start === undefined ? Number.MIN_SAFE_INTEGER : timeOf(start, now),
    end: end === undefined ? Number.MAX_SAFE_INTEGER : timeOf(end, now),
  };
  for (const [name, text] of Object.entries({ start, end })) {
    if (range[name as keyof typeof range] !== undefined) continue;
    return failure('launch.option', `--${name} takes a time such as 2026-01-31T12:00:00Z or '*-8h', not "${text}".`);
  }
  return success({ tags: names.length > 0 ? [...names] : EVERY_TAG, start: range.start!, end: range.end! });
}

/** Days begin at midnight of this machine's time zone. */
function timeOf(text: string, now: Timestamp): number | undefined {
  const expression = parseTimeExpression(text);
  return expression && resolveTimeExpression(expression, now, LOCAL_ZONE);
}
