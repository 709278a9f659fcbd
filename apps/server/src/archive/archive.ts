/** `main.ts archive COMMAND ...`: what a person does with an archive, whether or not a server has it open. */

import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { CommandOutput } from './commandOutput.ts';
import { runCommand } from './commandRun.ts';

/** Loaded when they are called for: a server carries none of them. */
const COMMANDS: Readonly<Record<string, (args: readonly string[], output: CommandOutput) => Promise<number>>> = {
  stats: async (...call) => runCommand((await import('./stats.ts')).STATS, ...call),
  verify: async (...call) => runCommand((await import('./verify.ts')).VERIFY, ...call),
  backup: async (...call) => runCommand((await import('./backup.ts')).BACKUP, ...call),
  restore: async (...call) => runCommand((await import('./restore.ts')).RESTORE, ...call),
  export: async (...call) => runCommand((await import('./export/export.ts')).EXPORT, ...call),
  import: async (...call) => runCommand((await import('./import/import.ts')).IMPORT, ...call),
};

const PROCESS_OUTPUT: CommandOutput = { out: process.stdout, error: process.stderr };

/** Resolves with the status to end with. */
export async function archive([word = '', ...args]: readonly string[], output = PROCESS_OUTPUT): Promise<number> {
  if (Object.hasOwn(COMMANDS, word)) return COMMANDS[word](args, output);
  output.error.write(`Usage: node apps/server/src/main.ts archive ${Object.keys(COMMANDS).join('|')} ...\n`);
  return EXIT.refused;
}
