/**
 * Fatigue of solder joints by thermal cycles: Coffin-Manson for the swing of temperature, and Norris and Landzberg's factors for
 * how often it swings and how hot it gets.
 */

import type { LoadCycle } from './rainflow.ts';

export interface SolderAlloy {
  /** Exponents of the swing and of the frequency, and the activation energy over Boltzmann's constant in kelvin. */
  readonly swingExponent: number;
  readonly frequencyExponent: number;
  readonly activationK: number;
}

/** K. C. Norris, A. H. Landzberg, IBM Journal of Research and Development 13 (1969), 266-271. */
export const TIN_LEAD: SolderAlloy = { swingExponent: 1.9, frequencyExponent: 1 / 3, activationK: 1_414 };
/** N. Pan et al., An acceleration model for Sn-Ag-Cu solder joint reliability, SMTA International 2005. */
export const TIN_SILVER_COPPER: SolderAlloy = { swingExponent: 2.65, frequencyExponent: 0.136, activationK: 2_185 };

/** A test of which is known how many cycles half of the joints bear. */
export interface SolderTest {
  readonly swingK: number;
  readonly cyclesPerDay: number;
  /** Of the hot end, in Celsius. */
  readonly hotCel: number;
  readonly medianCycles: number;
}

/** A usual qualification test: IPC-9701A, condition TC1, 0 to 100 °C twice an hour. */
export const USUAL_TEST: Omit<SolderTest, 'medianCycles'> = { swingK: 100, cyclesPerDay: 48, hotCel: 100 };

const ZERO_CEL_K = 273.15;
/** Cycles that are slower than one in four days creep no further. */
const LEAST_CYCLES_PER_DAY = 0.25;
const US_PER_DAY = 86_400e6;

/** A cycle of temperature as it was in the field: `at` of its turning points is a time in microseconds. */
export type ThermalCycle = Pick<LoadCycle, 'range' | 'mean' | 'from' | 'to'>;

/** How many such cycles half of the joints bear. */
export function cyclesInField(alloy: SolderAlloy, test: SolderTest, { range, mean, from, to }: ThermalCycle): number {
  const { swingExponent, frequencyExponent, activationK } = alloy;
  const halfDays = Math.max(Math.abs(to.at - from.at) / US_PER_DAY, 1e-6);
  const perDay = Math.max(LEAST_CYCLES_PER_DAY, Math.min(test.cyclesPerDay, 1 / (2 * halfDays)));
  const hotK = mean + range / 2 + ZERO_CEL_K;
  const acceleration =
    (test.swingK / range) ** swingExponent *
    (perDay / test.cyclesPerDay) ** frequencyExponent *
    Math.exp(activationK * (1 / hotK - 1 / (test.hotCel + ZERO_CEL_K)));
  return test.medianCycles * acceleration;
}
