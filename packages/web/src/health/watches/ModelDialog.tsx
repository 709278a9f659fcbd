/** Asks who wants a model learned, promoted or retired, and why. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ModelOperationBody } from '@tidegate/platform/northbound/contract/healthModel.ts';
import type { HealthWatchDetail } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { type FormEvent, type RefObject, useState } from 'react';
import { MAX_NAME_LENGTH, rememberedPerson, rememberPerson } from '../../alarms/person.ts';
import { operateModel } from '../../server/healthApi.ts';
import { dayText } from '../cases/caseWords.ts';
import { Field } from '../Field.tsx';
import { HEALTH_KEY } from '../useHealth.ts';
import { useModal } from '../useModal.ts';

export interface ModelIntent {
  readonly operation: ModelOperationBody['operation'];
  readonly number: number | undefined;
}

export const MODEL_VERBS: Readonly<Record<ModelIntent['operation'], string>> = {
  learn: 'Learn a new model',
  promote: 'Promote',
  retire: 'Retire',
};
const MEANINGS: Readonly<Record<ModelIntent['operation'], string>> = {
  learn: 'The first model has the voice at once; any other scores as a shadow until it is promoted.',
  promote: 'It gets the voice, and the model that has it now is retired.',
  retire: 'It scores no more. A watch without a model that has the voice raises no case.',
};

interface ModelDialogProps {
  readonly watch: HealthWatchDetail;
  readonly intent: ModelIntent;
  readonly nowMs: number;
  readonly onDone: (text: string) => void;
  readonly onCancel: () => void;
}

export function ModelDialog({ watch, intent: { operation, number }, nowMs, onDone, onCancel }: ModelDialogProps) {
  const queries = useQueryClient();
  const { dialog, first } = useModal();
  const [by, setBy] = useState(rememberedPerson);
  const [comment, setComment] = useState('');
  const [range, setRange] = useState<LearningRange>({ start: '', end: '' });
  const [lack, setLack] = useState<string>();
  const { mutate, isPending, error } = useMutation({
    mutationFn: operateModel,
    onSuccess: ({ done }) => onDone(done),
    onSettled: () => queries.invalidateQueries({ queryKey: [HEALTH_KEY] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isNamed = by.trim() !== '';
    setLack(isNamed ? undefined : 'Say who you are: it is written into the record.');
    if (!isNamed) return;
    rememberPerson(by.trim());
    mutate({
      ...{ operation, watch: watch.id, by: by.trim() },
      ...(number !== undefined && { number }),
      ...(comment.trim() && { comment: comment.trim() }),
      ...(operation === 'learn' && range.start && { start: new Date(range.start).toISOString() }),
      ...(operation === 'learn' && range.end && { end: new Date(range.end).toISOString() }),
    });
  };
  const title = number === undefined ? MODEL_VERBS[operation] : `${MODEL_VERBS[operation]} model ${number}`;
  return (
    <dialog ref={dialog} className="operation case-dialog" aria-labelledby="model-dialog-title" onCancel={onCancel}>
      <form onSubmit={submit} noValidate>
        <h2 id="model-dialog-title">{title}</h2>
        <p className="quiet-note">{MEANINGS[operation]}</p>
        {operation === 'learn' && (
          <RangeFields range={range} latest={dayText(nowMs * 1_000)} learnDays={watch.learnDays} onChange={setRange} />
        )}
        <Field name="Why">
          <input
            maxLength={1_000}
            ref={first as RefObject<HTMLInputElement | null>}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </Field>
        <Field name="Your name">
          <input
            maxLength={MAX_NAME_LENGTH}
            autoComplete="name"
            value={by}
            onChange={(event) => setBy(event.target.value)}
          />
        </Field>
        <p className="dialog-fault" role="alert">
          {lack ?? error?.message}
        </p>
        <p className="dialog-buttons">
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={isPending}>
            {isPending ? 'Sending…' : title}
          </button>
        </p>
      </form>
    </dialog>
  );
}

interface LearningRange {
  /** As `<input type="date">` has them; empty where nothing is said. */
  readonly start: string;
  readonly end: string;
}

interface RangeFieldsProps {
  readonly range: LearningRange;
  readonly latest: string;
  readonly learnDays: number;
  readonly onChange: (range: LearningRange) => void;
}

function RangeFields({ range, latest, learnDays, onChange }: RangeFieldsProps) {
  return (
    <div className="dialog-pair">
      {(['start', 'end'] as const).map((edge) => (
        <Field key={edge} name={edge === 'start' ? 'From' : 'To'}>
          <input
            type="date"
            max={latest}
            value={range[edge]}
            onChange={(event) => onChange({ ...range, [edge]: event.target.value })}
          />
          <span className="label-note">
            {edge === 'start' ? `empty: so that there are ${learnDays} days of it` : 'empty: now'}
          </span>
        </Field>
      ))}
    </div>
  );
}
