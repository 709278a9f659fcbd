/** Which cells hold what a tag says, and in which unit. */

import type { StoredTag, TagIndex } from '../../../historian/query/historianReader.ts';
import { conversionBetween, isCommensurable, unitMeasure } from '../../../historian/query/unit/unitMeasure.ts';
import type { TagNames } from '../../assets/tagNames.ts';
import type { TagCell } from './planDraft.ts';

/** The cells of tag `t` stand from `starts[t]` to before `starts[t + 1]`; a value is `value * scale + offset` there. */
export interface TagBindings {
  readonly tagCount: number;
  readonly starts: Uint32Array;
  readonly cells: Uint32Array;
  readonly scales: Float64Array;
  readonly offsets: Float64Array;
  /** Cells whose tag there is not. */
  readonly missing: readonly TagCell[];
  /** Cells whose unit does not fit that of their tag, and why. */
  readonly misfits: readonly { readonly cell: TagCell; readonly reason: string }[];
}

interface Binding {
  readonly tag: TagIndex;
  readonly cell: number;
  readonly scale: number;
  readonly offset: number;
}

export function bindTags(cells: readonly TagCell[], names: Pick<TagNames, 'find'>, tagCount: number): TagBindings {
  const bindings: Binding[] = [];
  const missing: TagCell[] = [];
  const misfits: { cell: TagCell; reason: string }[] = [];
  for (const cell of cells) {
    const tag = names.find(cell.path);
    if (!tag) {
      missing.push(cell);
      continue;
    }
    const conversion = tagConversion(tag, cell);
    if (typeof conversion === 'string') misfits.push({ cell, reason: conversion });
    else bindings.push({ tag: tag.index, cell: cell.cell, ...conversion });
  }
  bindings.sort((a, b) => a.tag - b.tag);
  const starts = new Uint32Array(tagCount + 1);
  for (const { tag } of bindings) starts[tag + 1]++;
  for (let tag = 0; tag < tagCount; tag++) starts[tag + 1] += starts[tag];
  return {
    ...{ tagCount, starts, missing, misfits },
    cells: Uint32Array.from(bindings, ({ cell }) => cell),
    scales: Float64Array.from(bindings, ({ scale }) => scale),
    offsets: Float64Array.from(bindings, ({ offset }) => offset),
  };
}

/** How values of a tag become those of an attribute; half a sentence where they cannot. */
export function tagConversion(
  tag: StoredTag,
  { unit, path }: Pick<TagCell, 'unit' | 'path'>,
): { scale: number; offset: number } | string {
  if (unit === '' || tag.unit === '' || unit === tag.unit || tag.type !== 'number') return { scale: 1, offset: 0 };
  const [from, to] = [unitMeasure(tag.unit), unitMeasure(unit)];
  if (!from.ok) return from.fault.detail;
  if (!to.ok) return to.fault.detail;
  if (!isCommensurable(from.value, to.value)) return `${path} is in ${tag.unit}, which is no ${unit}`;
  return conversionBetween(from.value, to.value);
}
