/** The addresses of the shell interface and what each reads: the read profiles of IDTA 01002-3-0. */

import { answer, type Outcome, refusal } from '../../rest/outcome.ts';
import { assetShell, submodelOf } from '../mapping/assetShell.ts';
import { modelReference } from '../metamodel/elements.ts';
import type { Submodel, SubmodelElement } from '../metamodel/environment.ts';
import type { AasParameters } from './aasQuery.ts';
import type { AasRepository, FoundElement, SubmodelPlace } from './aasRepository.ts';
import {
  atLevel,
  childValues,
  elementValue,
  metadataOf,
  pathsBelow,
  referenceTo,
  withoutChildren,
} from './contentViews.ts';
import { pageOf, pageOfTexts } from './page.ts';

export interface AasQuestion {
  readonly repository: AasRepository;
  readonly params: {
    readonly shell?: string;
    readonly submodel?: string;
    readonly path?: string;
    readonly concept?: string;
  };
  readonly query: AasParameters;
}

export interface AasEndpoint {
  /** Below the root, in the writing of the router. */
  readonly path: string;
  readonly read: (question: AasQuestion) => Outcome<unknown>;
}

const API = 'https://admin-shell.io/aas/API/3/0';
/** Concept descriptions can be read as well, but no profile of the specification is of reading them alone. */
const PROFILES = [
  `${API}/AssetAdministrationShellRepositoryServiceSpecification/SSP-002`,
  `${API}/SubmodelRepositoryServiceSpecification/SSP-002`,
];

type Read<T> = (found: T, query: AasParameters) => unknown;

/** Contents of a submodel. */
const SUBMODEL: Readonly<Record<string, Read<Submodel>>> = {
  '': (submodel, { level }) => atLevel(submodel, level),
  '/$metadata': metadataOf,
  '/$value': (submodel, { level }) => childValues(submodel, level),
  '/$reference': (submodel) => referenceTo(submodel, []),
  '/$path': (submodel, { level }) => pathsBelow(submodel, '', level),
};

/** Contents of an element among others, directly below a submodel. */
const ELEMENT_OF_LIST: Readonly<Record<string, Read<{ submodel: Submodel; element: SubmodelElement }>>> = {
  '': ({ element }, { level }) => (level === 'core' ? withoutChildren(element) : element),
  '/$metadata': ({ element }) => metadataOf(element),
  '/$value': ({ element }, { level }) => ({ [element.idShort!]: elementValue(element, level) }),
  '/$reference': ({ submodel, element }) => referenceTo(submodel, [element]),
};

/** Contents of an element that is asked for by its path. */
const ELEMENT: Readonly<Record<string, Read<FoundElement & { element: SubmodelElement; path: string }>>> = {
  '': ({ element }, { level }) => atLevel(element, level),
  '/$metadata': ({ element }) => metadataOf(element),
  '/$value': ({ element }, { level }) => elementValue(element, level),
  '/$reference': ({ submodel, trail }) => referenceTo(submodel, trail),
  '/$path': ({ element, path }, { level }) => [path, ...pathsBelow(element, path, level)],
};

function shellEndpoints(): AasEndpoint[] {
  const nameOf = ({ id }: { id: string }) => id;
  const list = (show: 'shell' | 'reference') => (question: AasQuestion) => {
    const { repository, query } = question;
    const assets = repository.assets(query);
    if (!assets.ok) return assets;
    const { view } = repository;
    return pageOf(
      assets.value,
      nameOf,
      (asset) =>
        show === 'shell'
          ? assetShell(asset, view)
          : modelReference({ type: 'AssetAdministrationShell', value: view.ids.shell(asset.id) }),
      query,
    );
  };
  const one = (read: (shell: ReturnType<typeof assetShell>, query: AasParameters) => Outcome<unknown>) => {
    return ({ repository, params, query }: AasQuestion) => {
      const asset = repository.asset(params.shell!);
      return asset.ok ? read(assetShell(asset.value, repository.view), query) : asset;
    };
  };
  return [
    { path: '/shells', read: list('shell') },
    { path: '/shells/$reference', read: list('reference') },
    { path: '/shells/:shell', read: one((shell) => answer(shell)) },
    {
      path: '/shells/:shell/$reference',
      read: one(({ id }) => answer(modelReference({ type: 'AssetAdministrationShell', value: id }))),
    },
    { path: '/shells/:shell/asset-information', read: one((shell) => answer(shell.assetInformation)) },
    {
      path: '/shells/:shell/asset-information/thumbnail',
      read: one(() => refusal('aas.unknown', 'No shell has a thumbnail.')),
    },
    {
      path: '/shells/:shell/submodel-refs',
      read: one(({ submodels }, query) =>
        pageOf(
          submodels,
          ({ keys }) => keys[0].value,
          (reference) => reference,
          query,
        ),
      ),
    },
  ];
}

