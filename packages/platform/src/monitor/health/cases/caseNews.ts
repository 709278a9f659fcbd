/** Tells of cases that were opened: of each by itself, and of many that began together once. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { FEWEST_TOGETHER, placeOf } from './caseGroup.ts';
import { listWords } from './explain/assetWords.ts';
import type { HealthCase } from './healthCase.ts';

/** What began with a case that was told is waited for, to be told together. */
const GATHERED_MS = 10_000;
/** What is told together is told with so many numbers at most. */
const MOST_NUMBERS = 20;

interface CaseNewsParts {
  readonly clock: Clock;
  readonly events: EventSink;
}

export class CaseNews {
  readonly #parts: CaseNewsParts;
  /** By the first case of a group, those that are still to be told. */
  readonly #gathered = new Map<number, HealthCase[]>();
  #cancel: CancelTimer | undefined;

  constructor(parts: CaseNewsParts) {
    this.#parts = parts;
  }

  opened(one: HealthCase): void {
    const { beganWith } = one;
    if (beganWith === undefined) {
      this.#tellOne(one);
      return;
    }
    const gathered = this.#gathered.get(beganWith) ?? [];
    this.#gathered.set(beganWith, [...gathered, one]);
    this.#cancel ??= this.#parts.clock.after(GATHERED_MS, () => this.tell());
  }

  /** Tells now what is still to be told. */
  tell(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const [first, cases] of this.#gathered) this.#tellTogether(first, cases);
    this.#gathered.clear();
  }

  #tellTogether(first: number, cases: readonly HealthCase[]): void {
    if (cases.length < FEWEST_TOGETHER) {
      for (const one of cases) this.#tellOne(one);
      return;
    }
    const numbers = cases.slice(0, MOST_NUMBERS).map(({ number }) => String(number));
    const rest = cases.length - numbers.length;
    const which = listWords(rest === 0 ? numbers : [...numbers, `${rest} more`]);
    this.#event(
      placeOf(cases) || cases[0].assetPath,
      `cases ${which} began with case ${first}: look for what they have in common first`,
    );
  }

  #tellOne({ number, assetPath, reasons }: HealthCase): void {
    this.#event(assetPath, `case ${number}: ${reasons.sentence}`);
  }

  #event(source: string, detail: string): void {
    const { clock, events } = this.#parts;
    events({ at: clock.now(), kind: 'health.case-opened', source, detail });
  }
}
