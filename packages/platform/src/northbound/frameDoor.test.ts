/** Event frames as people and programs meet them, over HTTP. */

import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FrameDetail, FrameOverlay, FramePage } from './contract/event.ts';
import { type AnyJson, HistorianDoor } from './testbed/historianDoor.ts';
import { type FramePlant, openFramePlant } from './testbed/plantFrames.ts';

const S = 1_000_000;
const START = Date.parse('2026-05-04T08:00:00Z') * 1_000;
const TEXTS = new Map([
  [
    'types/t.yaml',
    `types:
  - type: driver
    version: 1
    attributes: { power: { tag: "{path}/power", unit: kW } }
  - type: train
    version: 1
    attributes: { state: { tag: "{path}/state" }, doubled: { formula: "2 * 'driver/power'", unit: kW } }
    components: { driver: driver }
`,
  ],
  [
    'assets/a.yaml',
    `assets:
  - { path: acme, level: site }
  - { path: acme/train-1, type: train }
  - { path: acme/train-2, type: train }
`,
  ],
  [
    'frames/f.yaml',
    `frames:
  - { name: campaign, kind: other, type: train, while: "'state' > 0" }
  - name: run
    kind: run
    description: From when the train carries load until it no longer does
    type: train
    while: "'state' == 2"
    least: 5s
    within: campaign
    figures:
      mean power: { attribute: driver/power, capture: average }
      most: { attribute: doubled, capture: maximum }
`,
  ],
]);

let door: HistorianDoor;
let plant: FramePlant;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock((START + 600 * S) as Timestamp);
  door = await HistorianDoor.open(clock, async (historian, directory) => {
    plant = await openFramePlant(historian, directory, clock, TEXTS);
    return { model: plant.model, frames: plant };
  });
});
afterEach(async () => {
  await plant.close();
  await door.stop();
});

const post = async (path: string, body: object): Promise<AnyJson> => {
  const response = await door.post(path, body);
  const answer = (await response.json()) as AnyJson;
  expect(response.ok, JSON.stringify(answer)).toBe(true);
  return answer;
};

/** Values by seconds since the start. */
async function bring(path: string, samples: Readonly<Record<number, number>>, stepped = false): Promise<void> {
  const times = Object.keys(samples).map((second) => START + Number(second) * S);
  await post('/history/import', { series: [{ path, stepped, times, values: Object.values(samples) }] });
  expect(await plant.frames.deriver.settle()).toMatchObject({ ok: true });
}

async function frames(query = ''): Promise<FramePage['frames']> {
  return FramePage.parse(await door.json(`/frames?start=2026-05-04T00:00:00Z${query}`)).frames;
}

const spans = (list: FramePage['frames']) =>
  list.map(({ template, start, end }) => `${template} ${(start - START) / S}-${end === null ? '' : (end - START) / S}`);

async function runTrain(path = 'acme/train-1'): Promise<void> {
  await bring(`${path}/driver/power`, { 0: 0, 100: 0, 101: 100, 200: 300, 201: 0, 400: 0 });
  await bring(`${path}/state`, { 0: 0, 90: 1, 100: 2, 200: 0, 400: 0 }, true);
}

it('a run lies within its campaign, with figures that open down to the samples', async () => {
  await runTrain();
  const list = await frames();
  expect(spans(list)).toEqual(['run 100-200', 'campaign 90-200']);
  const run = FrameDetail.parse(await door.json(`/frames/${list[0].id}`));
  expect(run).toMatchObject({
    asset: { path: 'acme/train-1' },
    kind: 'run',
    seconds: 100,
    uncertain: false,
    parent: list[1].id,
    around: { template: 'campaign' },
    conditions: [{ edge: 'start', expression: "'state' == 2", sources: [{ path: 'acme/train-1/state' }] }],
    captured: [
      { name: 'mean power', unit: 'kW', capture: 'average', source: { path: 'acme/train-1/driver/power' } },
      { name: 'most', value: 600, source: { path: 'acme/train-1/doubled' } },
    ],
  });
  const opened = (await (await fetch(`${door.url}${run.captured[0].source.history}`)).json()) as AnyJson;
  expect(opened.series[0]).toMatchObject({ values: [0, 100, 300], tags: ['acme/train-1/driver/power'] });
  const campaign = FrameDetail.parse(await door.json(`/frames/${list[1].id}`));
  expect(spans(campaign.children)).toEqual(['run 100-200']);
});

it('late data moves an edge; what was written stays, and the number of the frame with it', async () => {
  await runTrain();
  const [{ id }] = await frames('&template=run');
  await post('/frames/notes', { frame: id, by: 'mira', text: 'new oil' });
  await bring('acme/train-1/state', { 60: 1, 95: 2 }, true);
  expect(spans(await frames())).toEqual(['run 95-200', 'campaign 60-200']);
  const run = FrameDetail.parse(await door.json(`/frames/${id}`));
  expect([run.start, run.end]).toEqual([START + 95 * S, START + 200 * S]);
  expect(run.notes).toMatchObject([{ by: 'mira', text: 'new oil' }]);
});

