/**
 * A process for tests to kill: appends to a journal until it dies, and writes a line to its standard output for each
 * answer: `acknowledged NUMBER TEXT` or `refused CODE`. The text of a record says which it is.
 *
 *     node appendForever.ts DIRECTORY SEGMENT_BYTES NAME [RECORDS]
 */

import { writeSync } from 'node:fs';
import { Journal } from '../journal.ts';

const APPENDERS = 8;
const [directory, segmentBytes, name, limit = 'Infinity'] = process.argv.slice(2);

const result = await Journal.open({ directory, segmentBytes: Number(segmentBytes) });
if (!result.ok) {
  writeSync(1, `refused ${result.fault.code}\n`);
  process.exit(1);
}
const journal = result.value;
let count = 0;

async function appendInTurn(): Promise<void> {
  while (count < Number(limit)) {
    const text = `${name}-${count++}`;
    const appended = await journal.append(Buffer.from(text.padEnd(64 + (count % 100) * 16, '.')));
    writeSync(1, appended.ok ? `acknowledged ${appended.value} ${text}\n` : `refused ${appended.fault.code}\n`);
  }
}

await Promise.all(Array.from({ length: APPENDERS }, appendInTurn));
await journal.close();
