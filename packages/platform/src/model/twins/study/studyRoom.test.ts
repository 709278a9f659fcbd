import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import { COMPRESSOR, compressorHistory } from '../testbed/compressorTwin.ts';
import { answerStudy, type Study } from './study.ts';
import { StudyRoom } from './studyRoom.ts';
import { MOST_ROWS, twinGrid, usualStepUs } from './twinGrid.ts';

const STUDY: Study<'whatIf'> = {
  kind: 'whatIf',
  question: {
    ...{ template: COMPRESSOR, fit: undefined, history: compressorHistory({ seed: 1, rows: 100, stepUs: 60e6 }) },
    parameters: new Map([
      ['efficiency', 0.78],
      ['head-factor', 0.97],
    ]),
    ...{ from: 0 as Timestamp, recordedUntil: 1e15 as Timestamp, changes: new Map(), changedParameters: new Map() },
  },
};

it('a study in a thread of its own comes to the same as here; a third at once is told to wait', async () => {
  const room = new StudyRoom();
  const [first, second, third] = await Promise.all([room.answer(STUDY), room.answer(STUDY), room.answer(STUDY)]);
  expect(first).toEqual(answerStudy(STUDY));
  expect(second.ok).toBe(true);
  expect(third).toMatchObject({ ok: false, fault: { code: 'twin.study-busy' } });
  expect((await room.answer(STUDY)).ok).toBe(true);
});

it.each([
  [3_600, 2],
  [86_400, 60],
  [14 * 86_400, 900],
  [365 * 86_400, 15_768],
])('%i s are looked at every %i s', (lengthS, stepS) => {
  expect(usualStepUs(lengthS * 1e6)).toBe(stepS * 1e6);
});

it('a grid begins before its stretch, as far as windows look back, and has a limit', () => {
  expect(twinGrid(100, 130, 10, 15)).toEqual({ ok: true, value: Float64Array.of(80, 90, 100, 110, 120) });
  expect(twinGrid(0, MOST_ROWS + 1, 1, 0)).toMatchObject({ fault: { code: 'history.too-much' } });
});
