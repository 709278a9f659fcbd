/** Checks that no field can make alone: of a tag against its driver, against the scan classes, and against other tags. */

import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { PointSpec, PointTraits } from '../acquisition/driver.ts';
import { checkCompression } from './checkCompression.ts';
import type { CompressionClasses } from './completeCompression.ts';
import type { PlacedTag } from './readTagLists.ts';
import type { TagEntry, TagField } from './tagSchema.ts';

/** What tags are checked against. */
export interface TagSurroundings {
  /** `undefined` where the scan classes could not be read. */
  readonly scanClasses: readonly string[] | undefined;
  /** `undefined` where the compression classes could not be read. */
  readonly compressionClasses: CompressionClasses | undefined;
  /** Asks the driver of a device (by its index) about a point; `undefined` where there is no such driver. */
  readonly checkPoint: (device: number, point: PointSpec) => Result<PointTraits> | undefined;
  /** Receives what the values of each tag are that its driver can read. */
  readonly learnType: (tag: PlacedTag, type: TagType) => void;
}

/** Fields that mean something for numbers only. */
const NUMBER_FIELDS = [
  'scale',
  'offset',
  'low',
  'high',
  'deviation',
  'compressionDeviation',
] as const satisfies readonly TagField[];

/** Which field of a tag a fault of its driver is about. */
const FIELD_OF_FAULT: Partial<Record<FaultCode, TagField>> = {
  'point.address': 'address',
  'point.data-type': 'type',
  'point.word-order': 'order',
};

/** The point of a tag as its driver takes it. */
export function pointOf({ address, type, order }: TagEntry): PointSpec {
  return order === undefined ? { address, dataType: type } : { address, dataType: type, wordOrder: order };
}

/** A tag is known by its path from the beginning, and keeps that name when the path changes and the id is written down. */
export function idOf(entry: TagEntry): string {
  return entry.id ?? entry.path;
}

/** Everything that is wrong with the tags together. */
export function checkTags(tags: readonly PlacedTag[], surroundings: TagSurroundings): Defect[] {
  return [
    ...tags.flatMap((tag) => [
      ...checkPointOf(tag, surroundings),
      ...checkScanClass(tag, surroundings.scanClasses),
      ...checkLimits(tag),
    ]),
    ...findRepetitions(tags, 'path', (entry) => entry.path),
    ...findRepetitions(tags, 'id', idOf),
  ];
}

function checkPointOf(tag: PlacedTag, { checkPoint, learnType, compressionClasses }: TagSurroundings): Defect[] {
  const checked = checkPoint(tag.device, pointOf(tag.entry));
  const type = checked?.ok ? checked.value.type : undefined;
  const defects = checkCompression(tag, type, compressionClasses);
  if (checked?.ok === false) {
    defects.push(tag.defect(FIELD_OF_FAULT[checked.fault.code] ?? 'address', checked.fault.detail));
  }
  if (type === undefined) return defects;
  learnType(tag, type);
  if (type === 'string' && tag.entry.states) {
    defects.push(tag.defect('states', 'a text stands for itself and has no states', 'leave "states" empty'));
  }
  return type === 'number' ? defects : [...defects, ...checkNumberFields(tag, type)];
}

function checkNumberFields(tag: PlacedTag, type: TagType): Defect[] {
  return NUMBER_FIELDS.filter((field) => tag.entry[field] !== undefined).map((field) =>
    tag.defect(field, `"${field}" is for numbers, and the values of this tag are ${type}s`, `leave "${field}" empty`),
  );
}

function checkScanClass(tag: PlacedTag, scanClasses: readonly string[] | undefined): Defect[] {
  const { scan } = tag.entry;
  if (scanClasses === undefined || scanClasses.includes(scan)) return [];
  const nearest = nearestWord(scan, scanClasses);
  const hint = nearest === undefined ? `one of: ${scanClasses.join(', ')}` : `did you mean "${nearest}"?`;
  return [tag.defect('scan', `there is no scan class ${JSON.stringify(scan)}`, hint)];
}

function checkLimits(tag: PlacedTag): Defect[] {
  const { scale, low, high } = tag.entry;
  const defects: Defect[] = [];
  if (scale === 0) defects.push(tag.defect('scale', 'a scale of 0 makes every value the same', 'leave it empty for 1'));
  if (low !== undefined && high !== undefined && low >= high) {
    defects.push(tag.defect('low', `low ${low} is not below high ${high}`, 'these are the bounds of plausible values'));
  }
  return defects;
}

/** Two tags of one name, told at the later one, with the place of the first. */
function findRepetitions(
  tags: readonly PlacedTag[],
  field: 'path' | 'id',
  nameOf: (entry: TagEntry) => string,
): Defect[] {
  const first = new Map<string, PlacedTag>();
  const defects: Defect[] = [];
  for (const tag of tags) {
    const name = nameOf(tag.entry);
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, tag);
      continue;
    }
    // A tag without an id of its own goes by its path, and the repeated path has been told already.
    if (field === 'id' && tag.entry.id === undefined && earlier.entry.id === undefined) continue;
    const { file, line, column } = earlier.defect(field, '');
    const message = `the ${field} ${JSON.stringify(name)} is taken by another tag`;
    defects.push(tag.defect(field, message, `the other is at ${file}:${line}:${column}`));
  }
  return defects;
}
