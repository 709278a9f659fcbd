/** Doing something with a case: who does it is remembered in this browser, and what becomes of it is told. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { HealthCase } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { useCallback, useState } from 'react';
import { rememberedPerson, rememberPerson } from '../../alarms/person.ts';
import { operateCase, uploadPhoto } from '../../server/healthApi.ts';
import { HEALTH_KEY } from '../useHealth.ts';
import { type AskedOperation, CASE_OPERATIONS, type CaseForm, type CaseOperationName, orderOf } from './caseOrder.ts';

export interface CaseIntent {
  readonly operation: AskedOperation;
  readonly of: HealthCase;
}

interface CaseOutcome {
  readonly text: string;
  /** Number of the case whose last operation can be taken back. */
  readonly undo: number | undefined;
}

interface CaseOrder {
  readonly operation: CaseOperationName;
  readonly number: number;
  readonly by: string;
  readonly form: CaseForm;
  readonly photos: readonly File[];
}

export interface CaseOperations {
  /** What is being asked for in a dialog; `undefined` where there is none. */
  readonly asking: CaseIntent | undefined;
  readonly outcome: CaseOutcome | undefined;
  /** Why the last one was not done. */
  readonly fault: string | undefined;
  readonly person: string;
  readonly isBusy: boolean;
  readonly ask: (operation: AskedOperation, of: HealthCase) => void;
  readonly run: (order: CaseOrder) => void;
  readonly undo: (number: number) => void;
  readonly cancel: () => void;
  readonly forgetOutcome: () => void;
}

export const EMPTY_FORM: CaseForm = {
  ...{ comment: '', days: 14, port: '', outcome: undefined, failure: '', repaired: false, at: '', failedAt: '' },
  ...{ andClose: false, group: false },
};

export function useCaseOperations(): CaseOperations {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<CaseIntent>();
  const [outcome, setOutcome] = useState<CaseOutcome>();
  const [person, setPerson] = useState(rememberedPerson);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: doIt,
    onSuccess: (done) => {
      setAsking(undefined);
      setOutcome(done);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [HEALTH_KEY] }),
  });
  const run = useCallback(
    (order: CaseOrder) => {
      rememberPerson(order.by);
      setPerson(order.by);
      setOutcome(undefined);
      mutate(order);
    },
    [mutate],
  );
  const cancel = useCallback(() => {
    setAsking(undefined);
    reset();
  }, [reset]);
  const forgetOutcome = useCallback(() => {
    setOutcome(undefined);
    reset();
  }, [reset]);
  return {
    ...{ asking, outcome, person, isBusy: isPending, fault: error?.message, run, cancel, forgetOutcome },
    ask: (operation, of) => {
      forgetOutcome();
      setAsking({ operation, of });
    },
    undo: (number) => run({ operation: 'undo', number, by: person, form: EMPTY_FORM, photos: [] }),
  };
}

/** Photos go first, because the finding names them: sent again after a failure they are the same photos. */
async function doIt({ operation, number, by, form, photos }: CaseOrder): Promise<CaseOutcome> {
  const names: string[] = [];
  for (const photo of photos) names.push((await uploadPhoto(number, by, photo)).photo);
  await operateCase(orderOf(operation, { number, by }, form, names));
  const isClosed = operation === 'find' && form.andClose;
  if (isClosed) await operateCase({ number, operation: 'close', by, group: form.group });
  const { done, undoable } = CASE_OPERATIONS[operation];
  const others = form.group ? ', and so it is with those that began with it' : '';
  const text = `Case ${number} ${done}${isClosed ? ' and is closed' : ''}${others}.`;
  return { text, undo: undoable ? number : undefined };
}
