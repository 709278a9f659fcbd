/** A plan as people read it: what comes (+), changes (~) and goes (-), instance by instance, and what stands against it. */

import type { ChangeKind, FieldChange, ModelPlan, PlannedAsset } from './modelAnswers.ts';

type PlanStyle = 'added' | 'changed' | 'removed' | 'warning' | 'heading';
export type PaintPlan = (style: PlanStyle, text: string) => string;

const SIGNS: Readonly<Record<ChangeKind, string>> = { added: '+', changed: '~', removed: '-' };
const MOST_WAITING = 10;

/** Ends with a line feed. Defects are printed by `formatReport`. */
export function formatPlan(plan: ModelPlan, paint: PaintPlan): string {
  const { types, assets, counts, relations } = plan;
  const shown = assets.length;
  const total = counts.added + counts.changed + counts.removed;
  const lines = [
    ...section(
      'types',
      paint,
      types.flatMap((type) => head(type.kind, type.name, type.fields, paint)),
    ),
    ...section(
      'assets',
      paint,
      assets.flatMap((asset) => assetLines(asset, paint)),
    ),
    ...(total > shown ? [`  and ${total - shown} more`, ''] : []),
    ...section('relations', paint, [
      ...relations.added.map((text) => sign('added', text, paint)),
      ...relations.removed.map((text) => sign('removed', text, paint)),
    ]),
    ...warnings(plan, paint),
    paint('heading', summary(plan)),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, paint: PaintPlan, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [paint('heading', title), ...lines.map((line) => `  ${line}`), ''];
}

function sign(kind: ChangeKind, text: string, paint: PaintPlan): string {
  return paint(kind, `${SIGNS[kind]} ${text}`);
}

function head(kind: ChangeKind, name: string, fields: readonly FieldChange[], paint: PaintPlan): string[] {
  return [sign(kind, name, paint), ...fields.map((field) => `    ${fieldText(field)}`)];
}

function fieldText({ field, from, to }: FieldChange): string {
  if (from === '') return `${field}: ${to}`;
  return to === '' ? `${field}: ${from} -> (none)` : `${field}: ${from} -> ${to}`;
}

function assetLines({ kind, path, type, fields, attributes }: PlannedAsset, paint: PaintPlan): string[] {
  const name = type === null ? path : `${path} (${type})`;
  if (kind !== 'changed') {
    const count = attributes.length === 0 ? '' : `, ${attributes.length} attributes`;
    return [sign(kind, `${name}${count}`, paint)];
  }
  const lines = head(kind, name, fields, paint);
  for (const attribute of attributes) {
    const changes = attribute.fields.map(fieldText).join(', ');
    const breaks = attribute.breaks === null ? '' : paint('warning', `  breaks its contract: ${attribute.breaks}`);
    lines.push(`    ${sign(attribute.kind, attribute.name, paint)}  ${changes}${breaks}`);
  }
  return lines;
}

function warnings({ likelyRenames, broken, waiting }: ModelPlan, paint: PaintPlan): string[] {
  const lines = [
    ...broken.map(({ subscriber, attribute, reason }) => `${subscriber} listens to ${attribute}, and ${reason}`),
    ...likelyRenames.map(
      ({ id, from, to }) =>
        `${from} goes and ${to} comes: if it is the same, give it \`id: ${id}\` and it keeps its history`,
    ),
    ...waiting.first
      .slice(0, MOST_WAITING)
      .map(({ attribute, tag }) => `${attribute} waits for the tag ${tag}, which there is not (yet)`),
  ];
  const more = waiting.count - Math.min(waiting.first.length, MOST_WAITING);
  if (more > 0) lines.push(`${more} more attributes wait for tags`);
  return lines.length === 0 ? [] : [...lines.map((line) => paint('warning', `! ${line}`)), ''];
}

function summary({ counts, types, relations, isNew, follows }: ModelPlan): string {
  if (!isNew) return `Nothing changes: these texts are version ${follows}.`;
  const others = types.length + relations.added.length + relations.removed.length;
  const before = follows === null ? 'the first version' : `after version ${follows}`;
  const assets = `${counts.added} to add, ${counts.changed} to change, ${counts.removed} to remove`;
  return `Plan: ${assets}${others === 0 ? '' : `; ${others} changes of types and relations`} (${before}).`;
}
