import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { expect, it, onTestFinished } from 'vitest';
import { historiansOf, mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { runOf } from '../../../historian/query/testbed/sampleRuns.ts';
import { withJudgedVibration } from './judgedVibration.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const MINUTE = 60_000_000;

it('values of vibrations are those that were judged, row by row, and the rest stays', async () => {
  const historian = await openHistorian(await makeDirectory());
  const run = runOf([
    [MINUTE, 5],
    [2 * MINUTE, 6, STATUS.BadTimeout],
    [3 * MINUTE, 7],
    [9 * MINUTE, 8],
  ]);
  const tag = { type: 'number', unit: '1', stepped: true, description: '' } as const;
  mustSucceed(await historian.importSamples([{ ...tag, path: 'acme/m/health/bearing/outer/value', run }], 'test'));
  const feature = { of: { text: '', tags: [], windows: [], root: { kind: 'constant', value: 0 } }, text: '' } as const;
  const rest = { unit: '', negligible: 0, limit: undefined, description: '' };
  const outer = { measure: 'bpfo-prominence' } as const;
  const watch = {
    ...{ assetPath: 'acme/m', name: 'bearing' },
    features: [
      { ...feature, ...rest, name: 'heat', measure: 'average' as const },
      { ...feature, ...rest, name: 'outer', ...outer, vibration: outer },
      { ...feature, ...rest, name: 'never', ...outer, vibration: outer },
    ],
  };
  const none = () => new Float64Array(4).fill(Number.NaN);
  const table = {
    names: ['heat', 'outer', 'never'],
    times: Float64Array.of(MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE),
    columns: [Float64Array.of(1, 2, 3, 4), none(), none()],
    quality: new Float64Array(4).fill(1),
  };
  const { columns, ...others } = await withJudgedVibration(historian, watch, table);
  expect(columns.map((column) => [...column])).toEqual([
    [1, 2, 3, 4],
    [5, Number.NaN, 7, Number.NaN],
    [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
  ]);
  expect(others).toEqual({ names: table.names, times: table.times, quality: table.quality });
  const nothing = { ...table, times: new Float64Array(0), columns: [] };
  expect(await withJudgedVibration(historian, watch, nothing)).toEqual(nothing);
});
