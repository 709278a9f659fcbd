/** What of the answers about twins the command uses. */

export interface TwinFits {
  readonly file: string;
  readonly text: string;
  readonly confidence: number;
  readonly intervalUs: number;
  readonly fits: readonly TwinFit[];
}

export interface TwinFit {
  readonly asset: string;
  readonly refused: string | null;
  readonly parameters: readonly FittedParameter[];
  readonly residuals: readonly FittedResidual[];
  readonly warnings: readonly string[];
}

export interface FittedParameter {
  readonly name: string;
  readonly unit: string;
  readonly before: number | null;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly atBound: boolean;
}

interface FittedResidual {
  readonly attribute: string;
  readonly unit: string;
  readonly sigma: number;
  readonly sigmaBefore: number | null;
  readonly heldOutSigma: number | null;
  readonly explained: number | null;
  readonly count: number;
  readonly otherMode: number;
  readonly notGood: number;
}

export interface WhatIf {
  readonly asset: string;
  readonly intervalUs: number;
  readonly times: readonly number[];
  readonly recorded: number;
  readonly series: readonly WhatIfSeries[];
  readonly assumptions: readonly string[];
}

type Column = readonly (number | null)[];

export interface WhatIfSeries {
  readonly attribute: string;
  readonly unit: string;
  readonly expected: Column;
  readonly low: Column;
  readonly high: Column;
  readonly unchanged: Column;
  readonly actual: Column;
  readonly comparison: {
    readonly count: number;
    readonly bias: number;
    readonly deviation: number;
    readonly withinBand: number;
  } | null;
}

export interface TwinDiagnosis {
  readonly asset: string;
  readonly verdict: 'sound' | 'sensor' | 'machine' | 'ambiguous' | 'unexplained';
  readonly text: string;
  readonly residuals: readonly { readonly attribute: string; readonly mean: number; readonly noise: number }[];
}
