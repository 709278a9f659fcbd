/** What a share of few cases says of the share of many: the interval of Wilson (J. Am. Stat. Assoc. 22 (1927), 209-212), 95 %. */

const Z_975 = 1.959963984540054;

/** `[0, 1]` where there are none. */
export function wilsonInterval(hits: number, all: number): readonly [low: number, high: number] {
  if (all === 0) return [0, 1];
  const share = hits / all;
  const squared = Z_975 ** 2 / all;
  const middle = (share + squared / 2) / (1 + squared);
  const half = (Z_975 * Math.sqrt((share * (1 - share)) / all + squared / (4 * all))) / (1 + squared);
  return [hits === 0 ? 0 : middle - half, hits === all ? 1 : middle + half];
}
