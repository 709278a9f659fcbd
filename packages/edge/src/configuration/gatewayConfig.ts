/** What a gateway is told to do, complete and checked: every default filled in, every path absolute. */

import type { AlarmDefinition } from '@tidegate/alarm/definition/alarmDefinition.ts';
import type { Lane, PerLane } from '@tidegate/core/sample/lane.ts';
import type { DigitalState, TagType } from '@tidegate/core/sample/tag.ts';
import type { ConduitPolicy } from '@tidegate/policy/conduitPolicy.ts';
import type { PointSpec } from '../acquisition/driver.ts';
import type { DeviceConfig, LineConfig, ScanClassConfig } from '../acquisition/line/line.ts';
import type { CompressionRule } from '../conditioning/tagRule.ts';
import type { GatewayModel } from './health/gatewayModel.ts';

export interface GatewayConfig {
  /** Names the gateway towards the server; 1 to 63 characters. */
  readonly gateway: string;
  /** Holds the tag registry and the spools; absolute. */
  readonly dataDirectory: string;
  readonly server: ServerConfig;
  readonly spool: SpoolConfig;
  readonly lanes: PerLane<LaneConfig>;
  /** By name. */
  readonly scanClasses: Readonly<Record<string, ScanClassConfig>>;
  readonly lines: readonly ConfiguredLine[];
  /** What it watches for by itself; `undefined` where it has nothing to do with alarms. Every tag that they name is configured. */
  readonly alarms: readonly AlarmDefinition[] | undefined;
  /** What it judges by itself; `undefined` where nothing is said of it. Every tag that they name is configured. */
  readonly health: readonly ConfiguredHealth[] | undefined;
  /** What may cross the boundary; everything, where it is `undefined`. */
  readonly policy: ConduitPolicy | undefined;
}

/** A learned model, and what it judges. */
export interface ConfiguredHealth {
  /** The path below which its tags stand. */
  readonly name: string;
  readonly model: GatewayModel;
  /** Paths of tags, in the order of the features of the model. */
  readonly features: readonly string[];
}

/** Where the blocks go. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** The name that the server's certificate must bear. */
  readonly serverName: string;
  /** Directory with the gateway's `key.pem` and `cert.pem`, and the `ca.pem` of the server's authority; absolute. */
  readonly certificates: string;
  /** How blocks are sent where the address is the near end of a data diode; `undefined` where it is a server or a relay. */
  readonly diode: DiodeConfig | undefined;
}

/** Datagrams that nothing answers; what is `undefined` is left to the forwarder. */
export interface DiodeConfig {
  /** File of the secret that is shared with the receiver; absolute. */
  readonly keyFile: string;
  /** Everything on the wire counts. */
  readonly bytesPerSecond: number;
  readonly dataSymbols: number | undefined;
  readonly paritySymbols: number | undefined;
  readonly interleave: number | undefined;
  readonly mtu: number | undefined;
}

/** What waits on disk, of all lanes. */
export interface SpoolConfig {
  /** Beyond this the oldest blocks expire undelivered. */
  readonly maxBytes: number;
  readonly encrypt: boolean;
  /** Holds the key of 32 bytes where the data directory does not; absolute. */
  readonly keyFile: string | undefined;
}

export interface LaneConfig {
  /** How long a sample may wait for others before its block is sealed. */
  readonly maxDelayMs: number;
}

/** A medium and the devices on it; `startLine` takes it when the tags have numbers. */
export interface ConfiguredLine extends Omit<LineConfig, 'devices'> {
  readonly devices: readonly ConfiguredDevice[];
}

export interface ConfiguredDevice extends Omit<DeviceConfig, 'scanClasses' | 'points'> {
  readonly tags: readonly TagConfig[];
}

/** A tag and the point that it is read from. Its number is assigned by the tag registry. */
export interface TagConfig {
  readonly id: string;
  readonly path: string;
  readonly type: TagType;
  readonly point: PointSpec;
  /** Name of one of the scan classes. */
  readonly scan: string;
  readonly lane: Lane;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  readonly description: string;
  readonly aliases: readonly string[];
  readonly stepped: boolean;
  /** What its values stand for. */
  readonly states: readonly DigitalState[] | undefined;
  /** value = raw * scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Plausible range, in `unit`. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** A number that differs from the last one kept by no more than this, in `unit`, is left out. */
  readonly deviation: number;
  /** A number that differs is left out for this long after the last one kept; 0 where there is no such limit. */
  readonly minIntervalMs: number;
  /** A value is kept when this much time has passed since the last, whatever it is. */
  readonly maxIntervalMs: number;
  /** In `unit`; `undefined` where there is none. */
  readonly compression: CompressionRule | undefined;
}
