import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { API_ROOT, ENDPOINTS } from '../contract/endpoint.ts';
import { openApiDocument } from './openApi.ts';

/** The parts of OpenAPI 3.1.1 that this document uses, as the specification requires them (4.8). */
const Described = z.object({ description: z.string().min(1) });
const Content = z.record(z.string(), z.strictObject({ schema: z.looseObject({}) }));
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().min(1),
  description: z.string().min(1),
  parameters: z.array(
    z.strictObject({
      name: z.string().min(1),
      in: z.enum(['path', 'query']),
      description: z.string().min(1),
      required: z.boolean(),
      schema: z.looseObject({}),
    }),
  ),
  requestBody: z.strictObject({ required: z.literal(true), content: Content }).optional(),
  responses: z.strictObject({
    200: z.strictObject({ ...Described.shape, content: Content }),
    default: z.strictObject({ ...Described.shape, content: Content }),
  }),
});
const Schema = z.looseObject({
  description: z.string().optional(),
  properties: z.record(z.string(), z.looseObject({})).default({}),
});
const Document = z.strictObject({
  openapi: z.literal('3.1.1'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string(), description: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({ get: Operation.optional(), post: Operation.optional() }),
  ),
  components: z.strictObject({ schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), Schema) }),
});

const text = JSON.stringify(openApiDocument('1.2.3'));
const document = Document.parse(JSON.parse(text));
const allOperations = Object.entries(document.paths).flatMap(([path, { get, post }]) =>
  [get, post].flatMap((operation) => (operation ? [[path, operation] as const] : [])),
);

describe('the OpenAPI document', () => {
  test('has every endpoint of the contract, and no operation twice', () => {
    const paths = Object.values(ENDPOINTS).map((endpoint) => `${API_ROOT}${endpoint.path}`);
    expect(Object.keys(document.paths)).toEqual([...new Set(paths)]);
    const operations = allOperations.map(([, { operationId }]) => operationId);
    expect(operations.length).toBe(paths.length);
    expect(new Set(operations).size).toBe(operations.length);
  });

  test('declares exactly the parameters that stand in each path', () => {
    for (const [path, operation] of allOperations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name)).toEqual(inPath);
      expect(declared.every((parameter) => parameter.required)).toBe(true);
    }
  });

  test('refers only to what it holds, and holds nothing that is not referred to', () => {
    const names = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) =>
      match[1].replace('#/components/schemas/', ''),
    );
    const held = Object.keys(document.components.schemas);
    expect(new Set(names).isSubsetOf(new Set(held))).toBe(true);
    // The live events are no body of an answer: they are there for those who generate types.
    expect(held.filter((name) => !names.includes(name))).toEqual(['LiveAttributes', 'LiveSamples']);
    expect(text).not.toContain('$defs');
  });

  test('describes every schema and every field', () => {
    const undescribed: string[] = [];
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (!schema.description) undescribed.push(name);
      for (const [field, inner] of Object.entries(schema.properties)) {
        if (!('description' in inner) && !('$ref' in inner) && !('items' in inner))
          undescribed.push(`${name}.${field}`);
      }
    }
    expect(undescribed).toEqual([]);
  });

  test('lets answers gain fields', () => {
    const answered = Object.entries(document.components.schemas).filter(([name]) => !name.endsWith('Body'));
    expect(JSON.stringify(answered)).not.toContain('"additionalProperties":false');
  });
});
