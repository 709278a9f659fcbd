/** One regression tree, its nodes in columns: a parent always stands before its children. */

export interface Tree {
  /** The column a node asks about; -1 in a leaf. */
  readonly feature: Int32Array;
  /** A row whose value is at most this goes left. */
  readonly threshold: Float64Array;
  /** 1 where rows without a value go left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What a leaf adds to the margin; in other nodes the mean over their leaves, from which contributions are told. */
  readonly value: Float64Array;
  /** By how much the split lowered the training loss; 0 in a leaf. */
  readonly gain: Float64Array;
}

/** The node below `node` on the way of a value. */
export function childOf(tree: Tree, node: number, value: number): number {
  const isLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node];
  return isLeft ? tree.left[node] : tree.right[node];
}

/** Adds the value of each row's leaf to `margins`. */
export function addTree(tree: Tree, columns: readonly Float64Array[], margins: Float64Array): void {
  const { feature, threshold, missingLeft, left, right, value } = tree;
  for (let row = 0; row < margins.length; row++) {
    let node = 0;
    while (feature[node] >= 0) {
      const cell = columns[feature[node]][row];
      // NaN fails every comparison, so a value that is neither at most nor above the threshold is missing.
      if (cell <= threshold[node]) node = left[node];
      else if (cell > threshold[node] || missingLeft[node] === 0) node = right[node];
      else node = left[node];
    }
    margins[row] += value[node];
  }
}
