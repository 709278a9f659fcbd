/**
 * What an accelerometer on a bearing hears, after P. D. McFadden and J. D. Smith, Journal of Sound and Vibration 96 (1984),
 * 69-82: each blow of a fault makes the housing ring and fade; an inner ring is struck where the load is, once a turn harder;
 * rollers slip, so that blows wander (J. Antoni and R. B. Randall, Mechanical Systems and Signal Processing 17 (2003), 913-919).
 * Beside it the shaft, the mesh of a gear, and noise.
 */

import { seededRandom } from '../../boost/seededRandom.ts';

export interface BearingSound {
  readonly rateHz: number;
  readonly count: number;
  readonly shaftHz: number;
  /** How often it is struck in a turn, and how hard, in the unit of the signal; 0 where it is sound. */
  readonly order: number;
  readonly blow: number;
  /** Share of the load that goes round with the shaft: 0 of an outer ring, 1 of an inner one. */
  readonly turning?: number;
  /** Standard deviation of the noise; the rest of the machine has fixed strengths of the order of 1. */
  readonly noise: number;
  readonly seed: number;
}

const RESONANCE_HZ = 4_200;
const FADES_PER_S = 900;
/** Standard deviation of the time between two blows, as a share of it. */
const SLIP = 0.01;
const GEAR_TEETH = 21;
/** After so many fading times nothing is left of a blow. */
const HEARD = 7;

export function bearingSound({
  rateHz,
  count,
  shaftHz,
  order,
  blow,
  turning = 0,
  noise,
  seed,
}: BearingSound): Float64Array {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const phases = [random(), random(), random()].map((share) => 2 * Math.PI * share);
  const samples = Float64Array.from({ length: count }, (_, at) => {
    const turn = (2 * Math.PI * shaftHz * at) / rateHz;
    const machine =
      0.8 * Math.sin(turn + phases[0]) +
      0.3 * Math.sin(2 * turn + phases[1]) +
      0.5 * Math.sin(GEAR_TEETH * turn + phases[2]);
    return machine + noise * normal();
  });
  if (blow === 0) return samples;
  const betweenS = 1 / (order * shaftHz);
  for (let at = -random() * betweenS; at < count / rateHz; at += betweenS * (1 + SLIP * normal())) {
    const strength = blow * (1 - (turning * (1 - Math.cos(2 * Math.PI * shaftHz * at))) / 2);
    const last = Math.min(count - 1, (at + HEARD / FADES_PER_S) * rateHz);
    for (let i = Math.max(0, Math.ceil(at * rateHz)); i <= last; i++) {
      const since = i / rateHz - at;
      samples[i] += strength * Math.exp(-since * FADES_PER_S) * Math.sin(2 * Math.PI * RESONANCE_HZ * since);
    }
  }
  return samples;
}
