/** What the thread of ONNX models is asked. */

/** Which ends of a model are meant, where it has several. */
export interface OnnxEnds {
  readonly input?: string | undefined;
  readonly output?: string | undefined;
}

/** Those that were chosen. */
export interface OpenEnds {
  readonly input: string;
  readonly output: string;
}

/** `key` names the model from then on. */
export interface OpenOrder {
  readonly kind: 'open';
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly ends: OnnxEnds;
  /** Names of the features, in order. */
  readonly features: readonly string[];
}

export interface ScoreOrder {
  readonly kind: 'score';
  readonly key: string;
  /** `rows[row * width + feature]`; every value is finite. */
  readonly rows: Float64Array;
}

export type OnnxOrder = OpenOrder | ScoreOrder;
