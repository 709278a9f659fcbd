/** An overdetermined linear system brought to triangular form by Householder reflections: the kernel of all least squares here. */

/**
 * `R x = y` with an upper triangle `R`, equivalent in least squares to the system that it was made of. `residualSquares` is
 * the sum of squares that no `x` can remove.
 */
export interface TriangularSystem {
  /** Number of unknowns. */
  readonly size: number;
  /** Row by row, `size` * `size`; zeros below the diagonal. */
  readonly triangle: Float64Array;
  readonly rightSide: Float64Array;
  readonly residualSquares: number;
}

/**
 * Golub and Van Loan, Matrix Computations, 4th edition, algorithm 5.2.1. Each of `columns` has as many rows as `rightSide`, and
 * there are at least as many rows as columns; nothing that is given is changed.
 */
export function triangularSystem(columns: readonly Float64Array[], rightSide: Float64Array): TriangularSystem {
  const [size, rows] = [columns.length, rightSide.length];
  const work = columns.map((column) => column.slice());
  const right = rightSide.slice();
  const triangle = new Float64Array(size * size);
  for (let pivot = 0; pivot < size; pivot++) {
    const reflector = work[pivot];
    const norm = normFrom(reflector, pivot);
    if (norm > 0) {
      const diagonal = reflector[pivot] > 0 ? -norm : norm;
      // The reflector is v = x - diagonal * e, with v'v = 2 * diagonal * (diagonal - x).
      const scale = diagonal * (diagonal - reflector[pivot]);
      reflector[pivot] -= diagonal;
      for (let column = pivot + 1; column < size; column++) reflect(work[column], reflector, pivot, scale);
      reflect(right, reflector, pivot, scale);
      triangle[pivot * size + pivot] = diagonal;
    }
    for (let column = pivot + 1; column < size; column++) triangle[pivot * size + column] = work[column][pivot];
  }
  let residualSquares = 0;
  for (let row = size; row < rows; row++) residualSquares += right[row] * right[row];
  return { size, triangle, rightSide: right.slice(0, size), residualSquares };
}

/** The same with rows `sqrt(damping) * weights[i] * x[i] = 0` below it, which pull the unknowns towards 0. */
export function dampedSystem(system: TriangularSystem, weights: ArrayLike<number>, damping: number): TriangularSystem {
  const { size, triangle, rightSide, residualSquares } = system;
  const columns = Array.from({ length: size }, (_, column) => {
    const stacked = new Float64Array(2 * size);
    for (let row = 0; row <= column; row++) stacked[row] = triangle[row * size + column];
    stacked[size + column] = Math.sqrt(damping) * weights[column];
    return stacked;
  });
  const right = new Float64Array(2 * size);
  right.set(rightSide);
  const damped = triangularSystem(columns, right);
  return { ...damped, residualSquares: damped.residualSquares + residualSquares };
}

/** `x` of `R x = y`; where the diagonal is 0 an unknown is free, and taken as 0. */
export function solveTriangle({ size, triangle }: TriangularSystem, rightSide: Float64Array): Float64Array {
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let rest = rightSide[row];
    for (let column = row + 1; column < size; column++) rest -= triangle[row * size + column] * solution[column];
    const diagonal = triangle[row * size + row];
    solution[row] = diagonal === 0 ? 0 : rest / diagonal;
  }
  return solution;
}

/** The inverse of `R'R`, row by row: the covariance of the unknowns for residuals of variance 1. */
export function inverseNormal(system: TriangularSystem): Float64Array {
  const { size } = system;
  const inverse = Array.from({ length: size }, (_, at) => {
    const unit = new Float64Array(size);
    unit[at] = 1;
    return solveTriangle(system, unit);
  });
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (const solution of inverse) sum += solution[row] * solution[column];
      product[row * size + column] = sum;
    }
  }
  return product;
}

function normFrom(column: Float64Array, from: number): number {
  let sum = 0;
  for (let row = from; row < column.length; row++) sum += column[row] * column[row];
  return Math.sqrt(sum);
}

function reflect(column: Float64Array, reflector: Float64Array, from: number, scale: number): void {
  let product = 0;
  for (let row = from; row < column.length; row++) product += reflector[row] * column[row];
  const factor = product / scale;
  for (let row = from; row < column.length; row++) column[row] -= factor * reflector[row];
}