function submodelListEndpoints(): AasEndpoint[] {
  return Object.entries(SUBMODEL).map(([content, show]) => ({
    path: `/submodels${content}`,
    read({ repository, query }) {
      const places = repository.submodels(query);
      if (!places.ok) return places;
      const { view } = repository;
      const nameOf = ({ kind, asset }: SubmodelPlace) => view.ids.submodel(kind, asset.id);
      const made = ({ kind, asset }: SubmodelPlace) => submodelOf(kind, asset, view);
      if (content !== '/$path') return pageOf(places.value, nameOf, (place) => show(made(place), query), query);
      return pageOfTexts(places.value, nameOf, (place) => pathsBelow(made(place), '', query.level), query);
    },
  }));
}

/** A submodel is reached by itself and through its shell. */
function submodelEndpoints(root: string): AasEndpoint[] {
  const find = ({ repository, params }: AasQuestion) => repository.submodel(params.submodel!, params.shell);
  const whole = Object.entries(SUBMODEL).map(
    ([content, show]): AasEndpoint => ({
      path: `${root}${content}`,
      read(question) {
        const submodel = find(question);
        return submodel.ok ? answer(show(submodel.value, question.query)) : submodel;
      },
    }),
  );
  const elements = Object.entries(ELEMENT_OF_LIST).map(
    ([content, show]): AasEndpoint => ({
      path: `${root}/submodel-elements${content}`,
      read(question) {
        const submodel = find(question);
        if (!submodel.ok) return submodel;
        return pageOf(
          submodel.value.submodelElements ?? [],
          ({ idShort }) => idShort!,
          (element) => show({ submodel: submodel.value, element }, question.query),
          question.query,
        );
      },
    }),
  );
  return [...whole, ...elements, pathList(root, find), ...elementEndpoints(root, find)];
}

type FindSubmodel = (question: AasQuestion) => Outcome<Submodel>;

function pathList(root: string, find: FindSubmodel): AasEndpoint {
  return {
    path: `${root}/submodel-elements/$path`,
    read(question) {
      const submodel = find(question);
      if (!submodel.ok) return submodel;
      const paths = pathsBelow(submodel.value, '', question.query.level);
      return pageOf(
        paths,
        (path) => path,
        (path) => path,
        question.query,
      );
    },
  };
}

function elementEndpoints(root: string, find: FindSubmodel): AasEndpoint[] {
  const at = (question: AasQuestion) => {
    const submodel = find(question);
    return submodel.ok ? question.repository.element(submodel.value, question.params.path!) : submodel;
  };
  const contents = Object.entries(ELEMENT).map(
    ([content, show]): AasEndpoint => ({
      path: `${root}/submodel-elements/:path${content}`,
      read(question) {
        const found = at(question);
        if (!found.ok) return found;
        const element = found.value.trail.at(-1)!;
        return answer(show({ ...found.value, element, path: question.params.path! }, question.query));
      },
    }),
  );
  const attachment: AasEndpoint = {
    path: `${root}/submodel-elements/:path/attachment`,
    read(question) {
      const found = at(question);
      return found.ok ? refusal('aas.unknown', 'No element of a submodel here is a file.') : found;
    },
  };
  return [...contents, attachment];
}

export const AAS_ENDPOINTS: readonly AasEndpoint[] = [
  { path: '/description', read: () => answer({ profiles: PROFILES }) },
  ...shellEndpoints(),
  ...submodelListEndpoints(),
  ...submodelEndpoints('/submodels/:submodel'),
  ...submodelEndpoints('/shells/:shell/submodels/:submodel'),
  {
    path: '/concept-descriptions',
    read({ repository, query }) {
      const concepts = repository.concepts(query);
      if (!concepts.ok) return concepts;
      return pageOf(
        concepts.value,
        ({ id }) => id,
        (concept) => concept,
        query,
      );
    },
  },
  { path: '/concept-descriptions/:concept', read: ({ repository, params }) => repository.concept(params.concept!) },
];
