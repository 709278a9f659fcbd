/** How the rows of a watch are made, so that whoever judges by its models elsewhere makes them alike, or refuses. */

import type { Expression, ExpressionNode } from '../../../historian/query/expression/expressionNode.ts';
import type { HealthWatch, Measure } from '../definition/healthWatch.ts';
import type { WatchTags } from './watchTags.ts';

export interface FeatureMaking {
  readonly name: string;
  readonly measure: Measure;
  /** As it is written in the model of the plant. */
  readonly of: string;
  /** UCUM, empty where it has none. */
  readonly unit: string;
  /** Path of the tag that it is a measure of, at the most in another unit; `undefined` where it is reckoned otherwise. */
  readonly tag: string | undefined;
}

export interface RowMaking {
  /** Only the time in which it holds counts; all of it where it is `undefined`. */
  readonly condition: string | undefined;
  /** In the order of the columns. */
  readonly features: readonly FeatureMaking[];
}

export function rowMaking(watch: HealthWatch, tags: Pick<WatchTags, 'overTags'>): RowMaking {
  const features = watch.features.map(({ name, measure, text, unit, of }): FeatureMaking => {
    const reads = tags.overTags(watch, of);
    return { name, measure, of: text, unit, tag: reads && soleTag(reads) };
  });
  return { condition: watch.condition?.text, features };
}

function soleTag({ root, tags }: Expression): string | undefined {
  let node: ExpressionNode = root;
  while (node.kind === 'convert') node = node.operand;
  return node.kind === 'tag' ? tags[node.index] : undefined;
}
