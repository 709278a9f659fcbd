/** What names of assets, attributes and types may be: each is a segment of a path, and stands in quotes in formulas. */

import { tagPathDefect } from '@tidegate/core/sample/tag.ts';

/** Quotes end a name in a formula, braces begin a placeholder, and `_` is where Tidegate reports on itself. */
const FORBIDDEN = /['"{}\\]|^_|^\.+$/;
const MAX_NAME_LENGTH = 100;
export const MAX_PATH_SEGMENTS = 32;

/** Why `name` can be no segment of a path, as half a sentence; `undefined` where it can. */
export function nameDefect(name: string): string | undefined {
  if (name.includes('/')) return 'has a / in it';
  if (name.length > MAX_NAME_LENGTH) return `is longer than ${MAX_NAME_LENGTH} characters`;
  if (FORBIDDEN.test(name)) return 'has one of \' " { } \\ in it, or begins with _';
  return tagPathDefect(`a/${name}`);
}

/** The same of a whole path of an asset, which may be one segment. */
export function assetPathDefect(path: string): string | undefined {
  const segments = path.split('/');
  if (segments.length > MAX_PATH_SEGMENTS) return `has more than ${MAX_PATH_SEGMENTS} segments`;
  for (const segment of segments) {
    const defect = nameDefect(segment);
    if (defect !== undefined) return segments.length === 1 ? defect : `has the segment "${segment}", which ${defect}`;
  }
  return undefined;
}

/** Why nothing can be bound to a tag of this name: a path or, without a `/`, an alias or id such as PIC-101. */
export function boundTagDefect(name: string): string | undefined {
  return tagPathDefect(name.includes('/') ? name : `alias/${name}`);
}
