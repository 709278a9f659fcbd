/** Makes the watch of one asset of what is written: every name found, every unit checked. */

import type { DataPath } from '@tidegate/config/dataPath.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import { parseExpression } from '../../../historian/query/expression/parseExpression.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { Asset } from '../../../model/assets/assetModel.ts';
import type { ModelDefects, PlaceFinder } from '../../../model/assets/text/modelDefects.ts';
import {
  type AttributeExpression,
  type AttributeSources,
  attributeUnit,
  expressionOfAsset,
} from '../../../model/twins/history/attributeExpression.ts';
import { featureVersion } from './featureVersion.ts';
import {
  type FailureMode,
  type FatigueDefinition,
  type FeatureDefinition,
  type HealthWatch,
  isVibrationMeasure,
  type VibrationDefinition,
} from './healthWatch.ts';
import { measuredFormula, numberOfUnit } from './measuredFormula.ts';
import type { FatigueText, FeatureText, WatchText } from './watchText.ts';

const CELSIUS = 'Cel';
const QUOTES_HINT = "attributes stand in single quotes: 'state' == 2";

/** An expression over attributes, and what it reads of tags. */
interface Read {
  readonly expression: Expression;
  readonly composed: AttributeExpression;
}

interface MadeFeature {
  readonly definition: FeatureDefinition;
  readonly composed: AttributeExpression;
  /** What the speed of its shaft reads. */
  readonly shaft: AttributeExpression | undefined;
}

export class WatchMaker {
  readonly #sources: AttributeSources;
  readonly #defects: ModelDefects;

  constructor(sources: Omit<AttributeSources, 'tagOf'>, defects: ModelDefects) {
    // Which tags there are, and their units, is known to the historian alone: what is checked here holds for any.
    const tags = new Map<string, StoredTag>();
    const tagOf = (path: string) => {
      const tag = tags.get(path) ?? unknownTag(path, tags.size);
      tags.set(path, tag);
      return tag;
    };
    this.#sources = { ...sources, tagOf };
    this.#defects = defects;
  }

  /** Those of an entry, whatever the asset; without those that name what the entry does not have. */
  failures({ features, fatigue, failures }: WatchText, placeOf: PlaceFinder): readonly FailureMode[] {
    const modes: FailureMode[] = [];
    for (const [name, { signs, ...said }] of Object.entries(failures)) {
      const known = (one: string, all: object, what: string, field: DataPath): boolean => {
        if (Object.hasOwn(all, one)) return true;
        const nearest = nearestWord(one, Object.keys(all));
        const hint = nearest && `did you mean "${nearest}"?`;
        this.#defects.add(placeOf(['failures', name, ...field], 'key'), `there is no ${what} "${one}" here`, hint);
        return false;
      };
      const parts = Object.keys(signs).map((sign) => known(sign, features, 'feature', ['signs', sign]));
      if (said.fatigue !== undefined) parts.push(known(said.fatigue, fatigue, 'fatigue', ['fatigue']));
      const list = Object.entries(signs).map(([feature, goes]) => ({ feature, goes }));
      if (parts.every(Boolean)) modes.push({ name, ...said, fatigue: said.fatigue, signs: list });
    }
    return modes;
  }

  /** `undefined` where nothing is left to watch, which has been said. */
  make(said: WatchText, asset: Asset, failures: readonly FailureMode[], placeOf: PlaceFinder): HealthWatch | undefined {
    const condition = said.while === undefined ? undefined : this.#condition(said.while, asset, placeOf);
    const features: MadeFeature[] = [];
    for (const [name, text] of Object.entries(said.features)) {
      const feature = this.#feature(name, text, asset, placeOf);
      if (feature) features.push(feature);
    }
    const fatigue: FatigueDefinition[] = [];
    for (const [name, text] of Object.entries(said.fatigue)) {
      const load = this.#fatigue(name, text, asset, placeOf);
      if (load) fatigue.push(load);
    }
    if ((said.while !== undefined && !condition) || features.length + fatigue.length === 0) return undefined;
    const definitions = features.map(({ definition }) => definition);
    const intervalUs = said.every * US_PER_MS;
    return {
      ...{ id: `${asset.id}/${said.name}`, name: said.name, asset: asset.id },
      ...{ assetPath: asset.path, formerPaths: asset.formerPaths },
      ...{
        description: said.description,
        intervalUs,
        condition: condition?.expression,
        conditionSays: said.whileSays,
        features: definitions,
        fatigue,
      },
      failures: failures.filter((mode) => isWhole(mode, definitions, fatigue)),
      ...{ learnUs: said.learn * US_PER_MS, budget: said.budget, detectors: said.detectors, site: undefined },
      featureVersion: featureVersion({
        intervalUs,
        condition: condition?.composed,
        features: features.map(({ definition, composed, shaft }) => ({
          ...{ ...definition, of: composed },
          vibration: definition.vibration && { ...definition.vibration, shaft },
        })),
      }),
      place: placeOf([]),
    };
  }

