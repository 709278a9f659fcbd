/** What a benchmark over one set of data comes to. */

export interface SetOutcome {
  readonly figures: Readonly<Record<string, number>>;
  readonly targets: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;
}
