/** Exports rows of features with all that must be known of them: a Parquet file and a dataset card, for those who learn elsewhere. */

import { fork } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type Column, type ColumnShape, textColumn } from '../../../historian/lake/columns/columnTable.ts';
import { yieldToOthers } from '../../../historian/lake/yieldToOthers.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from './featureReader.ts';
import { wholeIntervals } from './featureRows.ts';
import { cardText, type FeatureLabel, type FeatureSetCard, featureSetCard } from './featureSetCard.ts';
import { CARD_FILE, CARD_TEXT_FILE, FEATURES_FILE, type FeatureSetOrder } from './featureSetOrder.ts';
import type { FeatureQuestion, FeatureTable } from './featureTable.ts';

export interface FeatureSetRequest extends FeatureQuestion {
  readonly watch: HealthWatch;
  /** Of those that overlap a row, that one stands in the column `label`; there is none where this is left out. */
  readonly labels?: readonly FeatureLabel[];
  readonly by: string;
  /** Now (µs): what is known now is what counts, where `knownAt` is left out. */
  readonly at: number;
  /** Made by this, and not there before. */
  readonly directory: string;
}

export interface ExportedFeatureSet {
  readonly rows: number;
  /** Paths of the files. */
  readonly parquet: string;
  readonly card: string;
  readonly cardText: string;
  readonly content: FeatureSetCard;
}

const CONTRADICTION_REMEDY = 'Put one of them right, ask for a time without it, or leave labels out.';

const PROCESS = fileURLToPath(new URL('./featureSetProcess.ts', import.meta.url));

/**
 * Faults: `health.bad-data` where two labels contradict each other, `health.export-failed`, and those of `FeatureReader.rows`.
 */
export async function exportFeatureSet(
  reader: Pick<FeatureReader, 'rows' | 'origins'>,
  request: FeatureSetRequest,
): Promise<Result<ExportedFeatureSet>> {
  const { watch, at, by, labels, knownAt = at } = request;
  const [start, end] = wholeIntervals(watch, request);
  const question = { start, end, knownAt };
  const rows = await reader.rows(watch, question);
  if (!rows.ok) return rows;
  const origins = await reader.origins(watch, question);
  if (!origins.ok) return origins;
  const columns = columnsOf(watch, rows.value, labels);
  if (!columns.ok) return columns;
  const subject = { watch, table: rows.value, origins: origins.value, labels: labels ?? [], start, end, knownAt };
  const content = featureSetCard({ ...subject, exportedAt: at, by });
  const card = JSON.stringify(content, null, 2);
  const directory = resolve(request.directory);
  const written = await writeApart({
    directory,
    shapes: columns.value.map(({ name, type }) => ({ name, type })),
    table: { rows: rows.value.times.length, columns: columns.value },
    metadata: [...watch.features.map(({ name, unit }) => [`unit:${name}`, unit] as const), ['tidegate', card]],
    texts: [
      [CARD_FILE, `${card}\n`],
      [CARD_TEXT_FILE, cardText(content)],
    ],
  });
  if (!written.ok) return written;
  const path = (name: string) => join(directory, name);
  const files = { parquet: path(FEATURES_FILE), card: path(CARD_FILE), cardText: path(CARD_TEXT_FILE) };
  return success({ rows: rows.value.times.length, ...files, content });
}

/** `time` is the end of the interval; then the features, `quality`, and `label` where there are any. */
function columnsOf(
  watch: HealthWatch,
  { times, columns, quality }: FeatureTable,
  labels: readonly FeatureLabel[] | undefined,
): Result<readonly (ColumnShape & Column)[]> {
  const named: (ColumnShape & Column)[] = [{ name: 'time', type: 'TIMESTAMP', values: times }];
  for (const [at, { name }] of watch.features.entries()) {
    const nulls = Uint8Array.from(columns[at], (value) => (Number.isNaN(value) ? 1 : 0));
    named.push({ name, type: 'DOUBLE', values: columns[at], nulls });
  }
  named.push({ name: 'quality', type: 'DOUBLE', values: quality });
  if (!labels) return success(named);
  const texts = labelsOf(watch, times, labels);
  if (!texts.ok) return texts;
  return success([...named, { name: 'label', type: 'VARCHAR', ...textColumn(texts.value, times.length) }]);
}

function labelsOf(
  { intervalUs }: HealthWatch,
  times: Float64Array,
  labels: readonly FeatureLabel[],
): Result<readonly (string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  for (const end of times) {
    const all = labels.filter((one) => one.start < end && one.end > end - intervalUs);
    const firm = all.filter(({ yields }) => !yields);
    const own = firm.length > 0 ? firm : all;
    if (own.some(({ label }) => label !== own[0].label)) {
      const when = new Date(end / 1_000).toISOString();
      const said = own.map(({ label, source }) => (source === undefined ? label : `${label} (${source})`)).join(', ');
      return failure('health.bad-data', `The row of ${when} has more than one label: ${said}. ${CONTRADICTION_REMEDY}`);
    }
    texts.push(own[0]?.label);
  }
  return success(texts);
}

/** DuckDB never runs in the process of the server: its memory goes with its own. */
function writeApart(order: FeatureSetOrder): Promise<Result<void>> {
  const child = fork(PROCESS, [], {
    serialization: 'advanced',
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  yieldToOthers(child.pid);
  return new Promise((end) => {
    const fail = (detail: string) => end(failure('health.export-failed', detail));
    child.on('message', (written: Result<void>) => {
      child.disconnect();
      end(written);
    });
    child.on('error', (error) => fail(`The process that writes cannot be started: ${error.message}.`));
    child.once('exit', (code, signal) => fail(`The process that writes ended with ${signal ?? `exit code ${code}`}.`));
    child.send(order);
  });
}
