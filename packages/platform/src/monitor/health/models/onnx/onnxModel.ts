/** A model that was learned elsewhere: its file, and which end of it is which. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { z } from 'zod';

/** Which scores mean a strange row: detectors of scikit-learn give lower ones. */
export const STRANGER_SIDES = ['higher', 'lower'] as const;
export type StrangerSide = (typeof STRANGER_SIDES)[number];

/** What a person reads of it. */
export interface OnnxOrigin {
  /** Name of the file that was brought, and the SHA-256 of its bytes, as hexadecimal digits. */
  readonly file: string;
  readonly sha256: string;
  /** The input that takes the features, in the order of the watch, and the output that is the score. */
  readonly input: string;
  readonly output: string;
  readonly stranger: StrangerSide;
  /** What was said of it when it was brought. */
  readonly comment: string;
}

export interface OnnxModel {
  readonly origin: OnnxOrigin;
  readonly bytes: Uint8Array;
}

/** A larger file is none that judges rows of features. */
export const MAX_ONNX_BYTES = 16 * 1024 * 1024;

const DOCUMENT = z.object({
  origin: z.object({
    ...{ file: z.string(), sha256: z.string(), input: z.string(), output: z.string(), comment: z.string() },
    stranger: z.enum(STRANGER_SIDES),
  }),
  bytes: z.base64(),
});

export function onnxToJson({ origin, bytes }: OnnxModel): unknown {
  return { origin, bytes: Buffer.from(bytes).toString('base64') };
}

/** Fault: `health.bad-data`. */
export function onnxFromJson(json: unknown): Result<OnnxModel> {
  const read = DOCUMENT.safeParse(json);
  if (!read.success) return failure('health.bad-data', 'the ONNX file in it cannot be read');
  return success({ origin: read.data.origin, bytes: Buffer.from(read.data.bytes, 'base64') });
}
