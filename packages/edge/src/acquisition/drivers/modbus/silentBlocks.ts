/**
 * Which questions a device meets with silence while it answers others: some devices do so where they should refuse.
 *
 * A silence counts only when the device has answered something after it, so that one that is off is never suspected.
 */

import type { Question } from './question.ts';

/** So often a question must be met with silence before it is taken for a refusal. */
const SILENCES = 3;

export class SilentBlocks {
  readonly #silences = new Map<Question, number>();
  /** Met with silence since the device was last heard. */
  readonly #unconfirmed = new Set<Question>();

  silent(question: Question): void {
    this.#unconfirmed.add(question);
  }

  answered(question: Question): void {
    if (this.#unconfirmed.size === 0 && this.#silences.size === 0) return;
    this.forget(question);
    for (const other of this.#unconfirmed) this.#silences.set(other, (this.#silences.get(other) ?? 0) + 1);
    this.#unconfirmed.clear();
  }

  isRefusal(question: Question): boolean {
    return (this.#silences.get(question) ?? 0) >= SILENCES;
  }

  /** The parts of a question that was met with silence: of them one more silence is enough. */
  suspect(question: Question): void {
    this.#silences.set(question, SILENCES - 1);
  }

  forget(question: Question): void {
    this.#silences.delete(question);
    this.#unconfirmed.delete(question);
  }
}
