/** One alarm in full: what to do about it, why it matters, what it watches, and what has happened to it. */

import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { useEffect } from 'react';
import { formatSince, formatSpan } from '../../reading/span.ts';
import { alarmWords } from '../alarmList.ts';
import {
  isFromLog,
  isOperatedHere,
  isUnacknowledged,
  OPERATION_WORDS,
  operationsOf,
  stateWords,
} from '../alarmState.ts';
import { PriorityMark } from '../PriorityMark.tsx';
import type { Operations } from '../useOperations.ts';
import { AlarmPlot } from './AlarmPlot.tsx';
import { AlarmStory } from './AlarmStory.tsx';
import { limitText, valueText } from './AlarmTable.tsx';

interface AlarmDetailProps {
  readonly alarm: Alarm;
  readonly nowMs: number;
  readonly operations: Operations;
  readonly onClose: () => void;
}

export function AlarmDetail({ alarm, nowMs, operations, onClose }: AlarmDetailProps) {
  const { place, words } = alarmWords(alarm);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // The key belongs to a dialog where one is open.
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) onClose();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onClose]);
  const { name, origin, priority, since, value, limit, unit, condition, action, consequence } = alarm;
  return (
    <aside className="panel alarm-detail" aria-label={`Alarm ${name}`}>
      <div className="panel-head">
        <PriorityMark priority={priority} filled={isUnacknowledged(alarm)} />
        <h2>
          {words}
          <span className="alarm-place">{place}</span>
        </h2>
        <span className="spring" />
        <button
          type="button"
          className="icon-button"
          aria-label="Close the alarm"
          title="Close (Esc)"
          onClick={onClose}
        >
          <svg viewBox="0 0 12 12" width="14" height="14" aria-hidden="true">
            <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="1.6" />
          </svg>
        </button>
      </div>
      <div className="alarm-body">
        <Guidance action={action} consequence={consequence} />
        <p className="alarm-buttons">
          {operationsOf(alarm).map((operation) => (
            <button
              key={operation}
              type="button"
              className={operation === 'acknowledge' ? 'primary' : undefined}
              disabled={operations.isBusy}
              onClick={() => operations.start(operation, [alarm])}
            >
              {alarm.state === 'shelved' && operation === 'shelve' ? 'Shelve anew' : OPERATION_WORDS[operation].verb}
            </button>
          ))}
        </p>
        {!isOperatedHere(alarm) && <Elsewhere alarm={alarm} />}
        <dl className="facts">
          <Fact name="State">
            {stateWords(alarm, nowMs)}, for {formatSpan(nowMs - since / 1_000)} (since{' '}
            {formatSince(since / 1_000, nowMs)})
          </Fact>
          {alarm.by && (
            <Fact name="By">
              {alarm.by}
              {alarm.comment && `: ${alarm.comment}`}
            </Fact>
          )}
          <Fact name="Condition">{condition}</Fact>
          {value !== undefined && <Fact name="Value">{valueText(value, unit)} when it changed</Fact>}
          {limit !== undefined && <Fact name="Limit">{limitText(limit, unit)}</Fact>}
          <Fact name="Priority">{priority}</Fact>
          <Fact name="Name">{name}</Fact>
          <Fact name="Origin">{origin}</Fact>
        </dl>
        <AlarmPlot alarm={alarm} nowMs={nowMs} />
        <AlarmStory alarm={alarm} nowMs={nowMs} />
      </div>
    </aside>
  );
}

function Elsewhere({ alarm }: { readonly alarm: Alarm }) {
  const { name, origin } = alarm;
  if (isFromLog(alarm)) {
    return <p className="alarm-elsewhere">From the log of {origin}: acknowledged there, not here.</p>;
  }
  return (
    <p className="alarm-elsewhere">
      Acknowledged at site only. {origin} evaluates this alarm in the plant, and nothing goes back there through the
      one-way boundary. On its machine: <code>tidegate alarms ack {name} --data DIR</code>
    </p>
  );
}

function Guidance({ action, consequence }: Pick<Alarm, 'action' | 'consequence'>) {
  if (action === undefined && consequence === undefined) {
    return (
      <p className="alarm-guidance none">
        Nobody has written down what to do about this alarm. It should be rationalised: cause, consequence, action and
        time to respond (ISA-18.2, clause 6).
      </p>
    );
  }
  return (
    <dl className="alarm-guidance">
      {action !== undefined && (
        <>
          <dt>Do</dt>
          <dd>{action}</dd>
        </>
      )}
      {consequence !== undefined && (
        <>
          <dt>Or else</dt>
          <dd>{consequence}</dd>
        </>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
