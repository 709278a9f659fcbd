/** Reads the parameters of a request by the contract, and names all that are wrong with them at once. */

import type { z } from 'zod';
import { answer, type FieldError, invalidFields, type Outcome } from './outcome.ts';

/** The parameters of the path and of the query as the web server has split them, not yet checked. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
}

export interface ParsedRequest<Params, Query> {
  readonly params: Params;
  readonly query: Query;
}

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

function fieldErrors(error: z.ZodError | undefined, given: unknown, schema: z.ZodObject): FieldError[] {
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(key, schema));
    const field = String(issue.path[0]);
    const value = (given as Record<string, unknown>)[field];
    if (Array.isArray(value)) return [{ field, detail: 'is given more than once' }];
    return [{ field, detail: issueDetail(issue) }];
  });
}

function unknownField(field: string, schema: z.ZodObject): FieldError {
  const known = Object.keys(schema.shape);
  const hint = known.length === 0 ? 'there are no parameters' : `there are ${known.join(', ')}`;
  return { field, detail: `is not known here: ${hint}` };
}

/** Half a sentence that begins with "must"; schemas of the contract that word their own begin likewise. */
function issueDetail(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_type':
      return issue.expected === 'string' ? 'must be a text' : 'must be a whole number';
    default:
      return issue.message;
  }
}
