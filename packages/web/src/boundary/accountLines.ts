/** An account as lines with their shares, in the order in which a person adds them up. */

import type { StreamAccount } from './streamAccount.ts';

export interface AccountLine {
  readonly name: string;
  readonly hint: string;
  readonly count: number;
  /** Of what the line is a part of: 0 to 1. */
  readonly share: number;
  /** `sum`: made up of the lines under it. `part`: a term of the sum. `of`: a part of the term above. */
  readonly kind: 'sum' | 'part' | 'of';
  /** A count that should be 0 and is not. */
  readonly alarming: boolean;
}

type Count = Exclude<keyof StreamAccount, 'balanced'>;

interface LineForm {
  readonly name: string;
  readonly hint: string;
  readonly count: Count;
  readonly kind?: 'sum' | 'of';
  readonly shouldBeNone?: true;
  /** Left out while it is 0. */
  readonly rare?: true;
}

const FORMS: readonly (LineForm & { readonly whole: Count })[] = [
  {
    ...{ name: 'read', count: 'read', whole: 'read', kind: 'sum' },
    hint: 'Decoded from answers of devices, or made where none came',
  },
  { name: 'suppressed', count: 'suppressed', whole: 'read', hint: 'Left out because nothing had changed' },
  {
    ...{ name: 'compressed', count: 'compressed', whole: 'read' },
    hint: 'Left out because they lie on the line between two that are kept',
  },
  {
    ...{ name: 'refused', count: 'refused', whole: 'read', shouldBeNone: true },
    hint: 'Not taken by the gateway: policy, or a spool that could not be written',
  },
  {
    ...{ name: 'of these forbidden', count: 'forbidden', whole: 'read', kind: 'of', shouldBeNone: true },
    hint: 'Those that the policy of the gateway does not let cross',
  },
  {
    ...{ name: 'accepted', count: 'accepted', whole: 'read', kind: 'sum' },
    hint: 'Taken into blocks: these cross the boundary',
  },
  {
    ...{ name: 'elsewhere', count: 'baseline', whole: 'accepted', rare: true },
    hint: 'Accepted before the first block that this server got',
  },
  { name: 'stored', count: 'stored', whole: 'accepted', hint: 'Held durably by the server' },
  {
    ...{ name: 'undeclared', count: 'undeclared', whole: 'accepted', shouldBeNone: true },
    hint: 'Came and were left out: the policy of the server does not declare their tags',
  },
  {
    ...{ name: 'lost', count: 'lost', whole: 'accepted', shouldBeNone: true },
    hint: 'Known never to arrive: expired or damaged in the spool, or lost on a diode',
  },
  { name: 'in flight', count: 'inFlight', whole: 'accepted', hint: 'Waiting at the gateway, or on the way' },
  {
    ...{ name: 'unexplained', count: 'unexplained', whole: 'accepted', shouldBeNone: true, rare: true },
    hint: 'Accepted, and nobody knows where they are',
  },
];

export function accountLines(account: StreamAccount): AccountLine[] {
  return FORMS.filter(({ rare, count }) => !rare || account[count] !== 0).map((form) => {
    const { name, hint, kind = 'part' } = form;
    const [count, whole] = [account[form.count], account[form.whole]];
    const share = whole > 0 ? Math.min(1, Math.max(0, count / whole)) : 0;
    return { name, hint, count, share, kind, alarming: form.shouldBeNone === true && count !== 0 };
  });
}

/** `42 %`, and never 0 or 100 where it is a little more or less. */
export function formatPart(count: number, share: number): string {
  if (count === 0) return '0 %';
  const percent = share * 100;
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9 && percent < 100) return '> 99.9 %';
  return percent === 100 ? '100 %' : `${percent.toFixed(1)} %`;
}
