/** One link to the units of a line: questions go out, and an answer is certainly the answer to its question. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../transport/link.ts';
import { describeRange, type Question } from './question.ts';
import type { Station } from './station.ts';

/** What came of one question. */
export type Outcome =
  | { readonly kind: 'data'; readonly data: Uint8Array; readonly at: Timestamp }
  | { readonly kind: 'exception'; readonly exception: number; readonly at: Timestamp }
  /** The device has contradicted the question; the link is as good as before. */
  | { readonly kind: 'wrong'; readonly fault: Fault }
  /** Something has come, but it may belong to an older question: the unit is alive, and that is all one knows. */
  | { readonly kind: 'late'; readonly fault: Fault }
  | { readonly kind: 'silent'; readonly fault: Fault }
  | { readonly kind: 'lost'; readonly fault: Fault };

/** It outlives links: what is outstanding on one may come on the next. */
export interface ModbusSession {
  connected(link: Link): void;
  disconnected(): void;
  /**
   * Asks one unit as many questions as the session takes at once, and waits for the answers; the outcomes stand in the
   * order of the questions. After `lost` the link must not be used again.
   */
  ask(station: Station, questions: readonly Question[]): Promise<readonly Outcome[]>;
}

/** The fault of a question that has no answer, with everything that helps to find out why. */
export function unanswered(fault: Fault, { unit }: Station, { range }: Question, discarded: number): Fault {
  const others = discarded === 0 ? '' : `; ${discarded} answers that belong to no question were thrown away`;
  return { code: fault.code, detail: `unit ${unit}, asked for ${describeRange(range)}: ${fault.detail}${others}` };
}
