/** What of the answers about event frames and accounts the commands use. */

export interface ShownFrame {
  readonly id: number;
  readonly template: string;
  readonly kind: string;
  readonly asset: { readonly path: string };
  readonly start: number;
  readonly end: number | null;
  readonly seconds: number;
  readonly uncertain: boolean;
  readonly figures: Readonly<Record<string, number | string | null>>;
}

export interface FramePage {
  readonly frames: readonly ShownFrame[];
  readonly next: string | null;
}

export interface FrameDetail extends ShownFrame {
  readonly gone: boolean;
  readonly description: string;
  readonly conditions: readonly { readonly edge: string; readonly expression: string }[];
  readonly captured: readonly {
    readonly name: string;
    readonly value: number | string | null;
    readonly unit: string;
    readonly capture: string;
    readonly source: { readonly path: string };
  }[];
  readonly around: ShownFrame | null;
  readonly children: readonly ShownFrame[];
  readonly notes: readonly { readonly at: number; readonly by: string; readonly text: string }[];
}

export interface OeeFigures {
  readonly start: number;
  readonly end: number;
  readonly oee: number | null;
  readonly availability: number | null;
  readonly performance: number | null;
  readonly quality: number | null;
  readonly qualityMeasured: boolean;
  readonly pieces: number;
  readonly unit: string;
  readonly rejected: number | null;
  readonly plannedSeconds: number;
  readonly plannedStopSeconds: number;
  readonly unknownSeconds: number;
  readonly losses: readonly {
    readonly kind: string;
    readonly what: string;
    readonly seconds: number;
    readonly remainingSeconds: number;
  }[];
  readonly states: readonly { readonly state: string; readonly category: string; readonly seconds: number }[];
}

export interface OeeAnswer extends OeeFigures {
  readonly asset: { readonly path: string };
  readonly intervals: readonly OeeFigures[];
  readonly sources: readonly { readonly path: string }[];
}

export interface EnergyAnswer {
  readonly name: string;
  readonly asset: { readonly path: string };
  readonly start: number;
  readonly end: number;
  readonly unit: string;
  readonly driverUnit: string;
  readonly intervalSeconds: number;
  readonly used: number;
  readonly expected: number;
  readonly ratio: number | null;
  readonly perUnit: number | null;
  readonly expectedPerUnit: number | null;
  readonly baseline: {
    readonly start: number;
    readonly end: number;
    readonly terms: readonly { readonly name: string; readonly coefficient: number; readonly halfWidth: number }[];
    readonly r2: number;
    readonly cvRmse: number;
    readonly intervals: number;
  };
  readonly sources: readonly { readonly path: string; readonly measure: string }[];
}
