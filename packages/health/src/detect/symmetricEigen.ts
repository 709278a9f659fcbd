/** Eigenvalues and eigenvectors of a symmetric matrix by rotations. */

export interface EigenSystem {
  /** Largest first. */
  readonly values: Float64Array;
  /** Vector `i` is `vectors[i * size .. (i + 1) * size]`, of length one. */
  readonly vectors: Float64Array;
}

const MOST_SWEEPS = 60;

/** Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5); `matrix` is size x size and left as it is. */
export function symmetricEigen(matrix: Float64Array, size: number): EigenSystem {
  const work = Float64Array.from(matrix);
  const basis = new Float64Array(size * size);
  for (let i = 0; i < size; i++) basis[i * size + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS && !isDiagonal(work, size); sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(work, basis, size, p, q);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => work[b * size + b] - work[a * size + a]);
  const vectors = new Float64Array(size * size);
  for (const [to, from] of order.entries()) {
    vectors.set(basis.subarray(from * size, (from + 1) * size), to * size);
  }
  return { values: Float64Array.from(order, (i) => work[i * size + i]), vectors };
}

function isDiagonal(work: Float64Array, size: number): boolean {
  let beside = 0;
  let along = 0;
  for (let i = 0; i < size; i++) {
    along += work[i * size + i] ** 2;
    for (let j = i + 1; j < size; j++) beside += work[i * size + j] ** 2;
  }
  return beside <= along * 1e-26;
}

/** Makes element (p, q) zero; `basis` keeps its vectors in rows, so that both loops run along memory. */
function rotate(work: Float64Array, basis: Float64Array, size: number, p: number, q: number): void {
  const beside = work[p * size + q];
  if (beside === 0) return;
  const half = (work[q * size + q] - work[p * size + p]) / (2 * beside);
  const tangent = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) {
    const kp = work[k * size + p];
    const kq = work[k * size + q];
    work[k * size + p] = cosine * kp - sine * kq;
    work[k * size + q] = sine * kp + cosine * kq;
  }
  turnRows(work, size, p, q, cosine, sine);
  turnRows(basis, size, p, q, cosine, sine);
}

function turnRows(matrix: Float64Array, size: number, p: number, q: number, cosine: number, sine: number): void {
  for (let k = 0; k < size; k++) {
    const pk = matrix[p * size + k];
    const qk = matrix[q * size + k];
    matrix[p * size + k] = cosine * pk - sine * qk;
    matrix[q * size + k] = sine * pk + cosine * qk;
  }
}
