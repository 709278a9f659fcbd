/** The wall clock of one program, which a test sets as it likes while the program runs (libfaketime). */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => {
  return `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`;
});
const library = LIBRARIES.find((file) => existsSync(file));

/** Why programs cannot be given a clock of their own here, as a sentence; `undefined` where they can. */
export const lackOfClocks = library ? undefined : 'libfaketime is not there: apt-get install faketime';

export class FalseClock {
  readonly #directory = mkdtempSync(path.join(tmpdir(), 'tidegate-clock-'));

  constructor() {
    this.set('right');
  }

  /** What a program must find around it: its wall clock is this one, and time passes as it does. */
  get environment(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** By how much it differs from now on, such as `-2h` or `+10y`; or the year in which it stands. */
  set(offset: 'right' | '-2h' | '+10y' | '1970'): void {
    const seconds = { right: 0, '-2h': -7_200, '+10y': 315_360_000, '1970': 86_400 - Math.floor(Date.now() / 1_000) };
    writeFileSync(this.#file, `${seconds[offset] < 0 ? '' : '+'}${seconds[offset]}\n`);
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }

  get #file(): string {
    return path.join(this.#directory, 'offset');
  }
}
