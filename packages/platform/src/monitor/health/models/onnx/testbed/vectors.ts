/** Models of another tool, and what it says of rows itself. */

import { readFileSync } from 'node:fs';
import { type BroughtOnnx, checkOnnx } from '../onnxCheck.ts';
import type { OnnxModel, StrangerSide } from '../onnxModel.ts';

export const FEATURES = ['flow', 'leak'];

const FOLDER = new URL('../vectors/', import.meta.url);

export function vector(name: string): Uint8Array {
  return readFileSync(new URL(`${name}.onnx`, FOLDER));
}

/** As somebody brings it. */
export function brought(name: string, others: Partial<BroughtOnnx> = {}): BroughtOnnx {
  return { file: `${name}.onnx`, bytes: vector(name), stranger: 'higher', comment: 'by hand', ...others };
}

const known = new Map<string, OnnxModel>();

export async function checked(name: string, stranger: StrangerSide = 'higher'): Promise<OnnxModel> {
  const before = known.get(name) ?? (await check(name));
  known.set(name, before);
  return { ...before, origin: { ...before.origin, stranger } };
}

async function check(name: string): Promise<OnnxModel> {
  const model = await checkOnnx(brought(name), FEATURES);
  if (!model.ok) throw new Error(model.fault.detail);
  return model.value;
}

interface Expected {
  readonly rows: readonly (readonly number[])[];
  readonly forest: readonly number[];
  readonly reconstruction: readonly number[];
}

export const EXPECTED: Expected = JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8'));

/** The rows as columns. */
export function columnsOf(rows: readonly (readonly number[])[]): Float64Array[] {
  return FEATURES.map((_, at) => Float64Array.from(rows, (row) => row[at]));
}
