/** Windows that keep a strong line of a spectrum from leaking over the weak ones beside it. */

export type SignalWindow = 'rectangular' | 'hann' | 'hamming' | 'flat-top';

/** Cosine sums (F. J. Harris, Proceedings of the IEEE 66 (1978), 51-83); the flat top is that of ISO 18431-2. */
const COSINES: Readonly<Record<SignalWindow, readonly number[]>> = {
  rectangular: [1],
  hann: [0.5, -0.5],
  hamming: [0.54, -0.46],
  'flat-top': [1, -1.933, 1.286, -0.388, 0.0322],
};

/** Periodic, as spectra need them: the value after the last would be the first. */
export function windowWeights(window: SignalWindow, length: number): Float64Array {
  const weights = new Float64Array(length);
  for (const [k, factor] of COSINES[window].entries()) {
    for (let n = 0; n < length; n++) weights[n] += factor * Math.cos((2 * Math.PI * k * n) / length);
  }
  return weights;
}

/**
 * The samples with both ends let in and out over such a share of them, by a cosine (Tukey). A transform goes on from the last sample
 * to the first: a strong tone would jump there, and be heard in all bands as a blow.
 */
export function taperedEnds(samples: Float64Array, share: number): Float64Array {
  const count = samples.length;
  const reach = Math.floor(count * share);
  const tapered = samples.slice();
  for (let i = 0; i < reach; i++) {
    const weight = (1 - Math.cos((Math.PI * (i + 0.5)) / reach)) / 2;
    tapered[i] *= weight;
    tapered[count - 1 - i] *= weight;
  }
  return tapered;
}
