/** The points of one scan class. A tick asks the outstation for its events, whichever class their points are in. */

import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Exchange, ScanGroup, TaggedPoint } from '../../driver.ts';

/** What a scan class needs of its outstation. */
interface Polled {
  readonly groups: readonly EventScan[];
  /** How many requests are to be made. */
  readonly wishes: number;
  /** Whether something is to be asked although no scan is due. */
  readonly urgent: boolean;
  tick(): void;
  step(): Promise<Exchange>;
  fail(tags: readonly number[], status: StatusCode): void;
}

export class EventScan implements ScanGroup {
  readonly requests = 1;
  readonly #outstation: Polled;
  readonly #tags: readonly number[];
  #due = false;

  constructor(points: readonly TaggedPoint[], outstation: Polled) {
    this.#tags = points.map(({ tag }) => tag);
    this.#outstation = outstation;
  }

  get due(): boolean {
    return this.#due;
  }

  /** What is urgent is done by the first class when no class is due. */
  get pending(): number {
    const { groups, urgent, wishes } = this.#outstation;
    if (this.#due) return Math.max(1, wishes);
    return urgent && groups[0] === this && !groups.some(({ due }) => due) ? wishes : 0;
  }

  begin(): void {
    this.#due = true;
    this.#outstation.tick();
  }

  step(): Promise<Exchange> {
    return this.#outstation.step();
  }

  fail(status: StatusCode): void {
    this.#due = false;
    this.#outstation.fail(this.#tags, status);
  }

  /** Nobody reports the changes of the points any more: they are bad from now on, or read anew. */
  deserted(): void {
    this.#due = true;
  }

  /** Nothing is left to be asked. */
  settled(): void {
    this.#due = false;
  }
}
