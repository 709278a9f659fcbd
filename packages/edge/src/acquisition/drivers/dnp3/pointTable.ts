/** The configured points of one outstation: found by kind and index for each value that comes, and which have none yet. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { TaggedPoint } from '../../driver.ts';
import type { Readings } from '../../readings.ts';
import type { Indication } from './application/internalIndications.ts';
import { POINT_KIND, type PointKind } from './application/objectSink.ts';
import { parsePoint } from './points.ts';

export interface TablePoint {
  readonly tag: number;
  /** As it is configured, for messages. */
  readonly address: string;
  /** Whether the latest reading of the tag is what the outstation said of it. */
  told: boolean;
}

export interface DatabasePoint extends TablePoint {
  readonly kind: PointKind;
  readonly index: number;
  /** Whether it has come since everything was asked for. */
  seen: boolean;
  /** The time of the newest of its readings. */
  newest: Timestamp;
  /** What the outstation said of it last; `undefined` before. */
  value: number | undefined;
}

export interface IndicationPoint extends TablePoint {
  readonly indication: Indication;
  latest: boolean;
}

export class PointTable {
  readonly database: readonly DatabasePoint[];
  readonly indications: readonly IndicationPoint[];
  /** By kind; several tags may be read from one point. */
  readonly #byIndex: readonly Map<number, DatabasePoint[]>[];
  readonly #byTag: ReadonlyMap<number, DatabasePoint | IndicationPoint>;

  /** Throws on a point that was not checked. */
  constructor(points: readonly TaggedPoint[]) {
    const database: DatabasePoint[] = [];
    const indications: IndicationPoint[] = [];
    this.#byIndex = Object.values(POINT_KIND).map(() => new Map());
    for (const spec of points) {
      const parsed = parsePoint(spec);
      if (!parsed.ok) throw new Error(`point ${spec.address} was not checked: ${parsed.fault.detail}`);
      const { address } = parsed.value;
      const { tag } = spec;
      if (address.kind === 'indication') {
        const { indication } = address;
        indications.push({ tag, address: spec.address, told: false, indication, latest: false });
        continue;
      }
      const point = {
        tag,
        address: spec.address,
        told: false,
        ...address,
        seen: false,
        newest: 0 as Timestamp,
        value: undefined,
      };
      database.push(point);
      const others = this.#byIndex[point.kind].get(point.index);
      if (others) others.push(point);
      else this.#byIndex[point.kind].set(point.index, [point]);
    }
    this.database = database;
    this.indications = indications;
    this.#byTag = new Map([...database, ...indications].map((point) => [point.tag, point] as const));
  }

  /** The points that a value belongs to; `undefined` where nobody wants it. */
  at(kind: PointKind, index: number): readonly DatabasePoint[] | undefined {
    return this.#byIndex[kind].get(index);
  }

  /** Gives these tags a reading without value; whatever the outstation says next is new. */
  fail(tags: readonly number[], time: Timestamp, status: StatusCode, readings: Readings): void {
    for (const tag of tags) {
      const point = this.#byTag.get(tag)!;
      point.told = false;
      readings.none(tag, 'newest' in point ? timeOfState(point, time) : time, status);
    }
  }
}

/** The time of a reading of what is true at `time`: it must not look older than one before it that bears a time of its own. */
export function timeOfState(point: DatabasePoint, time: Timestamp): Timestamp {
  if (time > point.newest) point.newest = time;
  return point.newest;
}
