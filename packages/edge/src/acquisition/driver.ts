/**
 * What a driver is: the knowledge of one protocol, without a medium, a timer or a way to write.
 *
 * A line is a medium with one or more devices on it. The line's loop opens the medium, keeps the rhythm of the scan
 * classes, respects every budget, and gives up and comes back to each device by itself; the driver turns points into
 * requests and answers into readings. Where devices speak by themselves (DNP3) or are only overheard (PROFIBUS), the loop
 * lets the driver listen whenever there is nothing to ask.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { Dissector } from '@tidegate/dissect/outboundRequest.ts';
import type { z } from 'zod';
import type { AlarmReports } from './alarmReports.ts';
import type { Readings } from './readings.ts';
import type { Link, Tap } from './transport/link.ts';
import type { MediumKind } from './transport/medium.ts';

/** One service that a driver may ask of a device. */
export interface OutboundService {
  /** The name that the dissector of the protocol gives it, such as `read holding registers`. */
  readonly service: string;
  /** `read` asks for data; `session` changes nothing in the process but the conversation itself. */
  readonly effect: 'read' | 'session';
  /** Why reading needs it; every `session` has one. */
  readonly reason?: string;
  /** The option of a device that allows it, off by default; absent where it is always allowed. */
  readonly option?: string;
}

/** What a driver declares of itself; the guard lets nothing pass that is not in `outbound`. */
export interface DriverManifest {
  /** The name in configuration, such as `modbus-tcp`. */
  readonly protocol: string;
  readonly title: string;
  /** Over what it speaks. */
  readonly media: readonly MediumKind[];
  readonly defaultPort: number;
  /** How its characters are framed on a serial line where nothing else is said, such as `8E1`; `8N1` where absent. */
  readonly serialFormat?: string;
  /** Empty where the driver only listens: such a driver is given a medium that cannot transmit. */
  readonly outbound: readonly OutboundService[];
  /** Whether each point gets a reading at each tick of its scan class, or only when the device reports a change. */
  readonly reports: 'every scan' | 'by event';
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
 * What came of an exchange: a request, or several that are sent at once, and what the device answers. What needs a further
 * request after the answer leaves that to the next exchange: so pauses and budgets are kept, and others have their turn.
 *
 * "The device refused", "the device is silent" and "the line failed" are different things: after the first two the line is
 * as good as before for the other devices on it.
 */
export type Exchange = {
  /** How many requests have really been sent; 1 where absent. */
  readonly requests?: number;
  /** Of a greeting: where it was answered it takes another request, and `greet` is called again before the device is asked anything else. */
  readonly goesOn?: boolean;
} & (
  | { readonly outcome: 'answered' }
  | { readonly outcome: 'refused'; readonly detail: string }
  | { readonly outcome: 'silent'; readonly fault: Fault }
  | { readonly outcome: 'lost'; readonly fault: Fault }
);

/** The points of one scan class of one device. It outlives connections. */
export interface ScanGroup {
  /** How many requests one scan takes, as far as is known of the device. */
  readonly requests: number;
  /** How many bytes they and their answers take on the wire, as far as is known; absent where the driver cannot tell. */
  readonly wireBytes?: number;
  /** A tick: every point of the class is due. Called only while nothing is pending. */
  begin(): void;
  /** How many requests the points that are due and have no reading yet still take, as far as is known; 0 where all have. */
  readonly pending: number;
  /**
   * One exchange with the device over the link in use, of at most `limit` requests at once; called only while points are
   * pending. Readings go out with it. After `lost` and `silent` the pending points are still pending.
   */
  step(limit: number): Promise<Exchange>;
  /** Gives every pending point a reading without value. */
  fail(status: StatusCode): void;
}

/** One device, understood and planned by its driver. It outlives connections. */
export interface DeviceReader {
  /** In the order of the scan classes that were handed in. */
  readonly groups: readonly ScanGroup[];
  /**
   * The first exchange with a device over a new link, and again after it was silent: greets it where the protocol wants
   * that, and asks it something, so that a device counts as connected only when it answers. Absent where it only listens.
   */
  greet?(): Promise<Exchange>;
  /** Whether the device has been heard lately; only of a driver that listens, and undefined while it is too early to tell. */
  readonly heard?: boolean | undefined;
  /** Answers that came too late or belonged to no question, and were thrown away. */
  readonly discardedAnswers: number;
  /** What is permanently wrong while the line is well, such as an address the device refuses; one sentence. */
  readonly defect: string | undefined;
}

/** The devices of one line, which share its link. It outlives connections. */
export interface LineReader<L extends Tap = Link> {
  /** In the order in which they were handed in. */
  readonly devices: readonly DeviceReader[];
  /** A link is open: all frames go over it until `disconnected`. */
  connected(link: L): void;
  /** The link is about to be closed by us: the moment to say goodbye, where the protocol has one; nobody waits for an answer. */
  leave?(): void;
  /** The link is gone; nothing of what it still had under way may be used. */
  disconnected(): void;
  /**
   * Takes in what the devices say by themselves, for `withinMs`; readings go out as they come. Called while there is
   * nothing to ask. Absent where devices only answer. Faults, after which the link is closed: any.
   */
  listen?(withinMs: number): Promise<Result<void>>;
}

/** One device of a line as it is handed to its driver. */
export interface DeviceSpec<Options> {
  readonly name: string;
  readonly options: Options;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  readonly classes: readonly ScanClassPoints[];
}

export interface ScanClassPoints {
  readonly intervalMs: number;
  readonly points: readonly TaggedPoint[];
}

export interface DriverPorts {
  readonly clock: Clock;
  /** Events of the devices; `source` is the name of the device. */
  readonly events: EventSink;
  readonly readings: Readings;
  /** Takes what devices tell of their own alarms; absent where the gateway has none. */
  readonly alarms?: AlarmReports | undefined;
  /** How fast the medium carries bytes; undefined where it is a network. */
  readonly bitRate: number | undefined;
  /** `host:port` as it is configured, where we connect to it. */
  readonly authority?: string | undefined;
}

/** Whatever a driver's options are, its own schema has made them. */
// biome-ignore lint/suspicious/noExplicitAny: the options pass through unread
export type AnyDriver = Driver<any>;

export interface Driver<Options = unknown> {
  readonly manifest: DriverManifest;
  /** The keys that a device of this protocol may have in configuration beside those that all have. */
  readonly options: z.ZodObject & z.ZodType<Options>;
  /** Those of the keys that name a file: the driver, which opens none, is handed `{ path, text }` in place of the path. */
  readonly fileOptions?: readonly string[];
  /** The parser by which the guard reads the frames again. It shares no code with the driver. */
  readonly dissect: Dissector;
  /** The address of the device on its line, as the dissector names it; two devices of a line never share one. */
  stationOf(options: Options): number;
  /** The options among those of `manifest.outbound` that are switched on. */
  allowedBy?(options: Options): readonly string[];
  /**
   * Whether the point can be read from such a device. Faults: `point.address`, `point.data-type`, `point.word-order`, each
   * with an example of what is right.
   */
  checkPoint(point: PointSpec, options: Options): Result<PointTraits>;
  /** Plans the reading of the devices of one line. Throws on a point that `checkPoint` refuses. */
  prepare(devices: readonly DeviceSpec<Options>[], ports: DriverPorts): LineReader;
}
