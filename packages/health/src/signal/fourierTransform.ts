/** The discrete Fourier transform of any length, planned once and then free of allocations. */

/**
 * X[k] = sum x[n] exp(-2πi k n / N), in place over real and imaginary parts. Powers of two after Cooley and Tukey (1965,
 * Mathematics of Computation 19), other lengths as a convolution with a chirp (Bluestein 1970, IEEE Trans. Audio 18), which is
 * as exact: nothing is padded.
 */
export class FourierTransform {
  readonly length: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #chirp: ChirpPlan | undefined;

  /** `length` is a whole number from 1. */
  constructor(length: number) {
    this.length = length;
    const isPower = (length & (length - 1)) === 0;
    this.#chirp = isPower ? undefined : chirpPlan(length);
    const quarter = isPower ? length >> 1 : 0;
    this.#cosines = Float64Array.from({ length: quarter }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.#sines = Float64Array.from({ length: quarter }, (_, k) => -Math.sin((2 * Math.PI * k) / length));
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

  #butterflies(real: Float64Array, imaginary: Float64Array): void {
    const cosines = this.#cosines;
    const sines = this.#sines;
    for (let half = 1; half < this.length; half <<= 1) {
      const stride = this.length / (half << 1);
      for (let start = 0; start < this.length; start += half << 1) {
        for (let i = start, turn = 0; i < start + half; i++, turn += stride) {
          const j = i + half;
          const re = real[j] * cosines[turn] - imaginary[j] * sines[turn];
          const im = real[j] * sines[turn] + imaginary[j] * cosines[turn];
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
  const transform = new FourierTransform(padded);
  // n² is reduced first: the angle of a large one would lose its last digits.
  const angle = (n: number) => (Math.PI * ((n * n) % (2 * length))) / length;
  const cosines = Float64Array.from({ length }, (_, n) => Math.cos(angle(n)));
  const sines = Float64Array.from({ length }, (_, n) => -Math.sin(angle(n)));
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
