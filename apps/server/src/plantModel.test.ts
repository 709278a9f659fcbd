import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { storedTag } from '@tidegate/platform/northbound/testbed/memoryHistorian.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlantModel } from './plantModel.ts';

const ASSETS =
  'assets:\n  - { path: acme/pump-1, attributes: { flow: { tag: FT-1, unit: m3/h }, odd: { tag: FT-1, unit: Cel } } }\n';
let dataDirectory: string;
let events: PlantEvent[];
let timers: (() => void)[];
const clock: Clock = {
  now: systemClock.now,
  elapsedMs: systemClock.elapsedMs,
  after(_, action) {
    timers.push(action);
    return () => timers.splice(timers.indexOf(action), 1);
  },
};

async function open(directory: string | undefined): Promise<PlantModel> {
  const tag = { ...storedTag(0), path: 'acme/north/flow', aliases: ['FT-1'], unit: 'L/s' };
  const historian = { tags: () => [tag], tagRevision: 0 };
  const opened = await PlantModel.open({
    dataDirectory,
    directory,
    historian,
    clock,
    events: (event) => events.push(event),
  });
  if (!opened.ok) throw new Error(opened.fault.detail);
  return opened.value;
}

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'tidegate-plant-'));
  events = [];
  timers = [];
});
afterEach(() => rm(dataDirectory, { recursive: true }));

describe('the model of a server', () => {
  it('is applied from its directory once, without what is wrong in it, and is there again after a restart', async () => {
    const directory = join(dataDirectory, 'model');
    await mkdir(join(directory, 'assets'), { recursive: true });
    await writeFile(join(directory, 'assets/north.yaml'), ASSETS);
    const first = await open(directory);
    await first.applyFirst();
    expect(first.store.current()?.version).toMatchObject({ number: 1, effective: 0, by: 'server.yaml' });
    expect(events.map(({ kind }) => kind)).toEqual(['model.changed', 'model.defective']);
    expect(events[1].detail).toContain('assets/north.yaml:2:73  "odd" is in Cel, and its tag in L/s (of acme/pump-1)');
    first.close();
    expect(timers).toEqual([]);
    const second = await open(directory);
    await second.applyFirst();
    expect(second.store.versions()).toHaveLength(1);
    expect(second.store.current()?.model.assets.has('acme/pump-1')).toBe(true);
    second.close();
  });

  it('is none where the directory holds none', async () => {
    const model = await open(join(dataDirectory, 'nowhere'));
    await model.applyFirst();
    expect(model.store.current()).toBeUndefined();
    expect(events).toMatchObject([{ kind: 'model.defective', detail: expect.stringContaining('no such directory') }]);
    model.close();
  });

  it('goes on to a version whose time has come', async () => {
    const model = await open(undefined);
    const texts = new Map([['assets/a.yaml', 'assets:\n  - { path: acme/a }\n']]);
    const soon = systemClock.now() + 50_000;
    await model.store.apply({ texts, by: 'ada', comment: '', effective: soon as never });
    expect(model.store.current()).toBeUndefined();
    while (systemClock.now() < soon) await new Promise(setImmediate);
    const changed = new Promise<void>((resolve) => model.store.onChange(() => resolve()));
    for (const timer of timers.splice(0)) timer();
    await changed;
    expect(model.store.current()?.version.number).toBe(1);
    model.close();
  });
});
