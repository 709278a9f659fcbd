/** Whether the columns of a fit can be told apart, after Belsley, Kuh and Welsch, Regression Diagnostics (1980), 3.2. */

import type { TriangularSystem } from './triangularSystem.ts';

export interface Collinearity {
  /** The largest over the smallest singular value of the columns, each scaled to length 1; infinite where they are dependent. */
  readonly condition: number;
  /** The columns that hardly anything but their combination is known of, by index; empty where all is well. */
  readonly together: readonly number[];
}

/** Above it a combination of columns is weakly determined, and a column belongs to it with half of its variance (3.2.3). */
const WEAK_CONDITION = 30;
const SHARE_OF_VARIANCE = 0.5;
const MOST_SWEEPS = 60;
const PRECISION = 1e-15;

export function collinearity({ size, triangle }: TriangularSystem): Collinearity {
  const columns = Array.from({ length: size }, (_, column) =>
    unit(Float64Array.from({ length: size }, (_, row) => triangle[row * size + column])),
  );
  const { values, directions } = singularValues(columns);
  const largest = Math.max(...values);
  const smallest = Math.min(...values);
  const condition = smallest > largest * Number.EPSILON ? largest / smallest : Number.POSITIVE_INFINITY;
  if (condition <= WEAK_CONDITION) return { condition, together: [] };
  const floor = largest * Number.EPSILON;
  const weak = values.map((value) => largest / Math.max(value, floor) > WEAK_CONDITION);
  const together = columns.keys().filter((column) => {
    const shares = values.map((value, at) => (directions[at][column] / Math.max(value, floor)) ** 2);
    const total = shares.reduce((sum, share) => sum + share, 0);
    return shares.reduce((sum, share, at) => (weak[at] ? sum + share : sum), 0) > SHARE_OF_VARIANCE * total;
  });
  return { condition, together: [...together] };
}

/**
 * Singular values, and for each the right singular vector, by one-sided Jacobi rotations (Hestenes 1958), which find small ones
 * to their full precision. `columns` are changed.
 */
function singularValues(columns: readonly Float64Array[]): { values: number[]; directions: Float64Array[] } {
  const size = columns.length;
  const directions = Array.from({ length: size }, (_, at) => {
    const direction = new Float64Array(size);
    direction[at] = 1;
    return direction;
  });
  for (let sweep = 0, isTurning = true; sweep < MOST_SWEEPS && isTurning; sweep++) {
    isTurning = false;
    for (let left = 0; left < size; left++) {
      for (let right = left + 1; right < size; right++) {
        const [a, b] = [columns[left], columns[right]];
        const [alpha, beta, gamma] = [dot(a, a), dot(b, b), dot(a, b)];
        if (Math.abs(gamma) <= PRECISION * Math.sqrt(alpha * beta)) continue;
        isTurning = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        rotate(a, b, cosine, cosine * tangent);
        rotate(directions[left], directions[right], cosine, cosine * tangent);
      }
    }
  }
  return { values: columns.map((column) => Math.sqrt(dot(column, column))), directions };
}

function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let row = 0; row < a.length; row++) {
    const [x, y] = [a[row], b[row]];
    a[row] = cosine * x - sine * y;
    b[row] = sine * x + cosine * y;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += a[row] * b[row];
  return sum;
}

function unit(column: Float64Array): Float64Array {
  const length = Math.sqrt(dot(column, column));
  return length === 0 ? column : column.map((value) => value / length);
}
