/** Linear least squares held back from large coefficients. */

/** What linear equations with a symmetric positive definite matrix (row by row, `size` squared) solve to; Cholesky. */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const lower = matrix.slice();
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = lower[i * size + j];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      // A pivot that rounding has eaten belongs to a column that others already say; it gets no share.
      if (i === j) lower[j * size + j] = Math.sqrt(Math.max(sum, 1e-12));
      else lower[i * size + j] = sum / lower[j * size + j];
    }
  }
  const solution = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i] -= lower[i * size + k] * solution[k];
    solution[i] /= lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i] -= lower[k * size + i] * solution[k];
    solution[i] /= lower[i * size + i];
  }
  return solution;
}

export interface Ridge {
  readonly intercept: number;
  readonly coefficients: Float64Array;
}

/**
 * Coefficients that make the weighted squares of `target - intercept - columns x coefficients` plus `penalty` times the
 * weight times the squares of the coefficients small. Columns should be of like spread; missing values count as 0.
 */
export function learnRidge(
  columns: readonly Float64Array[],
  target: Float64Array,
  weights: Float64Array,
  penalty: number,
): Ridge {
  const size = columns.length + 1;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const values = new Float64Array(size);
  let total = 0;
  for (let row = 0; row < target.length; row++) {
    const weight = weights[row];
    if (weight === 0) continue;
    values[0] = 1;
    for (let c = 1; c < size; c++) values[c] = columns[c - 1][row] || 0;
    for (let i = 0; i < size; i++) {
      const weighted = weight * values[i];
      for (let j = 0; j <= i; j++) matrix[i * size + j] += weighted * values[j];
      right[i] += weighted * target[row];
    }
    total += weight;
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j];
    matrix[i * size + i] += i === 0 ? 1e-9 : penalty * total;
  }
  const solution = solvePositive(matrix, right);
  return { intercept: solution[0], coefficients: solution.slice(1) };
}

/** One value a row; missing values count as 0, and a row without any value has none. */
export function predictRidge(ridge: Ridge, columns: readonly Float64Array[], rows: number): Float64Array {
  const predicted = new Float64Array(rows).fill(ridge.intercept);
  const hasValue = new Uint8Array(rows);
  for (const [c, column] of columns.entries()) {
    const coefficient = ridge.coefficients[c];
    for (let row = 0; row < rows; row++) {
      if (Number.isNaN(column[row])) continue;
      hasValue[row] = 1;
      predicted[row] += coefficient * column[row];
    }
  }
  return predicted.map((value, row) => (hasValue[row] === 1 ? value : Number.NaN));
}
