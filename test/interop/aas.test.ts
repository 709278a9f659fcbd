/** Asset Administration Shells: what others make of our files, and of the interface. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readTextTree } from '@tidegate/config/readTextTree.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { type ModelPlant, openModelPlant } from '@tidegate/platform/model/assets/testbed/modelPlant.ts';
import { TwinEngine } from '@tidegate/platform/model/twins/engine/twinEngine.ts';
import { HistorianDoor } from '@tidegate/platform/northbound/testbed/historianDoor.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../architecture/sourceTree.ts';
import { describeWithPeer, Peer } from './peer.ts';

const PROFILE = 'https://admin-shell.io/aas/API/3/0/';
const PACKAGE = 'application/asset-administration-shell-package';
const NEEDS = 'import aas_test_engines, aas_core3, aas_core3_1, basyx.aas';

describeWithPeer('the test engines of the IDTA, aas-core and BaSyx', NEEDS, () => {
  let directory: string;
  let plant: ModelPlant;
  let door: HistorianDoor;
  let checker: Peer;
  let assets: number;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tidegate-aas-'));
    const { texts } = await readTextTree(path.join(ROOT, 'examples/station/model'));
    plant = await openModelPlant(Object.fromEntries([...texts].filter(([file]) => /^(types|assets)\//.test(file))));
    assets = plant.store.current()!.model.assets.size;
    door = await HistorianDoor.open(systemClock, (historian) => {
      const engine = new TwinEngine(historian, systemClock);
      engine.load(plant.store.current()!.model, new Map());
      return { model: plant.store, twins: engine };
    });
    checker = await Peer.start('aasChecker');
  });
  afterAll(async () => {
    await checker.stop();
    await door.stop();
    await plant.stop();
    await rm(directory, { recursive: true });
  });

  /** The whole station as a file of this type. */
  async function fileOf(type: string, name: string): Promise<string> {
    const answer = await fetch(`${door.url}/aas/v3/serialization`, { headers: { accept: type } });
    const place = path.join(directory, name);
    await writeFile(place, new Uint8Array(await answer.arrayBuffer()));
    return place;
  }

  it.each(['json', 'xml'])('find nothing wrong with a package of %s', async (form) => {
    expect(await checker.ask('checkFile', { path: await fileOf(`${PACKAGE}+${form}`, `${form}.aasx`) })).toEqual([]);
  });

  it('find no constraint of metamodel 3.0 and 3.1 broken', async () => {
    expect(await checker.ask('verify', { path: await fileOf('application/json', 'station.json') })).toEqual([]);
  });

  it('read every shell and submodel', async () => {
    const counts = await checker.ask('readFile', { path: await fileOf(`${PACKAGE}+json`, 'station.aasx') });
    expect(counts).toEqual({
      AssetAdministrationShell: assets,
      Submodel: 4 * assets,
      ConceptDescription: expect.any(Number),
    });
  });

  it.each(['AssetAdministrationShellRepository', 'SubmodelRepository'])(
    'find the read profile of the %s service as it should be',
    async (service) => {
      const suite = `${PROFILE}${service}ServiceSpecification/SSP-002`;
      const { failed, refused, answered } = await checker.ask<{
        readonly failed: readonly string[];
        readonly refused: readonly number[];
        readonly answered: readonly number[];
      }>('checkServer', { url: `${door.url}/aas/v3`, suite });
      // Of properties, where the engines are stricter than the specification: see the README.
      expect(failed).toEqual(['GetSubmodelElementByPath-ValueOnly', 'GetSubmodelElementByPath-Path']);
      expect([refused[0] > 30, refused[1], answered[0] > 60]).toEqual([true, 0, true]);
    },
  );
});
