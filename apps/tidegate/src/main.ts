/** Runs the command `tidegate`, and says with which status it ends. */

import { EXIT } from '@tidegate/process/exitStatus.ts';
import { outliveReaders } from '@tidegate/process/outliveReaders.ts';
import { CommanderError } from 'commander';
import { createProgram } from './createProgram.ts';

outliveReaders();
try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version, where they were asked for, arrive as exceptions of status 0; a command left out, as one of 1.
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.refused;
}
