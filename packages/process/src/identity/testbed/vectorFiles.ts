/** Keys and certificates of `vectors/`, as the PEM texts of an identity. */

import { readFileSync } from 'node:fs';
import type { Identity } from '../identity.ts';

export function vector(file: string): string {
  return readFileSync(new URL(`../vectors/${file}.pem`, import.meta.url), 'utf8');
}

/** The identity with this key and certificate, which trusts these authorities. */
export function vectorIdentity(name: string, ...authorities: string[]): Identity {
  const ca = (authorities.length > 0 ? authorities : ['authority-1']).map((one) => vector(`${one}.cert`)).join('');
  return { key: vector(`${name}.key`), cert: vector(`${name}.cert`), ca };
}
