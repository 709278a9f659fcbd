/** The parameters of the shell interface, and identifiers as they stand in addresses: base64url of UTF-8. */

import { z } from 'zod';
import { answer, invalidFields, type Outcome, refusal } from '../../rest/outcome.ts';
import { readRequest } from '../../rest/requestReader.ts';

/** A page is never larger, whatever was asked for: submodels are large, and the server has other things to do. */
const MAX_LIMIT = 100;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Repeated, or with commas between. */
const several = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((one) => one.split(',')));
const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false']))
  .transform((text) => text === 'true');

const AasParameters = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(MAX_LIMIT)
    .transform((limit) => Math.min(limit, MAX_LIMIT)),
  cursor: z.string().optional(),
  level: z.enum(['core', 'deep']).default('deep'),
  /** There are no blobs: both extents are the same. */
  extent: z.enum(['withBlobValue', 'withoutBlobValue']).default('withoutBlobValue'),
  idShort: z.string().optional(),
  semanticId: z.string().optional(),
  isCaseOf: z.string().optional(),
  dataSpecificationRef: z.string().optional(),
  assetIds: several.default([]),
  aasIds: several.default([]),
  submodelIds: several.default([]),
  includeConceptDescriptions: flag.default(true),
});
export type AasParameters = z.output<typeof AasParameters>;

/** `path` ends with the content that is asked for, which not every other parameter goes with (IDTA 01002-3-0, 12.8). */
export function readParameters(path: string, query: unknown): Outcome<AasParameters> {
  const content = /\$\w+$/.exec(path)?.[0];
  const { level, extent } = (query ?? {}) as { readonly level?: unknown; readonly extent?: unknown };
  if (content === '$metadata' && (level !== undefined || extent === 'withBlobValue')) {
    return refusal('request.invalid', 'Metadata have neither a level nor values of blobs.');
  }
  if (content === '$reference' && level === 'deep') {
    return refusal('request.invalid', 'A reference has no level but core.');
  }
  const read = readRequest({ params: z.object({}), query: AasParameters }, { params: {}, query });
  return read.ok ? answer(read.value.query) : read;
}

/** The text behind an identifier of an address or of a parameter. */
export function decodeIdentifier(field: string, encoded: string): Outcome<string> {
  const text = BASE64URL.test(encoded) ? decodeUtf8(Buffer.from(encoded, 'base64url')) : undefined;
  return text === undefined
    ? invalidFields([{ field, detail: 'must be base64url of UTF-8, without padding' }])
    : answer(text);
}

export function encodeIdentifier(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const SpecificId = z.object({ name: z.string(), value: z.string() });
export type SpecificId = z.output<typeof SpecificId>;

/** Names of assets that a shell is asked for by, each the base64url of a JSON object. */
export function decodeSpecificIds(encoded: readonly string[]): Outcome<readonly SpecificId[]> {
  const ids: SpecificId[] = [];
  for (const one of encoded) {
    const text = decodeIdentifier('assetIds', one);
    if (!text.ok) return text;
    const read = SpecificId.safeParse(parseJson(text.value));
    if (!read.success) return refusal('request.invalid', 'assetIds must be base64url of {"name": ..., "value": ...}.');
    ids.push(read.data);
  }
  return answer(ids);
}

/** What a reference leads to in the end; it comes as JSON, or as that alone. */
export function decodeReference(field: string, encoded: string): Outcome<string> {
  const text = decodeIdentifier(field, encoded);
  if (!text.ok) return text;
  const read = z.object({ keys: z.array(z.object({ value: z.string() })).min(1) }).safeParse(parseJson(text.value));
  return answer(read.success ? read.data.keys.at(-1)!.value : text.value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
