/** Puts the numbers of the registry to the tags of a configuration: what crosses, what each device reads, and what is done to it. */

import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { DeviceConfig, ScanClassConfig } from '../acquisition/device.ts';
import type { TagRule } from '../conditioning/tagRule.ts';
import type { ConfiguredDevice, GatewayConfig, TagConfig } from './gatewayConfig.ts';

/** A tag with its number. */
interface NumberedTag extends TagConfig {
  readonly number: number;
}

export interface NumberedTags {
  /** What the server is told of the tags, in the order of the configuration. */
  readonly definitions: readonly TagDefinition[];
  /** What conditioning does to their readings, in the same order. */
  readonly rules: readonly TagRule[];
  /** What `startDevice` takes. */
  readonly devices: readonly DeviceConfig[];
}

/** The ids of all tags, in the order in which `numberTags` wants their numbers. */
export function tagIds(config: GatewayConfig): string[] {
  return config.devices.flatMap((device) => device.tags.map((tag) => tag.id));
}

/** `numbers` are those of `tagIds(config)`, from the tag registry. */
export function numberTags(config: GatewayConfig, numbers: readonly number[]): NumberedTags {
  let next = 0;
  const numbered = config.devices.map((device) => ({
    device,
    tags: device.tags.map((tag): NumberedTag => ({ ...tag, number: numbers[next++] })),
  }));
  if (next !== numbers.length) throw new RangeError(`${numbers.length} numbers for ${next} tags`);
  const tags = numbered.flatMap((one) => one.tags);
  return {
    definitions: tags.map(definitionOf),
    rules: tags.map(ruleOf),
    devices: numbered.map((one) => deviceConfigOf(one.device, one.tags, config.scanClasses)),
  };
}

function definitionOf(tag: NumberedTag): TagDefinition {
  const { number, id, path, type, lane, unit, description, stepped, low, high, aliases } = tag;
  return {
    number,
    id,
    path,
    type,
    lane,
    unit,
    description,
    stepped,
    aliases,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}

function ruleOf(tag: NumberedTag): TagRule {
  const { number, lane, scale, offset, low, high, deviation, minIntervalMs, maxIntervalMs } = tag;
  // A boolean or a text has nothing between two values, whatever its tag says of how it is shown.
  const stepped = tag.stepped || tag.type !== 'number';
  const exception = { deviation, minIntervalMs, maxIntervalMs };
  return { number, lane, scale, offset, low, high, stepped, exception };
}

function deviceConfigOf(
  device: ConfiguredDevice,
  tags: readonly NumberedTag[],
  scanClasses: Readonly<Record<string, ScanClassConfig>>,
): DeviceConfig {
  const { name, protocol, host, port, unit, timeoutMs, connectTimeoutMs, requestPauseMs } = device;
  const { maxGap, maxRegisters, maxRequestsPerSecond } = device;
  // A class without a point would only make the device tick.
  const used = [...new Set(tags.map((tag) => tag.scan))];
  return {
    name,
    protocol,
    host,
    port,
    unit,
    timeoutMs,
    connectTimeoutMs,
    minRequestPauseMs: requestPauseMs,
    ...(maxGap === undefined ? {} : { maxGap }),
    ...(maxRegisters === undefined ? {} : { maxRegisters }),
    ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
    scanClasses: Object.fromEntries(used.map((scan) => [scan, scanClasses[scan]])),
    points: tags.map((tag) => ({ ...tag.point, tag: tag.number, scanClass: tag.scan })),
  };
}
