/** A serial device for tests: the far end of a pseudo-terminal, held by a small Python program, as Node.js cannot make one. */

import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** Says the path of the terminal, and from then on carries bytes both ways; the device is unplugged when its input ends. */
const PROGRAM = `
import os, pty, select, sys, tty
device, terminal = pty.openpty()
tty.setraw(terminal)
sys.stdout.write(os.ttyname(terminal) + '\\n')
sys.stdout.flush()
os.set_blocking(device, False)
while True:
    for end in select.select([0, device], [], [])[0]:
        try:
            data = os.read(end, 4096)
        except BlockingIOError:
            continue
        if not data:
            os.close(terminal)
            os.close(device)
            sys.exit()
        os.write(1 if end == device else device, data)
`;

/** Why no pseudo-terminal can be made here; undefined where one can. */
export const ptyDefect =
  spawnSync('python3', ['-c', 'import pty, tty']).status === 0
    ? undefined
    : 'python3 with its module pty is missing here';

export class PseudoTerminal {
  /** What to open. */
  readonly path: string;
  readonly #program: ChildProcessByStdio<Writable, Readable, null>;
  #heard = '';

  private constructor(path: string, program: ChildProcessByStdio<Writable, Readable, null>) {
    this.path = path;
    this.#program = program;
    program.stdout.on('data', (bytes: Buffer) => {
      this.#heard += bytes.toString('latin1');
    });
  }

  static async open(): Promise<PseudoTerminal> {
    const program = spawn('python3', ['-u', '-c', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    program.stdin.on('error', () => {});
    let path = '';
    for await (const bytes of program.stdout.iterator({ destroyOnReturn: false })) {
      path += bytes;
      if (path.endsWith('\n')) break;
    }
    return new PseudoTerminal(path.trim(), program);
  }

  /** All that has been sent to the device, as text of single bytes. */
  get heard(): string {
    return this.#heard;
  }

  say(bytes: string): void {
    this.#program.stdin.write(bytes, 'latin1');
  }

  /** As when the adapter is pulled out; resolves when the port is gone. */
  async unplug(): Promise<void> {
    if (this.#program.exitCode !== null) return;
    const exited = new Promise((resolve) => this.#program.once('exit', resolve));
    this.#program.stdin.end();
    await exited;
  }
}
