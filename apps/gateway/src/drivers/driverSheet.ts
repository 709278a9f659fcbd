/** What a driver tells of itself: over what it speaks, what it may send, and which keys its devices may have. */

import type { AnyDriver, DriverManifest, OutboundService } from '@tidegate/edge/acquisition/driver.ts';

export interface DriverSheet extends Omit<DriverManifest, 'outbound'> {
  /** The npm package that brings it; absent where it is one of the house. */
  readonly package?: string;
  /** Empty where it listens only. */
  readonly sends: readonly SentService[];
  /** Beside those that all devices have. */
  readonly keys: readonly DeviceKey[];
}

export interface SentService extends OutboundService {
  readonly onByDefault: boolean;
}

export interface DeviceKey {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What holds where it is left out, as it would be written; absent where that is nothing. */
  readonly default?: unknown;
}

/** From the largest on; each is a multiple of the next. */
const UNITS = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000, ms: 1 } as const;

export function driverSheet(driver: AnyDriver, from?: string): DriverSheet {
  const { outbound, ...manifest } = driver.manifest;
  return {
    ...manifest,
    ...(from === undefined ? {} : { package: from }),
    sends: outbound.map((service) => ({ ...service, onByDefault: service.option === undefined })),
    keys: keysOf(driver.options),
  };
}

function keysOf({ shape }: AnyDriver['options']): DeviceKey[] {
  return Object.entries(shape as Readonly<Record<string, Schema>>).map(([name, schema]) => {
    const leftOut = schema.safeParse(undefined);
    const key = { name, description: schema.description ?? '', required: !leftOut.success };
    return leftOut.data === undefined ? key : { ...key, default: asWritten(leftOut.data, schema) };
  });
}

interface Schema {
  readonly description?: string | undefined;
  safeParse(input: unknown): { readonly success: boolean; readonly data?: unknown };
}

/** A length of time is a number of milliseconds once it has been read, and is refused as one where it is written. */
function asWritten(value: unknown, schema: Schema): unknown {
  if (typeof value !== 'number' || schema.safeParse(value).success) return value;
  const [unit, ms] = Object.entries(UNITS).find(([, length]) => value % length === 0 && value >= length) ?? ['ms', 1];
  return `${value / ms}${unit}`;
}
