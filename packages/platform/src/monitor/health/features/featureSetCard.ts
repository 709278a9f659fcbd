/** What a person must know of an exported set of features before anything is learned from it: its dataset card. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { FeatureDefinition, HealthWatch, VibrationDefinition } from '../definition/healthWatch.ts';
import type { FeatureOrigin } from './featureReader.ts';
import type { FeatureTable } from './featureTable.ts';

/** What is known of a time, `start <= time < end` (µs): a finding, a repair. */
export interface FeatureLabel {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** Who says so, such as "case 3", for whoever must put it right. */
  readonly source?: string;
  /** It holds only where no other is: that nothing was found says less than what was found later. */
  readonly yields?: boolean;
}

/** Values of one feature; NaN is written as null. */
export interface FeatureSummary extends Omit<FeatureDefinition, 'of' | 'text' | 'limit' | 'vibration'> {
  readonly formula: string;
  /** Of a measure of vibration: what it is told, with the speed of the shaft as the model writes it. */
  readonly vibration?: Omit<VibrationDefinition, 'measure' | 'shaft'> & { readonly shaft?: string };
  readonly limit: FeatureDefinition['limit'] | null;
  /** Share of the rows without a value, from 0 to 1. */
  readonly missing: number;
  readonly least: number | null;
  readonly mean: number | null;
  readonly greatest: number | null;
}

/** All times are ISO 8601, UTC. */
export interface FeatureSetCard {
  readonly format: 1;
  readonly watch: string;
  readonly asset: string;
  readonly description: string;
  readonly start: string;
  readonly end: string;
  readonly knownAt: string;
  readonly exportedAt: string;
  readonly by: string;
  readonly modelVersions: readonly number[];
  readonly featureVersion: string;
  readonly intervalSeconds: number;
  readonly condition: string | null;
  readonly features: readonly FeatureSummary[];
  readonly tags: readonly { readonly path: string; readonly unit: string }[];
  readonly rows: number;
  /** Shares of the rows, from 0 to 1, whose data were not all good, and that lack a value. */
  readonly doubtful: number;
  readonly incomplete: number;
  /** Mean share of good data behind a row. */
  readonly quality: number | null;
  /** Why there are no values: model and units, and samples that a measure of vibration cannot do with. */
  readonly lacks: readonly {
    readonly start: string;
    readonly end: string;
    readonly feature: string;
    readonly reason: string;
  }[];
  readonly labels: readonly { readonly start: string; readonly end: string; readonly label: string }[];
  /** The command that makes the same rows again. */
  readonly reproduce: string;
}

export interface CardSubject {
  readonly watch: HealthWatch;
  readonly table: FeatureTable;
  readonly origins: readonly FeatureOrigin[];
  readonly labels: readonly FeatureLabel[];
  /** µs since 1970 UTC, as all of these. */
  readonly start: number;
  readonly end: number;
  readonly knownAt: number;
  readonly exportedAt: number;
  readonly by: string;
}

