/** Brings the profiles of a gateway together, from the YAML file and the documents that it names, and checks them against its tags. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { ProfileFeature } from '@tidegate/health/profile/profileSpec.ts';
import { idOf } from '../checkTags.ts';
import type { ConfiguredHealth } from '../gatewayConfig.ts';
import { besideFile, type PlacedTag } from '../readTagLists.ts';
import { GatewayModel } from './gatewayModel.ts';
import type { HealthEntry } from './healthSchema.ts';
import { HEALTH_SIGNALS, healthTagPath, healthTagType } from './healthTags.ts';

/** A profile, and where in it a defect is. */
interface PlacedHealth {
  readonly entry: HealthEntry;
  readonly model: GatewayModel | undefined;
  defect(field: DataPath, message: string, hint?: string): Defect;
}

export interface ReadHealth {
  /** `undefined` where nothing is said of it, and where there are defects. */
  readonly value: readonly ConfiguredHealth[] | undefined;
  readonly defects: readonly Defect[];
  /** The tags of all that could be understood: alarms may name them. */
  readonly tags: readonly { readonly path: string; readonly type: TagType }[];
}

/**
 * `written` is `undefined` where an entry could not be understood; `tags` are all of the gateway; `typeOf` tells what the values of
 * each are, where its driver can tell.
 */
export async function readHealth(
  document: ConfigDocument,
  written: readonly (HealthEntry | undefined)[] | undefined,
  tags: readonly PlacedTag[],
  typeOf: (tag: PlacedTag) => TagType | undefined,
): Promise<ReadHealth> {
  if (written === undefined) return { value: undefined, defects: [], tags: [] };
  const files = new Set(written.flatMap((entry) => (entry ? [entry.model] : [])));
  const models = new Map<string, GatewayModel | Defect>();
  for (const file of files) models.set(file, await GatewayModel.read(besideFile(document.file, file)));
  const placed = written.flatMap((entry, index): PlacedHealth[] => {
    if (entry === undefined) return [];
    const model = models.get(entry.model);
    const defect: PlacedHealth['defect'] = (field, ...text) => document.defect(['health', index, ...field], ...text);
    return [{ entry, model: model instanceof GatewayModel ? model : undefined, defect }];
  });
  const byPath = new Map(tags.map((tag) => [tag.entry.path, tag]));
  const defects = [
    ...placed.flatMap((one) => [
      ...unreadable(one, models.get(one.entry.model)),
      ...checkFeatures(one),
      ...checkRows(one),
      ...checkTagsOf(one, byPath, typeOf),
    ]),
    ...checkNames(placed, tags),
  ];
  const own = placed.flatMap(({ entry: { name } }) =>
    HEALTH_SIGNALS.map((signal) => ({ path: healthTagPath(name, signal), type: healthTagType(signal) })),
  );
  return { value: defects.length > 0 ? undefined : placed.map(complete), defects, tags: own };
}

/** A file that is named twice is told of at each place. */
function unreadable({ defect }: PlacedHealth, model: GatewayModel | Defect | undefined): Defect[] {
  if (model === undefined || model instanceof GatewayModel) return [];
  return [defect(['model'], `${model.file}: ${model.message}`, model.hint)];
}

/** Each feature of the model has a tag, and nothing else has one. */
function checkFeatures({ entry, model, defect }: PlacedHealth): Defect[] {
  if (model === undefined) return [];
  const known = model.profile.spec.features.map(({ name }) => name);
  const given = Object.keys(entry.features);
  const missing = known.filter((name) => !given.includes(name));
  const strange = given.filter((name) => !known.includes(name));
  return [
    ...strange.map((name) => {
      const nearest = nearestWord(name, missing);
      const hint = nearest === undefined ? `its features are ${known.join(', ')}` : `did you mean "${nearest}"?`;
      return defect(['features', name], `the model has no feature ${JSON.stringify(name)}`, hint);
    }),
    ...missing.map((name) =>
      defect(
        ['features'],
        `the feature ${JSON.stringify(name)} of the model has no tag`,
        `write ${name}: PATH OF A TAG`,
      ),
    ),
  ];
}

/** What the gateway would make of its tags must be what the model was learned from. */
function checkRows({ entry, model, defect }: PlacedHealth): Defect[] {
  return (model?.misfits() ?? []).map(({ feature, message, hint }) => {
    if (feature === undefined) return defect(['model'], message, hint);
    return defect(Object.hasOwn(entry.features, feature) ? ['features', feature] : ['features'], message, hint);
  });
}

function checkTagsOf(
  { entry, model, defect }: PlacedHealth,
  byPath: ReadonlyMap<string, PlacedTag>,
  typeOf: (tag: PlacedTag) => TagType | undefined,
): Defect[] {
  const features = new Map(model?.profile.spec.features.map((feature) => [feature.name, feature]));
  return Object.entries(entry.features).flatMap(([name, path]) => {
    const field = ['features', name];
    const tag = byPath.get(path);
    if (tag === undefined) {
      const nearest = nearestWord(path, [...byPath.keys()]);
      const hint = nearest === undefined ? 'the path of a tag of this gateway' : `did you mean "${nearest}"?`;
      return [defect(field, `there is no tag ${JSON.stringify(path)}`, hint)];
    }
    if (typeOf(tag) === 'string') {
      return [
        defect(field, 'the values of this tag are texts, and have no average', 'a tag of numbers or of booleans'),
      ];
    }
    return checkUnit(features.get(name), tag).map((text) => defect(field, ...text));
  });
}

/** Without a unit and "1" are the same (UCUM: the unity). */
function checkUnit(feature: ProfileFeature | undefined, { entry }: PlacedTag): [string, string][] {
  if (feature === undefined || (feature.unit || '1') === (entry.unit || '1')) return [];
  const [own, wanted] = [entry.unit, feature.unit].map((unit) => (unit === '' ? 'in no unit' : `in ${unit}`));
  const message = `the tag is ${own}, and the model was learned ${wanted}`;
  return [[message, 'give the tag the unit of the model, with a scale and an offset that make it so']];
}

/** No two of one name, and none whose tags are there already. */
function checkNames(placed: readonly PlacedHealth[], tags: readonly PlacedTag[]): Defect[] {
  const first = new Map<string, Defect>();
  const taken = new Map(tags.flatMap((tag) => [idOf(tag.entry), tag.entry.path].map((name) => [name, tag])));
  return placed.flatMap(({ entry: { name }, defect }) => {
    const own = defect(['name'], `the name ${JSON.stringify(name)} is taken by another model`);
    const earlier = first.get(name);
    if (earlier) return [{ ...own, hint: `the other is at ${earlier.file}:${earlier.line}:${earlier.column}` }];
    first.set(name, own);
    return HEALTH_SIGNALS.flatMap((signal) => {
      const path = healthTagPath(name, signal);
      const tag = taken.get(path);
      if (tag === undefined) return [];
      const { file, line, column } = tag.defect('path', '');
      const hint = `give it another name; the tag is at ${file}:${line}:${column}`;
      return [defect(['name'], `its tag ${JSON.stringify(path)} would be that of a device`, hint)];
    });
  });
}

function complete({ entry: { name, features }, model }: PlacedHealth): ConfiguredHealth {
  const { spec } = model!.profile;
  return { name, model: model!, features: spec.features.map((feature) => features[feature.name]) };
}
