/** An attribute as its type has it, and how a subtype or an asset may change it: never the type of its values or its quantity. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { AttributeDefinition, ModelPlace } from '../assetModel.ts';
import type { ModelDefects } from '../text/modelDefects.ts';
import type { AttributeDraft, SourceDraft } from '../text/modelDraft.ts';
import { saidOf, type UnitTable } from './unitTable.ts';

export interface AttributeTemplate {
  readonly definition: AttributeDefinition;
  /** Its placeholders are still in it. */
  readonly source: SourceDraft | undefined;
  readonly place: ModelPlace;
}

/** What building needs: where to say what is wrong, what is known of units, and a way to let others have a turn. */
export interface Building {
  readonly defects: ModelDefects;
  readonly units: UnitTable;
  /** Called once for every few hundred assets. */
  readonly pause: () => Promise<void>;
}

/** After so many assets, or attributes that name others, there is a pause. */
export const PAUSE_EVERY = 500;

/** The attribute as `draft` defines it, or as it changes `base`; what it may not change stays as it was. */
export async function defineAttribute(
  base: AttributeTemplate | undefined,
  draft: AttributeDraft,
  building: Building,
): Promise<AttributeTemplate> {
  const { defects } = building;
  const source = draft.source ?? base?.source;
  const isSourceOnly = base !== undefined && Object.keys(draft).every((key) => SOURCE_KEYS.has(key));
  const { definition, scale } = isSourceOnly
    ? { definition: base.definition, scale: undefined }
    : await definitionOf(base?.definition, draft, building);
  const { low, high } = definition;
  if (low !== undefined && high !== undefined && low > high) {
    defects.add(draft.place, `low of "${draft.name}", ${low}, is above its high, ${high}`, 'both are in its own unit');
  }
  if (source?.kind !== 'constant') return { definition, source, place: draft.place };
  const inherited = draft.source === undefined && typeof source.value === 'number' && scale;
  const value = inherited ? scale(source.value as number) : constantOf(definition.type, source.value);
  if (value !== undefined) return { definition, source: { kind: 'constant', value }, place: draft.place };
  const said = JSON.stringify(source.value);
  defects.add(draft.place, `"${draft.name}" is a ${definition.type}, which ${said} is not`, HINTS[definition.type]);
  return { definition, source: base?.source, place: draft.place };
}

const SOURCE_KEYS: ReadonlySet<string> = new Set(['name', 'place', 'source']);
const HINTS: Readonly<Record<TagType, string>> = {
  number: 'write a number without its unit, or give the attribute `type: string` in its type',
  boolean: 'write true or false',
  string: 'write a text',
};

interface Changed {
  readonly definition: AttributeDefinition;
  /** How a value of the unit before becomes one of the unit now. */
  readonly scale: ((value: number) => number) | undefined;
}

async function definitionOf(
  base: AttributeDefinition | undefined,
  draft: AttributeDraft,
  { units, defects }: Building,
): Promise<Changed> {
  const { name, place } = draft;
  const wanted = draft.unit ?? base?.unit ?? '';
  let unit = wanted;
  let converter: { scale: number; offset: number } | undefined;
  const unknown = draft.unit === undefined ? undefined : await units.defect(wanted);
  if (unknown) {
    defects.add(place, `the unit of "${name}": ${saidOf(unknown)}`, 'units are UCUM codes such as kW, Cel or m3/h');
    unit = base?.unit ?? '';
  } else if (base && base.unit !== '' && wanted !== base.unit) {
    const found = wanted === '' ? undefined : await units.between(base.unit, wanted);
    if (found?.ok) converter = found.value;
    else {
      const reason = found ? `: ${saidOf(found.fault)}` : '';
      const message = `the unit of "${name}" may not change from ${base.unit} to ${wanted || 'none'}${reason}`;
      defects.add(place, message, `take a unit into which ${base.unit} can be converted, or give it another name`);
      unit = base.unit;
    }
  }
  const scale = converter && ((value: number) => value * converter.scale + converter.offset);
  const moved = (value: number | undefined) => (value === undefined ? undefined : (scale?.(value) ?? value));
  const low = draft.low ?? moved(base?.low);
  const high = draft.high ?? moved(base?.high);
  const inherited = base?.uncertainty;
  const uncertainty = draft.uncertainty ?? (inherited === undefined ? undefined : inherited * (converter?.scale ?? 1));
  const definition: AttributeDefinition = {
    name,
    description: draft.description ?? base?.description ?? '',
    type: typeOf(base, draft, defects),
    unit,
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
    ...(uncertainty !== undefined && { uncertainty }),
    required: draft.required ?? base?.required ?? false,
  };
  return { definition, scale };
}

/** A bare text where a number is asked for is a wrong value, which is said there; a type that is written is a wrong type. */
function typeOf(base: AttributeDefinition | undefined, { name, place, type }: AttributeDraft, defects: ModelDefects) {
  if (!base || type === undefined || type === base.type) return base?.type ?? type ?? 'number';
  defects.add(place, `"${name}" is a ${base.type} in its type and may not become a ${type}`, 'give it another name');
  return base.type;
}

/** The constant as a value of `type`; `undefined` where it is none. */
function constantOf(type: TagType, value: SampleValue): SampleValue | undefined {
  if (type === 'string') return value === null ? undefined : String(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  const truth = String(value).toLowerCase();
  if (truth === 'true' || truth === '1') return 1;
  return truth === 'false' || truth === '0' ? 0 : undefined;
}
