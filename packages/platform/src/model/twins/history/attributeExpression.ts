/**
 * An attribute as an expression over tags: formulas are put in place of the attributes that they are of. So its history is
 * calculated as that of any expression: with late data, with edits, and as it was known at any time.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { TagExpression } from '../../../historian/query/answer/tagExpression.ts';
import { choiceExpression } from '../../../historian/query/expression/choiceExpression.ts';
import type { CurveMaps } from '../../../historian/query/expression/curveMap.ts';
import type { Expression, ExpressionNode } from '../../../historian/query/expression/expressionNode.ts';
import { expressionUnit } from '../../../historian/query/expression/expressionUnit.ts';
import type { TimeWindow } from '../../../historian/query/expression/timeWindow.ts';
import { withLeaves } from '../../../historian/query/expression/withLeaves.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import { differenceMeasure, unitMeasure } from '../../../historian/query/unit/unitMeasure.ts';
import type { AssetLookup } from '../../assets/assetLookup.ts';
import type { Asset, AssetModel, Attribute } from '../../assets/assetModel.ts';
import { MODE_ATTRIBUTE } from '../engine/cellDirectory.ts';
import { templateOf } from '../engine/enginePlan.ts';
import { FormulaShelf } from '../engine/formulaShelf.ts';
import { tagConversion } from '../engine/tagBindings.ts';
import { OTHER_MODE } from '../twinReader.ts';
import { fitOf, parameterOf, type TwinExpected, type TwinTemplate, type TwinTemplates } from '../twinTemplate.ts';

export interface AttributeSources {
  readonly model: AssetModel;
  readonly lookup: AssetLookup;
  readonly twins: TwinTemplates;
  readonly tagOf: (path: string) => StoredTag | undefined;
}

export interface AttributeExpression extends TagExpression {
  readonly maps: CurveMaps | undefined;
  /** Why parts of it have no value: a tag that there is not, units that do not fit. */
  readonly lacks: readonly string[];
}

/** Formulas of formulas may multiply: beyond so many parts nothing is put together. */
const MAX_NODES = 5_000;
const DERIVED = /^(.+)\.(expected|residual|sigmas)$/;

/**
 * Also of what an engine derives: `twin.mode`, and `.expected`, `.residual` and `.sigmas` behind the name of an attribute.
 * `undefined` where the asset has no such attribute. Fault `expression.invalid`, where a window looks back over a formula, or
 * where formulas of formulas are too many.
 */
export function attributeExpression(
  sources: AttributeSources,
  asset: Asset,
  name: string,
): Result<AttributeExpression> | undefined {
  const composer = new Composer(sources, asset);
  try {
    return composer.compose(name);
  } catch (error) {
    if (!(error instanceof Uncomposable)) throw error;
    return failure('expression.invalid', error.message);
  }
}

/**
 * The same of an expression over attributes, as a formula of the asset names them. Faults: `expression.invalid`, `unit.unknown`
 * and `unit.incommensurable`.
 */
export function expressionOfAsset(
  sources: AttributeSources,
  asset: Asset,
  expression: Expression,
): Result<AttributeExpression> {
  const checked = expressionUnit(expression, { unitOf: (name) => attributeUnit(sources, asset, name) ?? '' });
  if (!checked.ok) return checked;
  try {
    return new Composer(sources, asset).combine(checked.value.expression);
  } catch (error) {
    if (!(error instanceof Uncomposable)) throw error;
    return failure('expression.invalid', error.message);
  }
}

/**
 * The unit of an attribute as a formula of the asset names it, or of what an engine derives of one of its own; `undefined` where
 * there is neither.
 */
export function attributeUnit(
  { model, lookup, twins }: Omit<AttributeSources, 'tagOf'>,
  asset: Asset,
  name: string,
): string | undefined {
  const found = lookup.attribute(asset, name);
  if (found) return found.attribute.unit;
  const template = asset.type === undefined ? undefined : templateOf(model, twins, asset.type);
  if (!template) return undefined;
  if (name === MODE_ATTRIBUTE) return '';
  const [, of = '', part] = DERIVED.exec(name) ?? [];
  const expected = template.expected.get(of);
  if (!expected) return undefined;
  if (part === 'sigmas') return '1';
  const unit = lookup.attribute(asset, of)?.attribute.unit || expected.formula.unit;
  const measure = part === 'residual' ? unitMeasure(unit) : undefined;
  return measure?.ok ? differenceMeasure(measure.value).code : unit;
}

