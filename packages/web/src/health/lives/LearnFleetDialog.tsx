/** Asks who has the lives of a fleet learned anew. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useState } from 'react';
import { MAX_NAME_LENGTH, rememberedPerson, rememberPerson } from '../../alarms/person.ts';
import { operateFleet } from '../../server/healthApi.ts';
import { spoken } from '../cases/caseWords.ts';
import { Field } from '../Field.tsx';
import { HEALTH_KEY } from '../useHealth.ts';
import { useModal } from '../useModal.ts';

interface LearnFleetDialogProps {
  readonly name: string;
  readonly onEnd: () => void;
}

export function LearnFleetDialog({ name, onEnd }: LearnFleetDialogProps) {
  const queries = useQueryClient();
  const { dialog, first } = useModal();
  const [by, setBy] = useState(rememberedPerson);
  const [lack, setLack] = useState<string>();
  const { mutate, isPending, error } = useMutation({
    mutationFn: operateFleet,
    onSuccess: onEnd,
    onSettled: () => queries.invalidateQueries({ queryKey: [HEALTH_KEY] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isNamed = by.trim() !== '';
    setLack(isNamed ? undefined : 'Say who you are: it is written into the record.');
    if (!isNamed) return;
    rememberPerson(by.trim());
    mutate({ operation: 'learn', lives: name, by: by.trim() });
  };
  return (
    <dialog ref={dialog} className="operation case-dialog" aria-labelledby="learn-fleet-title" onCancel={onEnd}>
      <form onSubmit={submit} noValidate>
        <h2 id="learn-fleet-title">Learn {spoken(name)} anew</h2>
        <p className="quiet-note">
          From all lives that are known now. What holds is told until then, and after it where nothing better comes of
          it.
        </p>
        <Field name="Your name">
          <input
            maxLength={MAX_NAME_LENGTH}
            autoComplete="name"
            ref={first as RefObject<HTMLInputElement | null>}
            value={by}
            onChange={(event) => setBy(event.target.value)}
          />
        </Field>
        <p className="dialog-fault" role="alert">
          {lack ?? error?.message}
        </p>
        <p className="dialog-buttons">
          <button type="button" onClick={onEnd}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={isPending}>
            {isPending ? 'Sending…' : 'Learn anew'}
          </button>
        </p>
      </form>
    </dialog>
  );
}
