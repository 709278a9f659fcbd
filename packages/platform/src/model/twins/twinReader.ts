/** Reads the twin of one type: names are found, units agree, tables are sound, and no formula runs long. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { type CurveMap, type CurveMaps, curveMapDefect } from '../../historian/query/expression/curveMap.ts';
import { costDefect } from '../../historian/query/expression/expressionCost.ts';
import { expressionUnit } from '../../historian/query/expression/expressionUnit.ts';
import { parseExpression } from '../../historian/query/expression/parseExpression.ts';
import { unitMeasure } from '../../historian/query/unit/unitMeasure.ts';
import { AssetLookup } from '../assets/assetLookup.ts';
import type { AssetModel, AssetType, AttributeDefinition } from '../assets/assetModel.ts';
import { isOfType } from '../assets/assetScope.ts';
import type {
  TwinExpected,
  TwinFit,
  TwinFormula,
  TwinMode,
  TwinParameter,
  TwinState,
  TwinTemplate,
} from './twinTemplate.ts';
import type { TwinText } from './twinText.ts';

/** A mode of which nothing is known; it may not be written. */
export const OTHER_MODE = 'other';

export class TwinReader {
  readonly #document: ConfigDocument;
  readonly #type: AssetType;
  readonly #model: AssetModel;
  readonly #defects: Defect[];
  readonly #lookup: AssetLookup;
  readonly #instances: number;
  readonly #parameters = new Map<string, TwinParameter>();
  readonly #maps = new Map<string, CurveMap>();
  readonly #states = new Map<string, TwinState>();
  /** Units of states, which may name each other before they are read. */
  #stateUnits: ReadonlyMap<string, string> = new Map();

  constructor(document: ConfigDocument, type: AssetType, model: AssetModel, defects: Defect[]) {
    this.#document = document;
    this.#type = type;
    this.#model = model;
    this.#defects = defects;
    this.#lookup = new AssetLookup(model.assets);
    this.#instances = [...model.assets.values()].filter((asset) => isOfType(model, asset, type.name)).length;
  }

