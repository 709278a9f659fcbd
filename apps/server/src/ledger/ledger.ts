/** `main.ts ledger COMMAND ...`: proofs of what gateways signed, made from an archive and checked without one. */

import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { CommandOutput } from '../archive/commandOutput.ts';
import { runCommand } from '../archive/commandRun.ts';

/** Loaded when they are called for: who checks a proof opens no archive. */
const COMMANDS: Readonly<Record<string, (args: readonly string[], output: CommandOutput) => Promise<number>>> = {
  export: async (...call) => runCommand((await import('./exportCommand.ts')).EXPORT_PROOF, ...call),
  verify: async (...call) => runCommand((await import('./verifyCommand.ts')).VERIFY_PROOF, ...call),
};

const PROCESS_OUTPUT: CommandOutput = { out: process.stdout, error: process.stderr };

/** Resolves with the status to end with. */
export async function ledger([word = '', ...args]: readonly string[], output = PROCESS_OUTPUT): Promise<number> {
  if (Object.hasOwn(COMMANDS, word)) return COMMANDS[word](args, output);
  output.error.write(`Usage: node apps/server/src/main.ts ledger ${Object.keys(COMMANDS).join('|')} ...\n`);
  return EXIT.refused;
}
