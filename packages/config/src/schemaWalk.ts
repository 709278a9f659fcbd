/** Finds the part of a zod schema that a path in the data belongs to, for hints: its known keys and its description. */

import { z } from 'zod';
import type { DataPath } from './dataPath.ts';

/** Every schema that may apply at `path`: several below a union, none where the schema knows no such part. */
export function schemasAt(schema: z.ZodType, path: DataPath): z.ZodType[] {
  let current = alternativesOf(schema);
  for (const key of path) {
    current = current.flatMap((candidate) => childrenOf(candidate, key)).flatMap((child) => alternativesOf(child));
  }
  return current;
}

/** The keys of all maps among `schemas`. */
export function knownKeys(schemas: readonly z.ZodType[]): string[] {
  const keys = schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
  return [...new Set(keys)];
}

export function isList(schemas: readonly z.ZodType[]): boolean {
  return schemas.some((schema) => schema instanceof z.ZodArray);
}

/** The first description given to one of `schemas` with `.describe()`. */
export function describeSchema(schemas: readonly z.ZodType[]): string | undefined {
  return schemas.find((schema) => schema.description !== undefined)?.description;
}

/** The schema itself and those that it only wraps: optional, default, transformed, alternatives of a union. */
function alternativesOf(schema: z.ZodType): z.ZodType[] {
  const inner = wrapped(schema);
  return [schema, ...inner.flatMap((candidate) => alternativesOf(candidate))];
}

function wrapped(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options as unknown as z.ZodType[];
  if (schema instanceof z.ZodPipe) {
    const { in: source, out: target } = schema as unknown as { in: z.ZodType; out: z.ZodType };
    return [source, target];
  }
  const { innerType } = schema.def as { innerType?: z.ZodType };
  return innerType === undefined ? [] : [innerType];
}

function childrenOf(schema: z.ZodType, key: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<PropertyKey, z.ZodType>>;
    return Object.hasOwn(shape, key) ? [shape[key]] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType as unknown as z.ZodType];
  if (schema instanceof z.ZodArray) return [schema.element as unknown as z.ZodType];
  return [];
}
