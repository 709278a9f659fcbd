import { afterEach, expect, it } from 'vitest';
import { historiansOf, mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { runOf } from '../../../historian/query/testbed/sampleRuns.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import { planPoints } from './evidencePoints.ts';
import { ScoreColumns } from './scoreColumns.ts';

const cleanUps: (() => Promise<void>)[] = [];
const { makeDirectory, openHistorian } = historiansOf((cleanUp) => void cleanUps.push(cleanUp));
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

it('what was scored before the asset moved stands before what was scored since', async () => {
  const historian = await openHistorian(await makeDirectory());
  const series = (asset: string, ...times: number[]) => ({
    ...{ path: `${asset}/health/seal/score`, type: 'number' as const, unit: '1', stepped: false, description: '' },
    run: runOf(times.map((time) => [time, time / 10])),
  });
  mustSucceed(await historian.importSamples([series('acme/new', 30, 40), series('acme/old', 10, 20)], 'test'));
  const watch = { name: 'seal', assetPath: 'acme/new', formerPaths: ['acme/old'] } as unknown as HealthWatch;
  const columns = new ScoreColumns(historian, watch, planPoints(0, 50, 10, 10));
  expect((await columns.read('score', 'last')).filter((value) => value !== null)).toEqual([1, 2, 3, 4]);
  expect(new Set(await columns.read('leak/level', 'last'))).toEqual(new Set([null]));
});
