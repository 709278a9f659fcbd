/** What an endpoint is made of, for the tables that list them. */

import { z } from 'zod';

export interface Endpoint {
  /** GET answers HEAD as well. */
  readonly method: 'GET' | 'POST';
  /** Below `API_ROOT`, with parameters in braces as OpenAPI writes them. */
  readonly path: string;
  /** Name of the operation in generated clients. */
  readonly operation: string;
  readonly summary: string;
  readonly description: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Body of a request with POST, as JSON of at most so many bytes. */
  readonly body?: { readonly schema: z.ZodObject; readonly maxBytes: number };
  /** In its place bytes of one of these content types, such as an image. */
  readonly upload?: { readonly types: readonly string[]; readonly maxBytes: number };
  /** Body of the answer with status 200, by content type. */
  readonly answers: Readonly<Record<string, z.ZodType>>;
}

export const NO_PARAMETERS = z.strictObject({});
export const JSON_TYPE = 'application/json';
export const CSV_TYPE = 'text/csv';
export const ARROW_TYPE = 'application/vnd.apache.arrow.stream';
const CSV = z.string().meta({
  description:
    'CSV (RFC 4180): a header, then one line for each row of each series, with the tag in front. Times are RFC 3339 in UTC, ' +
    'statuses names. The next page, where there is one, stands in the Link header (RFC 8288).',
  examples: ['tag,path,time,value,status\r\n0,acme/temperature,2026-01-01T00:00:00.000000Z,71.93,Good\r\n'],
});
const ARROW = z.string().meta({
  description:
    'Arrow IPC stream: a record batch for each series, with the columns of CSV. Times are microseconds in UTC, a value is ' +
    '`value` (a double) or `text`, statuses are 32 bits. The next page stands in the Link header.',
});
/** The common parts of an endpoint that is read. */
export function read(path: string, operation: string, summary: string, description: string) {
  return { method: 'GET', path, operation, summary, description, params: NO_PARAMETERS, query: NO_PARAMETERS } as const;
}

/** The three forms of an answer in columns. */
export function columns<Schema extends z.ZodType>(schema: Schema) {
  return { [JSON_TYPE]: schema, [CSV_TYPE]: CSV, [ARROW_TYPE]: ARROW } as const;
}
