/** Patterns of tag paths, as of a shell: `*` is a segment or a part of one, `**` any number of segments, none included. */

const MANY_SEGMENTS = '**';
const ANY_PART = '*';

export class TagPattern {
  readonly text: string;
  readonly #segments: readonly string[];

  constructor(text: string) {
    this.text = text;
    this.#segments = text.split('/');
  }

  matches(path: string): boolean {
    return fits(this.#segments, path.split('/'), MANY_SEGMENTS, segmentFits);
  }

  /**
   * Whether every path that fits `other` fits this one too. Never true by mistake; false by mistake only where `**` stands
   * beside another wildcard.
   */
  covers(other: TagPattern): boolean {
    return fits(this.#segments, other.#segments, MANY_SEGMENTS, segmentCovers);
  }
}

/** Why `text` is no pattern, as half a sentence; `undefined` where it is one. */
export function tagPatternDefect(text: string): string | undefined {
  const segments = text.split('/');
  if (segments.some((segment) => segment.trim() !== segment || segment === '')) {
    return 'has an empty segment, or a segment that begins or ends with a space';
  }
  const bad = segments.find((segment) => segment !== MANY_SEGMENTS && segment.includes(MANY_SEGMENTS));
  return bad === undefined ? undefined : `has ** within the segment "${bad}", and it stands for whole segments only`;
}

/**
 * Whether the parts of `pattern` fit `items` in their order, where `many` stands for any number of items. The last `many`
 * takes one more wherever what follows it does not fit; so it ends after at most as many steps as pattern times items.
 */
function fits<Text extends ArrayLike<string>>(
  pattern: Text,
  items: Text,
  many: string,
  fit: (part: string, item: string) => boolean,
): boolean {
  let part = 0;
  let item = 0;
  let lastMany = -1;
  let taken = 0;
  while (item < items.length) {
    if (part < pattern.length && pattern[part] === many) {
      lastMany = part++;
      taken = item;
    } else if (part < pattern.length && fit(pattern[part], items[item])) {
      part++;
      item++;
    } else if (lastMany >= 0) {
      part = lastMany + 1;
      item = ++taken;
    } else return false;
  }
  while (part < pattern.length && pattern[part] === many) part++;
  return part === pattern.length;
}

function segmentFits(pattern: string, segment: string): boolean {
  return pattern === segment || fits(pattern, segment, ANY_PART, isSame);
}

/** A wildcard of the other pattern is a character like any other, which only a wildcard takes. */
function segmentCovers(pattern: string, other: string): boolean {
  return other !== MANY_SEGMENTS && segmentFits(pattern, other);
}

function isSame(a: string, b: string): boolean {
  return a === b;
}
