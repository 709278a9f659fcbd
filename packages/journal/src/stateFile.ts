/**
 * Keeps the state of what lies beside it in two files, each written over in place.
 *
 * Neither an inode nor, mostly, a block is needed for that: what expires from a full disk can be noted before it goes. A
 * power cut may tear the file that is being written, never both. What has to be durable is written to `state.next`, synced,
 * and then to `state`, synced; anything else to `state.next` alone, unsynced: whoever uses it must be content with an older
 * state. The later of the two that are whole counts.
 *
 *     TURN JSON \n CRC32 of the line, hexadecimal \n       and what is left of a longer one
 */

import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncDirectory } from './syncDirectory.ts';

const DURABLE_FILE = 'state';
const NEXT_FILE = 'state.next';
/** What both files have from the beginning, so that they need no more of a disk that is full. */
const FIRST_BYTES = 4096;
const LINE = /^(\d{1,16}) (\{.*\})\n([0-9a-f]{1,8})\n/;

interface NotedState<State> {
  readonly turn: number;
  readonly state: State;
}

/** `State` is what JSON can hold; a field that is `undefined` is absent when it is read. */
export class StateFile<State extends object> {
  /** What was noted last before this object was made; `undefined` where there is nothing that can be trusted. */
  readonly found: State | undefined;
  readonly #directory: string;
  #turn: number;
  #filesAreMade = false;

  private constructor(directory: string, last: NotedState<State> | undefined) {
    this.found = last?.state;
    this.#directory = directory;
    this.#turn = last?.turn ?? 0;
  }

  /** Reads what is there; never throws. */
  static async open<State extends object>(directory: string): Promise<StateFile<State>> {
    const files = [DURABLE_FILE, NEXT_FILE].map((name) => readNote<State>(join(directory, name)));
    const [durable, next] = await Promise.all(files);
    return new StateFile(directory, (next?.turn ?? -1) > (durable?.turn ?? -1) ? next : durable);
  }

  /** Throws what the file system throws; what was durable is still there then. */
  async write(state: State, durable: boolean): Promise<void> {
    if (!this.#filesAreMade) await this.#makeFiles();
    const line = `${++this.#turn} ${JSON.stringify(state)}`;
    const text = `${line}\n${crc32(line).toString(16)}\n`;
    await this.#overwrite(NEXT_FILE, text, durable);
    if (durable) await this.#overwrite(DURABLE_FILE, text, true);
  }

  async #overwrite(name: string, text: string, durable: boolean): Promise<void> {
    const file = await open(join(this.#directory, name), 'r+');
    try {
      await file.write(text, 0);
      if (durable) await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** With bytes in them: a length alone takes no room on a disk. */
  async #makeFiles(): Promise<void> {
    for (const name of [DURABLE_FILE, NEXT_FILE]) {
      const file = await open(join(this.#directory, name), constants.O_RDWR | constants.O_CREAT, 0o600);
      try {
        const { size } = await file.stat();
        if (size < FIRST_BYTES) await file.write('\n'.repeat(FIRST_BYTES - size), size);
        await file.sync();
      } finally {
        await file.close();
      }
    }
    await syncDirectory(this.#directory);
    this.#filesAreMade = true;
  }
}

async function readNote<State>(file: string): Promise<NotedState<State> | undefined> {
  const match = LINE.exec(await readFile(file, 'utf8').catch(() => ''));
  if (!match || crc32(`${match[1]} ${match[2]}`) !== Number.parseInt(match[3], 16)) return undefined;
  return { turn: Number(match[1]), state: JSON.parse(match[2]) as State };
}
