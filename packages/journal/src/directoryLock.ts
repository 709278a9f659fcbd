/**
 * Holds a directory for one process.
 *
 * The lock is a symbolic link whose target names its holder: creating one is atomic together with what it says, and it
 * needs no data block, so that a journal opens on a full disk too. A holder is named by its process id, by the moment
 * that process started, and by the boot of the machine, because process ids are used again (in a container at every
 * start). A lock whose holder is gone is taken over. Processes that cannot see each other's ids (two containers over one
 * volume) are beyond what this can tell.
 */

import { readFileSync } from 'node:fs';
import { readlink, realpath, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LOCK_LINK } from './journalFiles.ts';

/** Directories that this process holds, by their real path. */
const heldHere = new Set<string>();
const ATTEMPTS = 8;
/** Field 22 of /proc/PID/stat (proc(5)), counted behind the command's name, which may contain spaces. */
const START_TIME_AFTER_COMMAND = 19;

export class DirectoryLock {
  readonly #directory: string;
  readonly #holder: string;

  private constructor(directory: string, holder: string) {
    this.#directory = directory;
    this.#holder = holder;
  }

  /** Fault: `journal.locked`. Throws what the file system throws where the link cannot be made. */
  static async acquire(directory: string): Promise<Result<DirectoryLock>> {
    const real = await realpath(directory);
    if (heldHere.has(real)) return failure('journal.locked', `${directory} is open in this process already`);
    heldHere.add(real);
    try {
      const result = await takeLink(directory);
      if (!result.ok) heldHere.delete(real);
      return result.ok ? success(new DirectoryLock(real, result.value)) : result;
    } catch (error) {
      heldHere.delete(real);
      throw error;
    }
  }

  async release(): Promise<void> {
    const link = join(this.#directory, LOCK_LINK);
    if ((await holderOf(link)) === this.#holder) await rm(link, { force: true });
    heldHere.delete(this.#directory);
  }
}

async function takeLink(directory: string): Promise<Result<string>> {
  const link = join(directory, LOCK_LINK);
  const own = nameOfProcess(process.pid) ?? `${process.pid}`;
  let holder: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      await symlink(own, link);
      return success(own);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    holder = await holderOf(link);
    if (holder === undefined) continue;
    if (isAlive(holder, own)) break;
    await removeStale(link, holder);
  }
  return failure('journal.locked', `${directory} is open in process ${holder?.split('-')[0]}`);
}

/** Moves the link aside before it is removed, so that a lock which another process has just taken is put back. */
async function removeStale(link: string, holder: string): Promise<void> {
  const aside = `${link}.${process.pid}`;
  try {
    await rename(link, aside);
    if ((await holderOf(aside)) === holder) await rm(aside, { force: true });
    else await rename(aside, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function holderOf(link: string): Promise<string | undefined> {
  try {
    return await readlink(link);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // Something else has the lock's name: it names no process, and nobody can be told to be behind it.
    if (code === 'EINVAL') return '';
    throw error;
  }
}

/** A holder of our own name is another thread of this process; one of our id alone was a process before us. */
function isAlive(holder: string, own: string): boolean {
  const pid = Number.parseInt(holder, 10);
  if (!(pid > 0)) return false;
  if (pid === process.pid) return holder === own;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const name = nameOfProcess(pid);
  return name === undefined || name === holder || holder === `${pid}`;
}

/** `PID-START-BOOT`; `undefined` where the system does not tell. */
function nameOfProcess(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME_AFTER_COMMAND];
    return `${pid}-${start}-${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}`;
  } catch {
    return undefined;
  }
}
