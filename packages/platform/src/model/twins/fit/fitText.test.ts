import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import type { TwinFit } from '../twinTemplate.ts';
import { fitText, readFitText, withFit } from './fitText.ts';

const at = (text: string) => (Date.parse(text) * 1_000) as Timestamp;
const FIT: TwinFit = {
  asset: 'train-1',
  fittedAt: at('2026-11-23T14:00:00Z'),
  by: 'Anna: "the fitter"',
  start: at('2026-11-01T00:00:00Z'),
  end: at('2026-11-08T00:00:00Z'),
  parameters: new Map([
    ['efficiency', { value: 0.7812345678, uncertainty: 0.0004 }],
    ['no', { value: -3e-12, uncertainty: 0 }],
  ]),
  correlations: [{ a: 'efficiency', b: 'no', value: -0.25 }],
  residuals: new Map([
    ['discharge-temperature', { sigma: 0.31, heldOutSigma: 0.33, explained: 0.998, count: 4_320 }],
    ['driver/power', { sigma: 12, count: 4_320 }],
  ]),
  inputs: new Map([['speed', { low: 8_000, high: 9_800 }]]),
  warnings: ['"power" - says: # little'],
};

it('what is written is read back, and others of the type stay', () => {
  const other: TwinFit = { ...FIT, asset: 'train-2' };
  const whole: TwinFit = { ...FIT, asset: undefined, warnings: [], correlations: [], inputs: new Map() };
  const newer: TwinFit = { ...other, by: 'Ben' };
  const all = [FIT, other, whole].reduce(withFit, { type: 'compressor', fits: [] });
  const text = fitText(withFit(all, newer));
  const { fits, defects } = readFitText('twins/compressor.fit.yaml', text);
  expect(defects).toEqual([]);
  const strip = (fit: TwinFit) => JSON.parse(JSON.stringify({ ...fit, parameters: [...fit.parameters] }));
  expect(fits!.type).toBe('compressor');
  expect(fits!.fits.map(strip)).toEqual(
    [whole, FIT, newer].map((fit) =>
      strip({
        ...fit,
        parameters: new Map(fit.parameters).set('efficiency', { value: 0.781234568, uncertainty: 0.0004 }),
      }),
    ),
  );
  expect(fits!.fits[1].residuals.get('discharge-temperature')).toEqual(FIT.residuals.get('discharge-temperature'));
});

it('an empty file of fits is one, too', () => {
  expect(readFitText('a.fit.yaml', fitText({ type: 'pump', fits: [] })).fits).toEqual({ type: 'pump', fits: [] });
});

it('mistakes are named with their line', () => {
  const text = `type: pump
fits:
  - fitted: yesterday
    start: 2026-01-01T00:00:00Z
    end: 2026-01-02T00:00:00Z
    parameters:
      k: { value: 1, uncertainty: -1 }
`;
  const { fits, defects } = readFitText('twins/pump.fit.yaml', text);
  expect(fits).toBeUndefined();
  expect(defects.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'twins/pump.fit.yaml:3',
    'twins/pump.fit.yaml:7',
  ]);
});
