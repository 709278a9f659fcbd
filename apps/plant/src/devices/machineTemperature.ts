/** One temperature inside a large machine, in the swapped word order that many small controllers have. */

import type { DeviceModel } from '../deviceModel.ts';
import { numberIn } from '../recording.ts';

/**
 * A 32-bit float at `input:0`, order CDAB. The replay begins on 6 February 2014, 750 rows before the system failure, so
 * that it is seen within a quarter of an hour; when the file ends the replay goes on from its first row.
 */
export const MACHINE_TEMPERATURE: DeviceModel = {
  name: 'machine-temperature',
  file: 'machine-temperature-system-failure.csv',
  rowSeconds: 300,
  firstRow: 18_765,
  sizes: { coils: 0, input: 2, holding: 0 },
  fill(image, row) {
    image.input.setFloat32(0, numberIn(row, 'value'), 'CDAB');
  },
};
