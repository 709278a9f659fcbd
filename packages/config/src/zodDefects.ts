/** Says in a plant engineer's words what zod found wrong, and what would be right. */

import type { z } from 'zod';
import type { DataPath } from './dataPath.ts';
import type { Defect } from './defect.ts';
import { nearestWord } from './nearestWord.ts';
import { describeSchema, isList, knownKeys, schemasAt } from './schemaWalk.ts';

type Issue = z.core.$ZodIssue;

/** A defect whose place is still the path of the part it concerns. */
export interface PathDefect {
  readonly code: Defect['code'];
  readonly path: DataPath;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint: string | undefined;
}

/** More alternatives than this are not listed in a hint. */
const MAX_LISTED = 12;
const MAX_SHOWN_TEXT = 40;

/** The defects behind a failed parse with `reportInput: true`; `schema` is the one that was parsed with. */
export function zodDefects(error: z.ZodError, schema: z.ZodType): PathDefect[] {
  return error.issues.flatMap((issue) => defectsOf(issue, [], schema));
}

function defectsOf(issue: Issue, above: DataPath, schema: z.ZodType): PathDefect[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key, schema));
    case 'invalid_key':
      return issue.issues.map((inner) => {
        const [defect] = defectsOf(inner, path, schema);
        return { ...defect, path, part: 'key' };
      });
    case 'invalid_union':
      return unionDefects(issue, path, schema);
    case 'invalid_type':
      return [wrongType(issue, path, schema)];
    case 'invalid_value':
      return [wrongValue(path, issue.input, issue.values.map(String), schema)];
    case 'too_small':
    case 'too_big':
      return [outOfBounds(issue, path)];
    case 'custom':
      return [invalid(path, issue.message, hintOf(issue.params))];
    default:
      return [
        invalid(path, `${subjectOf(path)} is not right: ${issue.message}`, describeSchema(schemasAt(schema, path))),
      ];
  }
}

function invalid(path: DataPath, message: string, hint: string | undefined): PathDefect {
  return { code: 'config.invalid', path, part: 'value', message, hint };
}

function unknownKey(parent: DataPath, key: string, schema: z.ZodType): PathDefect {
  const known = knownKeys(schemasAt(schema, parent));
  return {
    code: 'config.unknown-key',
    path: [...parent, key],
    part: 'key',
    message: `unknown key ${quote(key)}`,
    hint: suggest(key, known, 'known here'),
  };
}

/** Of the branches of a union those count whose kind of data it is; where none is, each names what it would take. */
function unionDefects(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: DataPath,
  schema: z.ZodType,
): PathDefect[] {
  const options = (issue as { options?: readonly unknown[] }).options;
  if (issue.errors.length === 0)
    return [wrongValue(path, readKey(issue.input, path), (options ?? []).map(String), schema)];
  if (issue.input === undefined) return [missing(path, schema)];
  const fitting = issue.errors.filter((branch) => !branch.some((inner) => isKindMismatch(inner)));
  const [best] = fitting.sort((a, b) => a.length - b.length);
  if (best) return best.flatMap((inner) => defectsOf(inner, path, schema));
  const kinds = issue.errors.flat().flatMap(wantedKinds);
  const wanted = [...new Set(kinds)].map(kindName).join(' or ');
  return [
    invalid(
      path,
      `${subjectOf(path)} must be ${wanted}, not ${show(issue.input)}`,
      describeSchema(schemasAt(schema, path)),
    ),
  ];
}

/** True where the part is of another kind than the schema takes: text for a map, a number for a list. */
function isKindMismatch(issue: Issue): boolean {
  return wantedKinds(issue).length > 0;
}

/** The kinds that would have been taken; none where the kind is right and something in it is wrong. */
function wantedKinds(issue: Issue): string[] {
  if (issue.path.length > 0) return [];
  if (issue.code === 'invalid_type') return [issue.expected];
  if (issue.code !== 'invalid_union') return [];
  const kinds = issue.errors.map((branch) => branch.flatMap(wantedKinds));
  return kinds.every((wanted) => wanted.length > 0) ? kinds.flat() : [];
}

/** The issue of an unknown discriminator carries the whole map; the value is under the last key of the path. */
function readKey(input: unknown, path: DataPath): unknown {
  const key = path.at(-1);
  return typeof input === 'object' && input !== null && key !== undefined ? Reflect.get(input, key) : input;
}

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>, path: DataPath, schema: z.ZodType): PathDefect {
  const { input, expected } = issue;
  if (input === undefined) return missing(path, schema);
  const message = `${subjectOf(path)} must be ${kindName(expected)}, not ${show(input)}`;
  return invalid(path, message, quotingHint(input, expected) ?? describePart(path, schema));
}

