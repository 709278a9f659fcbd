/** Where a command writes: its answer, and what it tells on the way. */

import type { Writable } from 'node:stream';

export interface CommandOutput {
  readonly out: Writable;
  /** Progress is rewritten in place on a terminal. */
  readonly error: Writable & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>;
}
