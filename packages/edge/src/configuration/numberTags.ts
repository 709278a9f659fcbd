/** Puts the numbers of the registry to the tags of a configuration: what crosses, what each device reads, and what is done to it. */

import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { LineConfig, ScanClassConfig } from '../acquisition/line/line.ts';
import type { WatchedProfile } from '../conditioning/health/watchedProfile.ts';
import type { TagRule } from '../conditioning/tagRule.ts';
import { alarmTagIds, type NumberedAlarms, numberAlarmTags } from './alarms/alarmTags.ts';
import { type DeviceTags, deviceTagIds, numberDeviceTags } from './deviceTags.ts';
import type { ConfiguredLine, GatewayConfig, TagConfig } from './gatewayConfig.ts';
import { crossTags, type TagCrossings } from './gatewayPolicy.ts';
import { healthTagIds, numberHealthTags } from './health/healthTags.ts';
import { numberSystemTags, type SystemTags, systemTagIds } from './systemTags.ts';

/** A tag with its number. */
interface NumberedTag extends TagConfig {
  readonly number: number;
}

/** The tags are in the order of the configuration, and then come those that report on devices and on the gateway. */
export interface NumberedTags extends TagCrossings {
  /** What `startLine` takes. */
  readonly lines: readonly LineConfig[];
  /** The tags that report on each device, in the order of the lines. */
  readonly devices: readonly DeviceTags[];
  /** The tags in which the gateway accounts for itself. */
  readonly system: SystemTags;
  /** What it watches for by itself; `undefined` where it has nothing to do with alarms. */
  readonly alarms: NumberedAlarms | undefined;
  /** What it judges by itself. */
  readonly health: readonly WatchedProfile[];
  /** Numbers of the tags whose values go on to be true while the gateway does not run. */
  readonly lasting: ReadonlySet<number>;
}

/** The ids of all tags, in the order in which `numberTags` wants their numbers. */
export function tagIds(config: GatewayConfig): string[] {
  const ids = config.lines.flatMap(({ devices }) => devices.flatMap(({ tags }) => tags.map(({ id }) => id)));
  return [
    ...ids,
    ...deviceTagIds(config.gateway, namesOf(config)),
    ...systemTagIds(config.gateway),
    ...healthTagIds(config),
    ...alarmTagIds(config),
  ];
}

/** `numbers` are those of `tagIds(config)`, from the tag registry. */
export function numberTags(config: GatewayConfig, numbers: readonly number[]): NumberedTags {
  let next = 0;
  const tags: NumberedTag[] = [];
  const number = (tag: TagConfig) => {
    const numbered = { ...tag, number: numbers[next++] };
    tags.push(numbered);
    return numbered;
  };
  const lines = config.lines.map((line) => lineConfigOf(line, config.scanClasses, number));
  const take = <Part extends { readonly definitions: readonly TagDefinition[] }>(part: Part): Part => {
    next += part.definitions.length;
    return part;
  };
  const reports = take(numberDeviceTags(config.gateway, namesOf(config), numbers.slice(next)));
  const own = take(numberSystemTags(config.gateway, numbers.slice(next)));
  const health = take(numberHealthTags(config, numbers.slice(next), tags));
  const alarms = take(numberAlarmTags(config, numbers.slice(next), [...tags, ...health.definitions]));
  const parts = [reports, own, health, alarms];
  const definitions = [...tags.map(definitionOf), ...parts.flatMap((part) => part.definitions)];
  if (definitions.length !== numbers.length) {
    throw new RangeError(`${numbers.length} numbers for ${definitions.length} tags`);
  }
  const watched = alarms.watched.union(health.watched);
  const rules = [...tags.map(ruleOf), ...parts.flatMap((part) => part.rules)].map((rule) =>
    watched.has(rule.number) ? { ...rule, watched: true } : rule,
  );
  const { devices, lasting } = reports;
  const { profiles } = health;
  const crossings = crossTags(config, definitions, rules);
  return {
    ...crossings,
    lines,
    devices,
    system: own.system,
    alarms: config.alarms && alarms,
    health: profiles,
    lasting,
  };
}

function namesOf({ lines }: GatewayConfig): string[] {
  return lines.flatMap(({ devices }) => devices.map(({ name }) => name));
}

function definitionOf(tag: NumberedTag): TagDefinition {
  const { number, id, path, type, lane, unit, description, stepped, low, high, states, aliases } = tag;
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
    ...(states === undefined ? {} : { states }),
  };
}

function ruleOf(tag: NumberedTag): TagRule {
  const { number, lane, scale, offset, low, high, deviation, minIntervalMs, maxIntervalMs, compression } = tag;
  // A boolean or a text has nothing between two values, whatever its tag says of how it is shown.
  const stepped = tag.stepped || tag.type !== 'number';
  const exception = { deviation, minIntervalMs, maxIntervalMs };
  return { number, lane, scale, offset, low, high, stepped, exception, compression };
}

function lineConfigOf(
  line: ConfiguredLine,
  scanClasses: Readonly<Record<string, ScanClassConfig>>,
  number: (tag: TagConfig) => NumberedTag,
): LineConfig {
  const devices = line.devices.map(({ tags, ...device }) => {
    // A class without a point would only make the device tick.
    const used = [...new Set(tags.map((tag) => tag.scan))];
    return {
      ...device,
      scanClasses: Object.fromEntries(used.map((scan) => [scan, scanClasses[scan]])),
      points: tags.map(number).map((tag) => ({ ...tag.point, tag: tag.number, scanClass: tag.scan })),
    };
  });
  return { ...line, devices };
}
