/** What the station did before anybody connected, as a table of samples that the archive imports (docs/formats/sample-table.md). */

import { closeSync, openSync, writeSync } from 'node:fs';
import { SIGNALS, SITE } from '../signals/signalCatalogue.ts';

const US_PER_S = 1_000_000;
/** Written to the file at once. */
const BUFFER_LENGTH = 1 << 20;

export class PastTable {
  readonly #file: number;
  #text = 'path,time,value,status,type\n';

  /** Throws what the file system throws, as all of it. */
  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  /** `values` and `statuses` are in the order of `SIGNALS`; NaN is no value. */
  add(timeS: number, values: Float64Array, statuses: Uint32Array): void {
    for (const [index, { path, kind }] of SIGNALS.entries()) {
      const value = Number.isNaN(values[index]) ? '' : values[index];
      const type = kind === 'boolean' ? 'boolean' : 'number';
      this.#text += `${SITE}/${path},${timeS * US_PER_S},${value},${statuses[index]},${type}\n`;
    }
    if (this.#text.length >= BUFFER_LENGTH) this.#write();
  }

  close(): void {
    this.#write();
    closeSync(this.#file);
  }

  #write(): void {
    writeSync(this.#file, this.#text);
    this.#text = '';
  }
}
