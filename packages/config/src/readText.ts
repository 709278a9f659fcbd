/** Reads a configuration file as UTF-8 text; a file that cannot be read is a defect like any other. */

import { readFile } from 'node:fs/promises';
import { type ConfigResult, type Defect, FILE_START, makeDefect, type Place } from './defect.ts';

/** No configuration is as long as this; something else was named by mistake. */
const MAX_CONFIG_BYTES = 256 * 1024 * 1024;

const READ_ERRORS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  ENOENT: ['there is no such file', 'check the name; a path in a file starts from the folder of that file'],
  EACCES: ['may not be read', 'give the user that runs this program the right to read it'],
  EISDIR: ['is a directory', 'name a file in it'],
};

/**
 * The text without a byte order mark, its line ends as `\n`. What is not UTF-8 is a defect, unless `otherwise` names the
 * encoding that it then has.
 */
export async function readText(file: string, otherwise?: 'latin1'): Promise<ConfigResult<string>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const [message, hint] = READ_ERRORS[code] ?? [`cannot be read (${code})`, undefined];
    return { ok: false, defects: [makeDefect('config.unreadable', file, FILE_START, message, hint)] };
  }
  return decodeText(file, bytes, otherwise);
}

function decodeText(file: string, bytes: Uint8Array, otherwise?: 'latin1'): ConfigResult<string> {
  const refuse = (place: Place, message: string, hint: string): ConfigResult<string> => {
    const defect: Defect = makeDefect('config.unreadable', file, place, message, hint);
    return { ok: false, defects: [defect] };
  };
  if (bytes.length > MAX_CONFIG_BYTES) return refuse(FILE_START, 'is longer than 256 MiB', 'name a text file');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return refuse(FILE_START, 'is UTF-16 text', 'save it as UTF-8 (in a spreadsheet: "CSV UTF-8")');
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return refuse(placeOfByte(bytes, nul), 'is not text: it holds a zero byte', 'name a text file');
  try {
    return { ok: true, value: unixLines(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    if (otherwise) return { ok: true, value: unixLines(new TextDecoder(otherwise).decode(bytes)) };
    const place = placeOfByte(bytes, firstBadByte(bytes));
    return refuse(place, 'is not UTF-8 text', 'save it as UTF-8 (in a spreadsheet: "CSV UTF-8")');
  }
}

function unixLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Where decoding first goes wrong, found line by line: no UTF-8 sequence spans a line feed. */
function firstBadByte(bytes: Uint8Array): number {
  for (let start = 0; start < bytes.length; ) {
    const lineFeed = bytes.indexOf(0x0a, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed + 1;
    const line = bytes.subarray(start, end);
    const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(line);
    const known = new TextEncoder().encode(decoded);
    const differs = known.findIndex((byte, index) => byte !== line[index]);
    if (differs >= 0) return start + differs;
    start = end;
  }
  return 0;
}

function placeOfByte(bytes: Uint8Array, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: new TextDecoder().decode(bytes.subarray(start, offset)).length + 1 };
}
