/** Order tracking: a signal over the angle of the shaft in place of time, so that a changing speed smears no line. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type Stretch, stretchOf } from './stretch.ts';

/** No more values for a turn than this: a shaft that all but stands would ask for any number. */
const MOST_PER_TURN = 16_384;
/** Nor more of them in all: a shaft that turns slowly for a moment and fast for the rest would. */
const MOST_VALUES = 2 ** 20;

/**
 * How many turns the shaft has made at every sample, from its speed at each in Hz, summed up by the trapezoidal rule.
 * `health.bad-data` where a speed is negative or none.
 */
export function turnsBySpeed(speedHz: Float64Array, { rateHz }: Pick<Stretch, 'rateHz'>): Result<Float64Array> {
  const turns = new Float64Array(speedHz.length);
  for (let i = 0; i < speedHz.length; i++) {
    if (!(speedHz[i] >= 0 && Number.isFinite(speedHz[i]))) {
      return failure('health.bad-data', `The speed at sample ${i} is ${speedHz[i]} Hz.`);
    }
    if (i > 0) turns[i] = turns[i - 1] + (speedHz[i] + speedHz[i - 1]) / (2 * rateHz);
  }
  return success(turns);
}

/**
 * The stretch resampled at even steps of the angle; its rate is in values per turn, so that the "Hz" of all spectra of it are
 * orders. There are as many values in a turn as the slowest turn has samples, hence none is folded back; between samples lies a
 * cubic (Catmull and Rom), good up to a quarter of the rate (Randall 2021, 3.6). `health.too-little` where the shaft makes less
 * than two turns, `health.bad-data` where its speed changes too much.
 */
export function overAngle({ samples }: Pick<Stretch, 'samples'>, turns: Float64Array): Result<Stretch> {
  if (turns.length !== samples.length) {
    return failure('health.bad-data', `${turns.length} angles for ${samples.length} samples.`);
  }
  const last = turns.length - 1;
  const total = turns[last] - turns[0];
  if (!(total >= 2)) return failure('health.too-little', 'The shaft makes less than two turns.');
  const perTurn = Math.min(MOST_PER_TURN, samplesOfSlowestTurn(turns));
  const count = Math.floor(total * perTurn);
  if (count > MOST_VALUES) return failure('health.bad-data', 'The speed of the shaft changes too much to follow it.');
  const resampled = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const turn = turns[0] + i / perTurn;
    while (at < last - 1 && turns[at + 1] <= turn) at++;
    const step = turns[at + 1] - turns[at];
    resampled[i] = between(samples, at, step > 0 ? (turn - turns[at]) / step : 0);
  }
  return stretchOf(resampled, perTurn);
}

function samplesOfSlowestTurn(turns: Float64Array): number {
  let most = 1;
  for (let begin = 0, end = 0; end < turns.length; end++) {
    while (turns[end] - turns[begin] >= 1) {
      most = Math.max(most, end - begin);
      begin++;
    }
  }
  return most;
}

function between(samples: Float64Array, at: number, share: number): number {
  const b = samples[at];
  const c = samples[at + 1];
  const a = at > 0 ? samples[at - 1] : 2 * b - c;
  const d = at + 2 < samples.length ? samples[at + 2] : 2 * c - b;
  return b + 0.5 * share * (c - a + share * (2 * a - 5 * b + 4 * c - d + share * (3 * (b - c) + d - a)));
}
