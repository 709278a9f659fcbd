/**
 * One unit of a line, and what may still come from it.
 *
 * On a serial line an answer does not say which question it answers. After a question whose answer did not come in time the
 * unit is *out of step*: that answer may still come, and a question of the same shape would take it for its own. Units answer
 * in the order in which they were asked. So when an answer comes that none of the outstanding questions can have, all of
 * those are over, and the unit is in step again.
 *
 * Invariant: `couldBeOlder` is true for every frame that an earlier question without an answer may have brought forth.
 */

import { EXCEPTION_BIT, type Question, questionOf, type ReadRange } from './question.ts';

export interface StationConfig {
  readonly unit: number;
  /** How long an answer may take. */
  readonly timeoutMs: number;
}

/** A unit is left alone for so many timeouts, and at least so long: no device answers later than that. */
const REST_TIMEOUTS = 10;
const MIN_REST_MS = 10_000;

/** The four reads of the standard, of which every device knows at least one. */
const PLAIN_TABLES = ['holding', 'input', 'coil', 'discrete'] as const;

export class Station {
  readonly unit: number;
  readonly timeoutMs: number;
  /** Answers that came too late or belonged to no question. */
  discarded = 0;
  /** Questions without an answer, of each shape one. */
  #outstanding: Question[] = [];
  /** Whether it has been heard since the last question that was to bring it back into step. */
  heard = true;
  /** When the unit may be asked again that was left alone. */
  #restUntilMs: number | undefined;

  constructor({ unit, timeoutMs }: StationConfig) {
    this.unit = unit;
    this.timeoutMs = timeoutMs;
  }

  /** A rest that is over has brought it back into step. */
  isInStep(nowMs: number): boolean {
    if (this.#restUntilMs !== undefined && nowMs >= this.#restUntilMs) this.backInStep();
    return this.#outstanding.length === 0;
  }

  /** The question to be asked again of a unit that has not been heard since; whatever comes, the unit is there. */
  get owed(): Question | undefined {
    return this.heard ? undefined : this.#outstanding.at(-1);
  }

  /** Leaves the unit alone until what it has not yet said it will never say. */
  rest(nowMs: number): void {
    this.#restUntilMs = nowMs + Math.max(REST_TIMEOUTS * this.timeoutMs, MIN_REST_MS);
  }

  isResting(nowMs: number): boolean {
    return this.#restUntilMs !== undefined && nowMs < this.#restUntilMs;
  }

  unanswered(question: Question): void {
    if (!this.#outstanding.some((other) => sameShape(other, question))) this.#outstanding.push(question);
  }

  /** A frame has come that belongs to no older question. */
  backInStep(): void {
    this.#outstanding = [];
    this.#restUntilMs = undefined;
    this.heard = true;
  }

  /** Whether data in answer to `question` could be taken for that of an older one. */
  mistakable(question: Question): boolean {
    return this.#outstanding.some((older) => sameShape(older, question));
  }

  /** Whether a frame may belong to an older question. An exception bears the function code and nothing else. */
  couldBeOlder(pdu: Uint8Array): boolean {
    const code = pdu[0] & ~EXCEPTION_BIT;
    return this.#outstanding.some(
      ({ functionCode, answerBytes }) =>
        functionCode === code && (pdu[0] !== code || (answerBytes ?? pdu.length) === pdu.length),
    );
  }

  /**
   * A question whose answer cannot be taken for an older one: one of `blocks`, which the device is known to answer; a part of
   * one; another function, which brings at least a refusal that no older question can have; at last any smaller part.
   * `undefined` where nothing is left.
   */
  freshQuestion(blocks: readonly Question[]): Question | undefined {
    for (const question of candidates(blocks)) {
      if (this.mistakable(question)) continue;
      // Should this one, too, have no answer, the unit must be heard before another is worth asking.
      this.heard = false;
      return question;
    }
    return undefined;
  }
}

function* candidates(blocks: readonly Question[]): Generator<Question> {
  yield* blocks;
  for (const { range } of blocks) {
    const next = narrowerBy(range, 1);
    if (next) yield next;
  }
  const place = { source: 0, first: blocks.at(0)?.range.first ?? 0, count: 1 };
  for (const table of PLAIN_TABLES) {
    if (!blocks.some(({ range }) => range.table === table)) yield questionOf({ ...place, table });
  }
  for (const { range } of blocks) {
    for (let step = 2, part = narrowerBy(range, step); part; part = narrowerBy(range, ++step)) yield part;
  }
}

/** The range without the last `steps` registers, or without the bits of as many bytes; no other ranges can be narrowed. */
function narrowerBy(range: ReadRange, steps: number): Question | undefined {
  const { table, count } = range;
  if (table === 'fifo' || table === 'identification') return undefined;
  const bits = table === 'coil' || table === 'discrete';
  const left = bits ? (Math.ceil(count / 8) - steps) * 8 : count - steps;
  return left > 0 ? questionOf({ ...range, count: left }) : undefined;
}

/** Whether the data that answers one could be that of the other. */
function sameShape(a: Question, b: Question): boolean {
  if (a.functionCode !== b.functionCode) return false;
  return a.answerBytes === undefined || b.answerBytes === undefined || a.answerBytes === b.answerBytes;
}
