/** The last lines of a log file, for the moment when they are all that is left of a process. */

import { open } from 'node:fs/promises';

const TAIL_BYTES = 8_192;

/** At most `lines` lines from the end of `file`, none from before the byte `from`; none where it cannot be read. */
export async function readLogTail(file: string, from: number, lines: number): Promise<string[]> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const start = Math.max(from, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-lines);
  } catch {
    return [];
  }
}
