/** Sends photos from files to a case. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { answerOf } from '../model/askModel.ts';
import type { ServerApi } from '../serverApi/serverApi.ts';

const TYPES: Readonly<Record<string, string>> = {
  ...{ '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.webp': 'image/webp' },
};

/** The names that the server gave them. Faults: `launch.option` for a file that cannot be read, and those of the server. */
export async function sendPhotos(
  api: ServerApi,
  number: number,
  files: readonly string[],
  by: string,
): Promise<Result<readonly string[]>> {
  const photos: { readonly type: string; readonly bytes: Buffer<ArrayBuffer> }[] = [];
  for (const file of files) {
    const type = TYPES[path.extname(file).toLowerCase()];
    if (type === undefined) return failure('launch.option', `${file} is neither .jpg, .png nor .webp.`);
    try {
      photos.push({ type, bytes: await readFile(file) });
    } catch (error) {
      return failure('launch.option', `${file} cannot be read: ${(error as Error).message}.`);
    }
  }
  const names: string[] = [];
  for (const { type, bytes } of photos) {
    const query = { number: String(number), by };
    const kept = await answerOf<{ photo: string }>(await api.upload('/health/cases/photos', query, type, bytes));
    if (!kept.ok) return kept;
    names.push(kept.value.photo);
  }
  return success(names);
}
