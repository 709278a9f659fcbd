/** The system tags whose samples are what happens to the alarms of a gateway: one for each alarm, and one for those from outside. */

import type { AlarmDefinition, SubjectName } from '@tidegate/alarm/definition/alarmDefinition.ts';
import { alarmTagName, alarmTagPath } from '@tidegate/alarm/definition/alarmName.ts';
import type { EngineAlarm } from '@tidegate/alarm/engine/alarmEngine.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { OUTSIDE_ALARMS } from '../../conditioning/alarms/gatewayAlarms.ts';
import type { TagRule } from '../../conditioning/tagRule.ts';
import type { GatewayConfig } from '../gatewayConfig.ts';

/** The alarms of a gateway, with numbers for the tags that they depend on. */
export interface NumberedAlarms {
  readonly alarms: readonly EngineAlarm[];
  /** Numbers of the system tags, by the names of the alarms with dots for slashes. */
  readonly tags: ReadonlyMap<string, number>;
}

export interface NumberedAlarmTags extends NumberedAlarms {
  readonly definitions: readonly TagDefinition[];
  readonly rules: readonly TagRule[];
  /** Numbers of the tags that the alarms depend on. */
  readonly watched: ReadonlySet<number>;
}

/** The ids of the tags, in the order in which `numberAlarmTags` wants their numbers. */
export function alarmTagIds({ gateway, alarms }: Pick<GatewayConfig, 'gateway' | 'alarms'>): string[] {
  return namesOf(alarms).map((name) => alarmTagPath(gateway, name));
}

/** `tags` are those of the plant, with their numbers. */
export function numberAlarmTags(
  { gateway, alarms }: Pick<GatewayConfig, 'gateway' | 'alarms'>,
  numbers: readonly number[],
  tags: readonly Pick<TagDefinition, 'number' | 'path' | 'unit'>[],
): NumberedAlarmTags {
  const byPath = new Map(tags.map((tag) => [tag.path, tag]));
  const tagOf = ({ path }: SubjectName) => {
    const tag = byPath.get(path);
    // The configuration has been checked: every tag that an alarm names is there.
    if (!tag) throw new RangeError(`an alarm depends on the tag ${path}, which is not configured`);
    return tag;
  };
  const placed = (alarms ?? []).map((definition): EngineAlarm => {
    const { subject, reference, suppressWhile } = definition;
    const { number, unit } = tagOf(subject);
    const suppressors = suppressWhile.map((suppression) => tagOf(suppression.subject).number);
    return { definition, unit, signal: number, reference: reference && tagOf(reference).number, suppressors };
  });
  const names = namesOf(alarms);
  const definitions = names.map((name, at) => definitionOf(numbers[at], alarmTagPath(gateway, name)));
  return {
    alarms: placed,
    tags: new Map(names.map((name, at) => [alarmTagName(name), numbers[at]])),
    definitions,
    // Every happening is kept, however alike two of them are.
    rules: definitions.map(({ number }) => ({ number, lane: 'audit', stepped: true })),
    watched: new Set(
      placed.flatMap(({ signal, reference, suppressors }) => [signal, reference ?? signal, ...suppressors]),
    ),
  };
}

function namesOf(alarms: readonly AlarmDefinition[] | undefined): string[] {
  return alarms ? [...alarms.map(({ name }) => name), OUTSIDE_ALARMS] : [];
}

function definitionOf(number: number, path: string): TagDefinition {
  const description = 'What happened to this alarm, each as JSON (docs/alarms.md)';
  return { number, id: path, path, type: 'string', lane: 'audit', unit: '', description, stepped: true, aliases: [] };
}
