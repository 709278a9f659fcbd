/** The discrete Fourier transform of any length, planned once and then free of allocations. */

/**
 * X[k] = sum x[n] exp(-2πi k n / N), in place over real and imaginary parts. Powers of two after Cooley and Tukey (1965,
 * Mathematics of Computation 19), other lengths as a convolution with a chirp (Bluestein 1970, IEEE Trans. Audio 18), which is
 * as exact: nothing is padded.
 */
export class FourierTransform {
  readonly length: number;
  /** Of the stage that joins pairs of `half` values, at half to 2 half - 1: exp(-πi k / half). */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #chirp: ChirpPlan | undefined;

  /** `length` is a whole number from 1. */
  constructor(length: number) {
    this.length = length;
    const isPower = (length & (length - 1)) === 0;
    this.#chirp = isPower ? undefined : chirpPlan(length);
    this.#cosines = new Float64Array(isPower ? length : 0);
    this.#sines = new Float64Array(this.#cosines.length);
    if (isPower) this.#turnStages(length >> 1);
  }

  /** The plan of a length, made once: those of the last few lengths are kept. */
  static of(length: number): FourierTransform {
    const plan = KEPT.get(length) ?? new FourierTransform(length);
    KEPT.delete(length);
    KEPT.set(length, plan);
    if (KEPT.size > MOST_KEPT) KEPT.delete(KEPT.keys().next().value as number);
    return plan;
  }

  forward(real: Float64Array, imaginary: Float64Array): void {
    if (this.#chirp) this.#bluestein(this.#chirp, real, imaginary);
    else {
      reverseBits(real, imaginary, this.length);
      this.#butterflies(real, imaginary);
    }
  }

  /** Undoes `forward`: x[n] = 1/N sum X[k] exp(+2πi k n / N). */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    this.forward(imaginary, real);
    for (let i = 0; i < this.length; i++) {
      real[i] /= this.length;
      imaginary[i] /= this.length;
    }
  }

  /** Each stage has every second angle of the one after it. */
  #turnStages(last: number): void {
    for (let k = 0; k < last; k++) {
      this.#cosines[last + k] = Math.cos((Math.PI * k) / last);
      this.#sines[last + k] = -Math.sin((Math.PI * k) / last);
    }
    for (let i = last - 1; i > 0; i--) {
      this.#cosines[i] = this.#cosines[2 * i];
      this.#sines[i] = this.#sines[2 * i];
    }
  }

  #butterflies(real: Float64Array, imaginary: Float64Array): void {
    const cosines = this.#cosines;
    const sines = this.#sines;
    const length = this.length;
    for (let half = 1; half < length; half <<= 1) {
      for (let start = 0; start < length; start += half << 1) {
        for (let k = 0; k < half; k++) {
          const i = start + k;
          const j = i + half;
          const cosine = cosines[half + k];
          const sine = sines[half + k];
          const re = real[j] * cosine - imaginary[j] * sine;
          const im = real[j] * sine + imaginary[j] * cosine;
          real[j] = real[i] - re;
          imaginary[j] = imaginary[i] - im;
          real[i] += re;
          imaginary[i] += im;
        }
      }
    }
  }

  #bluestein(plan: ChirpPlan, real: Float64Array, imaginary: Float64Array): void {
    const { transform, cosines, sines, filterReal, filterImaginary, workReal, workImaginary } = plan;
    workReal.fill(0);
    workImaginary.fill(0);
    for (let i = 0; i < this.length; i++) {
      workReal[i] = real[i] * cosines[i] - imaginary[i] * sines[i];
      workImaginary[i] = real[i] * sines[i] + imaginary[i] * cosines[i];
    }
    transform.forward(workReal, workImaginary);
    for (let i = 0; i < workReal.length; i++) {
      const re = workReal[i] * filterReal[i] - workImaginary[i] * filterImaginary[i];
      workImaginary[i] = workReal[i] * filterImaginary[i] + workImaginary[i] * filterReal[i];
      workReal[i] = re;
    }
    transform.inverse(workReal, workImaginary);
    for (let i = 0; i < this.length; i++) {
      real[i] = workReal[i] * cosines[i] - workImaginary[i] * sines[i];
      imaginary[i] = workReal[i] * sines[i] + workImaginary[i] * cosines[i];
    }
  }
}

const MOST_KEPT = 8;
const KEPT = new Map<number, FourierTransform>();

interface ChirpPlan {
  readonly transform: FourierTransform;
  /** exp(-πi n² / N). */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  /** The transform of the conjugate chirp, wrapped around. */
  readonly filterReal: Float64Array;
  readonly filterImaginary: Float64Array;
  readonly workReal: Float64Array;
  readonly workImaginary: Float64Array;
}

function chirpPlan(length: number): ChirpPlan {
  const padded = 2 ** Math.ceil(Math.log2(2 * length - 1));
  const transform = FourierTransform.of(padded);
  // n² is reduced first: the angle of a large one would lose its last digits.
  const angle = (n: number) => (Math.PI * ((n * n) % (2 * length))) / length;
  const cosines = new Float64Array(length);
  const sines = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    cosines[n] = Math.cos(angle(n));
    sines[n] = -Math.sin(angle(n));
  }
  const filterReal = new Float64Array(padded);
  const filterImaginary = new Float64Array(padded);
  for (let n = 0; n < length; n++) {
    const mirrored = (padded - n) % padded;
    filterReal[n] = filterReal[mirrored] = cosines[n];
    filterImaginary[n] = filterImaginary[mirrored] = -sines[n];
  }
  transform.forward(filterReal, filterImaginary);
  const [workReal, workImaginary] = [new Float64Array(padded), new Float64Array(padded)];
  return { transform, cosines, sines, filterReal, filterImaginary, workReal, workImaginary };
}

function reverseBits(real: Float64Array, imaginary: Float64Array, length: number): void {
  for (let i = 1, j = 0; i < length; i++) {
    let bit = length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const re = real[i];
    const im = imaginary[i];
    real[i] = real[j];
    imaginary[i] = imaginary[j];
    real[j] = re;
    imaginary[j] = im;
  }
}
