/** Reads one tag definition from JSON that came from outside; only the fields known here are taken over. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { type DigitalState, type TagDefinition, type TagType, tagPathDefect } from '@tidegate/core/sample/tag.ts';

const TAG_TYPES = ['number', 'boolean', 'string'] as const satisfies readonly TagType[];
/** Longer than any id, path, unit or description that a person writes. */
const MAX_TEXT_LENGTH = 1024;
const MAX_ALIASES = 64;
const MAX_STATES = 1024;
const MAX_TAG_NUMBER = 0xffffffff;

/** Fault: `boundary.tags`, with the field at fault. */
export function readTagDefinition(item: unknown): Result<TagDefinition> {
  if (typeof item !== 'object' || item === null) return failure('boundary.tags', 'it is not an object');
  const { number, id, path, type, lane, unit, description, stepped, low, high, states, aliases } = item as Record<
    keyof TagDefinition,
    unknown
  >;
  const defect = (field: keyof TagDefinition) => failure('boundary.tags', `${field} is not what it must be`);
  if (!isTagNumber(number)) return defect('number');
  if (!isText(id) || id === '') return defect('id');
  if (!isText(path) || tagPathDefect(path) !== undefined) return defect('path');
  if (!isOneOf(TAG_TYPES, type)) return defect('type');
  if (!isOneOf(LANES, lane)) return defect('lane');
  if (!isText(unit)) return defect('unit');
  if (!isText(description)) return defect('description');
  if (typeof stepped !== 'boolean') return defect('stepped');
  if (!isBound(low)) return defect('low');
  if (!isBound(high)) return defect('high');
  const readStates = states === undefined ? undefined : readDigitalStates(states);
  if (states !== undefined && !readStates) return defect('states');
  if (!Array.isArray(aliases) || aliases.length > MAX_ALIASES || !aliases.every(isText)) return defect('aliases');
  return success({
    number,
    id,
    path,
    type,
    lane,
    unit,
    description,
    stepped,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(readStates ? { states: readStates } : {}),
    aliases,
  });
}

/** `undefined` where it is no list of states, or one code stands for two. */
function readDigitalStates(items: unknown): readonly DigitalState[] | undefined {
  if (!Array.isArray(items) || items.length > MAX_STATES) return undefined;
  const states: DigitalState[] = [];
  for (const item of items) {
    if (typeof item !== 'object' || item === null) return undefined;
    const { code, name } = item as Record<keyof DigitalState, unknown>;
    if (!Number.isSafeInteger(code) || !isText(name)) return undefined;
    states.push({ code: code as number, name });
  }
  return new Set(states.map(({ code }) => code)).size === states.length ? states : undefined;
}

/** Half a character would be another text after it was stored. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH && value.isWellFormed();
}

function isTagNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_TAG_NUMBER;
}

function isBound(value: unknown): value is number | undefined {
  return value === undefined || Number.isFinite(value);
}

function isOneOf<Choice extends string>(choices: readonly Choice[], value: unknown): value is Choice {
  return (choices as readonly unknown[]).includes(value);
}
