/** Why a serial port cannot be opened, in words that tell a commissioning engineer what to do. */

import type { SerialMedium } from './medium.ts';

type ListPorts = () => Promise<readonly { readonly path: string }[]>;

/** The library hands on the words of the operating system without its code. The first that fits counts. */
const DEFECTS: readonly (readonly [words: RegExp, defect: string])[] = [
  [/cannot lock port|resource busy|EBUSY/i, 'is in use by another program'],
  // Windows denies access to a port that another program has open.
  [/access denied/i, 'is in use by another program, or this user may not use it'],
  [
    /permission denied|EACCES/i,
    'may not be used by this user: add the user to the group that owns the port (dialout on Debian), and start anew',
  ],
  [/inappropriate ioctl|is a directory/i, 'is not a serial port'],
];
const MISSING = /no such file|file not found|no such device|ENOENT|ENXIO/i;

/** Half a sentence; where there is no such port, it names those that there are. */
export async function serialDefect({ message }: Error, medium: SerialMedium, list: ListPorts): Promise<string> {
  if (MISSING.test(message)) return `is not there; ${await portsThatExist(list)}`;
  const known = DEFECTS.find(([words]) => words.test(message));
  if (known) return known[1];
  const { baudRate, dataBits, parity, stopBits } = medium;
  const reason = message.replace(/^(Error:? )+/, '');
  return `cannot be opened with ${baudRate} baud, ${dataBits} data bits, parity ${parity}, ${stopBits} stop bits (${reason})`;
}

async function portsThatExist(list: ListPorts): Promise<string> {
  try {
    const paths = (await list()).map(({ path }) => path);
    return paths.length === 0 ? 'this machine has no serial port' : `this machine has ${paths.sort().join(', ')}`;
  } catch {
    return 'which ports this machine has cannot be found out';
  }
}
