/** Makes expressions over tags of what is wanted of an asset, as any version of the model has it. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { AssetId } from '../../assets/assetModel.ts';
import type { AppliedModel } from '../../assets/modelStore.ts';
import { loadTwins } from '../loadTwins.ts';
import type { TwinTemplates } from '../twinTemplate.ts';
import {
  type AttributeExpression,
  type AttributeSources,
  attributeExpression,
  expressionOfAsset,
} from './attributeExpression.ts';

/** The name of an attribute, or an expression over names of attributes. */
export type Wanted = string | Expression;

export class AttributeComposer {
  readonly #twins = new WeakMap<AppliedModel, TwinTemplates>();

  /** `undefined` where that version has no such asset or attribute. Faults: those of `attributeExpression`. */
  compose(
    applied: AppliedModel,
    id: AssetId,
    wanted: Wanted,
    tagOf: AttributeSources['tagOf'],
  ): Result<AttributeExpression> | undefined {
    const { model, lookup } = applied;
    const asset = model.assets.get(id);
    if (!asset) return undefined;
    const sources = { model, lookup, twins: this.#twinsOf(applied), tagOf };
    if (typeof wanted !== 'string') return expressionOfAsset(sources, asset, wanted);
    const own = attributeExpression(sources, asset, wanted);
    const found = own ? undefined : lookup.attribute(asset, wanted);
    return found ? attributeExpression(sources, found.asset, found.attribute.name) : own;
  }

  #twinsOf(applied: AppliedModel): TwinTemplates {
    const known = this.#twins.get(applied) ?? loadTwins(applied.texts, applied.model).twins;
    this.#twins.set(applied, known);
    return known;
  }
}
