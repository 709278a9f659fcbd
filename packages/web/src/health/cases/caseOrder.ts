/** What a person is about to do with a case: what makes sense, what must be filled in, and what is sent. */

import type { CaseOperationBody, HealthCase } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { isSnoozed } from './caseWords.ts';

export type CaseOperationName = CaseOperationBody['operation'];
/** Those that are asked for in a dialog. */
export type AskedOperation = Exclude<CaseOperationName, 'undo'>;
export type Outcome = NonNullable<HealthCase['outcome']>;

/** The verb on a button, what is said when it has been done, and whether it can be taken back here. */
export const CASE_OPERATIONS: Readonly<
  Record<CaseOperationName, { readonly verb: string; readonly done: string; readonly undoable: boolean }>
> = {
  order: { verb: 'Order', done: 'is ordered', undoable: false },
  find: { verb: 'Record a finding', done: 'has its finding', undoable: true },
  snooze: { verb: 'Snooze', done: 'is snoozed', undoable: true },
  wake: { verb: 'End the snoozing', done: 'is no longer snoozed', undoable: true },
  close: { verb: 'Close', done: 'is closed', undoable: true },
  reopen: { verb: 'Open again', done: 'is open again', undoable: true },
  comment: { verb: 'Comment', done: 'has your comment', undoable: false },
  undo: { verb: 'Undo', done: 'is as it was before', undoable: false },
};

/** What makes sense with a case as it stands, the most likely first. */
export function operationsOf(
  of: Pick<HealthCase, 'state' | 'snoozedUntil' | 'outcome'>,
  nowUs: number,
): readonly AskedOperation[] {
  if (of.state === 'closed') return ['reopen', 'comment'];
  const rest = isSnoozed(of, nowUs) ? 'wake' : 'snooze';
  if (of.outcome !== null) return ['close', 'find', rest, 'comment'];
  return [...(of.state === 'open' ? (['order'] as const) : []), 'find', rest, 'close', 'comment'];
}

/** The key that begins an operation. */
export const CASE_KEYS: Readonly<Record<string, AskedOperation>> = {
  o: 'order',
  f: 'find',
  s: 'snooze',
  w: 'wake',
  c: 'close',
  r: 'reopen',
  m: 'comment',
};

export const SNOOZE_DAYS = [7, 14, 30, 90] as const;
/** The server lets no case rest for longer. */
export const MOST_SNOOZE_DAYS = 366;

/** What the dialog holds; times as `<input type="datetime-local">` has them, empty where nothing is said. */
export interface CaseForm {
  readonly comment: string;
  readonly days: number;
  readonly port: string;
  readonly outcome: Outcome | undefined;
  readonly failure: string;
  readonly repaired: boolean;
  readonly at: string;
  readonly failedAt: string;
  /** Whether a case with its finding is closed in the same step. */
  readonly andClose: boolean;
  /** Whether those that began with it go the same way. */
  readonly group: boolean;
}

/** What can be said of all cases that began together. */
export const GROUP_OPERATIONS: ReadonlySet<CaseOperationName> = new Set(['snooze', 'find', 'close', 'comment']);

/** What is missing, as a sentence; `undefined` where it can be sent. */
export function lackOf(operation: AskedOperation, form: CaseForm, of: Pick<HealthCase, 'outcome'>): string | undefined {
  const isSaid = form.comment.trim() !== '';
  switch (operation) {
    case 'snooze':
      if (!(form.days > 0 && form.days <= MOST_SNOOZE_DAYS)) return `It can rest for 1 to ${MOST_SNOOZE_DAYS} days.`;
      return isSaid ? undefined : 'Say why it may rest.';
    case 'comment':
      return isSaid ? undefined : 'There is nothing in the comment.';
    case 'reopen':
      return isSaid ? undefined : 'Say why it is opened again.';
    case 'close':
      return isSaid || of.outcome !== null ? undefined : 'Nobody has recorded a finding: say why it is closed.';
    case 'find':
      if (form.outcome === undefined) return 'Say whether it was so.';
      if (form.outcome !== 'nothing-found' && form.failure.trim() === '') return 'Say what it was.';
      if (form.failedAt !== '' && form.at !== '' && form.failedAt > form.at)
        return 'It cannot have failed after it was looked at.';
      return undefined;
    default:
      return undefined;
  }
}

const momentOf = (local: string) => new Date(local).toISOString();

/** `photos` are names that the server gave them. */
export function orderOf(
  operation: CaseOperationName,
  { number, by }: { readonly number: number; readonly by: string },
  form: CaseForm,
  photos: readonly string[] = [],
): CaseOperationBody {
  const comment = form.comment.trim();
  const base = { number, operation, by, ...(comment && { comment }), ...(form.group && { group: true }) };
  if (operation === 'snooze') return { ...base, until: `*+${Math.round(form.days * 24)}h` };
  if (operation === 'order') return { ...base, ...(form.port && { port: form.port }) };
  if (operation !== 'find') return base;
  const isFault = form.outcome !== 'nothing-found';
  return {
    ...base,
    outcome: form.outcome,
    ...(isFault && { failure: form.failure.trim(), repaired: form.repaired }),
    ...(form.at && { at: momentOf(form.at) }),
    ...(isFault && form.failedAt && { failedAt: momentOf(form.failedAt) }),
    photos: [...photos],
  };
}
