/** Which tags share a y axis, and what range it shows. */

export interface AxisTag {
  readonly index: number;
  readonly unit: string;
  readonly type: 'number' | 'boolean' | 'string';
}

export interface Axis {
  /** The scale's name: the unit, or what stands for it. */
  readonly key: string;
  readonly label: string;
  readonly isBoolean: boolean;
  readonly tags: readonly number[];
}

export type Range = readonly [low: number, high: number];

const BOOLEAN_AXIS = 'on/off';

/** One axis for each unit in the order in which the tags were chosen; booleans share one; texts have none. */
export function assignAxes(tags: readonly AxisTag[]): readonly Axis[] {
  const byKey = new Map<string, { label: string; isBoolean: boolean; tags: number[] }>();
  for (const tag of tags) {
    if (tag.type === 'string') continue;
    // Two signals without a unit need not have anything in common, so each gets a scale of its own.
    const isBoolean = tag.type === 'boolean';
    const key = isBoolean ? BOOLEAN_AXIS : tag.unit || `no unit ${tag.index}`;
    const axis = byKey.get(key) ?? { label: isBoolean ? BOOLEAN_AXIS : tag.unit, isBoolean, tags: [] };
    axis.tags.push(tag.index);
    byKey.set(key, axis);
  }
  return [...byKey].map(([key, axis]) => ({ key, ...axis }));
}

const PADDING = 0.08;
/** A line that comes nearer to the edge of its axis than this part of it gets a new one. */
const LEAST_AIR = 0.02;
/** Shrink only when the data fills less of the axis than this. */
const ENOUGH_FILLED = 0.6;

/** `low` to `high` with some air; a flat line gets an axis around it. */
export function paddedRange(low: number, high: number): Range {
  if (low > high) return [0, 1];
  if (low === high) {
    const air = Math.abs(low) * 0.05 || 1;
    return [low - air, high + air];
  }
  const air = (high - low) * PADDING;
  return [low - air, high + air];
}

/**
 * The range for data between `low` and `high` that follows a range shown before: it stays as it is while the data fits and
 * fills it reasonably, so that a live trend does not breathe with every sample.
 */
export function steadyRange(before: Range | undefined, low: number, high: number): Range {
  const fresh = paddedRange(low, high);
  if (!before) return fresh;
  const air = (before[1] - before[0]) * LEAST_AIR;
  if (low < before[0] + air || high > before[1] - air) return fresh;
  const filled = (high - low) / (before[1] - before[0]);
  const flatFits = low === high && before[1] - before[0] <= 4 * (fresh[1] - fresh[0]);
  return filled >= ENOUGH_FILLED || flatFits ? before : fresh;
}
