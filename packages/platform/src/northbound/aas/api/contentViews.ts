/** The same submodel or element as another content: values alone, metadata alone, paths, or a reference (IDTA 01002-3-0, 11.3). */

import {
  childrenOf,
  type Key,
  type Property,
  type Reference,
  type Submodel,
  type SubmodelElement,
} from '../metamodel/environment.ts';

/** `core` stops at the children of what is asked for, `deep` does not stop. */
export type Level = 'core' | 'deep';

/** An element with its children and nothing below them, or a submodel likewise. */
export function atLevel<T extends SubmodelElement | Submodel>(container: T, level: Level): T {
  if (level === 'deep') return container;
  return withChildren(container, childrenOf(container).map(withoutChildren));
}

/** An element as it is among the children of something that is read at level `core`. */
export function withoutChildren(element: SubmodelElement): SubmodelElement {
  return withChildren(element, []);
}

function withChildren<T extends SubmodelElement | Submodel>(container: T, children: readonly SubmodelElement[]): T {
  const field = CHILD_FIELDS[container.modelType];
  if (field === undefined) return container;
  const rest = Object.entries(container).filter(([name]) => name !== field);
  return Object.fromEntries(children.length > 0 ? [...rest, [field, children]] : rest) as unknown as T;
}

const CHILD_FIELDS: Readonly<Record<string, string>> = {
  Submodel: 'submodelElements',
  SubmodelElementCollection: 'value',
  Entity: 'statements',
};

/** What holds whatever the values are. A submodel and an element alike; of an entity its type stays, of a relation its kind. */
export function metadataOf(thing: SubmodelElement | Submodel): object {
  return Object.fromEntries(Object.entries(thing).filter(([name]) => !VALUE_FIELDS.has(name)));
}

const VALUE_FIELDS = new Set(['value', 'statements', 'submodelElements', 'first', 'second', 'globalAssetId']);

/** Values by short name, without what they mean. */
export function childValues(container: Submodel | SubmodelElement, level: Level): Record<string, unknown> {
  return Object.fromEntries(
    childrenOf(container).map((child) => [
      child.idShort!,
      level === 'core' && isContainer(child) ? {} : elementValue(child, 'deep'),
    ]),
  );
}

export function elementValue(element: SubmodelElement, level: Level): unknown {
  switch (element.modelType) {
    case 'Property':
      return propertyValue(element);
    case 'MultiLanguageProperty':
      return (element.value ?? []).map(({ language, text }) => ({ [language]: text }));
    case 'SubmodelElementCollection':
      return childValues(element, level);
    case 'Entity': {
      const { entityType, globalAssetId } = element;
      return { statements: childValues(element, level), entityType, globalAssetId };
    }
    case 'RelationshipElement':
      return { first: element.first, second: element.second };
  }
}

function isContainer({ modelType }: SubmodelElement): boolean {
  return modelType === 'SubmodelElementCollection' || modelType === 'Entity';
}

/** As JSON has it; NaN and infinity, which it has not, stay texts. */
function propertyValue({ valueType, value }: Property): unknown {
  if (value === undefined) return null;
  if (valueType === 'xs:boolean') return value === 'true';
  if (valueType !== 'xs:double' && valueType !== 'xs:long') return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/** The path of each element below `path`, and below those where `level` is deep. */
export function pathsBelow(container: Submodel | SubmodelElement, path: string, level: Level): string[] {
  return childrenOf(container).flatMap((child) => {
    const own = path === '' ? child.idShort! : `${path}.${child.idShort}`;
    return level === 'deep' ? [own, ...pathsBelow(child, own, level)] : [own];
  });
}

/** Leads to an element through what it lies in: `trail` begins directly below the submodel. */
export function referenceTo(submodel: Submodel, trail: readonly SubmodelElement[]): Reference {
  const keys = trail.map(({ modelType, idShort }): Key => ({ type: modelType, value: idShort! }));
  return { type: 'ModelReference', keys: [{ type: 'Submodel', value: submodel.id }, ...keys] };
}
