/** The recorded telegrams, each with what the program that sent it says of it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecordedTelegram {
  readonly bytes: Uint8Array;
  /** Form, DA, SA, FC, DSAP, SSAP and data, as `describeTelegram` gives them. */
  readonly description: string;
}

const FILE = join(import.meta.dirname, '..', 'vectors', 'recorded.txt');

export const RECORDED: readonly RecordedTelegram[] = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [hex, description] = line.split('; ');
    return { bytes: Uint8Array.from(Buffer.from(hex, 'hex')), description };
  });
