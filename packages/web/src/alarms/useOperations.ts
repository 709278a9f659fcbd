/** Doing something with alarms: who does it is asked where nobody has said yet, a reason where one is needed. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { useCallback, useState } from 'react';
import { operateAlarms } from '../server/alarmApi.ts';
import { type AlarmIntent, type AlarmOutcome, intentOf, needsReason, outcomeOf, whyNot } from './alarmOrder.ts';
import type { AlarmOperationName } from './alarmState.ts';
import { rememberedPerson, rememberPerson } from './person.ts';

/** What a person has filled in. */
export interface Particulars {
  readonly by: string;
  readonly comment?: string | undefined;
  readonly forSeconds?: number | undefined;
}

export interface Operations {
  /** What is being asked for in a dialog; `undefined` where there is none. */
  readonly asking: AlarmIntent | undefined;
  readonly outcome: AlarmOutcome | undefined;
  readonly person: string;
  readonly isBusy: boolean;
  /** Does it with those of the alarms that it makes sense with, after a question where one is needed. */
  readonly start: (operation: AlarmOperationName, alarms: readonly Alarm[]) => void;
  readonly run: (intent: AlarmIntent, particulars: Particulars) => void;
  readonly cancel: () => void;
  readonly forgetOutcome: () => void;
  readonly setPerson: (name: string) => void;
}

export function useOperations(): Operations {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<AlarmIntent>();
  const [outcome, setOutcome] = useState<AlarmOutcome>();
  const [person, setPersonState] = useState(rememberedPerson);
  const setPerson = useCallback((name: string) => {
    rememberPerson(name);
    setPersonState(name);
  }, []);
  const failed = (text: string) => setOutcome({ text, refused: [], undo: undefined });
  const { mutate, isPending } = useMutation({
    mutationFn: ({ intent, particulars }: { intent: AlarmIntent; particulars: Particulars }) =>
      operateAlarms({ ...intent, alarms: [...intent.alarms], ...particulars }),
    onSuccess: (answer, { intent }) => setOutcome(outcomeOf(intent, answer)),
    onError: (error) => failed(error.message),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['alarms'] });
      void queries.invalidateQueries({ queryKey: ['alarm-story'] });
    },
  });
  const run = useCallback(
    (intent: AlarmIntent, particulars: Particulars) => {
      setPerson(particulars.by);
      setAsking(undefined);
      mutate({ intent, particulars });
    },
    [mutate, setPerson],
  );
  const start = (operation: AlarmOperationName, alarms: readonly Alarm[]) => {
    const intent = intentOf(operation, alarms);
    if (!intent) failed(whyNot(operation, alarms));
    else if (needsReason(operation) || person === '') setAsking(intent);
    else run(intent, { by: person });
  };
  const cancel = useCallback(() => setAsking(undefined), []);
  const forgetOutcome = useCallback(() => setOutcome(undefined), []);
  return { asking, outcome, person, isBusy: isPending, start, run, cancel, forgetOutcome, setPerson };
}
