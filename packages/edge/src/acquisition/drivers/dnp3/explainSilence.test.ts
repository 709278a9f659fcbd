import { expect, it } from 'vitest';
import { explainSilence, type LineSigns } from './explainSilence.ts';

const ASKED = { outstation: 10, master: 1, maxFragment: 2048 };
const NOTHING: LineSigns = {
  answers: 0,
  discarded: 0,
  refused: 0,
  tooLong: 0,
  otherMaster: undefined,
  strays: 0,
  strangers: [],
  noise: 0,
};

it.each<[string, Partial<LineSigns>, string]>([
  ['nothing ever came', {}, '; check that its address is 10 and its master 1; some need resetLink: true'],
  ['it answered before', { answers: 1 }, ''],
  [
    'it has another address',
    { strays: 2, strangers: [11, 4] },
    '; 2 frames of others (11, 4) were thrown away; if 11 is its address, write outstation: 11',
  ],
  [
    'it has another master',
    { discarded: 1, otherMaster: 3 },
    '; 1 late, repeated or misdirected answers were thrown away; it speaks to master 3: write master: 3, or tell it that its master is 1',
  ],
  [
    'something else is spoken',
    { noise: 30 },
    '; 30 bytes that are no DNP3 were thrown away; compare the speed and format of the line, and the port',
  ],
  [
    'its answers are long',
    { answers: 5, discarded: 9, tooLong: 1 },
    '; 9 late, repeated or misdirected answers were thrown away; its answer is longer than 2048 bytes: write a larger maxFragment',
  ],
  [
    'it confirms on the link layer, without a reset',
    { refused: 3 },
    '; it sends with confirmation on the link layer and has not reset the link: switch that off in the outstation',
  ],
])('%s', (_, signs, expected) => {
  expect(explainSilence(ASKED, NOTHING, { ...NOTHING, ...signs })).toBe(expected);
});
