import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { readNamed, readRamp } from './changeOption.ts';
import { formatFits } from './fitText.ts';
import { formatWhatIf } from './whatIfText.ts';

describe('changes on the command line', () => {
  it('are gathered by name', () => {
    expect(readNamed('driver/speed=9.5e3', { flow: 1 })).toEqual({ flow: 1, 'driver/speed': 9_500 });
    expect(readNamed('a=b=-2')).toEqual({ 'a=b': -2 });
    expect(readRamp('speed=9500:10min')).toEqual({ speed: { ramp: 9_500, over: '10min' } });
  });

  it.each(['speed', '=5', 'speed=', 'speed=fast'])('%s is refused', (text) => {
    expect(() => readNamed(text)).toThrow(InvalidArgumentError);
  });

  it('a ramp needs its length of time', () => {
    expect(() => readRamp('speed=9500')).toThrow('such as speed=9500:10min');
  });
});

it('a fit is told with what changed, and a refusal with its reason', () => {
  const parameter = { unit: '', low: 0.77, high: 0.79, atBound: false };
  const text = formatFits({
    ...{ file: 'twins/compressor.fit.yaml', text: '', confidence: 0.95, intervalUs: 60e6 },
    fits: [
      {
        ...{ asset: 'acme/train-1', refused: null, warnings: ['The model does not carry over.'] },
        parameters: [
          { ...parameter, name: 'efficiency', before: 0.75, value: 0.78 },
          { ...parameter, name: 'k', before: 0.78, value: 0.781 },
          { ...parameter, name: 'new', before: null, value: 0.78, atBound: true },
        ],
        residuals: [
          {
            ...{ attribute: 'power', unit: 'kW', sigma: 12.3456789, sigmaBefore: 40, heldOutSigma: null },
            ...{ explained: 0.9987, count: 900, otherMode: 10, notGood: 2 },
          },
        ],
      },
      { asset: 'acme/train-2', refused: 'It stood still.', parameters: [], residuals: [], warnings: [] },
    ],
  });
  expect(text).toBe(`acme/train-1
parameter   before  fitted  95 %          unit  change
efficiency    0.75    0.78  0.77 to 0.79        +4.00 %
k             0.78   0.781  0.77 to 0.79        within its interval
new              -    0.78  0.77 to 0.79        at the bound of its range

residual  sigma before   sigma  held out  unit  explained  moments  left out
power               40  12.346         -  kW       99.9 %      900  10 in other modes, 2 not good
! The model does not carry over.

acme/train-2: no fit. It stood still.
`);
});

it('a run is drawn, tabled and compared', () => {
  const times = [0, 60e6, 120e6];
  const nothing = [null, null, null];
  const text = formatWhatIf({
    ...{ asset: 'acme/train-1', intervalUs: 60e6, times, recorded: 2, assumptions: ['flow stays.'] },
    series: [
      {
        ...{ attribute: 'power', unit: 'kW', expected: [10, 20, null], low: [9, 19, null], high: [11, 21, null] },
        ...{ unchanged: [10, 10, 10], actual: [11, 12] },
        comparison: { count: 2, bias: -3.5, deviation: 5.7, withinBand: 0.5 },
      },
      {
        ...{
          attribute: 'gone',
          unit: '',
          expected: nothing,
          low: nothing,
          high: nothing,
          unchanged: nothing,
          actual: [],
        },
        comparison: null,
      },
    ],
  });
  expect(text).toContain('power kW   * expected  . without the changes  o what happened\n20 | *\n');
  expect(text).toContain('10 |*..\n');
  expect(text).toContain('1970-01-01T00:01:00Z        20  19 to 21         10      12\n');
  expect(text).toContain(
    'Against what happened, over 2 moments: -3.5 on the mean, deviation 5.7 kW, 50 % within the band.',
  );
  expect(text).toContain('nothing is expected here');
  expect(text.endsWith('! flow stays.\n')).toBe(true);
});
