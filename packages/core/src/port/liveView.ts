/** What a gateway shows to people on its own machine, whether or not anything crosses the boundary. */

import type { Timestamp } from '../clock/timestamp.ts';
import type { Lane, PerLane } from '../sample/lane.ts';
import type { StatusCode } from '../sample/statusCode.ts';
import type { DigitalState, TagType } from '../sample/tag.ts';
import type { SpoolDepth } from './blockSource.ts';
import type { DeviceStatus } from './gatewayStatus.ts';

/** A tag as its device told it last: scaled and with its range checked, before anything is left out. */
export interface LiveTag {
  readonly path: string;
  readonly type: TagType;
  readonly lane: Lane;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  readonly states?: readonly DigitalState[];
  /** False where the policy does not let it cross. */
  readonly crosses: boolean;
  /** Absent where nothing has been read since the gateway was started. */
  readonly time?: Timestamp;
  readonly status?: StatusCode;
  /**
   * A boolean is 0 or 1. Absent where there is no value; numbers that JSON does not have are the texts `NaN`, `Infinity` and
   * `-Infinity`.
   */
  readonly value?: number | string;
}

export interface LiveLane {
  readonly connected: boolean;
  /** Since when that is so: the start of the gateway, where it has never been otherwise. */
  readonly since: Timestamp;
  readonly waiting: SpoolDepth;
}

/** The disk of all lanes together. */
export interface LiveSpool {
  readonly usedBytes: number;
  readonly maxBytes: number;
  /** What is written to it now, on average over the last minute; absent until that is known. */
  readonly bytesPerSecond?: number;
  /** How long it takes at this rate until the oldest has to go, if nothing crosses; absent where nothing is written. */
  readonly lastsSeconds?: number;
}

export interface LiveView {
  readonly at: Timestamp;
  readonly gateway: string;
  readonly startedAt: Timestamp;
  readonly lanes: PerLane<LiveLane>;
  readonly spool: LiveSpool;
  readonly devices: readonly DeviceStatus[];
  /** Whole days until the certificate of the gateway ends; below 0 where it has. */
  readonly certificateDaysLeft: number;
  /** Tags that fit the pattern; those of `tags` are a part of them, in the order of their paths. */
  readonly matched: number;
  readonly from: number;
  readonly tags: readonly LiveTag[];
}

/** Below the data directory of a gateway; only its user may enter the directory. */
export const LIVE_DIRECTORY = 'live';
export const LIVE_SOCKET = 'live.sock';
/** Asked with `GET /live?tags=PATTERN&from=0&count=100`. */
export const LIVE_ADDRESS = '/live';
/** Tags of one answer: what makes the answer holds up the reading of devices. */
export const MAX_LIVE_TAGS = 1_000;
