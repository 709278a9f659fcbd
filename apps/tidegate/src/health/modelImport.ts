/** Sends a model that was learned elsewhere to the server. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import { answerOf } from '../model/askModel.ts';
import type { ServerApi } from '../serverApi/serverApi.ts';
import type { ModelDone } from './healthAnswers.ts';

export interface ImportGiven {
  readonly onnx: string;
  readonly by: string;
  readonly comment: string;
  readonly input?: string;
  readonly output?: string;
  readonly lowerIsStranger?: true;
  readonly start?: string;
  readonly end?: string;
}

/** Faults: `launch.option` for a file that cannot be read, and those of the server. */
export async function importOnnx(
  api: ServerApi,
  watch: string,
  { onnx, lowerIsStranger, ...others }: ImportGiven,
): Promise<Result<ModelDone>> {
  let bytes: Buffer<ArrayBuffer>;
  try {
    bytes = await readFile(onnx);
  } catch (error) {
    return failure('launch.option', `${onnx} cannot be read: ${(error as Error).message}.`);
  }
  const query = { watch, file: path.basename(onnx), stranger: lowerIsStranger ? 'lower' : 'higher', ...others };
  return answerOf<ModelDone>(await api.upload('/health/models/imports', query, 'application/octet-stream', bytes));
}
