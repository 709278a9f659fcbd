/** The discrete Fourier transform of any length, planned once and then free of allocations. */

/**
 * X[k] = sum x[n] exp(-2πi k n / N), in place over real and imaginary parts. Powers of two, and a few of them side by side such as
 * the 5 times 512 of a burst, after Cooley and Tukey (1965, Mathematics of Computation 19), other lengths as a convolution with
 * a chirp (Bluestein 1970, IEEE Trans. Audio 18), which is as exact: nothing is padded.
 */
export class FourierTransform {
  readonly length: number;
  /** Of the stage that joins pairs of `half` values, at half to 2 half - 1: exp(-πi k / half). */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #parts: PartsPlan | undefined;
  readonly #chirp: ChirpPlan | undefined;

  /** `length` is a whole number from 1. */
  constructor(length: number) {
    this.length = length;
    const odd = oddPart(length);
    const isPower = odd === 1;
    this.#parts = !isPower && odd <= MOST_PARTS ? partsPlan(length, odd) : undefined;
    this.#chirp = odd > MOST_PARTS ? chirpPlan(length) : undefined;
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
    else if (this.#parts) joinParts(this.#parts, real, imaginary);
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

/** Beyond so many parts side by side the chirp is quicker. */
const MOST_PARTS = 31;

/** So many transforms of a power of two, each of every `parts`th sample. */
interface PartsPlan {
  readonly transform: FourierTransform;
  /** exp(-2πi k / N) of the whole length, and of the number of parts. */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  readonly partCosines: Float64Array;
  readonly partSines: Float64Array;
  /** By part. */
  readonly real: readonly Float64Array[];
  readonly imaginary: readonly Float64Array[];
  /** What all parts have of one frequency. */
  readonly turnedReal: Float64Array;
  readonly turnedImaginary: Float64Array;
}

function partsPlan(length: number, parts: number): PartsPlan {
  const transform = FourierTransform.of(length / parts);
  const turns = (count: number, of: (angle: number) => number) =>
    Float64Array.from({ length: count }, (_, k) => of((-2 * Math.PI * k) / count));
  const columns = () => Array.from({ length: parts }, () => new Float64Array(transform.length));
  return {
    transform,
    ...{ cosines: turns(length, Math.cos), sines: turns(length, Math.sin) },
    ...{ partCosines: turns(parts, Math.cos), partSines: turns(parts, Math.sin) },
    ...{ real: columns(), imaginary: columns() },
    ...{ turnedReal: new Float64Array(parts), turnedImaginary: new Float64Array(parts) },
  };
}

/** X[q + s M] = sum over parts r of Y_r[q] exp(-2πi r q / N) exp(-2πi r s / R), of R parts of length M. */
function joinParts(plan: PartsPlan, real: Float64Array, imaginary: Float64Array): void {
  const { transform, cosines, sines, partCosines, partSines, turnedReal, turnedImaginary } = plan;
  const parts = turnedReal.length;
  const count = transform.length;
  for (let part = 0; part < parts; part++) {
    const [re, im] = [plan.real[part], plan.imaginary[part]];
    for (let i = 0, from = part; i < count; i++, from += parts) {
      re[i] = real[from];
      im[i] = imaginary[from];
    }
    transform.forward(re, im);
  }
  for (let q = 0; q < count; q++) {
    for (let part = 0, turn = 0; part < parts; part++, turn += q) {
      const [re, im] = [plan.real[part][q], plan.imaginary[part][q]];
      turnedReal[part] = re * cosines[turn] - im * sines[turn];
      turnedImaginary[part] = re * sines[turn] + im * cosines[turn];
    }
    for (let s = 0; s < parts; s++) {
      let [sumReal, sumImaginary] = [0, 0];
      for (let part = 0, turn = 0; part < parts; part++) {
        sumReal += turnedReal[part] * partCosines[turn] - turnedImaginary[part] * partSines[turn];
        sumImaginary += turnedReal[part] * partSines[turn] + turnedImaginary[part] * partCosines[turn];
        turn += s;
        if (turn >= parts) turn -= parts;
      }
      real[q + s * count] = sumReal;
      imaginary[q + s * count] = sumImaginary;
    }
  }
}

function oddPart(length: number): number {
  let odd = length;
  while (odd > 1 && odd % 2 === 0) odd /= 2;
  return odd;
}

const MOST_KEPT = 16;
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
