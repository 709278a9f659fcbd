import { expect, it } from 'vitest';
import { EventCheck } from './eventCheck.ts';

it.each<[string, (check: EventCheck) => void, boolean]>([
  ['everything was read once', (check) => check.everythingRead({ events: 0, changedStates: 3 }), false],
  ['values changed and no event told', (check) => readTwice(check, 0, 3), true],
  ['values changed and some event came', (check) => readTwice(check, 1, 3), false],
  ['nothing changed', (check) => readTwice(check, 0, 0), false],
  [
    'it was away in between',
    (check) => {
      check.everythingRead({ events: 0, changedStates: 0 });
      check.forget();
      check.everythingRead({ events: 0, changedStates: 3 });
    },
    false,
  ],
  [
    'events came later',
    (check) => {
      readTwice(check, 0, 3);
      check.everythingRead({ events: 1, changedStates: 5 });
    },
    false,
  ],
])('%s', (_, happen, suspicious) => {
  const check = new EventCheck();
  happen(check);
  expect(check.defect !== undefined).toBe(suspicious);
  if (suspicious) expect(check.defect).toContain('3 values changed');
});

function readTwice(check: EventCheck, events: number, changedStates: number): void {
  check.everythingRead({ events: 0, changedStates: 0 });
  check.everythingRead({ events, changedStates });
}
