/** Asks for what an operation on a case needs, and says what the server has against it. */

import { type FormEvent, type RefObject, useState } from 'react';
import { MAX_NAME_LENGTH } from '../../alarms/person.ts';
import { Check } from '../Check.tsx';
import { Field } from '../Field.tsx';
import { useCase, useWatch } from '../useHealth.ts';
import { useModal } from '../useModal.ts';
import {
  CASE_OPERATIONS,
  type CaseForm,
  GROUP_OPERATIONS,
  lackOf,
  MOST_SNOOZE_DAYS,
  SNOOZE_DAYS,
} from './caseOrder.ts';
import { dayText, spoken } from './caseWords.ts';
import { FindingFields } from './FindingFields.tsx';
import { type CaseIntent, type CaseOperations, EMPTY_FORM } from './useCaseOperations.ts';

const MAX_COMMENT_LENGTH = 4_000;
const COMMENT_NAMES = {
  order: 'What is to be done',
  find: 'What was seen',
  snooze: 'Why it may rest',
  wake: 'Why',
  close: 'Why it is closed',
  reopen: 'Why it is opened again',
  comment: 'What is to be remembered',
} as const;

const LONG_COMMENTS: ReadonlySet<string> = new Set(['find', 'order', 'comment']);

interface CaseDialogProps {
  readonly intent: CaseIntent;
  readonly operations: CaseOperations;
  readonly nowMs: number;
}

export function CaseDialog({ intent: { operation, of }, operations, nowMs }: CaseDialogProps) {
  const { number, watch } = of;
  const [form, setForm] = useState<CaseForm>(() => ({ ...EMPTY_FORM, failure: of.failure ?? '' }));
  const [photos, setPhotos] = useState<readonly File[]>([]);
  const [by, setBy] = useState(operations.person);
  const [lack, setLack] = useState<string>();
  const { dialog, first } = useModal();
  const failures = useWatch(watch.id).data?.failures ?? [];
  const change = (part: Partial<CaseForm>) => setForm((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing = by.trim() === '' ? 'Say who you are: it is written into the record.' : lackOf(operation, form, of);
    setLack(missing);
    if (missing === undefined) operations.run({ operation, number, by: by.trim(), form, photos });
  };
  const { verb } = CASE_OPERATIONS[operation];
  const fault = lack ?? operations.fault;
  return (
    <dialog
      ref={dialog}
      className="operation case-dialog"
      aria-labelledby="case-dialog-title"
      onCancel={operations.cancel}
    >
      <form onSubmit={submit} noValidate>
        <h2 id="case-dialog-title">
          {verb}: case {number}
        </h2>
        <p className="quiet-note">
          {of.asset.path}
          {of.failure && `: ${spoken(of.failure)}`}
        </p>
        {operation === 'snooze' && <SnoozeTime days={form.days} nowMs={nowMs} onChange={(days) => change({ days })} />}
        {operation === 'find' && (
          <FindingFields
            {...{ form, failures, photos, first, onChange: change, onPhotos: setPhotos }}
            latest={localMinute(nowMs)}
          />
        )}
        {operation === 'order' && <PortField number={number} port={form.port} onChange={(port) => change({ port })} />}
        <Field name={COMMENT_NAMES[operation]}>
          <textarea
            rows={LONG_COMMENTS.has(operation) ? 4 : 2}
            maxLength={MAX_COMMENT_LENGTH}
            ref={operation === 'find' ? undefined : (first as RefObject<HTMLTextAreaElement | null>)}
            value={form.comment}
            onChange={(event) => change({ comment: event.target.value })}
          />
        </Field>
        {of.group !== null && GROUP_OPERATIONS.has(operation) && (
          <Check checked={form.group} onChange={(group) => change({ group })}>
            {`the other ${of.group.count - 1} that began with it as well`}
          </Check>
        )}
        <Field name="Your name">
          <input
            maxLength={MAX_NAME_LENGTH}
            autoComplete="name"
            value={by}
            onChange={(event) => setBy(event.target.value)}
          />
          <span className="label-note">kept in this browser, and written into the record of the case</span>
        </Field>
        <p className="dialog-fault" role="alert">
          {fault}
        </p>
        <p className="dialog-buttons">
          <button type="button" onClick={operations.cancel}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={operations.isBusy}>
            {operations.isBusy ? 'Sending…' : verb}
          </button>
        </p>
      </form>
    </dialog>
  );
}

/** `2026-01-31T14:03` of local time, as `<input type="datetime-local">` has it. */
function localMinute(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

interface PortFieldProps {
  readonly number: number;
  readonly port: string;
  readonly onChange: (port: string) => void;
}

/** Asked only where there is a choice. */
function PortField({ number, port, onChange }: PortFieldProps) {
  const ports = useCase(number).data?.ports ?? [];
  if (ports.length === 0) return null;
  if (ports.length === 1) return <p className="quiet-note">The order goes to “{ports[0]}”.</p>;
  return (
    <Field name="Where the order goes">
      <select value={port || ports[0]} onChange={(event) => onChange(event.target.value)}>
        {ports.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </Field>
  );
}

interface SnoozeTimeProps {
  readonly days: number;
  readonly nowMs: number;
  readonly onChange: (days: number) => void;
}

function SnoozeTime({ days, nowMs, onChange }: SnoozeTimeProps) {
  return (
    <fieldset className="shelve-time">
      <legend>For how long</legend>
      <span className="segments">
        {SNOOZE_DAYS.map((each) => (
          <button key={each} type="button" aria-pressed={each === days} onClick={() => onChange(each)}>
            {each} d
          </button>
        ))}
      </span>
      <label className="inline">
        or
        <input
          type="number"
          min={1}
          max={MOST_SNOOZE_DAYS}
          value={Number.isNaN(days) ? '' : days}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
        days
      </label>
      {days > 0 && days <= MOST_SNOOZE_DAYS && (
        <span className="label-note">until {dayText((nowMs + days * 86_400_000) * 1_000)}</span>
      )}
    </fieldset>
  );
}
