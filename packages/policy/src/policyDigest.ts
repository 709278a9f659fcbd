/** A digest of a policy, by which both ends of the boundary see whether they follow the same one. */

import { createHash } from 'node:crypto';
import type { PolicyDocument } from './policyDocument.ts';

/** SHA-256 (FIPS 180-4) in hexadecimal, over JSON with the keys of every map in order and nothing that is left out. */
export function digestOf(document: PolicyDocument): string {
  return createHash('sha256').update(JSON.stringify(document, inOrder)).digest('hex');
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
