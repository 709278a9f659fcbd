/** `main.ts archive COMMAND ...`: what a person does with an archive, whether or not a server has it open. */

import { EXIT } from '@tidegate/process/exitStatus.ts';
import { runCommand } from './commandRun.ts';

/** Loaded when they are called for: a server carries none of them. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  stats: async (args) => runCommand((await import('./stats.ts')).STATS, args),
  verify: async (args) => runCommand((await import('./verify.ts')).VERIFY, args),
  backup: async (args) => runCommand((await import('./backup.ts')).BACKUP, args),
  restore: async (args) => runCommand((await import('./restore.ts')).RESTORE, args),
  export: async (args) => runCommand((await import('./export/export.ts')).EXPORT, args),
  import: async (args) => runCommand((await import('./import/import.ts')).IMPORT, args),
};

export async function archive([word = '', ...args]: readonly string[]): Promise<number> {
  if (Object.hasOwn(COMMANDS, word)) return COMMANDS[word](args);
  process.stderr.write(`Usage: node apps/server/src/main.ts archive ${Object.keys(COMMANDS).join('|')} ...\n`);
  return EXIT.refused;
}
