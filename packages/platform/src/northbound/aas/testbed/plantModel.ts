/** A small plant with something of everything that a shell shows, and a view of it with known values. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { AssetModel } from '../../../model/assets/assetModel.ts';
import { loadAssetModel } from '../../../model/assets/loadAssetModel.ts';
import { AasIds, SUBMODEL_KINDS } from '../mapping/aasIds.ts';
import { assetShell, submodelOf } from '../mapping/assetShell.ts';
import { conceptDescriptions } from '../mapping/conceptDescriptions.ts';
import type { PlantView } from '../mapping/plantView.ts';
import { type Environment, environment } from '../metamodel/environment.ts';

export const PLANT_FILES: Readonly<Record<string, string>> = {
  'types/pump.yaml': `types:
  - type: pump
    version: 1
    attributes:
      speed: { tag: "{path}/speed", unit: /min, low: 0, high: 3000, uncertainty: 5, description: of the shaft }
      running: { tag: "{path}/running", type: boolean }
      stage: { tag: "{path}/stage", type: string }
      starts: { tag: "{path}/starts" }
      due: { unit: d }
    components: { motor: motor }
  - { type: motor, version: 1, attributes: { winding: { tag: "{path}/winding", unit: Cel } } }
`,
  'assets/north.yaml': `assets:
  - path: acme/north/pump-1
    id: P1
    type: pump
    description: Feeds the tank
    nameplate: { manufacturer: Acme & Sons, serial-number: S-17, order-code: AB-1, year-of-construction: 2011, paint: blue }
    attributes: { colour: { value: green, type: string } }
    relations: { feeds: acme/north/tank }
  - { path: acme/north/tank, description: The tank }
`,
};

export const NOON = 1_767_268_800_000_000 as Timestamp;

const SAMPLES: Readonly<Record<string, Sample>> = {
  'P1 speed': { time: NOON, value: 1_487.5, status: STATUS.Good },
  'P1 running': { time: (NOON - 2_000_000) as Timestamp, value: 1, status: STATUS.Good },
  'P1 stage': { time: NOON, value: '<two>', status: STATUS.Uncertain },
  'P1 starts': { time: NOON, value: null, status: STATUS.BadCommunicationError },
};

export async function plantModel(): Promise<AssetModel> {
  const { model, defects } = await loadAssetModel(new Map(Object.entries(PLANT_FILES)), { formerPaths: new Map() });
  if (defects.length > 0) throw new Error(defects[0].message);
  return model;
}

export function viewOf(model: AssetModel): PlantView {
  const values = { latest: (asset: string, attribute: string) => SAMPLES[`${asset} ${attribute}`] };
  return { model, values, ids: new AasIds('https://acme.example/aas/'), origin: 'http://127.0.0.1:8420' };
}

/** All shells with all submodels and concepts. */
export function wholeEnvironment(view: PlantView): Environment {
  const assets = [...view.model.assets.values()];
  return environment({
    assetAdministrationShells: assets.map((asset) => assetShell(asset, view)),
    submodels: assets.flatMap((asset) => SUBMODEL_KINDS.map((kind) => submodelOf(kind, asset, view))),
    conceptDescriptions: [...conceptDescriptions(view)],
  });
}
