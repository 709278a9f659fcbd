/** Says of each tag of a list which attribute of which asset it seems to be, by the custom that its name follows. */

import { boundTagDefect, nameDefect } from '../text/nameDefect.ts';
import { readIsaTag } from './isaTag.ts';
import { readKks } from './kksDesignation.ts';
import type { ListedTag } from './listedTag.ts';

export interface PlacedTag {
  readonly tag: ListedTag;
  /** Segments of the path of the asset. */
  readonly asset: readonly string[];
  readonly attribute: string;
  /** What the asset is, where the name says it; also the name of its type. */
  readonly meaning: string | undefined;
  readonly custom: 'ISA-5.1' | 'KKS' | 'path';
  readonly referenceUnit: string | undefined;
  /** Of a name by ISA-5.1 its letters. */
  readonly letters?: string;
}

export interface Placed {
  readonly tags: readonly PlacedTag[];
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

/** The asset of tags that name none. */
const ROOT = 'plant';
const MAX_DEPTH = 30;

export function placeTags(list: readonly ListedTag[]): Placed {
  const tags: PlacedTag[] = [];
  const left: { name: string; reason: string }[] = [];
  const taken = new Set<string>();
  for (const tag of list) {
    const placed = placeTag(tag);
    if ('reason' in placed) {
      left.push({ name: tag.name, reason: placed.reason });
      continue;
    }
    let key = [...placed.asset, placed.attribute].join('/');
    // A transmitter and an indicator of one loop measure the same: the second is told apart by its letters.
    const isSecond = taken.has(key) && placed.letters !== undefined;
    const attribute = isSecond ? `${placed.attribute}-${placed.letters?.toLowerCase()}` : placed.attribute;
    key = [...placed.asset, attribute].join('/');
    if (taken.has(key)) left.push({ name: tag.name, reason: `would be ${key}, as another tag is` });
    else {
      taken.add(key);
      tags.push({ ...placed, attribute });
    }
  }
  return { tags, left };
}

function placeTag(tag: ListedTag): PlacedTag | { readonly reason: string } {
  const segments = tag.name.split(/[/\\]/).map((segment) => segment.trim());
  const last = segments.at(-1)!;
  const above = segments.slice(0, -1);
  const known = placeKks(tag, above, last) ?? placeIsa(tag, above, last);
  const placed = known ?? placePath(tag, above.length > 0 ? segments : last.split('.').map((part) => part.trim()));
  if (!placed) return { reason: 'is neither a path nor a name by ISA-5.1 or KKS' };
  const defect = boundTagDefect(tag.name);
  if (defect !== undefined) return { reason: defect };
  if (placed.asset.length > MAX_DEPTH) return { reason: 'has too many segments' };
  const wrong = [...placed.asset, placed.attribute].find((segment) => nameDefect(segment) !== undefined);
  return wrong === undefined ? placed : { reason: `the segment "${wrong}" ${nameDefect(wrong)}` };
}

function placeIsa(tag: ListedTag, above: readonly string[], name: string): PlacedTag | undefined {
  const isa = readIsaTag(name);
  if (!isa) return undefined;
  const { loop, letters, attribute, variable, referenceUnit } = isa;
  const asset = [...(above.length > 0 ? above : [ROOT]), loop];
  return { tag, asset, attribute, meaning: `${variable}-loop`, custom: 'ISA-5.1', referenceUnit, letters };
}

/** Measurements are attributes of their system, machines are assets below it, and their signals attributes of these. */
function placeKks(tag: ListedTag, above: readonly string[], name: string): PlacedTag | undefined {
  const kks = readKks(name);
  if (!kks) return undefined;
  const { unit, system, equipment, equipmentMeaning, variable, component, referenceUnit } = kks;
  const place = [...(above.length > 0 ? above : [ROOT]), ...(unit === '' ? [] : [`unit-${unit}`]), system];
  const signal = component?.toLowerCase() ?? 'value';
  const base = { tag, custom: 'KKS' } as const;
  if (equipment === undefined) return { ...base, asset: place, attribute: signal, meaning: undefined, referenceUnit };
  if (variable === undefined) {
    const meaning = equipmentMeaning?.replaceAll(' ', '-');
    return { ...base, asset: [...place, equipment], attribute: signal, meaning, referenceUnit };
  }
  // The first analogue signal of a measurement is its value.
  const isValue = component === undefined || component === 'XQ01';
  const attribute = `${variable}-${equipment.slice(2).toLowerCase()}${isValue ? '' : `-${signal}`}`;
  return { ...base, asset: place, attribute, meaning: undefined, referenceUnit: isValue ? referenceUnit : undefined };
}

function placePath(tag: ListedTag, segments: readonly string[]): PlacedTag | undefined {
  if (segments.length < 2) return undefined;
  const base = { tag, meaning: undefined, custom: 'path', referenceUnit: undefined } as const;
  return { ...base, asset: segments.slice(0, -1), attribute: segments.at(-1)! };
}
