/** A number among the arguments of a probe; 0 with a complaint where it is missing, none, or out of bounds. */

export function numberOption(
  option: string,
  text: string | undefined,
  [least, most]: readonly [least: number, most: number],
  complain: (complaint: string) => void,
  kind: 'whole' | 'decimal' = 'whole',
): number {
  const value = /^\d+(\.\d+)?$/.test(text ?? '') ? Number(text) : Number.NaN;
  if ((kind === 'decimal' || Number.isInteger(value)) && value >= least && value <= most) return value;
  complain(
    text === undefined || text === ''
      ? `--${option} is missing: ${least} to ${most}`
      : `--${option} ${text} is not within ${least} to ${most}`,
  );
  return 0;
}
