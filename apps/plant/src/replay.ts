/** Steps through a recording: which row stands in the registers now, and the image made from it. */

import type { DeviceModel } from './deviceModel.ts';
import type { RegisterSource } from './plantDevice.ts';
import type { RecordedRow } from './recording.ts';
import { RegisterImage } from './registerImage.ts';

/**
 * Invariant: `image` is only ever replaced as a whole, so that whoever reads several registers from it sees one row.
 * After the last row of the recording comes its first.
 */
export class Replay implements RegisterSource {
  image: RegisterImage;
  readonly #model: DeviceModel;
  readonly #rows: readonly RecordedRow[];
  #steps = 0;

  constructor(model: DeviceModel, rows: readonly RecordedRow[]) {
    this.#model = model;
    this.#rows = rows;
    this.image = this.#imageOf(0);
  }

  /** Rows that the replay has moved on since it began. */
  get steps(): number {
    return this.#steps;
  }

  /** Number of the row that stands in the registers, from 0. */
  get row(): number {
    return this.#rowAt(this.#steps);
  }

  imageOf(): RegisterImage {
    return this.image;
  }

  /** Moves to the row that is `steps` behind the first one replayed; the rows between are left out. */
  moveTo(steps: number): void {
    if (steps === this.#steps) return;
    this.image = this.#imageOf(steps);
    this.#steps = steps;
  }

  #rowAt(steps: number): number {
    return (this.#model.firstRow + steps) % this.#rows.length;
  }

  #imageOf(steps: number): RegisterImage {
    const image = new RegisterImage(this.#model.sizes);
    this.#model.fill(image, this.#rows[this.#rowAt(steps)]);
    return image;
  }
}
