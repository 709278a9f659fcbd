/** Reads the parameters of a request by the contract, and names all that are wrong with them at once. */

import type { z } from 'zod';
import { answer, type FieldError, invalidFields, type Outcome } from './outcome.ts';

/** The parameters of the path and of the query as the web server has split them, and the body, not yet checked. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
}

export interface ParsedRequest<Params, Query> {
  readonly params: Params;
  readonly query: Query;
}

/** Of a body that is wrong in a thousand places the first few say enough. */
const MOST_BODY_ERRORS = 5;

export function readRequest<Params extends z.ZodObject, Query extends z.ZodObject>(
  schemas: { readonly params: Params; readonly query: Query },
  raw: RawRequest,
): Outcome<ParsedRequest<z.output<Params>, z.output<Query>>> {
  const params = schemas.params.safeParse(raw.params ?? {});
  const query = schemas.query.safeParse(raw.query ?? {});
  if (params.success && query.success) return answer({ params: params.data, query: query.data });
  return invalidFields([
    ...fieldErrors(params.error, raw.params, schemas.params),
    ...fieldErrors(query.error, raw.query, schemas.query),
  ]);
}

/** The body of a request by its schema; what is wrong is named by its place, such as `series[0].samples[3].time`. */
export function readBody<Body extends z.ZodObject>(schema: Body, body: unknown): Outcome<z.output<Body>> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return answer(parsed.data);
  const errors = parsed.error.issues.slice(0, MOST_BODY_ERRORS).flatMap((issue) => {
    const place = issue.path.reduce<string>(
      (at, step) => (typeof step === 'number' ? `${at}[${step}]` : `${at === '' ? '' : `${at}.`}${String(step)}`),
      '',
    );
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ field: place === '' ? key : `${place}.${key}`, detail: 'is not known here' }));
    }
    return [{ field: place === '' ? 'body' : place, detail: issueDetail(issue) }];
  });
  return invalidFields(errors);
}

function fieldErrors(error: z.ZodError | undefined, given: unknown, schema: z.ZodObject): FieldError[] {
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(key, schema));
    const field = String(issue.path[0]);
    const value = (given as Record<string, unknown>)[field];
    if (value === undefined) return [{ field, detail: 'must be given' }];
    if (Array.isArray(value)) return [{ field, detail: 'is given more than once' }];
    return [{ field, detail: issueDetail(issue) }];
  });
}

function unknownField(field: string, schema: z.ZodObject): FieldError {
  const known = Object.keys(schema.shape);
  const hint = known.length === 0 ? 'there are no parameters' : `there are ${known.join(', ')}`;
  return { field, detail: `is not known here: ${hint}` };
}

const EXPECTED: Readonly<Record<string, string>> = {
  ...{ int: 'a whole number', number: 'a number', array: 'a list', object: 'an object', boolean: 'true or false' },
};

/** Half a sentence that begins with "must"; schemas of the contract that word their own begin likewise. */
function issueDetail(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return issue.expected === 'string' ? 'must be a text' : `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
    case 'invalid_union':
      return 'is of the wrong kind';
    default:
      return issue.message;
  }
}
