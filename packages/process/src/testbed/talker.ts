/**
 * A process that logs so many lines (`talker.ts LINES`), says so much to standard output too, and then ends as it is told:
 * with status 0, or, called with `bug` as well, with an error that nothing catches.
 */

import { once } from 'node:events';
import { outliveReaders } from '../outliveReaders.ts';
import { openProcessLog } from '../processLog.ts';

const [lines, end] = process.argv.slice(2);
outliveReaders();
const log = openProcessLog('talker', { place: 'here' });
// Whoever started it says when to talk, so that a reader can be gone before.
await once(process, 'message');
for (let line = 0; line < Number(lines); line++) log.info({ line }, 'said');
if (end === 'bug') throw new Error('a mistake');
process.stdout.write('done\n', () => process.exit(0));
