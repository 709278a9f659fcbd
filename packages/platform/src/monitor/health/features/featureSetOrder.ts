/** What the process that writes a set of features is told, and what it answers. */

import type { ColumnShape, ColumnTable } from '../../../historian/lake/columns/columnTable.ts';

export interface FeatureSetOrder {
  /** Is not there yet; appears with all its files at once. */
  readonly directory: string;
  readonly shapes: readonly ColumnShape[];
  readonly table: ColumnTable;
  /** Told in the Parquet file itself, by name. */
  readonly metadata: readonly (readonly [name: string, text: string])[];
  /** Beside the Parquet file, by name. */
  readonly texts: readonly (readonly [name: string, text: string])[];
}

export const FEATURES_FILE = 'features.parquet';
export const CARD_FILE = 'card.json';
export const CARD_TEXT_FILE = 'card.md';
