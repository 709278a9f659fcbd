/** A what-if run as a person fills it in, and what is asked of the server. */

import type { WhatIfOrder } from '../server/twinApi.ts';

export const CHANGE_KINDS = [
  { kind: 'set', label: 'is' },
  { kind: 'add', label: 'is more by' },
  { kind: 'scale', label: 'is times' },
  { kind: 'parameter', label: 'is' },
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number]['kind'];

export interface WhatIfLine {
  /** Tells lines apart while they are filled in. */
  readonly id: number;
  /** Name of an attribute, or of a parameter where the kind says so; empty until one is chosen. */
  readonly name: string;
  readonly kind: ChangeKind;
  /** As it is typed. */
  readonly amount: string;
}

export interface WhatIfForm {
  /** Expression of a moment, such as `*-8h`. */
  readonly from: string;
  /** Length of the run, such as `8h`. */
  readonly length: string;
  readonly lines: readonly WhatIfLine[];
}

const STARTS = [
  { from: '*-10min', length: '10min', label: 'the last 10 minutes' },
  { from: '*-1h', length: '1h', label: 'the last hour' },
  { from: '*-8h', length: '8h', label: 'the last 8 hours' },
  { from: '*-1d', length: '24h', label: 'the last day' },
  { from: '*', length: '1h', label: 'an hour from now' },
] as const;

/** Where a run may begin: at the moment that is shown, where that is not now. */
export function startsOf(at: string | undefined): readonly { from: string; length: string; label: string }[] {
  return at === undefined ? STARTS : [{ from: at, length: '1h', label: 'an hour from the moment shown' }];
}

export type WhatIfOrdering =
  | { readonly ok: true; readonly order: WhatIfOrder }
  | { readonly ok: false; readonly problem: string };

/** Lines that nobody has begun are left out; without any change the run is the expectation held against what happened. */
export function orderOf(asset: string, { from, length, lines }: WhatIfForm): WhatIfOrdering {
  const changes: Record<string, Partial<Record<'set' | 'add' | 'scale', number>>> = {};
  const parameters: Record<string, number> = {};
  for (const { name, kind, amount } of lines) {
    if (name === '' && amount.trim() === '') continue;
    if (name === '') return { ok: false, problem: 'Choose what is to be changed.' };
    const number = Number(amount.replace(',', '.'));
    if (amount.trim() === '' || !Number.isFinite(number)) {
      return { ok: false, problem: `Say by a number what ${name} is to be.` };
    }
    const isTwice = kind === 'parameter' ? name in parameters : name in changes;
    if (isTwice) return { ok: false, problem: `${name} is changed twice: leave one of the lines out.` };
    if (kind === 'parameter') parameters[name] = number;
    else changes[name] = { [kind]: number };
  }
  return { ok: true, order: { asset, from, for: length, changes, parameters } };
}
