/** Asks for what an operation needs: who does it, why, and for how long. */

import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import { type AlarmIntent, MOST_SHELVE_MINUTES, needsReason, SHELVE_TIMES } from './alarmOrder.ts';
import { OPERATION_WORDS } from './alarmState.ts';
import { MAX_NAME_LENGTH } from './person.ts';
import type { Particulars } from './useOperations.ts';

const SHOWN_NAMES = 5;

interface OperationDialogProps {
  readonly intent: AlarmIntent;
  readonly person: string;
  readonly onRun: (intent: AlarmIntent, particulars: Particulars) => void;
  readonly onCancel: () => void;
}

export function OperationDialog({ intent, person, onRun, onCancel }: OperationDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [by, setBy] = useState(person);
  const [comment, setComment] = useState('');
  const [minutes, setMinutes] = useState(SHELVE_TIMES[0].seconds / 60);
  const { verb } = OPERATION_WORDS[intent.operation];
  const withReason = needsReason(intent.operation);
  const isShelving = intent.operation === 'shelve';
  const first = useRef<HTMLInputElement>(null);
  // Closed while it is still there, the dialog gives the focus back to where it was opened from.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    first.current?.focus();
    return () => element?.close();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun(intent, {
      by: by.trim(),
      ...(comment.trim() && { comment: comment.trim() }),
      ...(isShelving && { forSeconds: Math.round(minutes * 60) }),
    });
  };
  return (
    <dialog ref={dialog} className="operation" aria-labelledby="operation-title" onCancel={onCancel}>
      <form onSubmit={submit}>
        <h2 id="operation-title">{verb}</h2>
        <AlarmNames names={intent.alarms} />
        {isShelving && <ShelveTime minutes={minutes} onChange={setMinutes} />}
        {withReason && (
          <label>
            Why
            <input
              required
              pattern=".*\S.*"
              maxLength={1_000}
              ref={first}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          </label>
        )}
        <label>
          Your name
          <input
            required
            pattern=".*\S.*"
            maxLength={MAX_NAME_LENGTH}
            autoComplete="name"
            ref={withReason ? undefined : first}
            value={by}
            onChange={(event) => setBy(event.target.value)}
          />
          <span className="label-note">kept in this browser, and written into the record of the alarm</span>
        </label>
        <p className="dialog-buttons">
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
          <button type="submit" className="primary">
            {verb}
          </button>
        </p>
      </form>
    </dialog>
  );
}

function AlarmNames({ names }: { readonly names: readonly string[] }) {
  const more = names.length - SHOWN_NAMES;
  return (
    <ul className="dialog-alarms">
      {names.slice(0, SHOWN_NAMES).map((name) => (
        <li key={name}>{name}</li>
      ))}
      {more > 0 && <li>and {more} more</li>}
    </ul>
  );
}

interface ShelveTimeProps {
  readonly minutes: number;
  readonly onChange: (minutes: number) => void;
}

function ShelveTime({ minutes, onChange }: ShelveTimeProps) {
  return (
    <fieldset className="shelve-time">
      <legend>For how long</legend>
      <span className="segments">
        {SHELVE_TIMES.map(({ label, seconds }) => (
          <button
            key={label}
            type="button"
            aria-pressed={minutes * 60 === seconds}
            onClick={() => onChange(seconds / 60)}
          >
            {label}
          </button>
        ))}
      </span>
      <label className="inline">
        or
        <input
          type="number"
          min={1}
          max={MOST_SHELVE_MINUTES}
          required
          value={Number.isNaN(minutes) ? '' : minutes}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
        minutes
      </label>
    </fieldset>
  );
}
