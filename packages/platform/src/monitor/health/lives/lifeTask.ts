/** What the lives of a fleet are learned from, in cycles: plain data that a thread can take. */

export interface TaskUnit {
  /** At its end, or now; NaN where nobody knows when it began. */
  readonly age: number;
  readonly failed: boolean;
  /** Its rows of the columns: `begin` to `end`, end not included. */
  readonly begin: number;
  readonly end: number;
}

export interface LifeTask {
  readonly units: readonly TaskUnit[];
  readonly signalNames: readonly string[];
  readonly signals: readonly Float64Array[];
  readonly settingNames: readonly string[];
  readonly settings: readonly Float64Array[];
  /** Age at every row; NaN where nobody knows it. */
  readonly ages: Float64Array;
  /** Life left is told up to this. */
  readonly cap: number;
  readonly coverage: number;
  readonly seed: number;
}

/** Units whose ages are known, which are what laws of ages are learned from. */
export function agedUnits({ units }: LifeTask): readonly TaskUnit[] {
  return units.filter(({ age }) => age > 0);
}

/** What was asked of a unit over its life, by setting; NaN where nobody knows. */
export function meanSettings(
  { settings }: Pick<LifeTask, 'settings'>,
  { begin, end }: Pick<TaskUnit, 'begin' | 'end'>,
): Float64Array {
  return Float64Array.from(settings, (column) => {
    const values = column.subarray(begin, end).filter(Number.isFinite);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}
