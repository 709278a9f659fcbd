/** Brings the alarms of a gateway together, from the YAML file and from lists beside it, and checks them against its tags. */

import {
  type AlarmDefinition,
  defineAlarm,
  nameOf,
  type SubjectName,
  subjectsOf,
} from '@tidegate/alarm/definition/alarmDefinition.ts';
import { alarmNameDefect, alarmTagName } from '@tidegate/alarm/definition/alarmName.ts';
import { type AlarmEntry, alarmSchema } from '@tidegate/alarm/definition/alarmSchema.ts';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { DigitalState, TagType } from '@tidegate/core/sample/tag.ts';
import { z } from 'zod';
import { OUTSIDE_ALARMS } from '../../conditioning/alarms/gatewayAlarms.ts';
import { besideFile } from '../readTagLists.ts';

/** A tag that an alarm may name. */
interface AlarmTag {
  readonly path: string;
  /** What its values are, where that is known. */
  readonly type: TagType | undefined;
  readonly states?: readonly DigitalState[] | undefined;
}

/** An alarm and where it was written. */
interface PlacedAlarm {
  readonly entry: AlarmEntry;
  defect(field: DataPath, message: string, hint?: string): Defect;
}

export interface ReadAlarms {
  /** `undefined` where nothing is said of alarms. */
  readonly value: readonly AlarmDefinition[] | undefined;
  readonly defects: readonly Defect[];
}

/** What a file that is named holds: the alarms, one after the other. */
const alarmListSchema = z.array(alarmSchema).describe('a list of alarms');

/** `tags` are all of the gateway. */
export async function readAlarms(
  document: ConfigDocument,
  written: readonly (string | AlarmEntry)[] | undefined,
  tags: readonly AlarmTag[],
): Promise<ReadAlarms> {
  if (written === undefined) return { value: undefined, defects: [] };
  const lists = await Promise.all(
    written.map((entry, index) =>
      typeof entry === 'string'
        ? readAlarmList(besideFile(document.file, entry))
        : { alarms: [placedIn(document, entry, ['alarms', index])], defects: [] },
    ),
  );
  const alarms = lists.flatMap((list) => list.alarms);
  const byPath = new Map(tags.map((tag) => [tag.path, tag]));
  const defects = [
    ...lists.flatMap((list) => list.defects),
    ...alarms.flatMap((alarm) => [...checkTagsOf(alarm, byPath), ...checkStates(alarm, byPath)]),
    ...checkNames(alarms),
  ];
  const stateCode = ({ path }: SubjectName, name: string) => codeOf(byPath.get(path), name);
  return { value: alarms.map(({ entry }) => defineAlarm(entry, stateCode)), defects };
}

async function readAlarmList(file: string): Promise<{ alarms: PlacedAlarm[]; defects: readonly Defect[] }> {
  const document = await ConfigDocument.read(file);
  const read = document.validate(alarmListSchema);
  if (!read.ok) return { alarms: [], defects: read.defects };
  return { alarms: read.value.map((entry, index) => placedIn(document, entry, [index])), defects: [] };
}

function placedIn(document: ConfigDocument, entry: AlarmEntry, place: DataPath): PlacedAlarm {
  return { entry, defect: (field, ...text) => document.defect([...place, ...field], ...text) };
}

function checkTagsOf({ entry, defect }: PlacedAlarm, byPath: ReadonlyMap<string, AlarmTag>): Defect[] {
  return subjectsOf(entry).flatMap(({ subject, field }) => {
    if (subject.kind === 'attribute') {
      return [
        defect(field, 'a gateway knows no attributes', 'tag: a path; alarms on attributes are those of the server'),
      ];
    }
    const tag = byPath.get(subject.path);
    if (tag) return checkType(entry, tag.type, field).map((text) => defect(field, ...text));
    const nearest = nearestWord(subject.path, [...byPath.keys()]);
    const hint = nearest === undefined ? 'the path of a tag of this gateway' : `did you mean "${nearest}"?`;
    return [defect(field, `there is no tag ${JSON.stringify(subject.path)}`, hint)];
  });
}

/** Of a text nothing can be above or below. */
function checkType({ condition, limit }: AlarmEntry, type: TagType | undefined, field: DataPath): [string, string][] {
  const isMeasured = field[0] === 'tag' || field[0] === 'setPoint';
  if (!isMeasured || type !== 'string' || limit === undefined) return [];
  return [
    [`the values of this tag are texts, and ${condition} is for numbers`, 'condition: discrete, with equals: the text'],
  ];
}

/** A name of a state must be one of those of the tag, where the tag has states. */
function checkStates({ entry, defect }: PlacedAlarm, byPath: ReadonlyMap<string, AlarmTag>): Defect[] {
  const named = [
    { path: entry.tag, state: entry.equals, field: ['equals'] },
    ...entry.suppressWhile.map(({ tag, equals }, index) => ({
      ...{ path: tag, state: equals },
      field: ['suppressWhile', index, 'equals'],
    })),
  ];
  return named.flatMap(({ path, state, field }) => {
    const tag = byPath.get(path ?? '');
    const states = tag?.states;
    if (typeof state !== 'string' || !states || codeOf(tag, state) !== undefined) return [];
    const names = states.map(({ name }) => name);
    const nearest = nearestWord(state, names);
    const hint = nearest === undefined ? `one of: ${names.join(', ')}` : `did you mean "${nearest}"?`;
    return [defect(field, `the tag ${path} has no state ${JSON.stringify(state)}`, hint)];
  });
}

function codeOf(tag: AlarmTag | undefined, state: string): number | undefined {
  return tag?.states?.find(({ name }) => name === state)?.code;
}

/** Names are told apart by their system tags, in which dots stand for slashes. */
function checkNames(alarms: readonly PlacedAlarm[]): Defect[] {
  const first = new Map<string, PlacedAlarm>();
  const defects: Defect[] = [];
  for (const alarm of alarms) {
    const name = nameOf(alarm.entry);
    const wrong = alarm.entry.name === undefined ? alarmNameDefect(name) : undefined;
    if (wrong !== undefined)
      defects.push(alarm.defect(['tag'], `the name ${JSON.stringify(name)} ${wrong}`, 'give it a name'));
    const tagName = alarmTagName(name);
    const earlier = first.get(tagName);
    if (tagName === OUTSIDE_ALARMS) {
      defects.push(
        alarm.defect(['name'], `the name "${OUTSIDE_ALARMS}" is that of alarms from outside`, 'give it another name'),
      );
    } else if (earlier) {
      const { file, line, column } = earlier.defect(['name'], '');
      const message = `the name ${JSON.stringify(name)} is taken by another alarm`;
      defects.push(
        alarm.defect(['name'], message, `give it a name of its own; the other is at ${file}:${line}:${column}`),
      );
    } else first.set(tagName, alarm);
  }
  return defects;
}
