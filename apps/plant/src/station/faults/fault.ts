/** A fault that is planned: when it begins, what it does to what, how far and how fast it goes. */

export const FAULT_KINDS = [
  'fouling',
  'bearing-wear',
  'valve-stiction',
  'filter-clogging',
  'solder-crack',
  'sensor-drift',
  'sensor-bias',
  'sensor-freeze',
  'sensor-failure',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Path below the site of what is afflicted: a train, a bearing, a power supply, or a signal. */
  readonly target: string;
  /** Seconds after the beginning of the simulation. */
  readonly atS: number;
  /** How far it goes, in the unit that `FAULT_SIZES` gives. */
  readonly size: number;
  /** Time in which it grows to its size, seconds; 0 is at once. */
  readonly overS: number;
  /** When it is repaired, seconds after the beginning; `undefined` where nobody does. */
  readonly untilS?: number;
}

/** What the size of a kind is measured in, and the size where none is given. */
export const FAULT_SIZES: Readonly<Record<FaultKind, { readonly unit: string; readonly usual: number }>> = {
  fouling: { unit: '% of the polytropic efficiency', usual: 3 },
  'bearing-wear': { unit: 'from 0, new, to 1, worn out', usual: 1 },
  'valve-stiction': { unit: '% of the stroke', usual: 8 },
  'filter-clogging': { unit: '% of the filter area', usual: 55 },
  'solder-crack': { unit: 'damage, 1 being open', usual: 1 },
  'sensor-drift': { unit: 'unit of the signal', usual: 1 },
  'sensor-bias': { unit: 'unit of the signal', usual: 1 },
  'sensor-freeze': { unit: 'none', usual: 1 },
  'sensor-failure': { unit: 'none', usual: 1 },
};
