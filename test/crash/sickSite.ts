/** A process that writes serials on a disk that a test makes sick: a small file system of its own, or a layer below it. */

import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compiledLibrary } from '../powercut/compiledLibrary.ts';
import type { SerialsMessage, SerialsOptions } from './writeSerials.ts';

type Progress = Extract<SerialsMessage, { readonly kind: 'progress' }>;
type Account = Extract<SerialsMessage, { readonly kind: 'account' }>;

/** Why small file systems cannot be mounted here; `undefined` where they can. */
export function whyNoMounts(): string | undefined {
  if (process.platform !== 'linux') return 'file systems of a size are mounted on Linux only';
  if (process.getuid?.() !== 0) return 'only root mounts file systems';
  const directory = mkdtempSync(path.join(tmpdir(), 'mount-'));
  try {
    const { status, stderr } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]);
    if (status !== 0) return `tmpfs cannot be mounted: ${stderr}`;
    spawnSync('/bin/umount', [directory]);
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export class SickSite {
  readonly directory: string;
  readonly #root: string;
  readonly #control: string;
  readonly #isMounted: boolean;
  #child: ChildProcess | undefined;
  #wake: () => void = () => undefined;
  #log = '';
  #progress: Progress | undefined;
  #account: Account | undefined;

  /** With `mount` (`size=8m,nr_inodes=60`) on a tmpfs of its own. */
  constructor(mount?: string) {
    this.#root = realpathSync(mkdtempSync(path.join(tmpdir(), 'sick-')));
    this.directory = path.join(this.#root, 'disk');
    this.#control = path.join(this.#root, 'control');
    this.#isMounted = mount !== undefined;
    this.tell('');
    mkdirSync(this.directory);
    if (mount === undefined) return;
    const { status, stderr } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', mount, 'tmpfs', this.directory]);
    if (status !== 0) throw new Error(`${stderr}`);
  }

  /** What the disk does from now on; see `sickdisk.c`. */
  tell(sickness: string): void {
    writeFileSync(this.#control, sickness);
  }

  /** True where a sickness that comes once has come. */
  get isWell(): boolean {
    return readFileSync(this.#control, 'utf8') === '';
  }

  async start(options: SerialsOptions): Promise<void> {
    const env = {
      ...process.env,
      LD_PRELOAD: compiledLibrary('sickdisk.c'),
      SICKDISK_DIRECTORY: this.directory,
      SICKDISK_CONTROL: this.#control,
      UV_USE_IO_URING: '0',
    };
    const script = path.join(import.meta.dirname, 'writeSerials.ts');
    const child = fork(script, [this.directory, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env,
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.#log += text));
    child.on('message', (message: SerialsMessage) => {
      if (message.kind === 'progress') this.#progress = message;
      else this.#account = message;
      this.#wake();
    });
    child.on('exit', () => this.#wake());
    this.#child = child;
    await this.until(() => true);
  }

  /** Resolves with the progress for which `holds`. Throws where the process ends before. */
  async until(holds: (progress: Progress) => boolean): Promise<Progress> {
    this.#progress = undefined;
    for (;;) {
      if (!this.#child || this.#child.exitCode !== null) throw new Error(`the process has ended: ${this.#log}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
      if (this.#progress && holds(this.#progress)) return this.#progress;
    }
  }

  /** Lets the process read what waits, and gives its account. */
  async finish(): Promise<Account> {
    const child = this.#child as ChildProcess;
    child.send({ kind: 'finish' });
    if (child.exitCode === null) await once(child, 'exit');
    if (!this.#account) throw new Error(`no account: ${this.#log}`);
    return this.#account;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.kill();
    if (this.#isMounted) spawnSync('/bin/umount', ['-l', this.directory]);
    rmSync(this.#root, { recursive: true, force: true });
  }
}
