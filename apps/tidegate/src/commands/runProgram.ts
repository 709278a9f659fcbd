/** Runs the program of a zone in the foreground, as if it had been called itself. */

import { spawn } from 'node:child_process';

/**
 * Resolves with its exit status; a signal counts as 128 and its number, as in a shell. Its standard input is ours, or `input`
 * where that is given.
 */
export function runProgram(script: string, args: readonly string[], input?: string): Promise<number> {
  const stdin = input === undefined ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [script, ...args], { stdio: [stdin, 'inherit', 'inherit'] });
  // A program that ends before it has read everything says why itself.
  child.stdin?.on('error', () => {}).end(input);
  // A Ctrl-C reaches the program too, which then stops in order; a signal that is sent here alone is passed on.
  const ignore = () => {};
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass);
      resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : signal === 'SIGINT' ? 2 : 15));
    });
  });
}
