/**
 * Rainflow counting as a signal comes: the four-point method (C. Amzallag et al., International Journal of Fatigue 16 (1994),
 * 287-293) closes cycles at once, and what is left, the residue, is counted by ASTM E1049-85 (2017), 5.4.4, when somebody asks.
 * Both together are what ASTM E1049 counts over the whole signal.
 */

import { type TurningPoint, TurningPoints } from './turningPoints.ts';

export interface LoadCycle {
  /** Twice the amplitude, and the middle, in the unit of the signal. */
  readonly range: number;
  readonly mean: number;
  /** 1, or 0.5 of a cycle that has not closed. */
  readonly count: 1 | 0.5;
  /** Where its first and its second turning point were. */
  readonly from: TurningPoint;
  readonly to: TurningPoint;
}

export class RainflowCounter {
  readonly #turns: TurningPoints;
  readonly #onCycle: (cycle: LoadCycle) => void;
  readonly #residue: TurningPoint[] = [];

  /** `onCycle` gets each cycle as it closes; turns of at most `hysteresis` are none. */
  constructor(onCycle: (cycle: LoadCycle) => void, hysteresis = 0) {
    this.#onCycle = onCycle;
    this.#turns = new TurningPoints(hysteresis);
  }

  /** `at` is an index or a time. NaN is passed over. */
  push(value: number, at: number): void {
    const turned = this.#turns.push(value, at);
    if (turned) closeCycles(this.#residue, turned, this.#onCycle);
  }

  /** Turning points whose cycles have not closed, the last value among them. */
  residue(): readonly TurningPoint[] {
    const residue = [...this.#residue];
    const last = this.#turns.last();
    if (last) closeCycles(residue, last, () => undefined);
    return residue;
  }

  /** How many points it holds, at most one more than `points` gives. */
  get open(): number {
    return this.#residue.length + 1;
  }

  /** All that it holds: pushed into a fresh counter of the same hysteresis, they make it go on exactly as this one. */
  points(): readonly TurningPoint[] {
    const pending = this.#turns.pending();
    return pending ? [...this.#residue, pending] : [];
  }

  /** What the signal so far comes to besides the cycles that were told: those that close with its last value, and halves. */
  unclosed(): readonly LoadCycle[] {
    const cycles: LoadCycle[] = [];
    const residue = [...this.#residue];
    const last = this.#turns.last();
    if (last) closeCycles(residue, last, (cycle) => cycles.push(cycle));
    for (const [at, to] of residue.entries()) if (at > 0) cycles.push(cycleOf(residue[at - 1], to, 0.5));
    return cycles;
  }
}

/** The inner of four points is a cycle where its range is within those on both sides. */
function closeCycles(points: TurningPoint[], next: TurningPoint, onCycle: (cycle: LoadCycle) => void): void {
  points.push(next);
  while (points.length >= 4) {
    const [a, b, c, d] = points.slice(-4);
    const inner = Math.abs(c.value - b.value);
    if (inner > Math.abs(b.value - a.value) || inner > Math.abs(d.value - c.value)) return;
    onCycle(cycleOf(b, c, 1));
    points.splice(-3, 2);
  }
}

function cycleOf(from: TurningPoint, to: TurningPoint, count: 1 | 0.5): LoadCycle {
  return { range: Math.abs(to.value - from.value), mean: (from.value + to.value) / 2, count, from, to };
}

/** All cycles of a whole signal, as ASTM E1049 counts them. */
export function countCycles(values: ArrayLike<number>): readonly LoadCycle[] {
  const cycles: LoadCycle[] = [];
  const counter = new RainflowCounter((cycle) => cycles.push(cycle));
  for (let at = 0; at < values.length; at++) counter.push(values[at], at);
  return [...cycles, ...counter.unclosed()];
}
