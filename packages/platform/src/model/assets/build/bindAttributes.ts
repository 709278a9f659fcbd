/** Makes assets of what has grown: each attribute with a source, which is a tag, a constant, a formula or another attribute. */

import type { Asset, AssetId, Attribute, AttributeSource } from '../assetModel.ts';
import type { ModelDefects } from '../text/modelDefects.ts';
import type { SourceDraft } from '../text/modelDraft.ts';
import { boundTagDefect } from '../text/nameDefect.ts';
import { type AttributeTemplate, type Building, PAUSE_EVERY } from './attributeTemplate.ts';
import { fillPlaceholders } from './fillPlaceholders.ts';
import type { GrownAsset } from './growAssets.ts';

/** An attribute whose source names others, which can be looked up once there are all assets. */
export interface NamingAttribute {
  readonly asset: Asset;
  readonly attribute: Attribute;
  readonly kind: 'formula' | 'from';
  /** The formula, or the name of the other attribute. */
  readonly text: string;
}

/** An asset under construction: its attributes are still set. */
export interface BoundAsset extends Asset {
  readonly attributes: Map<string, Attribute>;
}

export interface BoundAssets {
  readonly assets: Map<AssetId, BoundAsset>;
  readonly naming: readonly NamingAttribute[];
}

const UNBOUND: AttributeSource = { kind: 'unbound' };
const NO_PATHS: readonly string[] = [];
const NO_NAMEPLATE: ReadonlyMap<string, string> = new Map();

export async function bindAttributes(
  grown: readonly GrownAsset[],
  formerPaths: ReadonlyMap<AssetId, readonly string[]>,
  { defects, pause }: Building,
): Promise<BoundAssets> {
  const assets = new Map<AssetId, BoundAsset>();
  const naming: NamingAttribute[] = [];
  for (const one of grown) {
    const { id, path, level, type, parent, draft, place } = one;
    const attributes = new Map<string, Attribute>();
    const asset: BoundAsset = {
      ...{ id, path, level, attributes, place },
      formerPaths: (formerPaths.get(id) ?? NO_PATHS).filter((former) => former !== path),
      description: draft?.description ?? '',
      type: type?.type.name,
      parent: parent?.id,
      nameplate: draft?.nameplate ?? NO_NAMEPLATE,
    };
    for (const [name, template] of one.attributes) {
      const attribute = { ...template.definition, source: sourceOf(one, template, defects), place: template.place };
      attributes.set(name, attribute);
      const named = namesOf(template.source, one);
      if (named !== undefined) naming.push({ asset, attribute, ...named });
    }
    assets.set(id, asset);
    if (assets.size % PAUSE_EVERY === 0) await pause();
  }
  return { assets, naming };
}

function sourceOf(asset: GrownAsset, template: AttributeTemplate, defects: ModelDefects): AttributeSource {
  const { source, definition, place } = template;
  const { name } = definition;
  if (source === undefined) {
    if (!definition.required) return UNBOUND;
    const hint = `give it a tag, value, formula or from in its type, or in the asset: attributes: { ${name}: ... }`;
    defects.addOf(asset.path, asset.draft?.place ?? asset.place, `the attribute "${name}" is bound to nothing`, hint);
    return UNBOUND;
  }
  if (source.kind === 'constant') return source;
  const pattern = source.kind === 'tag' ? source.pattern : source.kind === 'formula' ? source.text : source.name;
  const filled = fillPlaceholders(pattern, asset);
  if ('unknown' in filled) {
    defects.addOf(asset.path, place, `"${name}" has ${filled.unknown}, which stands for nothing`, filled.hint);
    return UNBOUND;
  }
  if (source.kind !== 'tag') return UNBOUND;
  const defect = boundTagDefect(filled.text);
  if (defect === undefined) return { kind: 'tag', path: filled.text };
  defects.addOf(asset.path, place, `"${name}" is bound to "${filled.text}", which ${defect}`);
  return UNBOUND;
}

/** What a source says of other attributes; nothing where its placeholders are wrong, which has been said. */
function namesOf(
  source: SourceDraft | undefined,
  asset: GrownAsset,
): Pick<NamingAttribute, 'kind' | 'text'> | undefined {
  if (source?.kind !== 'formula' && source?.kind !== 'from') return undefined;
  const filled = fillPlaceholders(source.kind === 'formula' ? source.text : source.name, asset);
  return 'text' in filled ? { kind: source.kind, text: filled.text } : undefined;
}
