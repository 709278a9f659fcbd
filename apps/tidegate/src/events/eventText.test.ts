import { expect, it } from 'vitest';
import { formatEnergy } from './energyText.ts';
import type { EnergyAnswer, FrameDetail, OeeAnswer, ShownFrame } from './frameAnswers.ts';
import { formatFrame, formatFrames } from './frameText.ts';
import { formatOee } from './oeeText.ts';
import { lengthText } from './timeText.ts';

const START = Date.parse('2026-05-04T06:00:00Z') * 1_000;
const HOUR = 3_600e6;
const RUN: ShownFrame = {
  ...{
    id: 17,
    template: 'train run',
    kind: 'run',
    asset: { path: 'acme/train-1' },
    start: START,
    end: START + 2 * HOUR,
  },
  ...{ seconds: 7_200, uncertain: false, figures: { 'mean power': 3_141.59, product: 'gas', flow: null } },
};

it('what is gained has a minus', () =>
  expect([7_500, -7_200, 0.2].map(lengthText)).toEqual(['2 h 5 min', '-2 h', '0 s']));

it('frames stand below each other', () => {
  const open = { ...RUN, id: 8, end: null, uncertain: true, figures: {} };
  expect(formatFrames([RUN, open])).toBe(
    'no.  what       asset         start                 end                   length  figures\n' +
      ' 17  train run  acme/train-1  2026-05-04T06:00:00Z  2026-05-04T08:00:00Z     2 h  mean power 3141.6, product gas, flow -\n' +
      '  8  train run  acme/train-1  2026-05-04T06:00:00Z  goes on                2 h ?\n',
  );
  expect(formatFrames([])).toBe('No event frames there.\n');
});

it('a frame tells what made it', () => {
  const frame: FrameDetail = {
    ...{
      ...RUN,
      gone: false,
      description: 'under load',
      around: { ...RUN, id: 3, template: 'campaign' },
      children: [],
    },
    conditions: [{ edge: 'start', expression: "'state' == 2" }],
    captured: [
      { name: 'mean power', value: 3_141.59, unit: 'kW', capture: 'average', source: { path: 'acme/train-1/power' } },
    ],
    notes: [{ at: START, by: 'mira', text: 'new oil' }],
  };
  const text = formatFrame(frame);
  expect(text).toContain("  start   'state' == 2\n");
  expect(text).toContain('  within  campaign 3\n');
  expect(text).toContain('  mean power  3141.6 kW  average of acme/train-1/power\n');
  expect(text).toContain('2026-05-04T06:00:00Z  mira: new oil\n');
});

it('OEE shows where the time went', () => {
  const figures = {
    ...{ start: START, end: START + 10 * HOUR, oee: 0.6, availability: 0.8, performance: 0.75, quality: 1 },
    ...{ qualityMeasured: false, pieces: 720, unit: '', rejected: null, plannedSeconds: 36_000 },
    ...{ plannedStopSeconds: 0, unknownSeconds: 0 },
    losses: [
      { kind: 'availability', what: 'held', seconds: 7_200, remainingSeconds: 28_800 },
      { kind: 'performance', what: 'slower than ideal', seconds: 7_200, remainingSeconds: 21_600 },
    ],
    states: [{ state: 'execute', category: 'productive', seconds: 28_800 }],
  };
  const answer: OeeAnswer = {
    ...figures,
    asset: { path: 'acme/press' },
    intervals: [figures],
    sources: [{ path: 'acme/press/mode' }],
  };
  const text = formatOee(answer);
  expect(text).toContain('the whole time        60.0 %        80.0 %       75.0 %  not measured   720\n');
  expect(text).toContain(`2 h  ${' '.repeat(24)}${'#'.repeat(6)}\n`);
  expect(text).toContain(`6 h  ${'#'.repeat(18)}\n`);
});

it('energy is held against its baseline', () => {
  const answer: EnergyAnswer = {
    ...{ name: 'fuel', asset: { path: 'acme/north' }, start: START, end: START + HOUR, unit: 'm3', driverUnit: 'm3' },
    ...{ intervalSeconds: 600, used: 90, expected: 100, ratio: 0.9, perUnit: 0.09, expectedPerUnit: 0.1 },
    baseline: {
      ...{ start: START - HOUR, end: START, r2: 0.98, cvRmse: 0.051, intervals: 6 },
      terms: [{ name: 'base', coefficient: 12.5, halfWidth: 0.25 }],
    },
    sources: [{ path: 'acme/north/fuel', measure: 'integral' }],
  };
  const text = formatEnergy(answer);
  expect(text).toContain('  saved             10 m3\n');
  expect(text).toContain('0.09 m3/m3, expected 0.1\n');
  expect(text).toContain('6 intervals, R2 0.980, CV(RMSE) 5.1 %\n  base  12.5  +- 0.25\n');
});
