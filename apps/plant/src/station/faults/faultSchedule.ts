/** Lets planned faults come, grow and be repaired, and keeps the log of what is truly wrong. */

import type { Station } from '../physics/station.ts';
import type { Sensor } from '../signals/sensor.ts';
import { FAULT_SIZES, type Fault } from './fault.ts';
import { type FaultGrip, gripOf } from './faultTarget.ts';

/** One line of the log of truth. */
export interface TruthEvent {
  /** Seconds since 1970 UTC. */
  readonly timeS: number;
  /** A fault begins, has its full size, is repaired; a joint opens for ever; a train trips. */
  readonly event: 'begins' | 'full' | 'ends' | 'opens' | 'trips';
  readonly target: string;
  /** Kind of the fault, or the cause of the trip. */
  readonly kind: string;
  /** Size that the fault has then, in its unit; 0 of a trip. */
  readonly size: number;
}

/** Wear feeds on itself. */
const WEAR_EXPONENT = 2;

type Phase = 'waiting' | 'growing' | 'full' | 'ended';

export class FaultSchedule {
  readonly log: TruthEvent[] = [];
  readonly #faults: readonly Fault[];
  readonly #grips: readonly FaultGrip[];
  readonly #phases: Phase[];
  readonly #sizes: Float64Array;
  readonly #station: Station;
  readonly #startS: number;
  readonly #wasTripped: boolean[];
  readonly #wasOpen: boolean[];

  /** Throws a RangeError where the station has nothing that a fault could take hold of. */
  constructor(faults: readonly Fault[], station: Station, sensors: readonly Sensor[]) {
    this.#faults = faults;
    this.#station = station;
    this.#startS = station.timeS;
    this.#phases = faults.map(() => 'waiting');
    this.#sizes = new Float64Array(faults.length);
    this.#wasTripped = station.trains.map(() => false);
    this.#wasOpen = station.substation.supplies.map(() => false);
    this.#grips = faults.map((fault) => {
      const grip = gripOf(fault, station, sensors);
      if (grip === undefined) throw new RangeError(`there is no ${fault.target} that ${fault.kind} could befall`);
      return grip;
    });
  }

  /** How bad each fault truly is now, in the order of the plan. */
  get sizes(): Float64Array {
    return this.#sizes;
  }

  /** Before each step of the station. */
  apply(): void {
    const sinceS = this.#station.timeS - this.#startS;
    for (let index = 0; index < this.#faults.length; index++) this.#applyOne(index, sinceS);
  }

  /** After each step: what came of it. */
  observe(): void {
    const { trains, substation } = this.#station;
    for (let index = 0; index < trains.length; index++) {
      const { sequence } = trains[index];
      const isTripped = sequence.state === 'tripped';
      if (isTripped && !this.#wasTripped[index]) {
        this.#write('trips', `compression/train-${index + 1}`, sequence.tripCause, 0);
      }
      this.#wasTripped[index] = isTripped;
    }
    for (let index = 0; index < substation.supplies.length; index++) {
      const { joint } = substation.supplies[index];
      if (joint.isOpen && !this.#wasOpen[index]) {
        this.#write('opens', `utilities/substation/power-supply-${index + 1}`, 'solder-crack', joint.damage);
      }
      this.#wasOpen[index] = joint.isOpen;
    }
  }

  #applyOne(index: number, sinceS: number): void {
    const fault = this.#faults[index];
    const phase = this.#phases[index];
    const grip = this.#grips[index];
    if (phase === 'ended' || sinceS < fault.atS) return;
    if (fault.untilS !== undefined && sinceS >= fault.untilS) {
      this.#enter(index, 'ended', 'ends', this.#sizes[index]);
      this.#sizes[index] = 0;
      grip.apply(0);
      return;
    }
    const size = grownSize(fault, sinceS);
    if (phase !== 'full') grip.apply(size);
    this.#sizes[index] = grip.truth?.() ?? size;
    if (phase === 'waiting') this.#enter(index, 'growing', 'begins', this.#sizes[index]);
    if (this.#phases[index] === 'growing' && this.#sizes[index] >= fault.size) {
      this.#enter(index, 'full', 'full', this.#sizes[index]);
    }
  }

  #enter(index: number, phase: Phase, event: TruthEvent['event'], size: number): void {
    this.#phases[index] = phase;
    this.#write(event, this.#faults[index].target, this.#faults[index].kind, size);
  }

  #write(event: TruthEvent['event'], target: string, kind: string, size: number): void {
    this.log.push({ timeS: this.#station.timeS, event, target, kind, size });
  }
}

function grownSize({ kind, atS, overS, size }: Fault, sinceS: number): number {
  const share = overS <= 0 ? 1 : Math.min(1, (sinceS - atS) / overS);
  if (kind === 'solder-crack') return FAULT_SIZES[kind].usual;
  return size * (kind === 'bearing-wear' ? share ** WEAR_EXPONENT : share);
}
