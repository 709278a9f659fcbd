/** The OpenAPI 3.1 document, generated from the contract. */

import { z } from 'zod';
import { API_ROOT, ENDPOINTS } from '../contract/endpoint.ts';
import { type Endpoint, JSON_TYPE } from '../contract/endpointParts.ts';
import { LIVE_EVENTS } from '../contract/live.ts';
import { Problem } from '../contract/problem.ts';
import { LiveAttributes } from '../contract/twin.ts';

export type JsonObject = { [key: string]: unknown };

const SCHEMAS = '#/components/schemas/';
const PROBLEM_TYPE = 'application/problem+json';

export function openApiDocument(version: string): JsonObject {
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (const endpoint of Object.values(ENDPOINTS)) {
    const path = `${API_ROOT}${endpoint.path}`;
    const method = endpoint.method === 'GET' ? 'get' : 'post';
    paths[path] = { ...(paths[path] as JsonObject | undefined), [method]: operation(endpoint, schemas) };
  }
  // The events of the live stream are no body of an answer, yet clients want their types.
  for (const payload of [...Object.values(LIVE_EVENTS), LiveAttributes]) jsonSchema(payload, 'output', schemas);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tidegate',
      version,
      description:
        'Read what a plant has measured, correct its history and bring in that of elsewhere. Nothing can be written to the ' +
        'plant. ' +
        'Every time in JSON is an integer of microseconds since 1970 UTC. Errors are problem details (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that gave this document.' }],
    paths,
    components: { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
}

/** JSON by its schema, or bytes, which OpenAPI 3.1 gives no schema (4.8.14.2). */
function requestBody({ body, upload }: Endpoint, schemas: JsonObject): JsonObject {
  if (body) {
    const content = { [JSON_TYPE]: { schema: jsonSchema(body.schema, 'input', schemas) } };
    return { requestBody: { required: true, content } };
  }
  if (!upload) return {};
  const content = Object.fromEntries(upload.types.map((type) => [type, { schema: { contentMediaType: type } }]));
  return { requestBody: { required: true, content } };
}

function operation(endpoint: Endpoint, schemas: JsonObject): JsonObject {
  const content = Object.entries(endpoint.answers).map(([type, schema]) => [
    type,
    { schema: jsonSchema(schema, 'output', schemas) },
  ]);
  return {
    operationId: endpoint.operation,
    summary: endpoint.summary,
    description: endpoint.description,
    ...requestBody(endpoint, schemas),
    parameters: [...parameters(endpoint.params, 'path', schemas), ...parameters(endpoint.query, 'query', schemas)],
    responses: {
      200: { description: endpoint.summary, content: Object.fromEntries(content) },
      default: {
        description: 'A fault; its code is in the body.',
        content: { [PROBLEM_TYPE]: { schema: jsonSchema(Problem, 'output', schemas) } },
      },
    },
  };
}

function parameters(object: z.ZodObject, place: 'path' | 'query', schemas: JsonObject): JsonObject[] {
  const { properties = {}, required = [] } = jsonSchema(object, 'input', schemas) as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    description,
    required: required.includes(name),
    schema,
  }));
}

/** The schema with its named parts moved to `schemas`. Answers may gain fields, so that clients must let others pass. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', schemas: JsonObject): JsonObject {
  const generated = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = JSON.parse(JSON.stringify(generated).replaceAll('"#/$defs/', `"${SCHEMAS}`)) as JsonObject & {
    $defs?: JsonObject;
  };
  Object.assign(schemas, $defs);
  return rest;
}
