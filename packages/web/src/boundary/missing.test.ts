import { expect, it } from 'vitest';
import { missingOf, reasonOf } from './missing.ts';
import { stream } from './testbed/boundaryStream.ts';

const stretch = (samples: number) => ({
  after: { epoch: 1, sequence: 3 },
  before: { epoch: 1, sequence: 9 },
  samples,
});

it('lists what may still come, then what was lost, the newest first', () => {
  const streams = [
    stream({ losses: [{ ...stretch(1), at: 5, reason: 'expired' }], holes: [stretch(2)] }),
    stream({ lane: 'analytical', losses: [{ ...stretch(3), at: 8, reason: 'diode' }] }),
  ];
  const missing = missingOf(streams);
  expect(missing.map(({ lane, samples }) => [lane, samples])).toEqual([
    ['operational', 2],
    ['analytical', 3],
    ['operational', 1],
  ]);
  expect(missing.map(reasonOf)).toEqual([
    expect.stringContaining('still to come'),
    expect.stringContaining('diode'),
    expect.stringContaining('expired'),
  ]);
  expect(missingOf([stream()])).toEqual([]);
});
