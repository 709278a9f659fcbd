/** Plays a file of bytes as if they came from a line now, at the speed of the line; there is nobody there to be asked. */

import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { RecordingMedium } from './medium.ts';
import type { MediumOpener, OpenMedium } from './openMedium.ts';

/** A character on a line of PROFIBUS (EN 50170-2, 4.1.1) and of Modbus RTU (Modbus over serial line 1.02, 2.5.1). */
const BITS_PER_BYTE = 11;
const PLAY_EVERY_MS = 10;
/** When the process has been held up for longer, the recording goes on from where it was and does not catch up. */
const MAX_LAG_MS = 100;

export class RecordingPlayer implements MediumOpener<Readable> {
  readonly #medium: RecordingMedium;
  readonly #clock: Clock;

  constructor(medium: RecordingMedium, clock: Clock) {
    this.#medium = medium;
    this.#clock = clock;
  }

  async open(): Promise<Result<OpenMedium<Readable>>> {
    const { path } = this.#medium;
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return failure('link.connect', `${path} ${code === 'ENOENT' ? 'is not there' : `cannot be read (${message})`}`);
    }
    const stopping = new AbortController();
    const stream = new Readable({ read() {} });
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    this.#play(file, stream, stopping.signal).catch((error) => resolve(`${path} cannot be read (${error.message})`));
    return success({ stream, ended, release: () => stopping.abort() });
  }

  async close(): Promise<void> {}

  /** Returns when it is stopped, or at the end of a file that is played once; the line is then silent. */
  async #play(file: FileHandle, stream: Readable, signal: AbortSignal): Promise<void> {
    const bytesPerMs = this.#medium.baudRate / BITS_PER_BYTE / 1000;
    let dueBytes = 0;
    let lastMs = this.#clock.elapsedMs();
    let position = 0;
    try {
      for (;;) {
        await delay(this.#clock, PLAY_EVERY_MS, signal);
        if (signal.aborted) return;
        const nowMs = this.#clock.elapsedMs();
        dueBytes += Math.min(nowMs - lastMs, MAX_LAG_MS) * bytesPerMs;
        lastMs = nowMs;
        while (dueBytes >= 1) {
          const length = Math.floor(dueBytes);
          const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
          if (signal.aborted) return;
          if (bytesRead > 0) stream.push(buffer.subarray(0, bytesRead));
          else if (!this.#medium.repeat || position === 0) return;
          position = bytesRead > 0 ? position + bytesRead : 0;
          dueBytes -= bytesRead;
        }
      }
    } finally {
      await file.close();
    }
  }
}