  read(text: TwinText, fits: readonly TwinFit[]): TwinTemplate {
    for (const [name, parameter] of Object.entries(text.parameters)) this.#readParameter(name, parameter);
    for (const [name, map] of Object.entries(text.maps)) this.#readMap(name, map);
    this.#readStates(text.states);
    const modes = Object.entries(text.modes).flatMap(([name, condition]) => this.#readMode(name, condition));
    const modeNames = modes.map(({ name }) => name);
    const expected = new Map<string, TwinExpected>();
    for (const [attribute, said] of Object.entries(text.expected)) {
      const read = this.#readExpected(attribute, said, modeNames);
      if (read) expected.set(attribute, read);
    }
    const { trust } = text;
    return {
      ...{ type: this.#type.name, description: text.description, parameters: this.#parameters, maps: this.#maps },
      ...{ modes, expected, states: this.#states, fits: this.#readFits(fits) },
      trust: {
        staleAfterUs: trust['stale-after'] * US_PER_MS,
        windowUs: trust.window * US_PER_MS,
        calibrationAgeUs: trust['calibration-age'] * US_PER_MS,
      },
      place: this.#place(['type']),
    };
  }

  get maps(): CurveMaps {
    return this.#maps;
  }

  #readParameter(name: string, parameter: TwinText['parameters'][string]): void {
    const path = ['parameters', name];
    const { value, unit, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = parameter;
    if (!this.#isFreeName(name, path) || !this.#isUnit(unit, [...path, 'unit'])) return;
    if (low > high) {
      this.#refuse([...path, 'low'], `${low} is above ${high}`, 'swap low and high');
      return;
    }
    if (value < low || value > high) {
      this.#refuse([...path, 'value'], `${value} is not within ${low} and ${high}`, 'correct the value or the range');
      return;
    }
    this.#parameters.set(name, parameter);
  }

  #readMap(name: string, { x, y, z, outside }: TwinText['maps'][string]): void {
    const path = ['maps', name];
    const rows = z.values as readonly (number | readonly number[])[];
    const width = x.values.length;
    const uneven = rows.findIndex(
      (row) => Array.isArray(row) !== (y !== undefined) || (Array.isArray(row) && row.length !== width),
    );
    if (uneven >= 0) {
      const wanted = y ? `a list of ${width} numbers for each value of y` : 'a number for each value of x';
      this.#refuse([...path, 'z', 'values', uneven], `the map "${name}" needs ${wanted}`, 'the columns are those of x');
      return;
    }
    const table = (axis: { unit: string; values: readonly number[] }) => ({
      ...axis,
      values: Float64Array.from(axis.values),
    });
    const map = { x: table(x), y: y && table(y), z: table({ unit: z.unit, values: rows.flat() }), outside };
    const defect = curveMapDefect(map);
    if (defect) {
      this.#refuse(path, `the map "${name}" cannot be used: ${defect}`);
      return;
    }
    const axes: readonly (readonly [string, { readonly unit: string }])[] = [
      ['x', x],
      ['z', z],
      ...(y ? [['y', y] as const] : []),
    ];
    if (axes.every(([axis, { unit }]) => this.#isUnit(unit, [...path, axis, 'unit']))) this.#maps.set(name, map);
  }

  #readStates(states: TwinText['states']): void {
    const named = Object.entries(states).filter(([name, { unit }]) => {
      const path = ['states', name];
      return this.#isFreeName(name, path) && this.#isUnit(unit, [...path, 'unit']);
    });
    this.#stateUnits = new Map(named.map(([name, { unit }]) => [name, unit]));
    for (const [name, { unit, initial, rate }] of named) {
      const path = ['states', name];
      const begins = this.#formula(initial, [...path, 'initial'], unit);
      const perSecond = this.#formula(rate, [...path, 'rate'], unit === '' ? '' : rateUnit(unit));
      if (begins && perSecond) this.#states.set(name, { name, unit, initial: begins, rate: perSecond });
    }
  }

  #readMode(name: string, condition: string): TwinMode[] {
    const path = ['modes', name];
    if (name === OTHER_MODE) {
      this.#refuse(path, `"${OTHER_MODE}" is what a twin is in where no mode holds`, 'give the mode another name');
      return [];
    }
    const formula = this.#formula(condition, path, '');
    return formula ? [{ name, condition: formula }] : [];
  }

  #readExpected(
    attribute: string,
    said: TwinText['expected'][string],
    modes: readonly string[],
  ): TwinExpected | undefined {
    const path = ['expected', attribute];
    const definition = this.#attributeOf(attribute);
    if (!definition) {
      const nearest = nearestWord(attribute, [...this.#type.attributes.keys()]);
      const hint = nearest
        ? `did you mean "${nearest}"?`
        : `attributes are listed where the type "${this.#type.name}" is`;
      this.#refuse(path, `"${this.#type.name}" has no attribute "${attribute}"`, hint);
      return undefined;
    }
    for (const [at, mode] of (said.modes ?? []).entries()) {
      if (modes.includes(mode) || mode === OTHER_MODE) continue;
      const nearest = nearestWord(mode, modes);
      const hint = nearest ? `did you mean "${nearest}"?` : `the modes are ${[...modes, OTHER_MODE].join(', ')}`;
      this.#refuse([...path, 'modes', at], `there is no mode "${mode}"`, hint);
      return undefined;
    }
    const made = said.learned
      ? this.#learned(attribute, said.learned.terms, definition)
      : { formula: this.#formula(said.formula!, [...path, 'formula'], definition.unit), terms: undefined };
    if (!made?.formula) return undefined;
    const { formula, terms } = made;
    return {
      ...{ attribute, formula, terms, sigma: said.sigma, place: this.#place(path) },
      modes: said.modes && new Set(said.modes),
    };
  }

  /** A weighted sum, whose weights are parameters without a value until something is fitted. */
  #learned(
    attribute: string,
    texts: readonly string[],
    { unit }: AttributeDefinition,
  ): (Pick<TwinExpected, 'terms'> & { formula: TwinFormula | undefined }) | undefined {
    const path = ['expected', attribute, 'learned', 'terms'];
    const terms: { coefficient: string; formula: TwinFormula }[] = [];
    for (const [at, text] of ['1', ...texts].entries()) {
      const formula = this.#formula(text, at === 0 ? path : [...path, at - 1], '');
      const coefficient = `${attribute}.${at}`;
      if (!formula || !this.#isFreeName(coefficient, path)) return undefined;
      terms.push({ coefficient, formula });
    }
    for (const [at, { coefficient }] of terms.entries()) {
      const description = at === 0 ? 'what is there always' : `the weight of ${texts[at - 1]}`;
      this.#parameters.set(coefficient, { value: undefined, unit: '', fitted: true, description });
    }
    const sum = terms.map(({ coefficient, formula }) => `'${coefficient}' * (${formula.text})`).join(' + ');
    return { formula: this.#formula(sum, path, unit), terms };
  }

  #formula(text: string, path: DataPath, unit: string): TwinFormula | undefined {
    const parsed = parseExpression(text);
    if (!parsed.ok) {
      this.#refuse(path, `the formula cannot be read: ${parsed.fault.detail.replace(/\.$/, '')}`);
      return undefined;
    }
    for (const name of parsed.value.tags) {
      if (this.#unitOf(name) === null) {
        this.#refuse(path, `'${name}' in the formula is nothing that "${this.#type.name}" has`, this.#nearest(name));
        return undefined;
      }
    }
    const checked = expressionUnit(parsed.value, {
      unitOf: (name) => this.#unitOf(name) ?? undefined,
      maps: this.#maps,
      wanted: unit,
    });
    if (!checked.ok) {
      this.#refuse(path, `the formula cannot be reckoned: ${checked.fault.detail.replace(/\.$/, '')}`);
      return undefined;
    }
    const cost = costDefect(checked.value.expression, Math.max(1, this.#instances));
    if (cost) {
      this.#refuse(
        path,
        `the formula costs too much: ${cost.replace(/\.$/, '')}`,
        'shorten it, or take fewer time windows',
      );
      return undefined;
    }
    return { text, expression: checked.value.expression, unit: checked.value.unit, place: this.#place(path) };
  }

  /** The unit of a name; `undefined` where any fits, `null` where the name leads nowhere. */
  #unitOf(name: string): string | undefined | null {
    const parameter = this.#parameters.get(name);
    if (parameter) return parameter.value === undefined ? undefined : parameter.unit;
    return this.#stateUnits.get(name) ?? this.#attributeOf(name)?.unit ?? null;
  }

  /** An attribute as a formula of the type sees it: its own, of a component, or of an asset by path. */
  #attributeOf(name: string): AttributeDefinition | undefined {
    let type: AssetType | undefined = this.#type;
    const segments = name.split('/');
    for (const segment of segments.slice(0, -1))
      type = type && this.#model.types.get(type.components.get(segment) ?? '');
    return type?.attributes.get(segments[segments.length - 1]) ?? this.#lookup.path(name)?.attribute;
  }

  #nearest(name: string): string {
    const known = [...this.#parameters.keys(), ...this.#stateUnits.keys(), ...this.#type.attributes.keys()];
    const nearest = nearestWord(name, known);
    return nearest ? `did you mean '${nearest}'?` : 'name a parameter, a state, or an attribute';
  }

  #isFreeName(name: string, path: DataPath): boolean {
    if (!this.#attributeOf(name) && !this.#parameters.has(name)) return true;
    this.#refuse(path, `"${name}" is an attribute or a parameter already`, 'give it another name');
    return false;
  }

  #isUnit(unit: string, path: DataPath): boolean {
    if (unit === '') return true;
    const measure = unitMeasure(unit);
    if (!measure.ok) this.#refuse(path, measure.fault.detail.replace(/\.$/, ''));
    return measure.ok;
  }

  /** What was fitted to parameters that are no longer there is left out. */
  #readFits(fits: readonly TwinFit[]): readonly TwinFit[] {
    const within = ([name]: readonly [string, unknown]) => this.#parameters.has(name);
    return fits.map((fit) => ({ ...fit, parameters: new Map([...fit.parameters].filter(within)) }));
  }

  #refuse(path: DataPath, message: string, hint?: string): void {
    this.#defects.push(this.#document.defect(path, message, hint));
  }

  #place(path: DataPath) {
    return { file: this.#document.file, ...this.#document.place(path) };
  }
}

/** A temperature changes in kelvin per second. */
function rateUnit(unit: string): string {
  const measure = unitMeasure(unit);
  const isPoint = measure.ok && measure.value.offset !== 0;
  return `${isPoint ? 'K' : /[./]/.test(unit) ? `(${unit})` : unit}/s`;
}
