/** Arithmetic in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1, where 2 generates every number but 0. */

const POLYNOMIAL = 0x11d;
const ORDER = 255;

/** Powers of 2, twice over, so that a sum of two logarithms is an index; and their logarithms. */
const EXP = new Uint8Array(2 * ORDER);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < ORDER; power++) {
  EXP[power] = value;
  EXP[power + ORDER] = value;
  LOG[value] = power;
  value <<= 1;
  if (value > 255) value ^= POLYNOMIAL;
}

export function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : EXP[LOG[a] + LOG[b]];
}

/** 1 / a; `a` is not 0. */
export function inverse(a: number): number {
  return EXP[ORDER - LOG[a]];
}

/**
 * The inverse of the Cauchy matrix with the elements 1 / (rows[i] ^ columns[j]), row by row, in closed form (Schechter, "On
 * the inversion of certain matrices", 1959): `rows` and `columns` are of one length and all their numbers differ.
 */
export function inverseOfCauchy(rows: readonly number[], columns: readonly number[]): Uint8Array {
  const size = rows.length;
  const inverted = new Uint8Array(size * size);
  const rowFactors = rows.map((row) => logOfQuotient(columns, rows, row));
  const columnFactors = columns.map((column) => logOfQuotient(rows, columns, column));
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) {
      const quotient = EXP[(rowFactors[row] + columnFactors[column]) % ORDER];
      inverted[column * size + row] = product(quotient, inverse(rows[row] ^ columns[column]));
    }
  }
  return inverted;
}

/** The logarithm of the product of `number` ^ each of `others`, over that of `number` ^ each other of `own`. */
function logOfQuotient(others: readonly number[], own: readonly number[], number: number): number {
  let log = 0;
  for (const other of others) log += LOG[number ^ other];
  for (const other of own) if (other !== number) log += ORDER - LOG[number ^ other];
  return log % ORDER;
}
