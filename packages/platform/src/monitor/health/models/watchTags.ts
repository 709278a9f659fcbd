/** The tags that the rows of a watch come from, and up to when all of their samples are here. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { formatTimestamp, type Timestamp, US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { SERVER_STREAM } from '../../../historian/ingest/storedTag.ts';
import { Watermarks } from '../../../historian/ingest/watermark.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { Historian } from '../../../historian/query/historian.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { AppliedModel, ModelStore } from '../../../model/assets/modelStore.ts';
import { AttributeReader } from '../../../model/twins/history/attributeReader.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';

export interface WatchTagsParts {
  readonly historian: Pick<Historian, 'tags' | 'tagRevision' | 'queries' | 'latest' | 'ledgers'>;
  readonly store: Pick<ModelStore, 'current' | 'periods' | 'version'>;
  readonly clock: Clock;
}

/** µs since 1970 UTC; -Infinity where nothing has ever come. */
export interface WatchHorizon {
  /** Nothing is under way that changes what came before. */
  readonly finalUntil: number;
  /** Something of it is known until here: beyond there is nothing to judge. */
  readonly knownUntil: number;
  /** The gateway that is furthest behind; `undefined` where there are no tags. */
  readonly waitsFor: string | undefined;
}

/** So long samples are waited for that a gateway may still have on its disk. */
const GATEWAY_GRACE_US = US_PER_DAY;

/** Until when (µs) rows are looked at: as far as all of their samples are here, or have been waited for long enough. */
export function readyUntil({ finalUntil, knownUntil }: WatchHorizon, now: number): number {
  return Math.min(knownUntil, Math.max(finalUntil, now - GATEWAY_GRACE_US));
}

export class WatchTags {
  readonly #parts: WatchTagsParts;
  readonly #reader: AttributeReader;
  #known = new Map<string, readonly StoredTag[]>();
  /** What they were looked up with. */
  #revision = Number.NaN;
  #applied: AppliedModel | undefined;

  constructor(parts: WatchTagsParts) {
    this.#parts = parts;
    this.#reader = new AttributeReader(parts);
  }

  /** Those of all features and fatigues, of the speeds of shafts, and of the condition, as the model and the tags are now. */
  of(watch: HealthWatch): readonly StoredTag[] {
    const { asset, features, fatigue, condition } = watch;
    const wanted = [...features, ...fatigue].map(({ of }) => of);
    for (const { vibration } of features) if (vibration?.shaft) wanted.push(vibration.shaft);
    return this.#remembered(`${watch.id}\n${watch.featureVersion}`, () => {
      const tags = (condition ? [...wanted, condition] : wanted).flatMap((one) => this.#reader.tags(asset, one));
      return [...new Set(tags)];
    });
  }

  /** Of one expression over attributes of the asset of the watch. */
  ofExpression({ asset }: HealthWatch, expression: Expression): readonly StoredTag[] {
    return this.#remembered(`${asset}\n${expression.text}`, () => this.#reader.tags(asset, expression));
  }

  /** An expression over attributes of the asset of the watch, over the tags that they come from; `undefined` where there are none. */
  overTags({ asset }: HealthWatch, expression: Expression): Expression | undefined {
    return this.#reader.current(asset, expression)?.expression;
  }

  /** Of several watches at one moment. */
  horizons(watches: readonly HealthWatch[]): readonly WatchHorizon[] {
    const { historian, clock } = this.#parts;
    const now: number = clock.now();
    const watermarks = new Watermarks(historian.ledgers(), now);
    return watches.map((watch) => {
      let [finalUntil, knownUntil] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      let waitsFor: string | undefined;
      for (const tag of this.of(watch)) {
        const newest = historian.latest(tag.index)?.time ?? Number.NEGATIVE_INFINITY;
        const heard = watermarks.of(tag);
        // Of the server's own tags nothing is under way, and nothing is known beyond their last sample either.
        const known = tag.gateway === SERVER_STREAM ? newest : Math.max(newest, heard);
        knownUntil = Math.max(knownUntil, Math.min(now, known));
        if (heard >= finalUntil) continue;
        [finalUntil, waitsFor] = [heard, tag.gateway];
      }
      return { finalUntil: Math.min(finalUntil, now), knownUntil, waitsFor };
    });
  }

  #remembered(key: string, look: () => readonly StoredTag[]): readonly StoredTag[] {
    const [revision, applied] = [this.#parts.historian.tagRevision, this.#parts.store.current()];
    if (revision !== this.#revision || applied !== this.#applied) this.#known = new Map();
    [this.#revision, this.#applied] = [revision, applied];
    const known = this.#known.get(key) ?? look();
    this.#known.set(key, known);
    return known;
  }
}

/** A time as it is told to people: `2026-01-31 12:00 UTC`. */
export function toldTime(time: number): string {
  return `${formatTimestamp(time as Timestamp)
    .slice(0, 16)
    .replace('T', ' ')} UTC`;
}
