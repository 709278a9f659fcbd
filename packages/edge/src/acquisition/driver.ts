/**
 * What a driver is: the knowledge of one protocol, without a medium, a timer or a way to write.
 *
 * The device that runs a driver opens the link, keeps the rhythm of the scan classes, paces the requests and reconnects;
 * the driver turns points into requests and answers into readings. A protocol in which the device speaks by itself
 * (DNP3, IEC 60870-5-104) fits the same seam: `step` then waits for what comes and asks where it must.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { Readings } from './readings.ts';

/** One service that a driver may ask of a device, by its code in the protocol. */
export interface OutboundService {
  readonly code: number;
  readonly name: string;
}

/** What a driver declares of itself; the guard lets nothing pass that is not in `outbound`. */
export interface DriverManifest {
  /** The name in configuration, such as `modbus-tcp`. */
  readonly protocol: string;
  readonly title: string;
  readonly defaultPort: number;
  readonly outbound: readonly OutboundService[];
}

/** A point as it is configured, before the driver has understood it. */
export interface PointSpec {
  readonly address: string;
  readonly dataType: string;
  readonly wordOrder?: string;
}

/** What the configuration check wants to know of a point that the driver has understood. */
export interface PointTraits {
  /** What its values are; booleans are read as 0 and 1. */
  readonly type: TagType;
}

/** A point with the number of the tag that its readings get. */
export interface TaggedPoint extends PointSpec {
  readonly tag: number;
}

/**
 * The only thing by which a driver reaches its device. Every frame is parsed again by the guard before it is sent; a
 * forbidden one closes the link.
 */
export interface Link {
  /** Faults: `frame.forbidden`, `link.closed`. The bytes are copied. */
  send(frame: Uint8Array): Result<void>;
  /**
   * The bytes that have come since the last call, at least one; waits for them up to `withinMs`. One caller at a time.
   * Faults: `link.timeout`, `link.closed`.
   */
  receive(withinMs: number): Promise<Result<Uint8Array>>;
  /** Resolves with the reason when the link is closed by whichever side. */
  readonly closed: Promise<Fault>;
  close(): void;
}

/** "The device refused" and "the line failed" are different things: after the first the link is as good as before. */
export type Exchange =
  | { readonly outcome: 'answered' }
  | { readonly outcome: 'refused'; readonly detail: string }
  | { readonly outcome: 'lost'; readonly fault: Fault };

/** The points of one scan class of one device. It outlives connections. */
export interface ScanGroup {
  /** How many exchanges one scan takes, as far as is known of the device. */
  readonly requests: number;
  /** A tick: every point of the class is due. Called only while nothing is pending. */
  begin(): void;
  /** True while points that are due have no reading yet. */
  readonly pending: boolean;
  /**
   * One exchange with the device over the link in use; called only while points are pending. Readings go out with it.
   * After `lost` the link is closed and the pending points are still pending.
   */
  step(): Promise<Exchange>;
  /** Gives every pending point a reading without value. */
  fail(status: StatusCode): void;
}

/** One device, understood and planned by its driver. */
export interface DeviceReader {
  /** In the order of the scan classes that were handed in. */
  readonly groups: readonly ScanGroup[];
  /**
   * A link is open: greets the device where the protocol wants it, and asks it something, so that a device counts as
   * connected only when it answers. A fault closes the link.
   */
  connected(link: Link): Promise<Result<void>>;
  /** The link is gone; nothing of what it still had under way may be used. */
  disconnected(): void;
  /** Answers that came too late or belonged to no question, and were thrown away. */
  readonly discardedAnswers: number;
  /** What is permanently wrong while the line is well, such as an address the device refuses; one sentence. */
  readonly defect: string | undefined;
}

/** How much a device gives at once. */
export interface RequestLimits {
  /** Most registers in one request, where a device takes fewer than the protocol allows. */
  readonly maxRegisters: number | undefined;
}

/** How a device wants to be read. */
export interface ReadLimits extends RequestLimits {
  readonly unit: number;
  readonly timeoutMs: number;
  /** How many items that nobody wants may be read to save a request. */
  readonly maxGap: number | undefined;
}

export interface DriverPorts {
  readonly clock: Clock;
  readonly events: EventSink;
  readonly readings: Readings;
}

export interface Driver {
  readonly manifest: DriverManifest;
  /**
   * Whether the point can be read within the limits of its device. Faults: `point.address`, `point.data-type`,
   * `point.word-order`, each with an example of what is right.
   */
  checkPoint(point: PointSpec, limits?: RequestLimits): Result<PointTraits>;
  /** Plans the reading of a device, one group for each scan class. Throws on a point that `checkPoint` refuses. */
  prepare(
    device: string,
    classes: readonly (readonly TaggedPoint[])[],
    limits: ReadLimits,
    ports: DriverPorts,
  ): DeviceReader;
}
