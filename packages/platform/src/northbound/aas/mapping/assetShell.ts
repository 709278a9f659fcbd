/** An asset as a shell, and its submodels. */

import type { Asset } from '../../../model/assets/assetModel.ts';
import { described, externalReference, modelReference, names, writable } from '../metamodel/elements.ts';
import type { AssetAdministrationShell, SpecificAssetId, Submodel } from '../metamodel/environment.ts';
import { idShortOf } from '../metamodel/idShort.ts';
import { SUBMODEL_KINDS, type SubmodelKind } from './aasIds.ts';
import { nameplateSubmodel, serialNumberOf } from './nameplateSubmodel.ts';
import { operationalSubmodel } from './operationalSubmodel.ts';
import type { PlantView } from './plantView.ts';
import { structureSubmodel } from './structureSubmodel.ts';
import { timeSeriesSubmodel } from './timeSeriesSubmodel.ts';

const SUBMODELS: Readonly<Record<SubmodelKind, (asset: Asset, view: PlantView) => Submodel>> = {
  nameplate: nameplateSubmodel,
  'time-series': timeSeriesSubmodel,
  structure: structureSubmodel,
  'operational-data': operationalSubmodel,
};
const MAX_SPECIFIC_ID_LENGTH = 2_000;

export function assetShell(asset: Asset, { ids }: PlantView): AssetAdministrationShell {
  return {
    modelType: 'AssetAdministrationShell',
    ...{ id: ids.shell(asset.id), idShort: shellIdShort(asset), ...names(asset.path), ...described(asset.description) },
    assetInformation: {
      assetKind: 'Instance',
      globalAssetId: ids.globalAsset(asset.id),
      specificAssetIds: specificIds(asset),
      ...(asset.type !== undefined && { assetType: ids.assetType(asset.type) }),
    },
    submodels: SUBMODEL_KINDS.map((kind) => modelReference({ type: 'Submodel', value: ids.submodel(kind, asset.id) })),
  };
}

export function shellIdShort({ path }: Asset): string {
  return idShortOf(path.slice(path.lastIndexOf('/') + 1));
}

export function submodelOf(kind: SubmodelKind, asset: Asset, view: PlantView): Submodel {
  return SUBMODELS[kind](asset, view);
}

/** Names by which a shell is looked up: its id, its path and those before it, its serial number. */
function specificIds(asset: Asset): SpecificAssetId[] {
  const serial = serialNumberOf(asset);
  return [
    { name: 'assetId', value: asset.id },
    { name: 'path', value: asset.path },
    ...asset.formerPaths.map((value) => ({ name: 'formerPath', value })),
    ...(serial
      ? [{ semanticId: externalReference(serial.semanticId), name: 'serialNumber', value: serial.value }]
      : []),
  ].map((one) => ({ ...one, value: writable(one.value).slice(0, MAX_SPECIFIC_ID_LENGTH) }));
}
