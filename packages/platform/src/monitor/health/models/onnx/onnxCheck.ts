/** Looks at an ONNX file that somebody brings, before anything is learned with it. */

import { hash } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { MAX_ONNX_BYTES, type OnnxModel, type StrangerSide } from './onnxModel.ts';
import type { OnnxEnds } from './onnxOrder.ts';
import { OnnxRoom } from './onnxRoom.ts';

export interface BroughtOnnx extends OnnxEnds {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly stranger: StrangerSide;
  readonly comment: string;
}

/**
 * In a thread of its own, so that what nobody has looked at meets no model that judges. `features` are those of the watch, in
 * order. Faults: `health.onnx-refused`, `health.onnx-missing`, `health.onnx-failed`.
 */
export async function checkOnnx(
  { file, bytes, input, output, stranger, comment }: BroughtOnnx,
  features: readonly string[],
  room = new OnnxRoom(),
): Promise<Result<OnnxModel>> {
  const { length } = bytes;
  if (length === 0 || length > MAX_ONNX_BYTES) {
    return failure('health.onnx-refused', `${length} bytes are none to ${MAX_ONNX_BYTES / 1024 / 1024} MiB.`);
  }
  const sha256 = hash('sha256', bytes);
  const opened = await room.open({ kind: 'open', key: sha256, bytes, ends: { input, output }, features });
  void room.close();
  return opened.ok ? success({ origin: { file, sha256, ...opened.value, stranger, comment }, bytes }) : opened;
}