/** What may stand at `path`: its description, or the keys of the map that it is, or of the maps in the list. */
function describePart(path: DataPath, schema: z.ZodType): string | undefined {
  const schemas = schemasAt(schema, path);
  const described = describeSchema(schemas);
  if (described !== undefined) return described;
  const keys = knownKeys(schemas);
  if (keys.length > 0) return `a map with the keys ${listed(keys)}`;
  const itemKeys = isList(schemas) ? knownKeys(schemasAt(schema, [...path, 0])) : [];
  return itemKeys.length === 0 ? undefined : `a list of maps with the keys ${listed(itemKeys)}`;
}

function missing(path: DataPath, schema: z.ZodType): PathDefect {
  const described = describePart(path, schema);
  const hint = described === undefined ? undefined : `${String(path.at(-1))}: ${described}`;
  return { code: 'config.missing', path, part: 'value', message: `${subjectOf(path)} is missing`, hint };
}

/** YAML reads 5 as a number and "5" as text: the commonest slip of all. */
function quotingHint(input: unknown, expected: string): string | undefined {
  const wantsNumber = expected === 'number' || expected === 'int';
  if (wantsNumber && typeof input === 'string' && input.trim() !== '' && Number.isFinite(Number(input))) {
    return `write it without quotes: ${input.trim()}`;
  }
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return `put it in quotes: "${input}"`;
  }
  if (expected === 'boolean') return 'write true or false';
  return undefined;
}

function wrongValue(path: DataPath, input: unknown, options: readonly string[], schema: z.ZodType): PathDefect {
  if (input === undefined) {
    const hint = `${String(path.at(-1))}: ${listed(options)}`;
    return { code: 'config.missing', path, part: 'value', message: `${subjectOf(path)} is missing`, hint };
  }
  const message = `${subjectOf(path)} cannot be ${show(input)}`;
  const hint = typeof input === 'string' ? suggest(input, options, 'one of') : `one of ${listed(options)}`;
  return invalid(path, message, hint ?? describeSchema(schemasAt(schema, path)));
}

function outOfBounds(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, path: DataPath): PathDefect {
  const low = issue.code === 'too_small';
  const bound = low ? issue.minimum : issue.maximum;
  const things = { string: 'character', array: 'item', set: 'item', map: 'key', file: 'byte' }[issue.origin as string];
  const counted = things === undefined ? '' : ` ${things}${Number(bound) === 1 ? '' : 's'}`;
  const relation = low ? (issue.inclusive ? 'at least' : 'more than') : issue.inclusive ? 'at most' : 'less than';
  const verb = things === undefined ? 'be' : 'have';
  const given = things === undefined ? `, not ${show(issue.input)}` : '';
  return invalid(path, `${subjectOf(path)} must ${verb} ${relation} ${bound}${counted}${given}`, undefined);
}

/** `did you mean "interval"?` where one is near, else the alternatives where they are few. */
export function suggest(word: string, options: readonly string[], heading: string): string | undefined {
  const nearest = nearestWord(word, options);
  if (nearest !== undefined) return `did you mean ${quote(nearest)}?`;
  return options.length === 0 ? undefined : `${heading}: ${listed(options)}`;
}

function listed(options: readonly string[]): string {
  const rest = options.length - MAX_LISTED;
  return options.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** The key that a defect is about, in quotes; items of a list by their number, counted from 1. */
function subjectOf(path: DataPath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the document';
  if (typeof last !== 'number') return quote(String(last));
  const list = path.at(-2);
  return list === undefined ? `item ${last + 1}` : `item ${last + 1} of ${quote(String(list))}`;
}

function kindName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map of keys and values',
    record: 'a map of keys and values',
  };
  return names[expected] ?? `a ${expected}`;
}

function show(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  const text = String(input);
  const short = text.length > MAX_SHOWN_TEXT ? `${text.slice(0, MAX_SHOWN_TEXT)}...` : text;
  return typeof input === 'string' ? quote(short) : short;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** Field types put their hint beside their message: `params: { hint }`. */
function hintOf(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { hint } = params ?? {};
  return typeof hint === 'string' ? hint : undefined;
}
