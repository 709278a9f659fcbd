/** Makes whole types of what the texts say: what a type extends, and of which parts it is composed. */

import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { AssetType, ModelPlace } from '../assetModel.ts';
import type { TypeDraft } from '../text/modelDraft.ts';
import { MAX_PATH_SEGMENTS } from '../text/nameDefect.ts';
import { type AttributeTemplate, type Building, defineAttribute } from './attributeTemplate.ts';

const DEEP_HINT = `a path has at most ${MAX_PATH_SEGMENTS} segments`;

export interface TypeTemplate {
  readonly type: AssetType;
  readonly attributes: ReadonlyMap<string, AttributeTemplate>;
}

/** The types that can be used. One that extends or contains itself cannot, nor can what is made of it. */
export async function resolveTypes(
  drafts: readonly TypeDraft[],
  building: Building,
): Promise<ReadonlyMap<string, TypeTemplate>> {
  const byName = distinct(drafts, building);
  const order = inOrderOfLineage(byName, building);
  const templates = new Map<string, TypeTemplate>();
  for (const draft of order) {
    const base = draft.extends === undefined ? undefined : templates.get(draft.extends);
    templates.set(draft.name, await templateOf(draft, base, byName, building));
  }
  for (const name of selfContaining(templates, byName, building)) templates.delete(name);
  return templates;
}

function distinct(drafts: readonly TypeDraft[], { defects }: Building): Map<string, TypeDraft> {
  const byName = new Map<string, TypeDraft>();
  for (const draft of drafts) {
    const other = byName.get(draft.name);
    if (other) defects.add(draft.place, `the type "${draft.name}" stands twice`, `first at ${placeText(other.place)}`);
    else byName.set(draft.name, draft);
  }
  return byName;
}

export function placeText({ file, line }: ModelPlace): string {
  return `${file}:${line}`;
}

/** Each type behind the one that it extends; those whose lineage has no end are left out. */
function inOrderOfLineage(byName: ReadonlyMap<string, TypeDraft>, { defects }: Building): TypeDraft[] {
  const order = new Set<TypeDraft>();
  const unusable = new Set<string>();
  for (const draft of byName.values()) {
    const chain: TypeDraft[] = [];
    let next: TypeDraft | undefined = draft;
    let isUsable = true;
    while (next && !order.has(next)) {
      if (chain.includes(next) || unusable.has(next.name)) {
        isUsable = false;
        const circle = chain.slice(chain.indexOf(next));
        if (chain.includes(next)) {
          const names = [...circle, next].map(({ name }) => name).join(' -> ');
          defects.add(
            next.extendsPlace,
            `the types extend each other in a circle: ${names}`,
            'one must extend nothing',
          );
        }
        break;
      }
      chain.push(next);
      const wanted: string | undefined = next.extends;
      const base: TypeDraft | undefined = wanted === undefined ? undefined : byName.get(wanted);
      if (wanted !== undefined && !base) {
        defects.add(next.extendsPlace, `there is no type "${wanted}" to extend`, nearestType(wanted, byName));
        isUsable = false;
      }
      next = base;
    }
    for (const type of chain.reverse()) {
      if (isUsable) order.add(type);
      else unusable.add(type.name);
    }
  }
  return [...order];
}

export function nearestType(name: string, types: ReadonlyMap<string, unknown>): string {
  const nearest = nearestWord(name, [...types.keys()]);
  return nearest === undefined ? 'types stand in types/*.yaml' : `did you mean "${nearest}"?`;
}

async function templateOf(
  draft: TypeDraft,
  base: TypeTemplate | undefined,
  byName: ReadonlyMap<string, TypeDraft>,
  building: Building,
): Promise<TypeTemplate> {
  const attributes = new Map(base?.attributes);
  for (const attribute of draft.attributes) {
    attributes.set(attribute.name, await defineAttribute(attributes.get(attribute.name), attribute, building));
  }
  const components = new Map(base?.type.components);
  for (const [name, wanted] of draft.components) {
    const place = draft.componentPlaces.get(name)!;
    const inherited = components.get(name);
    if (!byName.has(wanted)) {
      building.defects.add(place, `there is no type "${wanted}"`, nearestType(wanted, byName));
    } else if (inherited !== undefined && !isKindOf(wanted, inherited, byName)) {
      const message = `"${name}" is a ${inherited} in what "${draft.name}" extends, and a ${wanted} is none`;
      building.defects.add(place, message, `take ${inherited}, or a type that extends it`);
    } else components.set(name, wanted);
  }
  const lineage = base ? [base.type.name, ...base.type.lineage] : [];
  const { name, version, abstract, description, place } = draft;
  const definitions = new Map([...attributes].map(([key, { definition }]) => [key, definition]));
  const type = { name, version, lineage, abstract, description, attributes: definitions, components, place };
  return { type, attributes };
}

/** A type that a circle may run through is asked no further than there are types. */
function isKindOf(name: string, wanted: string, byName: ReadonlyMap<string, TypeDraft>): boolean {
  let next: string | undefined = name;
  for (let steps = byName.size; next !== undefined && steps > 0; steps--) {
    if (next === wanted) return true;
    next = byName.get(next)?.extends;
  }
  return false;
}

/** The types that contain themselves, through however many parts, and those that contain one of these. */
function selfContaining(
  templates: ReadonlyMap<string, TypeTemplate>,
  byName: ReadonlyMap<string, TypeDraft>,
  { defects }: Building,
): Set<string> {
  const unusable = new Set<string>();
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): boolean => {
    if (done.has(name)) return !unusable.has(name);
    const start = above.indexOf(name);
    if (start >= 0) {
      const circle = [...above.slice(start), name].join(' -> ');
      const place = byName.get(name)!.place;
      defects.add(
        place,
        `the types contain each other in a circle: ${circle}`,
        'one must be without the other as a part',
      );
      return false;
    }
    const template = templates.get(name);
    if (!template) return false;
    if (above.length >= MAX_PATH_SEGMENTS) {
      defects.add(byName.get(name)!.place, `"${name}" is a part of parts ${above.length} levels deep`, DEEP_HINT);
      return false;
    }
    const parts = new Set(template.type.components.values());
    const isUsable = [...parts].map((part) => visit(part, [...above, name])).every((usable) => usable);
    done.add(name);
    if (!isUsable) unusable.add(name);
    return isUsable;
  };
  for (const name of templates.keys()) visit(name, []);
  return unusable;
}
