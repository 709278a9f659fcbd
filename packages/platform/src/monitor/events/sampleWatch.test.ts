import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it, onTestFinished } from 'vitest';
import type { StoredTag } from '../../historian/query/historianReader.ts';
import { definitionOf, GatewayStream } from '../../historian/query/testbed/gatewayStream.ts';
import { historiansOf } from '../../historian/query/testbed/historians.ts';
import { runOf } from '../../historian/query/testbed/sampleRuns.ts';
import { SampleWatch } from './sampleWatch.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

async function watched() {
  const historian = await openHistorian(await makeDirectory());
  const gateway = new GatewayStream('g');
  const append = async (rows: Parameters<GatewayStream['sealRows']>[0]) => {
    const { header, bytes } = gateway.sealRows(rows);
    expect(await historian.sink.append(header, bytes)).toMatchObject({ ok: true });
  };
  const watch = new SampleWatch(historian);
  const told: number[] = [];
  const tags = (): readonly StoredTag[] => historian.tags().filter(({ path }) => path === 'plant/area/tag-0');
  const stop = watch.watch(tags, (from) => told.push(from));
  /** What was told, when all that is looked up has been. */
  const heard = async () => {
    await historian.raw(0, 0 as Timestamp, 1 as Timestamp, 1);
    await new Promise(setImmediate);
    return told.splice(0);
  };
  return { historian, append, watch, stop, heard };
}

it('tells of new samples from the one before on, of late ones from the one before them on, and of nothing else', async () => {
  const { historian, append, stop, heard } = await watched();
  await append([[0, 10, 1]]);
  expect(await heard()).toEqual([]);
  await historian.sink.defineTags('g', [definitionOf(0), definitionOf(1)]);
  await append([[0, 20, 1]]);
  expect(Math.min(...(await heard()))).toBeLessThanOrEqual(20);
  await append([
    [0, 40, 1],
    [0, 30, 1],
  ]);
  expect(await heard()).toEqual([30, 20]);
  await append([[1, 50, 1]]);
  expect(await heard()).toEqual([]);
  await append([[0, 25, 7]]);
  expect(await heard()).toEqual([25, 20]);
  stop();
  await append([[0, 60, 1]]);
  expect(await heard()).toEqual([]);
});

it('tells of corrections, and where nothing was before, of no more', async () => {
  const { historian, append, heard } = await watched();
  await historian.sink.defineTags('g', [definitionOf(0), definitionOf(1)]);
  await append([
    [0, 100, 1],
    [0, 200, 2],
    [1, 100, 1],
  ]);
  await heard();
  const by = { by: 'ada', reason: 'test' };
  await historian.edit({
    ...by,
    kind: 'update',
    tag: 0,
    samples: runOf([
      [180, 5],
      [150, 5],
    ]),
  });
  expect(await heard()).toEqual([150, 100]);
  await historian.edit({ ...by, kind: 'delete', tag: 0, start: 90, end: 160 });
  expect(await heard()).toEqual([90]);
  await historian.edit({ ...by, kind: 'delete', tag: 1, start: 90, end: 160 });
  await historian.edit({ ...by, kind: 'delete', tag: 0, start: 90, end: 160 });
  expect(await heard()).toEqual([]);
});
