/** What makes one device of the plant: its recording and where each column of it lies in the registers. */

import type { RecordedRow } from './recording.ts';
import type { RegisterImage, TableSizes } from './registerImage.ts';

export interface DeviceModel {
  readonly name: string;
  /** Name of the recording within the data directory. */
  readonly file: string;
  /** Seconds between two rows of the recording. */
  readonly rowSeconds: number;
  /** Row with which the replay begins, from 0. */
  readonly firstRow: number;
  readonly sizes: TableSizes;
  /** Writes a row into an empty image. */
  fill(image: RegisterImage, row: RecordedRow): void;
}
