/** The Tennessee Eastman process: 41 measurements in input registers, 11 manipulated variables in holding registers. */

import type { DeviceModel } from '../deviceModel.ts';
import { numberIn } from '../recording.ts';

const MEASUREMENTS = 41;
const MANIPULATED = 11;

/** Every variable is a 32-bit float in two registers: XMEAS(i) at `input:2(i-1)`, XMV(i) at `holding:2(i-1)`. */
export const TENNESSEE_EASTMAN: DeviceModel = {
  name: 'tennessee-eastman',
  file: 'tennessee-eastman-fault-13.csv',
  rowSeconds: 180,
  firstRow: 0,
  sizes: { coils: 0, input: 2 * MEASUREMENTS, holding: 2 * MANIPULATED },
  fill(image, row) {
    for (let i = 0; i < MEASUREMENTS; i++) image.input.setFloat32(2 * i, numberIn(row, `XMEAS${i + 1}`));
    for (let i = 0; i < MANIPULATED; i++) image.holding.setFloat32(2 * i, numberIn(row, `XMV${i + 1}`));
  },
};
