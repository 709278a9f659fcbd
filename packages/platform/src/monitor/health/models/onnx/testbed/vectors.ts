/** Models of another tool, and what it says of rows itself. */

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BroughtOnnx } from '../onnxCheck.ts';
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

/** As it is kept once it was tried. */
export function kept(name: string, stranger: StrangerSide = 'higher'): OnnxModel {
  const [input, output] = ENDS[name] ?? ['rows', 'score'];
  const bytes = vector(name);
  const sha256 = hash('sha256', bytes);
  return { origin: { file: `${name}.onnx`, sha256, input, output, stranger, comment: 'by hand' }, bytes };
}

const ENDS: Readonly<Record<string, readonly [input: string, output: string]>> = {
  forest: ['X', 'scores'],
  reconstruction: ['rows', 'error'],
};

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
