/** Why an outstation has not done what it was asked, in a sentence that says what to do about it. */

import type { Task } from './agenda.ts';
import type { Indication, InternalIndications } from './application/internalIndications.ts';

/** The first that is set counts. */
const REFUSALS: readonly (readonly [Indication, string])[] = [
  ['functionNotSupported', 'the function is not supported (IIN2.0)'],
  ['objectUnknown', 'it does not know the object (IIN2.1)'],
  ['parameterError', 'a parameter is wrong (IIN2.2)'],
  ['alreadyExecuting', 'it is at it already (IIN2.4)'],
];

const NO_CLASSES = 'an outstation without event classes is read with classes: [0]';
const REMEDIES: Readonly<Partial<Record<Task, string>>> = {
  'integrity poll': NO_CLASSES,
  'event poll': NO_CLASSES,
  'clear restart': 'leave clearRestart out',
  'record current time': 'try synchroniseTime: non-lan',
  'delay measurement': 'try synchroniseTime: lan',
  'write time': 'its clock cannot be set from here: leave synchroniseTime out',
  'immediate freeze': 'it freezes no counters: leave freezeInterval out',
};

/** `undefined` where nothing was refused. */
export function refusalOf(indications: InternalIndications | undefined): string | undefined {
  return REFUSALS.find(([indication]) => indications?.[indication])?.[1];
}

export function explainRefusal(task: Task, refusal: string): string {
  const remedy = REMEDIES[task];
  return remedy === undefined ? `${task}: ${refusal}` : `${task}: ${refusal}; ${remedy}`;
}