export function featureSetCard(subject: CardSubject): FeatureSetCard {
  const { watch, table, origins, labels, start, end, knownAt, exportedAt, by } = subject;
  const { quality, columns, times } = table;
  const tags = new Map(
    origins.flatMap((origin) => origin.tags.map(({ path, unit }) => [`${path}\n${unit}`, { path, unit }])),
  );
  const versions = new Set(origins.flatMap(({ version }) => version ?? []));
  const isIncomplete = (row: number) => columns.some((column) => Number.isNaN(column[row]));
  const name = `${watch.assetPath}/${watch.name}`;
  return {
    ...{ format: 1, watch: name, asset: watch.assetPath, description: watch.description },
    ...{ start: iso(start), end: iso(end), knownAt: iso(knownAt), exportedAt: iso(exportedAt), by },
    modelVersions: [...versions].sort((a, b) => a - b),
    featureVersion: watch.featureVersion,
    intervalSeconds: watch.intervalUs / 1e6,
    condition: watch.condition?.text ?? null,
    features: watch.features.map((feature, at) => summaryOf(feature, columns[at])),
    tags: [...tags.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    rows: times.length,
    doubtful: shareOf(times.length, (row) => quality[row] < 1),
    incomplete: shareOf(times.length, isIncomplete),
    quality: meanOf(quality),
    lacks: [
      ...origins.flatMap((origin) =>
        origin.lacks.map((reason) => ({
          ...{ start: iso(origin.start), end: iso(origin.end), feature: origin.feature ?? 'condition', reason },
        })),
      ),
      ...(table.lacks ?? []).flatMap((reason, at) =>
        reason === undefined ? [] : { start: iso(start), end: iso(end), feature: table.names[at], reason },
      ),
    ],
    labels: labels.map((label) => ({ start: iso(label.start), end: iso(label.end), label: label.label })),
    reproduce: `tidegate health export ${quoted(name)} --start ${iso(start)} --end ${iso(end)} --known-at ${iso(knownAt)}`,
  };
}

function summaryOf(
  { of: _of, text, limit, vibration, ...feature }: FeatureDefinition,
  column: Float64Array,
): FeatureSummary {
  const values = column.filter((value) => !Number.isNaN(value));
  const greatest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const least = values.reduce((most, value) => Math.min(most, value), Number.POSITIVE_INFINITY);
  return {
    ...{ ...feature, formula: text, limit: limit ?? null },
    ...(vibration && { vibration: toldVibration(vibration) }),
    missing: shareOf(column.length, (row) => Number.isNaN(column[row])),
    least: values.length === 0 ? null : least,
    mean: meanOf(values),
    greatest: values.length === 0 ? null : greatest,
  };
}

function toldVibration({
  measure: _measure,
  shaft,
  ...told
}: VibrationDefinition): NonNullable<FeatureSummary['vibration']> {
  return { ...told, ...(shaft && { shaft: shaft.text }) };
}

function meanOf(values: Float64Array): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shareOf(rows: number, counts: (row: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (counts(row)) count++;
  return rows === 0 ? 0 : count / rows;
}

function iso(time: number): string {
  return formatTimestamp(time as Timestamp);
}

/** For a shell of POSIX. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The card as Markdown. */
export function cardText(card: FeatureSetCard): string {
  const percent = (share: number) => `${(share * 100).toPrecision(3)} %`;
  const number = (value: number | null) => (value === null ? '-' : String(Number(value.toPrecision(5))));
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const features = card.features.map(({ name, formula, measure, unit, missing, least, mean, greatest }) =>
    tableRow([name, measure, unit, `\`${cell(formula)}\``, percent(missing), ...[least, mean, greatest].map(number)]),
  );
  const lines = [
    `# ${card.watch}`,
    '',
    card.description,
    '',
    `- Rows: ${card.rows}, one for each ${card.intervalSeconds} s${card.condition ? ` in which \`${card.condition}\` held` : ''}; \`time\` is the end of the interval, UTC`,
    `- Period: ${card.start} to ${card.end}, as it was known at ${card.knownAt}`,
    `- Definition: features ${card.featureVersion}, version ${card.modelVersions.join(', ') || 'none'} of the model`,
    `- Quality: ${percent(card.doubtful)} of the rows rest in part on data that were not good, ${percent(card.incomplete)} lack a value; mean \`quality\` ${number(card.quality)}`,
    `- Exported ${card.exportedAt} by ${card.by}`,
    '',
    ...[
      '| feature | measure | unit | of | missing | least | mean | greatest |',
      '|---|---|---|---|---|---|---|---|',
      ...features,
    ],
    ...listOf(
      'Tags',
      card.tags.map(({ path, unit }) => `\`${path}\`${unit ? ` in ${unit}` : ''}`),
    ),
    ...listOf(
      'Labels',
      card.labels.map(({ start, end, label }) => `${start} to ${end}: ${label}`),
    ),
    ...listOf(
      'No values',
      card.lacks.map(({ start, end, feature, reason }) => `${feature}, ${start} to ${end}: ${reason}`),
    ),
    ...['', 'To make the same rows again:', '', '```', card.reproduce, '```', ''],
  ];
  return lines.join('\n');
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function listOf(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['', `## ${title}`, '', ...items.map((item) => `- ${item}`)];
}
