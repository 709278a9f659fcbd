/** `tidegate model` as an engineer calls it, against the doors of a server with a real store. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ModelPlant, openModelPlant } from '@tidegate/platform/model/assets/testbed/modelPlant.ts';
import { HistorianDoor } from '@tidegate/platform/northbound/testbed/historianDoor.ts';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './architecture/sourceTree.ts';

const TYPES = `types:
  - type: pump
    version: 1
    attributes:
      flow: { tag: "{path}/flow", unit: m3/h }
      power: { tag: "{path}/power", unit: kW }
`;
const ASSETS = `assets:
  - { path: acme/pump-1, type: pump }
  - { path: acme/pump-2, type: pump }
`;

let directory: string;
let door: HistorianDoor;
let plant: ModelPlant;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidegate-model-command-'));
  plant = await openModelPlant();
  door = await HistorianDoor.open(undefined, () => ({ model: plant.store }));
});
afterAll(async () => {
  await door.stop();
  await plant.stop();
  await rm(directory, { recursive: true });
});

function model(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const [name, ...rest] = args;
  const command = ['apps/tidegate/src/main.ts', 'model', name, ...rest, '--server', door.url];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function write(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const place = path.join(directory, name);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(place, file)), { recursive: true });
    await writeFile(path.join(place, file), text);
  }
  return place;
}

test('a model is planned, applied, shown, changed and exported', async () => {
  const place = await write('model', { 'types/pump.yaml': TYPES, 'assets/pumps.yaml': ASSETS });
  expect((await model('versions')).stdout).toContain('No model has been applied yet.');
  const planned = await model('plan', place);
  expect([planned.status, planned.stdout]).toEqual([
    0,
    'types\n  + pump\n      version: 1\n\nassets\n  + acme\n  + acme/pump-1 (pump), 2 attributes\n  + acme/pump-2 (pump), 2 attributes\n\n' +
      'Plan: 3 to add, 0 to change, 0 to remove; 1 changes of types and relations (the first version).\n',
  ]);
  const applied = await model('apply', place, '--by', 'ada', '--comment', 'the pumps');
  expect([applied.status, applied.stdout]).toEqual([0, expect.stringMatching(/\* 1 +ever .* ada +the pumps\n$/)]);
  expect((await model('plan', place)).stdout).toBe('Nothing changes: these texts are version 1.\n');

  await write('model', {
    'types/pump.yaml': TYPES.replace('version: 1', 'version: 2').replace('unit: kW', 'unit: W'),
    'assets/pumps.yaml': ASSETS.replace('acme/pump-2', 'acme/feed-pump'),
  });
  const changed = await model('plan', place);
  expect(changed.stdout.split('\n')).toEqual([
    ...['types', '  ~ pump', '      version: 1 -> 2', '', 'assets'],
    '  + acme/feed-pump (pump), 2 attributes',
    ...['  ~ acme/pump-1 (pump)', '      type: pump v1 -> pump v2'],
    '      ~ power  unit: kW -> W  breaks its contract: its unit changes from kW to W',
    ...['  - acme/pump-2 (pump), 2 attributes', ''],
    '! acme/pump-2 goes and acme/feed-pump comes: if it is the same, give it `id: acme/pump-2` and it keeps its history',
    ...['', 'Plan: 1 to add, 1 to change, 1 to remove; 1 changes of types and relations (after version 1).', ''],
  ]);
  const renamed = ASSETS.replace('acme/pump-2', 'acme/feed-pump, id: acme/pump-2');
  await write('model', { 'assets/pumps.yaml': renamed });
  expect((await model('apply', place, '--by', 'ada')).status).toBe(0);
  const shown = await model('show', 'acme/pump-2');
  expect(shown.stdout).toMatch(
    /^acme\/feed-pump\n {2}type +pump\n {2}level +equipment\n {2}id +acme\/pump-2\n {2}once +acme\/pump-2\n/,
  );
  expect(shown.stdout).toContain('  flow   m3/h    tag acme/feed-pump/flow\n');
  // Whoever asks for the past by the name of today finds what it was.
  const before = await model('show', 'acme/feed-pump', '--at', '1980-01-01T00:00:00Z');
  expect(before.stdout).toMatch(/^acme\/pump-2\n/);

  const old = path.join(directory, 'old');
  expect((await model('export', old, '--model', '1')).status).toBe(0);
  expect(await readFile(path.join(old, 'types/pump.yaml'), 'utf8')).toBe(TYPES);
  const again = await model('export', old, '--model', '2');
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('--overwrite')]);
});

test('what is wrong is named with file, line and hint, and whoever would be broken by name', async () => {
  const place = await write('wrong', { 'assets/a.yaml': 'assets:\n  - { path: acme/x, type: pupm }\n' });
  const planned = await model('plan', place);
  expect(planned.status).toBe(1);
  expect(planned.stdout).toContain(`${place}/assets/a.yaml:2:13  there is no type "pupm"\n`);
  const refused = await model('apply', place);
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('assets/a.yaml:2: there is no type')]);
  plant.store.addSubscribers({ list: () => [{ name: 'dispatch', attributes: ['acme/**'] }] });
  const good = await write('good', { 'assets/a.yaml': 'assets:\n  - { path: acme/x }\n' });
  const broken = await model('apply', good);
  expect([broken.status, broken.stderr]).toEqual([1, expect.stringContaining('"dispatch" listens to acme/')]);
  expect((await model('apply', good, '--accept-breaking')).status).toBe(0);
  expect((await model('plan', path.join(directory, 'nowhere'))).status).toBe(2);
});

test('a list of tags becomes a draft that can be planned', async () => {
  const list = path.join(directory, 'tags.csv');
  await writeFile(
    list,
    'Tag,Unit\nsite/line-1/speed,/min\nsite/line-2/speed,/min\n10LAC10AP001 XB01,\n20LAC10AP001 XB01,\n',
  );
  const out = path.join(directory, 'draft');
  const drafted = await model('import', list, '--out', out);
  expect([drafted.status, drafted.stdout]).toEqual([0, expect.stringContaining('4 tags; ')]);
  expect((await model('plan', out)).stdout).toContain('+ site/line-2 (line), 1 attributes');
});

test('assets are written as Asset Administration Shells', async () => {
  const place = await write('shells', { 'types/pump.yaml': TYPES, 'assets/pumps.yaml': ASSETS });
  await model('apply', place, '--by', 'ada', '--accept-breaking');
  const file = path.join(directory, 'pumps.aasx');
  expect(await model('aasx', 'acme/pump-1', 'acme/pump-2', '--out', file)).toMatchObject({ status: 0, stderr: '' });
  const files = unzipSync(await readFile(file));
  const { assetAdministrationShells } = JSON.parse(strFromU8(files['aasx/data.json']));
  expect(assetAdministrationShells).toHaveLength(2);
  const again = await model('aasx', 'acme/pump-1', '--out', file);
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('--overwrite replaces it')]);
  const missing = await model('aasx', 'acme/pump-9', '--out', path.join(directory, 'none.aasx'));
  expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('acme/pump-9')]);
});
