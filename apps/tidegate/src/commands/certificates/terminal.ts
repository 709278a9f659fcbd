/** What a person is asked at the terminal. */

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const answer = await ask(`${question} [yes/no] `, process.stderr);
  return /^y(es)?$/i.test(answer.trim());
}

/** The first line of `file`, or what is typed and not shown. Fault: `certificate.authority` where there is neither. */
export async function readPassphrase(file: string | undefined, question: string): Promise<Result<string>> {
  if (file !== undefined) return passphraseOf(await readFile(file, 'utf8'));
  if (!process.stdin.isTTY) {
    return failure('certificate.authority', 'its key has a passphrase, and --passphrase-file does not name one');
  }
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const typed = await ask('', nowhere);
  process.stderr.write('\n');
  return passphraseOf(typed);
}

function passphraseOf(text: string): Result<string> {
  const [line] = text.split(/\r?\n/);
  return line === '' ? failure('certificate.authority', 'the passphrase is empty') : success(line);
}

async function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await new Promise((resolve) => {
      // Ctrl-C and Ctrl-D are no answer.
      lines.once('close', () => resolve(''));
      lines.question(question).then(resolve, () => resolve(''));
    });
  } finally {
    lines.close();
  }
}
