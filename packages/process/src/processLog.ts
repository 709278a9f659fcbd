/** The log of a process: JSON lines on standard output, of which the last ones matter most. */

import { type Logger, pino } from 'pino';
import { EXIT } from './exitStatus.ts';

export type ProcessLog = Logger;

/**
 * Opens the log of the program called `name`; `fields` stand in every line. A bug that nothing catches becomes its last
 * line, and ends the process.
 */
export function openProcessLog(name: string, fields: Readonly<Record<string, unknown>> = {}): ProcessLog {
  // Synchronous: lines come in their order, and none is lost when the process ends.
  const log = pino({ name, base: { ...fields } }, pino.destination({ fd: 1, sync: true }));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, `a bug ended the ${name}`);
    process.exit(EXIT.failed);
  });
  return log;
}
