/** Fills `{path}`, `{name}`, `{parent}` and `{id}` into patterns of tags and formulas. */

import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { GrownAsset } from './growAssets.ts';

export const PLACEHOLDERS = ['path', 'name', 'parent', 'id'] as const;
const PLACEHOLDER = /\{([^{}]*)\}/g;

export type Filled = { readonly text: string } | { readonly unknown: string; readonly hint: string };

/** `{parent}` is the path of what is above. In quotes of a formula braces are placeholders all the same. */
export function fillPlaceholders(pattern: string, asset: GrownAsset): Filled {
  if (!pattern.includes('{')) return { text: pattern };
  let unknown: string | undefined;
  const text = pattern.replace(PLACEHOLDER, (whole, name: string) => {
    switch (name.trim()) {
      case 'path':
        return asset.path;
      case 'name':
        return asset.name;
      case 'parent':
        return asset.parent?.path ?? '';
      case 'id':
        return asset.id;
      default:
        unknown ??= whole;
        return whole;
    }
  });
  if (unknown === undefined) return { text };
  const nearest = nearestWord(unknown.slice(1, -1), PLACEHOLDERS);
  return { unknown, hint: nearest ? `did you mean {${nearest}}?` : 'there are {path}, {name}, {parent} and {id}' };
}
