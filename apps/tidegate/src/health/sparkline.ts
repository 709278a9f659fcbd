/** The course of a number in one line of text, between where it normally is and where it must not get to. */

const BARS = '▁▂▃▄▅▆▇█';

/**
 * One character for each value, a space where there is none. The lowest bar is `bottom` and beyond, the highest `top` and beyond,
 * whichever of the two is the greater; where they are not given, or are the same, the least and the greatest value.
 */
export function sparkline(values: readonly (number | null)[], bottom?: number, top?: number): string {
  const known = values.filter((value) => value !== null);
  const isScaled = bottom !== undefined && top !== undefined && bottom !== top;
  const [from, to] = isScaled ? [bottom, top] : [Math.min(...known), Math.max(...known)];
  const barOf = (value: number) => {
    const share = from === to ? 0 : (value - from) / (to - from);
    return BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(share * BARS.length)))];
  };
  return values.map((value) => (value === null ? ' ' : barOf(value))).join('');
}
