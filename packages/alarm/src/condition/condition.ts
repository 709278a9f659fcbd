/** What an alarm watches for: the kinds of conditions, and what each needs to know. */

export const LIMIT_KINDS = ['high-high', 'high', 'low', 'low-low'] as const;
export const RATE_KINDS = ['rate-of-rise', 'rate-of-fall'] as const;
export const STATISTICAL_KINDS = ['z-score', 'ewma', 'cusum'] as const;

export const CONDITION_KINDS = [
  ...LIMIT_KINDS,
  ...RATE_KINDS,
  'deviation',
  'discrete',
  'discrepancy',
  'stale',
  'bad-quality',
  ...STATISTICAL_KINDS,
] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];

/** A limit, and how far a value must come back behind it before the condition is over; both in the unit of the value. */
interface Limited {
  readonly limit: number;
  readonly deadband: number;
}

export interface LimitCondition extends Limited {
  readonly kind: (typeof LIMIT_KINDS)[number];
}

/** The value changes by more than `limit` within `overUs`. */
export interface RateCondition extends Limited {
  readonly kind: (typeof RATE_KINDS)[number];
  readonly overUs: number;
}

/** The value differs by more than `limit` from the set point: a constant, or the reference where it is `undefined`. */
export interface DeviationCondition extends Limited {
  readonly kind: 'deviation';
  readonly setPoint: number | undefined;
}

/** The value is this one: a state that it must not be in. */
export interface DiscreteCondition {
  readonly kind: 'discrete';
  readonly equals: number | string;
}

/** The value is not what the reference, its command, says (ISA-18.2: command disagree). */
export interface DiscrepancyCondition {
  readonly kind: 'discrepancy';
}

/** No sample with a usable value has come for so long. */
export interface StaleCondition {
  readonly kind: 'stale';
  readonly forUs: number;
}

/** The status of the value is bad. */
export interface BadQualityCondition {
  readonly kind: 'bad-quality';
}

/**
 * The value leaves what has been usual; `limit` and `deadband` are multiples of the standard deviation. Usual is the
 * exponentially weighted mean and variance with the time constant `baselineUs`.
 */
export interface StatisticalCondition extends Limited {
  readonly kind: (typeof STATISTICAL_KINDS)[number];
  readonly baselineUs: number;
  /** The standard deviation counts as no less than this, in the unit of the value. */
  readonly minSigma: number;
}

export type Condition =
  | LimitCondition
  | RateCondition
  | DeviationCondition
  | DiscreteCondition
  | DiscrepancyCondition
  | StaleCondition
  | BadQualityCondition
  | StatisticalCondition;

export function isOneOf<Kind extends string>(kinds: readonly Kind[], kind: string): kind is Kind {
  return (kinds as readonly string[]).includes(kind);
}
