/** The tags of a gateway as its live view shows them: in the order of their paths, found by patterns. */

import type { LiveTag } from '@tidegate/core/port/liveView.ts';
import { isSystemPath, type TagDefinition } from '@tidegate/core/sample/tag.ts';
import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import type { Conditioner } from '@tidegate/edge/conditioning/conditioner.ts';
import type { TagCrossings } from '@tidegate/edge/configuration/gatewayPolicy.ts';

export interface LivePage {
  /** Of all pages. */
  readonly matched: number;
  readonly tags: readonly LiveTag[];
}

type ShownTag = Omit<LiveTag, 'time' | 'status' | 'value'> & { readonly number: number };

/** Whoever looks asks for the same once a second: what fits a pattern is found once. */
const REMEMBERED_PATTERNS = 8;

export class LiveTags {
  readonly #source: Pick<Conditioner, 'latest'>;
  readonly #shown: readonly ShownTag[];
  readonly #fitting = new Map<string, readonly ShownTag[]>();

  constructor({ definitions, withheld }: TagCrossings, source: Pick<Conditioner, 'latest'>) {
    this.#source = source;
    const shown = [...definitions.map((tag) => shownTag(tag, true)), ...withheld.map((tag) => shownTag(tag, false))];
    this.#shown = shown.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Tags in which the gateway reports on itself fit only a pattern that names them. */
  page(pattern: string, from: number, count: number): LivePage {
    const fitting = this.#fittingTags(pattern);
    return { matched: fitting.length, tags: fitting.slice(from, from + count).map((tag) => this.#liveTag(tag)) };
  }

  #fittingTags(pattern: string): readonly ShownTag[] {
    const known = this.#fitting.get(pattern);
    if (known) return known;
    const parsed = new TagPattern(pattern);
    const ofSystem = isSystemPath(pattern);
    const found = this.#shown.filter(({ path }) => ofSystem === isSystemPath(path) && parsed.matches(path));
    if (this.#fitting.size >= REMEMBERED_PATTERNS) this.#fitting.clear();
    this.#fitting.set(pattern, found);
    return found;
  }

  #liveTag({ number, ...tag }: ShownTag): LiveTag {
    const seen = this.#source.latest(number);
    if (!seen) return tag;
    const { time, status, value } = seen;
    if (value === undefined) return { ...tag, time, status };
    return { ...tag, time, status, value: typeof value === 'string' || Number.isFinite(value) ? value : String(value) };
  }
}

function shownTag({ number, path, type, lane, unit, states }: TagDefinition, crosses: boolean): ShownTag {
  return { number, path, type, lane, unit, crosses, ...(states && { states }) };
}
