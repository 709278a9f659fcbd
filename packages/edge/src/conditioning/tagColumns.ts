/** The rules of all tags, and what was last seen of each, as columns indexed by tag number. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import { hasDoor, SwingingDoors } from './swingingDoors.ts';
import type { TagRule } from './tagRule.ts';

/** In the lane column: no tag has this number. */
export const NO_LANE = 255;

/** In the rate column: there is no limit. */
export const NO_RATE = -1;

export const Treatment = {
  scaled: 1,
  ranged: 2,
  byException: 4,
  stepped: 8,
  compressed: 16,
  forbidden: 32,
  /** Counts against a rate. */
  limited: 64,
  watched: 128,
} as const;

export class TagColumns {
  readonly lane: Uint8Array;
  /** Bits of `Treatment`. */
  readonly treatment: Uint8Array;
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly deviation: Float64Array;
  readonly minIntervalUs: Float64Array;
  readonly maxIntervalUs: Float64Array;
  /** Index of the rate by which the tag is limited. */
  readonly rate: Int32Array;
  /** The last sample that was kept. */
  readonly last: SeenColumns;
  /** The last sample that was suppressed since then. */
  readonly held: SeenColumns;
  /** What was read since then and is in neither: it was late, or its tag is forbidden or not reported by exception. */
  readonly aside: SeenColumns;
  readonly doors: SwingingDoors;

  constructor(rules: readonly TagRule[]) {
    const length = rules.reduce((longest, rule) => Math.max(longest, rule.number + 1), 0);
    this.lane = new Uint8Array(length).fill(NO_LANE);
    this.treatment = new Uint8Array(length);
    this.scale = new Float64Array(length);
    this.offset = new Float64Array(length);
    this.low = new Float64Array(length);
    this.high = new Float64Array(length);
    this.deviation = new Float64Array(length);
    this.minIntervalUs = new Float64Array(length);
    this.maxIntervalUs = new Float64Array(length);
    this.rate = new Int32Array(length).fill(NO_RATE);
    this.last = new SeenColumns(length);
    this.held = new SeenColumns(length);
    this.aside = new SeenColumns(length);
    this.doors = new SwingingDoors(rules, length);
    for (const rule of rules) this.#set(rule);
  }

  #set(rule: TagRule): void {
    const { number, lane, scale = 1, offset = 0, low, high, stepped, exception, forbidden } = rule;
    this.lane[number] = LANES.indexOf(lane);
    this.rate[number] = rule.rate ?? NO_RATE;
    this.scale[number] = scale;
    this.offset[number] = offset;
    this.low[number] = low ?? Number.NEGATIVE_INFINITY;
    this.high[number] = high ?? Number.POSITIVE_INFINITY;
    this.deviation[number] = exception?.deviation ?? 0;
    this.minIntervalUs[number] = (exception?.minIntervalMs ?? 0) * US_PER_MS;
    this.maxIntervalUs[number] = (exception?.maxIntervalMs ?? Number.POSITIVE_INFINITY) * US_PER_MS;
    this.treatment[number] =
      (scale !== 1 || offset !== 0 ? Treatment.scaled : 0) |
      (low !== undefined || high !== undefined ? Treatment.ranged : 0) |
      (exception || hasDoor(rule) ? Treatment.byException : 0) |
      (stepped ? Treatment.stepped : 0) |
      (hasDoor(rule) ? Treatment.compressed : 0) |
      (forbidden ? Treatment.forbidden : 0) |
      (rule.rate !== undefined ? Treatment.limited : 0) |
      (rule.watched ? Treatment.watched : 0);
  }
}

/** A sample by itself. */
export interface SeenSample {
  readonly time: Timestamp;
  /** A boolean is 0 or 1; `undefined` where there is no value. */
  readonly value: number | string | undefined;
  readonly status: StatusCode;
}

/** One sample of each tag, or none. */
export class SeenColumns {
  readonly present: Uint8Array;
  readonly time: Float64Array;
  /** Unused where the kind is a string. */
  readonly value: Float64Array;
  readonly kind: Uint8Array;
  readonly status: Uint32Array;
  readonly text: string[];

  constructor(length: number) {
    this.present = new Uint8Array(length);
    this.time = new Float64Array(length);
    this.value = new Float64Array(length);
    this.kind = new Uint8Array(length);
    this.status = new Uint32Array(length);
    this.text = new Array<string>(length).fill('');
  }

  /** `undefined` where there is none. */
  sample(tag: number): SeenSample | undefined {
    if (this.present[tag] !== 1) return undefined;
    const time = this.time[tag] as Timestamp;
    const status = this.status[tag] as StatusCode;
    const kind = this.kind[tag];
    if (kind === ValueKind.none) return { time, value: undefined, status };
    return { time, value: kind === ValueKind.string ? this.text[tag] : this.value[tag], status };
  }
}