/** It never leaves this file. */
class Uncomposable extends Error {}

class Composer {
  readonly #sources: AttributeSources;
  readonly #asset: Asset;
  readonly #template: TwinTemplate | undefined;
  readonly #shelf = new FormulaShelf();
  readonly #tags: StoredTag[] = [];
  readonly #windows: TimeWindow[] = [];
  readonly #lacks = new Set<string>();
  #nodes = 0;

  constructor(sources: AttributeSources, asset: Asset) {
    this.#sources = sources;
    this.#asset = asset;
    this.#template = asset.type === undefined ? undefined : templateOf(sources.model, sources.twins, asset.type);
  }

  compose(name: string): Result<AttributeExpression> | undefined {
    const root = this.#named(name);
    return root && this.#overTags(`'${name}'`, root);
  }

  combine(expression: Expression): Result<AttributeExpression> {
    const root = this.#embed(expression, this.#asset, (name) => {
      return this.#named(name) ?? this.#seen(this.#asset, name);
    });
    return this.#overTags(expression.text, root);
  }

  #overTags(text: string, root: ExpressionNode): Result<AttributeExpression> {
    const expression = { text, tags: this.#tags.map(({ path }) => path), windows: this.#windows, root };
    return success({ expression, tags: this.#tags, maps: this.#template?.maps, lacks: [...this.#lacks] });
  }

  #named(name: string): ExpressionNode | undefined {
    const attribute = this.#asset.attributes.get(name);
    if (attribute) return this.#attribute(this.#asset, attribute);
    if (!this.#template) return undefined;
    if (name === MODE_ATTRIBUTE) return this.#mode(this.#template);
    const [, of = '', part] = DERIVED.exec(name) ?? [];
    const expected = this.#template.expected.get(of);
    return expected && this.#derived(this.#template, expected, part as 'expected' | 'residual' | 'sigmas');
  }

  #derived(template: TwinTemplate, expected: TwinExpected, part: 'expected' | 'residual' | 'sigmas'): ExpressionNode {
    const should = this.#twinFormula(template, expected.formula.expression);
    if (part === 'expected') return this.#within(template, expected, should);
    const is = this.#twinName(template, expected.attribute);
    const residual: ExpressionNode = { kind: 'arithmetic', operator: '-', left: is, right: should };
    if (part === 'residual') return this.#within(template, expected, residual);
    const fitted = fitOf(template, this.#asset.id)?.residuals.get(expected.attribute);
    const sigma = fitted?.heldOutSigma ?? fitted?.sigma ?? expected.sigma;
    const right = sigma === undefined ? absent(STATUS.BadNoData) : constant(sigma);
    return this.#within(template, expected, { kind: 'arithmetic', operator: '/', left: residual, right });
  }

  /** Nothing, where the mode is another. */
  #within(template: TwinTemplate, { modes }: TwinExpected, node: ExpressionNode): ExpressionNode {
    if (!modes) return node;
    const [first, ...others] = [...modes].map((mode): ExpressionNode => {
      return { kind: 'comparison', operator: '==', left: this.#mode(template), right: constant(mode) };
    });
    const isWithin = others.reduce<ExpressionNode>((left, right) => ({ kind: 'or', left, right }), first);
    return { kind: 'call', name: 'if', operands: [isWithin, node, absent(STATUS.BadNoData)] };
  }

  #mode(template: TwinTemplate): ExpressionNode {
    const cases = template.modes.map(({ name, condition }) => ({ when: condition.expression, text: name }));
    return this.#twinFormula(template, choiceExpression(cases, OTHER_MODE));
  }

  #twinFormula(template: TwinTemplate, expression: Expression): ExpressionNode {
    return this.#embed(expression, this.#asset, (name) => this.#twinName(template, name));
  }

  #twinName(template: TwinTemplate, name: string): ExpressionNode {
    if (template.parameters.has(name)) {
      const value = parameterOf(template, this.#asset.id, name);
      return value === undefined ? absent(STATUS.BadNoData) : constant(value);
    }
    if (template.states.has(name))
      throw new Uncomposable(`'${name}' is a state: it is reckoned live, and by what-if runs.`);
    return this.#seen(this.#asset, name);
  }

  /** An attribute as a formula of an asset sees it. */
  #seen(asset: Asset, name: string): ExpressionNode {
    const found = this.#sources.lookup.attribute(asset, name);
    return found ? this.#attribute(found.asset, found.attribute) : this.#lacking(`there is no attribute "${name}"`);
  }

  #attribute(asset: Asset, { source, unit, name }: Attribute): ExpressionNode {
    switch (source.kind) {
      case 'tag':
        return this.#tag(source.path, unit);
      case 'constant':
        return source.value === null ? absent(STATUS.BadNoData) : constant(source.value as number | string);
      case 'formula': {
        const names = this.#shelf.parsed(source.text).tags;
        const units = names.map((one) => this.#sources.lookup.attribute(asset, one)?.attribute.unit ?? '');
        const checked = this.#shelf.checked(source.text, units, unit);
        if (!checked.ok) return this.#lacking(checked.fault.detail);
        return this.#embed(checked.value, asset, (one) => this.#seen(asset, one));
      }
      case 'reference': {
        const other = this.#sources.model.assets.get(source.asset);
        const attribute = other?.attributes.get(source.attribute);
        if (!other || !attribute) return this.#lacking(`"${name}" leads to an attribute that there is not`);
        const checked = this.#shelf.checked(`'${name}'`, [attribute.unit], unit);
        if (!checked.ok) return this.#lacking(checked.fault.detail);
        return this.#embed(checked.value, other, () => this.#attribute(other, attribute));
      }
      case 'unbound':
        return this.#lacking(`nothing gives "${name}"`);
    }
  }

  #embed(expression: Expression, asset: Asset, resolve: (name: string) => ExpressionNode): ExpressionNode {
    return withLeaves(expression.root, (leaf) => {
      if (++this.#nodes > MAX_NODES) throw new Uncomposable('It is made of too many formulas.');
      if (leaf.kind === 'tag') return resolve(expression.tags[leaf.index]);
      const window = expression.windows[leaf.index];
      return this.#window(window, this.#sources.lookup.attribute(asset, expression.tags[window.tag])?.attribute);
    });
  }

  #tag(path: string, unit: string): ExpressionNode {
    const tag = this.#sources.tagOf(path);
    if (!tag) return this.#lacking(`there is no tag ${path}`, STATUS.BadNodeIdUnknown);
    const conversion = tagConversion(tag, { path, unit });
    if (typeof conversion === 'string') return this.#lacking(conversion);
    return converted({ kind: 'tag', index: this.#placeOf(tag) }, conversion);
  }

  /** Of samples that are converted, each aggregate is converted in its own way. */
  #window({ aggregate, widthUs }: TimeWindow, attribute: Attribute | undefined): ExpressionNode {
    if (attribute?.source.kind !== 'tag') {
      throw new Uncomposable('A window looks back over what is no tag, which history does not calculate.');
    }
    const { path } = attribute.source;
    const tag = this.#sources.tagOf(path);
    if (!tag) return this.#lacking(`there is no tag ${path}`, STATUS.BadNodeIdUnknown);
    const conversion = tagConversion(tag, { path, unit: attribute.unit });
    if (typeof conversion === 'string') return this.#lacking(conversion);
    const index = this.#windows.push({ aggregate, tag: this.#placeOf(tag), widthUs }) - 1;
    if (aggregate === 'count') return { kind: 'window', index };
    const isPoint = aggregate === 'avg' || aggregate === 'min' || aggregate === 'max';
    return converted({ kind: 'window', index }, isPoint ? conversion : { scale: conversion.scale, offset: 0 });
  }

  #lacking(reason: string, status: number = STATUS.BadConfigurationError): ExpressionNode {
    this.#lacks.add(reason);
    return absent(status);
  }

  #placeOf(tag: StoredTag): number {
    const known = this.#tags.indexOf(tag);
    return known >= 0 ? known : this.#tags.push(tag) - 1;
  }
}

function converted(operand: ExpressionNode, { scale, offset }: { scale: number; offset: number }): ExpressionNode {
  return scale === 1 && offset === 0 ? operand : { kind: 'convert', operand, scale, offset };
}

function constant(value: number | string): ExpressionNode {
  return { kind: 'constant', value };
}

function absent(status: number): ExpressionNode {
  return { kind: 'absent', status };
}
