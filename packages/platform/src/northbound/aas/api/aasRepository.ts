/** Finds shells, submodels and concept descriptions by identifier and by what they are asked for with. */

import type { Asset } from '../../../model/assets/assetModel.ts';
import { answer, type Outcome, refusal } from '../../rest/outcome.ts';
import { SUBMODEL_KINDS, type SubmodelKind } from '../mapping/aasIds.ts';
import { assetShell, shellIdShort, submodelOf } from '../mapping/assetShell.ts';
import { conceptDescriptions, conceptsOf, IEC_61360 } from '../mapping/conceptDescriptions.ts';
import { serialNumberOf } from '../mapping/nameplateSubmodel.ts';
import type { PlantView } from '../mapping/plantView.ts';
import {
  type ConceptDescription,
  type Environment,
  environment,
  type Submodel,
  type SubmodelElement,
} from '../metamodel/environment.ts';
import {
  type AasParameters,
  decodeIdentifier,
  decodeReference,
  decodeSpecificIds,
  type SpecificId,
} from './aasQuery.ts';
import { isElementPath, trailTo } from './elementPath.ts';

/** A submodel that need not be made yet. */
export interface SubmodelPlace {
  readonly kind: SubmodelKind;
  readonly asset: Asset;
}

export interface FoundElement {
  readonly submodel: Submodel;
  /** From the outermost element to the one that was asked for. */
  readonly trail: readonly SubmodelElement[];
}

/** A file of more assets than this would hold the server up: each is some 70 kB with 20 attributes. */
const MAX_SERIALIZED_ASSETS = 100;

export class AasRepository {
  readonly view: PlantView;

  constructor(view: PlantView) {
    this.view = view;
  }

