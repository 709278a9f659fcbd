/** Order tracking: a signal over the angle of the shaft in place of time, so that a changing speed smears no line. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type Stretch, stretchOf } from './stretch.ts';

/** No more values for a turn than this: a shaft that all but stands would ask for any number. */
const MOST_PER_TURN = 16_384;

/**
 * How many turns the shaft has made at every sample, from the times of the pulses of a tachometer, in seconds from the first
 * sample. NaN before the first pulse and after the last. Between pulses it is a cubic with the mean speeds at its ends, which may
 * not turn back (Fritsch and Carlson 1980, SIAM Journal on Numerical Analysis 17). `health.bad-data` where pulses do not ascend.
 */
export function turnsByPulses(
  pulsesS: Float64Array,
  pulsesPerTurn: number,
  { rateHz }: Pick<Stretch, 'rateHz'>,
  count: number,
): Result<Float64Array> {
  if (pulsesS.length < 3)
    return failure('health.too-little', `${pulsesS.length} pulses of a tachometer; 3 are needed.`);
  if (!(pulsesPerTurn > 0)) return failure('health.bad-data', `${pulsesPerTurn} pulses are no turn.`);
  for (let i = 1; i < pulsesS.length; i++) {
    if (!(pulsesS[i] > pulsesS[i - 1])) return failure('health.bad-data', `Pulse ${i} is not after the one before.`);
  }
  const speeds = pulsesS.map((_, i) => pulseSpeed(pulsesS, i));
  const turns = new Float64Array(count).fill(Number.NaN);
  let pulse = 0;
  for (let i = 0; i < count; i++) {
    const time = i / rateHz;
    while (pulse < pulsesS.length - 2 && time >= pulsesS[pulse + 1]) pulse++;
    if (time < pulsesS[pulse] || time > pulsesS[pulse + 1]) continue;
    const span = pulsesS[pulse + 1] - pulsesS[pulse];
    const at = (time - pulsesS[pulse]) / span;
    const [from, to] = [Math.min(3, speeds[pulse] * span), Math.min(3, speeds[pulse + 1] * span)];
    turns[i] = (pulse + at * (from + at * (3 - 2 * from - to + at * (from + to - 2)))) / pulsesPerTurn;
  }
  return success(turns);
}

/**
 * The same from a speed at every sample, in Hz, summed up by the trapezoidal rule. `health.bad-data` where a speed is negative or
 * none.
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
 * than two turns.
 */
export function overAngle({ samples }: Pick<Stretch, 'samples'>, turns: Float64Array): Result<Stretch> {
  if (turns.length !== samples.length) {
    return failure('health.bad-data', `${turns.length} angles for ${samples.length} samples.`);
  }
  let first = 0;
  while (first < turns.length && Number.isNaN(turns[first])) first++;
  let last = turns.length - 1;
  while (last > first && Number.isNaN(turns[last])) last--;
  const total = turns[last] - turns[first];
  if (!(total >= 2)) return failure('health.too-little', 'The shaft makes less than two turns.');
  const perTurn = Math.min(MOST_PER_TURN, samplesOfSlowestTurn(turns, first, last));
  const resampled = new Float64Array(Math.floor(total * perTurn));
  let at = first;
  for (let i = 0; i < resampled.length; i++) {
    const turn = turns[first] + i / perTurn;
    while (at < last - 1 && turns[at + 1] <= turn) at++;
    const step = turns[at + 1] - turns[at];
    resampled[i] = between(samples, at, step > 0 ? (turn - turns[at]) / step : 0);
  }
  return stretchOf(resampled, perTurn);
}

/** In pulses per second, over the pulses on both sides. */
function pulseSpeed(pulsesS: Float64Array, i: number): number {
  const from = Math.max(0, i - 1);
  const to = Math.min(pulsesS.length - 1, i + 1);
  return (to - from) / (pulsesS[to] - pulsesS[from]);
}

function samplesOfSlowestTurn(turns: Float64Array, first: number, last: number): number {
  let most = 1;
  for (let begin = first, end = first; end <= last; end++) {
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
