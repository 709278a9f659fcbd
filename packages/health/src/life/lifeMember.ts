/** One learner of an estimator: trees, which go in steps and bear any input, and a net, which is smooth. They err apart. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BinnedColumns } from '../boost/binnedColumns.ts';
import type { BoostedTrees } from '../boost/boostedTrees.ts';
import { boostBinned } from '../boost/learnBoostedTrees.ts';
import { learnNet } from './learnNeuralNet.ts';
import type { LifeColumns } from './lifeFeatures.ts';
import type { LifeOptions } from './lifeOptions.ts';
import { type NeuralNet, predictNet } from './neuralNet.ts';

export interface LifeMember {
  readonly trees: BoostedTrees;
  readonly net: NeuralNet;
}

/** The rows that are learned from, one entry a row. */
export interface LifeTable extends LifeColumns {
  readonly binned: BinnedColumns;
  readonly target: Float64Array;
  readonly weights: Float64Array;
  readonly units: Int32Array;
}

/** Learns from the given rows of the table. */
export function learnMember(
  table: LifeTable,
  rows: Int32Array,
  options: LifeOptions,
  seed: number,
): Result<LifeMember> {
  const boosted = boostBinned(table.binned, { ...table, rows }, { ...options.boost, seed });
  if (!boosted.ok) return boosted;
  const part = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  const seen = { columns: table.columns.map(part), target: part(table.target), weights: part(table.weights) };
  const net = learnNet({ ...seen, unit: options.cap }, options.net, seed);
  return success({ trees: boosted.value.trees, net });
}

/** Cycles left at every row: the mean of what all trees and nets tell, each kept within 0 and the cap. */
export function tellLife(members: readonly LifeMember[], columns: readonly Float64Array[], cap: number): Float64Array {
  const told = members.flatMap(({ trees, net }) => [trees.predict(columns), predictNet(net, columns)]);
  return told[0].map((_, row) => {
    let sum = 0;
    for (const lives of told) sum += Math.min(cap, Math.max(0, lives[row]));
    return sum / told.length;
  });
}
