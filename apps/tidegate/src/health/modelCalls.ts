/** Learned models: listed, kept, brought, given a voice, and the rows that they are learned from. */

import { writeFile } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { askModel } from '../model/askModel.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import type { FeatureExport, ModelDone, ShownModel } from './healthAnswers.ts';
import { type Given, jsonText, read } from './healthRead.ts';
import { type ImportGiven, importOnnx } from './modelImport.ts';
import { formatModels } from './modelText.ts';

export async function models(watch: string, given: Given): Promise<Result<string>> {
  return read<{ models: readonly ShownModel[] }>(given, '/health/models', { watch }, (answer) =>
    formatModels(answer.models),
  );
}

export async function save(
  watch: string,
  { server, save: number, to }: Given & { readonly save?: number; readonly to?: string },
): Promise<Result<string>> {
  if (to === undefined) return failure('launch.option', 'Say with --to where the model is to be written.');
  const document = await new ServerApi(server).get('/health/model/document', { watch, number: String(number) });
  if (!document.ok) return document;
  try {
    await writeFile(to, jsonText(document.value), { flag: 'wx' });
  } catch (error) {
    return failure('launch.option', `${to} cannot be written: ${(error as Error).message}.`);
  }
  return success(`model ${number} is in ${to}\n`);
}

export async function change({ server, json }: Given, body: object): Promise<Result<string>> {
  const done = await askModel<ModelDone>(new ServerApi(server), '/health/models/operations', body);
  return done.ok ? success(json ? jsonText(done.value) : `${done.value.done}\n`) : done;
}

export async function imported({ server, json }: Given, watch: string, given: ImportGiven): Promise<Result<string>> {
  const done = await importOnnx(new ServerApi(server), watch, given);
  return done.ok ? success(json ? jsonText(done.value) : `${done.value.done}\n`) : done;
}

export async function exported({ server, json }: Given, body: object): Promise<Result<string>> {
  const done = await askModel<FeatureExport>(new ServerApi(server), '/health/exports', body);
  if (!done.ok) return done;
  const { rows, file, card } = done.value;
  return success(json ? jsonText(done.value) : `${rows} rows are in ${file}, described by ${card}, on the server\n`);
}