  /** In the order of the model; those with all the names that are asked for. */
  assets({ idShort, assetIds }: AasParameters): Outcome<readonly Asset[]> {
    const wanted = decodeSpecificIds(assetIds);
    if (!wanted.ok) return wanted;
    const assets = [...this.view.model.assets.values()];
    return answer(
      assets.filter(
        (asset) =>
          (idShort === undefined || shellIdShort(asset) === idShort) &&
          wanted.value.every((id) => this.#hasName(asset, id)),
      ),
    );
  }

  asset(shell: string): Outcome<Asset> {
    const id = decodeIdentifier('aasIdentifier', shell);
    if (!id.ok) return id;
    const asset = this.view.model.assets.get(this.view.ids.assetOfShell(id.value) ?? '');
    return asset ? answer(asset) : unknown('shell', id.value);
  }

  submodels({ idShort, semanticId }: AasParameters): Outcome<readonly SubmodelPlace[]> {
    const meaning = semanticId === undefined ? undefined : decodeReference('semanticId', semanticId);
    if (meaning && !meaning.ok) return meaning;
    const assets = [...this.view.model.assets.values()];
    const kinds = SUBMODEL_KINDS.filter((kind) => {
      const sample = assets.length > 0 ? submodelOf(kind, assets[0], this.view) : undefined;
      if (idShort !== undefined && sample?.idShort !== idShort) return false;
      return meaning === undefined || sample?.semanticId?.keys.at(-1)?.value === meaning.value;
    });
    return answer(assets.flatMap((asset) => kinds.map((kind) => ({ kind, asset }))));
  }

  /** Of any shell, or of `shell` alone where it is given. */
  submodel(identifier: string, shell?: string): Outcome<Submodel> {
    const owner = shell === undefined ? undefined : this.asset(shell);
    if (owner && !owner.ok) return owner;
    const place = this.#place(identifier);
    if (!place.ok) return place;
    const { kind, asset } = place.value;
    if (owner && owner.value !== asset) return refusal('aas.unknown', 'The shell has no submodel of this identifier.');
    return answer(submodelOf(kind, asset, this.view));
  }

  element(submodel: Submodel, path: string): Outcome<FoundElement> {
    if (!isElementPath(path)) return refusal('request.invalid', `"${path}" is no path of short names.`);
    const trail = trailTo(submodel, path);
    if (trail) return answer({ submodel, trail });
    return refusal('aas.unknown', `The submodel ${submodel.id} has no element ${path}.`);
  }

  /** No concept is a case of another one, and all have the one data specification. */
  concepts({ idShort, isCaseOf, dataSpecificationRef }: AasParameters): Outcome<readonly ConceptDescription[]> {
    const specification =
      dataSpecificationRef === undefined
        ? answer<string>(IEC_61360)
        : decodeReference('dataSpecificationRef', dataSpecificationRef);
    if (!specification.ok) return specification;
    if (isCaseOf !== undefined || specification.value !== IEC_61360) return answer([]);
    const concepts = [...conceptDescriptions(this.view)];
    return answer(idShort === undefined ? concepts : concepts.filter((concept) => concept.idShort === idShort));
  }

  concept(identifier: string): Outcome<ConceptDescription> {
    const id = decodeIdentifier('cdIdentifier', identifier);
    if (!id.ok) return id;
    for (const concept of conceptDescriptions(this.view)) if (concept.id === id.value) return answer(concept);
    return unknown('concept description', id.value);
  }

  /** Shells with their submodels, or the submodels that are named; everything, where nothing is. */
  environment({ aasIds, submodelIds, includeConceptDescriptions }: AasParameters): Outcome<Environment> {
    const assets = all(aasIds, (id) => this.asset(id));
    if (!assets.ok) return assets;
    const places = all(submodelIds, (id) => this.#place(id));
    if (!places.ok) return places;
    const isAll = aasIds.length === 0 && submodelIds.length === 0;
    const shown = isAll ? [...this.view.model.assets.values()] : assets.value;
    const named = new Set([...shown, ...places.value.map(({ asset }) => asset)]);
    if (named.size > MAX_SERIALIZED_ASSETS) {
      const detail = `A file holds ${MAX_SERIALIZED_ASSETS} shells at most, and these are ${named.size}: name fewer aasIds.`;
      return refusal('request.invalid', detail);
    }
    const concepts = new Map([...named].flatMap((asset) => conceptsOf(asset, this.view)).map((one) => [one.id, one]));
    const whole = shown.flatMap((asset) => SUBMODEL_KINDS.map((kind) => ({ kind, asset })));
    const submodels = submodelIds.length > 0 ? places.value : whole;
    return answer(
      environment({
        assetAdministrationShells: shown.map((asset) => assetShell(asset, this.view)),
        submodels: submodels.map(({ kind, asset }) => submodelOf(kind, asset, this.view)),
        conceptDescriptions: includeConceptDescriptions ? [...concepts.values()] : [],
      }),
    );
  }

  #place(identifier: string): Outcome<SubmodelPlace> {
    const id = decodeIdentifier('submodelIdentifier', identifier);
    if (!id.ok) return id;
    const name = this.view.ids.submodelOf(id.value);
    const asset = this.view.model.assets.get(name?.asset ?? '');
    return name && asset ? answer({ kind: name.kind, asset }) : unknown('submodel', id.value);
  }

  /** The names that `assetShell` gives an asset, without a shell for each asset of the plant. */
  #hasName(asset: Asset, { name, value }: SpecificId): boolean {
    switch (name) {
      case 'globalAssetId':
        return this.view.ids.globalAsset(asset.id) === value;
      case 'assetId':
        return asset.id === value;
      case 'path':
        return asset.path === value;
      case 'formerPath':
        return asset.formerPaths.includes(value);
      case 'serialNumber':
        return serialNumberOf(asset)?.value === value;
      default:
        return false;
    }
  }
}

function unknown(what: string, id: string): Outcome<never> {
  return refusal('aas.unknown', `There is no ${what} ${id}.`);
}

/** Each once, in order; the first refusal where there is one. */
function all<T>(ids: readonly string[], find: (id: string) => Outcome<T>): Outcome<readonly T[]> {
  const found = new Map<string, T>();
  for (const id of ids) {
    const one = find(id);
    if (!one.ok) return one;
    found.set(id, one.value);
  }
  return answer([...found.values()]);
}
