/** What an ONNX model says of the rows that its threshold is set by. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FeatureTable } from '../../features/featureTable.ts';
import type { OnnxModel } from './onnxModel.ts';
import { OnnxRoom } from './onnxRoom.ts';

export interface OnnxScores {
  /** One for each row. */
  readonly scores: Float64Array;
  /** The highest of rows that are far outside all others; NaN where the model gives none a number. */
  readonly farthest: number;
}

/** Of the range of a feature: beyond this nobody doubts that a row is strange. */
const FAR = 10;

/** In a thread of its own. Faults as `OnnxRoom.score`. */
export async function onnxScores(
  model: OnnxModel,
  { names, columns }: FeatureTable,
  room = new OnnxRoom(),
): Promise<Result<OnnxScores>> {
  const [scores, far] = await Promise.all([columns, farRows(columns)].map((rows) => room.score(model, names, rows)));
  void room.close();
  if (!scores.ok) return scores;
  if (!far.ok) return far;
  const highest = far.value.filter(Number.isFinite).sort().at(-1);
  return success({ scores: scores.value, farthest: highest ?? Number.NaN });
}

/** Each feature far above and far below, alone and with all others; what is not moved is in the middle of its range. */
function farRows(columns: readonly Float64Array[]): Float64Array[] {
  return columns.map((column, at) => {
    const sorted = column.filter(Number.isFinite).sort();
    const [least, most] = [sorted[0], sorted[sorted.length - 1]];
    const far = FAR * (most - least);
    const alone = columns.flatMap((_, moved) => {
      return moved === at ? [least - far, most + far] : [(least + most) / 2, (least + most) / 2];
    });
    return Float64Array.of(...alone, least - far, most + far);
  });
}

/** What a person must know of each such model. */
export function onnxNote({ origin }: OnnxModel, by: string): string {
  return (
    `It comes from elsewhere (${origin.file}, brought by ${by}), and only its threshold was learned here: whether it has seen ` +
    'these rows before, or what came after them, is not known, so that figures of rows it "had not seen" may flatter it.'
  );
}
