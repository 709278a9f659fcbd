/** A tag is a named signal; a point is the address in a device that it is read from. */

import type { Lane } from './lane.ts';

/** What the values of a tag are. Booleans travel as the numbers 0 and 1 (see `ValueKind`). */
export type TagType = 'number' | 'boolean' | 'string';

/** What one value of a digital tag stands for: 0 is `stopped`, 1 is `running`. */
export interface DigitalState {
  /** A whole number. */
  readonly code: number;
  readonly name: string;
}

/**
 * What is known of a tag beyond its samples. It crosses the boundary beside the blocks, whose samples name their tag by
 * number.
 */
export interface TagDefinition {
  /** Assigned by the gateway once and never used again for another tag; unique within the gateway, from 0. */
  readonly number: number;
  /** Unchangeable name of the signal, unique within the gateway; a renamed tag keeps it. */
  readonly id: string;
  /** Place in the ISA-95 hierarchy: `enterprise/site/area/line/.../signal`. */
  readonly path: string;
  readonly type: TagType;
  readonly lane: Lane;
  /** Unit of measure as a UCUM code (`Cel`, `kW.h`, `m3/h`), empty where there is none. */
  readonly unit: string;
  readonly description: string;
  /** True where the value holds until the next sample (states, set points), false where it may be interpolated. */
  readonly stepped: boolean;
  /** Range of plausible values in `unit`, where one is configured. */
  readonly low?: number;
  readonly high?: number;
  /** The states that its values stand for, each code once; absent where they are quantities. */
  readonly states?: readonly DigitalState[];
  /** Other names of the signal (ISA-5.1, KKS). */
  readonly aliases: readonly string[];
}

/** A path segment may hold neither the separator nor the wildcards of MQTT, nor `$`, with which system topics start. */
const FORBIDDEN_IN_SEGMENT = /[+#$]/;

/** What nobody sees: control characters, marks of the direction of writing, and spaces and joints without width. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u200b\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** Why `path` cannot be a tag path, as half a sentence; `undefined` where it can. */
export function tagPathDefect(path: string): string | undefined {
  const segments = path.split('/');
  if (segments.length < 2) return 'needs at least two segments, such as site/signal';
  if (segments.some((segment) => segment.trim() !== segment || segment === '')) {
    return 'has an empty segment, or a segment that begins or ends with a space';
  }
  if (INVISIBLE.test(path)) return 'has a character that cannot be seen';
  const bad = segments.find((segment) => FORBIDDEN_IN_SEGMENT.test(segment));
  return bad === undefined ? undefined : `has one of + # $ in the segment "${bad}"`;
}

/** Tags below a segment that begins with `_` are those in which Tidegate reports on itself; no tag of a plant has one. */
export function isSystemPath(path: string): boolean {
  return path.split('/').some((segment) => segment.startsWith('_'));
}
