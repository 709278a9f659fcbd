/** An event frame brackets what happened to an asset: from when until when, of which kind, with which figures. */

import type { Expression } from '../../historian/query/expression/expressionNode.ts';
import type { AssetId, ModelPlace } from '../../model/assets/assetModel.ts';

export const FRAME_KINDS = ['batch', 'run', 'trip', 'start-up', 'shut-down', 'excursion', 'other'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

export const CAPTURES = ['start', 'end', 'average', 'minimum', 'maximum', 'increase'] as const;
export type Capture = (typeof CAPTURES)[number];

/** A figure that a frame carries: an attribute at its start or end, or over it. */
export interface FrameFigure {
  readonly name: string;
  readonly attribute: string;
  readonly capture: Capture;
}

/** Of every asset of a type, or of one asset, where `asset` says so. Names in expressions are attributes of the asset. */
export interface FrameTemplate {
  readonly name: string;
  readonly kind: FrameKind;
  readonly description: string;
  readonly type: string | undefined;
  readonly asset: AssetId | undefined;
  /** A frame begins when this becomes true. */
  readonly start: Expression;
  /** It ends when this becomes true; when `start` is no longer true, where it is `undefined`. */
  readonly end: Expression | undefined;
  /** Shorter than this it is no frame, and a pause that is shorter does not end one (µs). */
  readonly leastUs: number;
  readonly bridgeUs: number;
  /** The template that frames of this one lie within; `undefined` where they lie in none. */
  readonly within: string | undefined;
  readonly figures: readonly FrameFigure[];
  readonly place: ModelPlace;
}