it('late data of what was measured changes the figures, and nothing else', async () => {
  await runTrain();
  await bring('acme/train-1/driver/power', { 150: 1_000 });
  expect(await frames('&template=run')).toMatchObject([{ start: START + 100 * S, figures: { most: 2_000 } }]);
});

it('a correction of history derives again', async () => {
  await runTrain();
  const correct = async (kind: string, body: object) => {
    await post('/history/edits', { tag: 'acme/train-1/state', kind, by: 'ada', reason: 'stuck contact', ...body });
    await plant.frames.deriver.settle();
  };
  await correct('insert', {
    samples: [
      { time: START + 150 * S, value: 1 },
      { time: START + 160 * S, value: 2 },
    ],
  });
  expect(spans(await frames('&template=run'))).toEqual(['run 160-200', 'run 100-150']);
  await correct('delete', { start: START + 90 * S, end: START + 201 * S });
  expect(spans(await frames())).toEqual([]);
});

it('a frame that a correction takes away is there for its notes', async () => {
  await runTrain();
  const [{ id }] = await frames('&template=run');
  await post('/frames/notes', { frame: id, by: 'mira', text: 'which run?' });
  await post('/history/edits', {
    ...{ tag: 'acme/train-1/state', kind: 'delete', by: 'ada', reason: 'test signal' },
    ...{ start: START + 90 * S, end: START + 201 * S },
  });
  await plant.frames.deriver.settle();
  expect(await door.json(`/frames/${id}`)).toMatchObject({ gone: true, notes: [{ text: 'which run?' }] });
  expect(await frames()).toEqual([]);
});

it('a tag that comes later than the model is watched from its first sample on', async () => {
  expect(await frames()).toEqual([]);
  await bring('acme/train-2/state', { 500: 2 }, true);
  expect(spans(await frames('&asset=acme%2Ftrain-2&open=true'))).toEqual(['run 500-', 'campaign 500-']);
  await clock.advance(30_000);
  expect((await frames('&template=run'))[0].seconds).toBe(130);
});

it.each([
  ['', ['run 100-200', 'run 100-200', 'campaign 90-200', 'campaign 90-200']],
  ['&asset=acme%2Ftrain-1', ['run 100-200', 'campaign 90-200']],
  ['&asset=acme%2Ftrain-1%2Fdriver', []],
  ['&asset=acme&kind=run', ['run 100-200', 'run 100-200']],
  ['&kind=run&template=campaign', []],
  ['&open=true', []],
  ['&end=2026-05-04T08:01:35Z', ['campaign 90-200', 'campaign 90-200']],
])('frames by %s', async (query, expected) => {
  await runTrain();
  await runTrain('acme/train-2');
  expect(spans(await frames(query))).toEqual(expected);
  const paged: FramePage['frames'] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page = FramePage.parse(
      await door.json(`/frames?start=2026-05-04T00:00:00Z${query}&limit=1${next === '' ? '' : `&cursor=${next}`}`),
    );
    paged.push(...page.frames);
    next = page.next;
  }
  expect(spans(paged)).toEqual(expected);
});

it('frames lie over each other on one axis', async () => {
  await runTrain();
  await bring('acme/train-2/driver/power', { 0: 50, 400: 50 });
  await bring('acme/train-2/state', { 0: 0, 100: 2, 150: 0, 400: 0 }, true);
  const ids = (await frames('&template=run')).map(({ id }) => id).sort();
  const overlay = FrameOverlay.parse(await door.json(`/frames/overlay?frames=${ids}&attribute=driver/power&points=5`));
  expect(overlay).toMatchObject({ unit: 'kW', seconds: [0, 25, 50, 75, 100] });
  expect(overlay.frames.map(({ values }) => values.map((value) => value && Math.round(value)))).toEqual([
    [0, 148, 199, 249, 300],
    [50, 50, 50, null, null],
  ]);
  expect(overlay.mean[4]).toBe(300);
  expect([overlay.low[1], overlay.mean[0], overlay.high[0]]).toEqual([50, 25, 50]);
});

it.each([
  ['/frames/77', 404, 'frame.unknown'],
  ['/frames/none', 400, 'request.invalid'],
  ['/frames?asset=acme/trian', 404, 'asset.unknown'],
  ['/frames?cursor=x', 400, 'request.invalid'],
  ['/frames/overlay?frames=1,x&attribute=power', 400, 'request.invalid'],
  ['/performance/oee?asset=acme/train-1', 404, 'performance.unknown'],
  ['/performance/energy?name=gas', 404, 'performance.unknown'],
])('%s is refused with %i %s', async (path, status, code) => {
  const response = await door.get(path);
  expect([response.status, ((await response.json()) as AnyJson).code]).toEqual([status, code]);
});
