/** What is left out of the readings of a tag: what it says itself, and for the rest what its compression class says. */

import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { CompressionRule } from '../conditioning/tagRule.ts';
import { type CompressionEntry, compressionShape, type DeviationEntry } from './compressionSchema.ts';
import type { TagConfig } from './gatewayConfig.ts';
import type { TagEntry } from './tagSchema.ts';

export type CompressionClasses = Readonly<Record<string, CompressionEntry>>;

export type CompressionSetting = keyof CompressionEntry;

/** A signal that stands still says so at least this often: silence must not look like a dead gateway. */
const MAX_INTERVAL_MS = 600_000;
/** Compression holds the newest sample back for so long at most: who looks at a value now sees it this late. */
const COMPRESSION_MAX_INTERVAL_MS = 60_000;
const SETTINGS = Object.keys(compressionShape) as CompressionSetting[];

/** What is in force for a tag, as it is written. A class that does not exist says nothing. */
export function compressionSettings(entry: TagEntry, classes: CompressionClasses): CompressionEntry {
  const named = entry.compression !== undefined && Object.hasOwn(classes, entry.compression);
  const settings: CompressionEntry = named ? { ...classes[entry.compression!] } : {};
  for (const setting of SETTINGS)
    Object.assign(settings, entry[setting] === undefined ? {} : { [setting]: entry[setting] });
  return settings;
}

/** Between two states there is no third: only numbers may be interpolated. */
export function isStepped(entry: TagEntry, type: TagType): boolean {
  return entry.stepped ?? (type !== 'number' || entry.states !== undefined);
}

/** Why there can be no door at this tag, and what to do about it; `undefined` where there can. */
export function doorObstacle(entry: TagEntry, type: TagType): readonly [message: string, hint: string] | undefined {
  if (entry.lane === 'operational') {
    return ['compression would hold back what is needed now', 'lane analytical, or report by exception alone'];
  }
  if (isStepped(entry, type)) return ['the tag is stepped, and no line is drawn through its values', 'leave it out'];
  return undefined;
}

/** The settings with every default filled in, of a tag in which `checkCompression` finds nothing. */
export function completeCompression(
  entry: TagEntry,
  type: TagType,
  classes: CompressionClasses,
): Pick<TagConfig, 'deviation' | 'minIntervalMs' | 'maxIntervalMs' | 'compression'> {
  const settings = compressionSettings(entry, classes);
  const minIntervalMs = settings.minInterval ?? 0;
  const maxIntervalMs = settings.maxInterval ?? Math.max(MAX_INTERVAL_MS, minIntervalMs);
  return {
    deviation: settings.deviation && type === 'number' ? inUnits(settings.deviation, entry) : 0,
    minIntervalMs,
    maxIntervalMs,
    compression: doorObstacle(entry, type) === undefined ? doorOf(settings, entry, maxIntervalMs) : undefined,
  };
}

function doorOf(settings: CompressionEntry, entry: TagEntry, maxIntervalMs: number): CompressionRule | undefined {
  const { compressionDeviation: deviation, compressionMinInterval: minIntervalMs = 0 } = settings;
  if (deviation === undefined || deviation === 'off') return undefined;
  const longest = Math.max(Math.min(COMPRESSION_MAX_INTERVAL_MS, maxIntervalMs), minIntervalMs);
  return {
    deviation: inUnits(deviation, entry),
    minIntervalMs,
    maxIntervalMs: settings.compressionMaxInterval ?? longest,
  };
}

function inUnits({ amount, ofSpan }: DeviationEntry, { low = 0, high = 0 }: TagEntry): number {
  return ofSpan ? amount * (high - low) : amount;
}
