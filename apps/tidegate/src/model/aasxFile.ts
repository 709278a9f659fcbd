/** Fetches assets as one AASX file: their shells are found by asset id, and packed by the server. */

import { writeFile } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ServerApi } from '../serverApi/serverApi.ts';

export const AASX_FORMS = ['json', 'xml'] as const;
export type AasxForm = (typeof AASX_FORMS)[number];

/** Why the shell interface refuses (IDTA 01002-3-0, `Result`). */
interface AasRefusal {
  readonly messages: readonly { readonly text: string }[];
}

const PACKAGE = 'application/asset-administration-shell-package';

/** `assets` are paths or ids. Faults: `api.unreachable`, `api.answer`, `asset.unknown`. */
export async function fetchAasx(
  api: ServerApi,
  assets: readonly string[],
  form: AasxForm,
): Promise<Result<Uint8Array>> {
  const shells: string[] = [];
  for (const name of assets) {
    const asset = await api.get<{ id: string }>(`/assets/${encodeURIComponent(name)}`);
    if (!asset.ok) return asset;
    const assetIds = encode(JSON.stringify({ name: 'assetId', value: asset.value.id }));
    const found = await ask(api, '/shells', { assetIds }, 'application/json');
    if (!found.ok) return found;
    const { result } = (await found.value.json()) as { readonly result: readonly { readonly id: string }[] };
    shells.push(...result.map(({ id }) => encode(id)));
  }
  const file = await ask(api, '/serialization', { aasIds: shells.join() }, `${PACKAGE}+${form}`);
  return file.ok ? success(new Uint8Array(await file.value.arrayBuffer())) : file;
}

/** What is there already is replaced only with `overwrite`. Fault: `output.unwritable`. */
export async function writeAasx(file: string, bytes: Uint8Array, overwrite: boolean): Promise<Result<void>> {
  try {
    await writeFile(file, bytes, { flag: overwrite ? 'w' : 'wx' });
    return success(undefined);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' ? 'there is such a file already (--overwrite replaces it)' : message;
    return failure('output.unwritable', `${file} cannot be written: ${reason}.`);
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

async function ask(
  api: ServerApi,
  path: string,
  query: Readonly<Record<string, string>>,
  accept: string,
): Promise<Result<Response>> {
  const response = await api.shells(path, query, accept);
  if (!response.ok || response.value.ok) return response;
  const { messages = [] } = (await response.value.json().catch(() => ({}))) as Partial<AasRefusal>;
  return failure('api.answer', messages[0]?.text ?? `The server answers with status ${response.value.status}.`);
}
