/** Where the signals of a train lie in the registers of its unit control. */

import { RegisterImage } from '../../registerImage.ts';
import { SIGNALS, type Signal } from '../signals/signalCatalogue.ts';

/** A signal, its place among `SIGNALS`, and its register or coil. */
export interface TrainPoint {
  readonly signal: Signal;
  readonly index: number;
  readonly address: number;
}

/**
 * The same in each train:
 * ```
 * input:0, 2, ...  float32  its quantities, in the order of the catalogue, most significant word first; NaN: no sensor
 * next input       uint16   state of the unit control, counting from stopped = 0
 * coil:0           bool     the gas turbine is lit
 * ```
 */
export function trainPoints(train: number): readonly TrainPoint[] {
  const own = SIGNALS.flatMap((signal, index) =>
    signal.path.startsWith(`compression/train-${train}/`) ? [{ signal, index }] : [],
  );
  const quantities = own.filter(({ signal }) => signal.kind === 'number');
  return own.map((one) => {
    if (one.signal.kind === 'boolean') return { ...one, address: 0 };
    if (one.signal.kind === 'state') return { ...one, address: 2 * quantities.length };
    return { ...one, address: 2 * quantities.indexOf(one) };
  });
}

/** `values` in the order of `SIGNALS`. */
export function fillTrainRegisters(points: readonly TrainPoint[], values: Float64Array): RegisterImage {
  const quantities = points.filter(({ signal }) => signal.kind === 'number').length;
  const image = new RegisterImage({ coils: 1, input: 2 * quantities + 1, holding: 0 });
  for (const { signal, index, address } of points) {
    if (signal.kind === 'boolean') image.coils[address] = values[index] === 1;
    else if (signal.kind === 'state') image.input.set16(address, values[index]);
    else image.input.setFloat32(address, values[index]);
  }
  return image;
}
