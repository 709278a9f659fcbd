/** An asset and the list of versions as people read them. */

import type { ModelVersion, ShownAsset } from './modelAnswers.ts';

const US_PER_MS = 1_000;

export function formatAsset(asset: ShownAsset): string {
  const { path, id, type, level, description, formerPaths, nameplate, attributes, children, relations, place } = asset;
  const facts: (readonly [string, string])[] = [
    ['type', type === null ? '(a place)' : type],
    ['level', level],
    ...(id === path ? [] : [['id', id] as const]),
    ...(description === '' ? [] : [['description', description] as const]),
    ...formerPaths.map((former) => ['once', former] as const),
    ...Object.entries(nameplate),
    ...relations.map(
      ({ kind, direction, path: other }) => [direction === 'to' ? kind : `is ${kind} of`, other] as const,
    ),
    ['model', `version ${asset.version}, ${place.file}:${place.line}`],
  ];
  const rows = attributes.map(({ name, unit, low, high, source }) => [
    name,
    unit,
    low === null && high === null ? '' : `${low ?? ''}..${high ?? ''}`,
    sourceText(source),
  ]);
  const parts = [
    [path],
    table(facts.map(([key, value]) => [`  ${key}`, value])),
    ...(rows.length === 0 ? [] : [['', 'attributes'], table(rows.map(([name, ...rest]) => [`  ${name}`, ...rest]))]),
    ...(children.length === 0 ? [] : [['', 'below'], children.map((child) => `  ${child.path}${typeOf(child.type)}`)]),
  ];
  return `${parts.flat().join('\n')}\n`;
}

function typeOf(type: string | null): string {
  return type === null ? '' : ` (${type})`;
}

function sourceText({
  kind,
  tag,
  value,
  formula,
  asset,
  attribute,
}: ShownAsset['attributes'][number]['source']): string {
  if (kind === 'tag') return `tag ${tag}`;
  if (kind === 'constant') return JSON.stringify(value);
  if (kind === 'formula') return `= ${formula}`;
  return kind === 'reference' ? `from ${asset}/${attribute}` : 'bound to nothing';
}

export function formatVersions(versions: readonly ModelVersion[]): string {
  if (versions.length === 0) return 'No model has been applied yet.\n';
  const rows = versions.map(({ number, effective, applied, by, comment, current }) => [
    `${current ? '*' : ' '} ${number}`,
    effective === 0 ? 'ever' : timeText(effective),
    timeText(applied),
    by,
    comment,
  ]);
  return `${table([['  no.', 'holds since', 'applied', 'by', 'comment'], ...rows]).join('\n')}\n`;
}

function timeText(timeUs: number): string {
  return new Date(timeUs / US_PER_MS).toISOString().replace(/\.000Z$/, 'Z');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => {
    for (const [index, cell] of row.entries()) most[index] = Math.max(most[index] ?? 0, cell.length);
    return most;
  }, []);
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index]))
      .join('  ')
      .trimEnd(),
  );
}
