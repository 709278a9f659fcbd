/**
 * The bytes of photos, one file each, named by their SHA-256: the same photo twice is one file, and a name says what must be in it.
 */

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';
import { PHOTO_NAME } from '../../../../historian/archive/archiveFiles.ts';
import type { CasePhoto } from '../healthCase.ts';
import { EXTENSIONS, imageTypeOf } from './imageType.ts';

export const MAX_PHOTO_BYTES = 15 * 1024 * 1024;

export class PhotoFiles {
  readonly #directory: string;
  #written = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Durably; nothing of the name comes from the caller. Faults: `health.photo-refused`, `archive.full`, `archive.unwritable`. */
  async keep(bytes: Uint8Array): Promise<Result<Pick<CasePhoto, 'name' | 'mediaType' | 'bytes'>>> {
    if (bytes.length === 0) return failure('health.photo-refused', 'There is nothing in it.');
    if (bytes.length > MAX_PHOTO_BYTES) {
      return failure('health.photo-refused', `It has ${bytes.length} bytes; a photo may have ${MAX_PHOTO_BYTES}.`);
    }
    const mediaType = imageTypeOf(bytes);
    if (!mediaType) return failure('health.photo-refused', 'Its bytes are neither JPEG, PNG nor WebP.');
    const name = `${digestOf(bytes)}.${EXTENSIONS[mediaType]}`;
    try {
      await this.#write(name, bytes);
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
    return success({ name, mediaType, bytes: bytes.length });
  }

  /** Fault `health.photo-unknown`: there is no such file, or it is not what its name says. */
  async read(name: string): Promise<Result<Uint8Array>> {
    if (!PHOTO_NAME.test(name)) return failure('health.photo-unknown', 'No photo has such a name.');
    const bytes = await readFile(join(this.#directory, name)).catch(() => undefined);
    if (!bytes) return failure('health.photo-unknown', `The file ${name} is not there.`);
    if (!name.startsWith(digestOf(bytes))) return failure('health.photo-unknown', `The file ${name} is damaged.`);
    return success(bytes);
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    // Two that keep the same photo at a time must not write into one another's file.
    const beside = join(this.#directory, `${name}.${++this.#written}.new`);
    const handle = await open(beside, 'w', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, join(this.#directory, name));
    await syncDirectory(this.#directory);
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function faultOf(error: unknown): Fault {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return failure(code === 'ENOSPC' || code === 'EDQUOT' ? 'archive.full' : 'archive.unwritable', message).fault;
}