  #condition(text: string, asset: Asset, placeOf: PlaceFinder): Read | undefined {
    const expression = this.#parse(text, ['while'], asset, placeOf);
    return expression && this.#compose(expression, ['while'], asset, placeOf);
  }

  #feature(name: string, said: FeatureText, asset: Asset, placeOf: PlaceFinder): MadeFeature | undefined {
    const { attribute, formula, measure, negligible, limit, description } = said;
    const field = ['features', name, attribute === undefined ? 'formula' : 'attribute'];
    const text = formula ?? `'${attribute}'`;
    const parsed = this.#parse(text, field, asset, placeOf);
    if (!parsed) return undefined;
    const measured = measuredFormula(parsed, measure, said.unit, (one) => this.#unitOf(asset, one) ?? '');
    if (!measured.ok) {
      const at = said.unit === undefined ? field : ['features', name, 'unit'];
      this.#defects.addOf(asset.path, placeOf(at), measured.fault.detail);
      return undefined;
    }
    const { expression, unit } = measured.value;
    const read = this.#compose(expression, field, asset, placeOf);
    if (!read) return undefined;
    const definition = { name, of: expression, text, measure, unit, negligible, limit, description };
    if (!isVibrationMeasure(measure)) return { definition, composed: read.composed, shaft: undefined };
    if (read.composed.tags.length !== 1 || read.composed.expression.windows.length > 0) {
      const detail = `the measure ${measure} is told of one signal as it is, and of no reckoning over several or over a window`;
      this.#defects.addOf(asset.path, placeOf(field), detail);
      return undefined;
    }
    const shaft =
      said.shaft === undefined ? undefined : this.#shaft(said.shaft, ['features', name, 'shaft'], asset, placeOf);
    if (said.shaft !== undefined && !shaft) return undefined;
    const { band, bearing, order } = said;
    const vibration: VibrationDefinition = {
      measure,
      ...(band && { band }),
      ...(bearing && { bearing }),
      ...(order !== undefined && { order }),
      ...(shaft && { shaft: shaft.expression }),
    };
    return { definition: { ...definition, vibration }, composed: read.composed, shaft: shaft?.composed };
  }

  /** The speed of a shaft, in Hz. */
  #shaft(attribute: string, field: DataPath, asset: Asset, placeOf: PlaceFinder): Read | undefined {
    const parsed = this.#parse(`'${attribute}'`, field, asset, placeOf);
    if (!parsed) return undefined;
    const speed = numberOfUnit(parsed, 'Hz', (one) => this.#unitOf(asset, one) ?? '');
    if (speed.ok) return this.#compose(speed.value, field, asset, placeOf);
    this.#defects.addOf(asset.path, placeOf(field), speed.fault.detail, 'a speed of a shaft is in /min or in Hz');
    return undefined;
  }

  #fatigue(name: string, said: FatigueText, asset: Asset, placeOf: PlaceFinder): FatigueDefinition | undefined {
    const { attribute, part, cause, solder, curve } = said;
    const field = ['fatigue', name, 'attribute'];
    const parsed = this.#parse(`'${attribute}'`, field, asset, placeOf);
    if (!parsed) return undefined;
    const asked = solder ? CELSIUS : curve?.unit;
    const measured = measuredFormula(parsed, 'last', asked, (one) => this.#unitOf(asset, one) ?? '');
    const law = solder ?? curve?.law;
    if (!measured.ok || !law) {
      const detail = measured.ok ? '' : measured.fault.detail;
      this.#defects.addOf(asset.path, placeOf(field), detail, solder && 'solder wears by cycles of a temperature');
      return undefined;
    }
    const { expression, unit } = measured.value;
    const read = this.#compose(expression, field, asset, placeOf);
    return read && { name, attribute, of: expression, unit, law, part, cause };
  }

  /** The expression, where it can be read and every attribute of it is there. */
  #parse(text: string, field: DataPath, asset: Asset, placeOf: PlaceFinder): Expression | undefined {
    const parsed = parseExpression(text);
    if (!parsed.ok) {
      this.#defects.addOf(asset.path, placeOf(field), parsed.fault.detail, QUOTES_HINT);
      return undefined;
    }
    const unknown = parsed.value.tags.filter((name) => this.#unitOf(asset, name) === undefined);
    for (const name of unknown) {
      const nearest = this.#sources.lookup.nearestAttribute(asset, name);
      const hint = nearest && `did you mean "${nearest}"?`;
      this.#defects.addOf(asset.path, placeOf(field), `there is no attribute "${name}"`, hint);
    }
    return unknown.length === 0 ? parsed.value : undefined;
  }

  #compose(expression: Expression, field: DataPath, asset: Asset, placeOf: PlaceFinder): Read | undefined {
    const composed = expressionOfAsset(this.#sources, asset, expression);
    if (composed.ok) return { expression, composed: composed.value };
    this.#defects.addOf(asset.path, placeOf(field), composed.fault.detail);
    return undefined;
  }

  #unitOf(asset: Asset, name: string): string | undefined {
    return attributeUnit(this.#sources, asset, name);
  }
}

/** Whether all that a failure shows by is watched of this asset. */
function isWhole(
  { signs, fatigue: drivenBy }: FailureMode,
  features: readonly FeatureDefinition[],
  fatigue: readonly FatigueDefinition[],
): boolean {
  const isSeen = signs.every(({ feature }) => features.some(({ name }) => name === feature));
  return isSeen && (drivenBy === undefined || fatigue.some(({ name }) => name === drivenBy));
}

function unknownTag(path: string, index: number): StoredTag {
  const shape = { type: 'number', lane: 'analytical', unit: '', description: '', stepped: true, aliases: [] } as const;
  return { ...shape, index, path, id: path, number: index, gateway: '' };
}
