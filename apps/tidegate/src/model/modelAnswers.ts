/** What of the server's answers about the model the command uses; the whole of them is in its OpenAPI document. */

export type ChangeKind = 'added' | 'removed' | 'changed';

export interface FieldChange {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

export interface PlannedAsset {
  readonly kind: ChangeKind;
  readonly path: string;
  readonly type: string | null;
  readonly fields: readonly FieldChange[];
  readonly attributes: readonly {
    readonly kind: ChangeKind;
    readonly name: string;
    readonly fields: readonly FieldChange[];
    readonly breaks: string | null;
  }[];
}

interface ModelDefect {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | null;
}

export interface ModelPlan {
  readonly follows: number | null;
  readonly isNew: boolean;
  readonly defects: readonly ModelDefect[];
  readonly types: readonly {
    readonly kind: ChangeKind;
    readonly name: string;
    readonly fields: readonly FieldChange[];
  }[];
  readonly assets: readonly PlannedAsset[];
  readonly counts: Readonly<Record<ChangeKind, number>>;
  readonly relations: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly likelyRenames: readonly { readonly id: string; readonly from: string; readonly to: string }[];
  readonly broken: readonly { readonly subscriber: string; readonly attribute: string; readonly reason: string }[];
  readonly waiting: {
    readonly count: number;
    readonly first: readonly { readonly attribute: string; readonly tag: string }[];
  };
}

export interface ModelVersion {
  readonly number: number;
  /** Microseconds since 1970 UTC, as every time of the interface; 0 is since ever. */
  readonly effective: number;
  readonly applied: number;
  readonly by: string;
  readonly comment: string;
  readonly current: boolean;
}

export interface ShownAsset {
  readonly id: string;
  readonly path: string;
  readonly formerPaths: readonly string[];
  readonly description: string;
  readonly level: string;
  readonly type: string | null;
  readonly nameplate: Readonly<Record<string, string>>;
  readonly attributes: readonly {
    readonly name: string;
    readonly unit: string;
    readonly low: number | null;
    readonly high: number | null;
    readonly source: {
      readonly kind: string;
      readonly tag?: string;
      readonly value?: string | number | null;
      readonly formula?: string;
      readonly asset?: string;
      readonly attribute?: string;
    };
  }[];
  readonly children: readonly { readonly path: string; readonly type: string | null }[];
  readonly relations: readonly { readonly kind: string; readonly direction: 'to' | 'from'; readonly path: string }[];
  readonly place: { readonly file: string; readonly line: number };
  readonly version: number;
}

export interface ModelProposal {
  readonly texts: Readonly<Record<string, string>>;
  readonly tags: number;
  readonly reasons: readonly { readonly subject: string; readonly reason: string }[];
}
