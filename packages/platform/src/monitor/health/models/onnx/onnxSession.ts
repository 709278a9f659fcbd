/** One ONNX model in the thread that it runs in: a row of features in, a score out. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { OpenEnds, OpenOrder } from './onnxOrder.ts';

type Runtime = typeof import('onnxruntime-web');
type End = InferenceSession.ValueMetadata;
type FloatType = 'float32' | 'float64';

/** How a person calls the ends of a model that do not fit. */
interface Ends extends OpenEnds {
  readonly type: FloatType;
  /** It takes one row at a time. */
  readonly isSingle: boolean;
}

/** Of what a runtime says, so much is passed on. */
const MOST_SAID = 300;
/** A trial shows whether the score has one number for each row. */
const TRIAL_ROWS = 2;

export class OnnxSession {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #ends: Ends;
  readonly #width: number;

  private constructor(runtime: Runtime, session: InferenceSession, ends: Ends, width: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.#ends = ends;
    this.#width = width;
  }

  /** Faults: `health.onnx-refused` with what does not fit. */
  static async open(runtime: Runtime, { bytes, ends, features }: OpenOrder): Promise<Result<OnnxSession>> {
    const made = await attempt('It is no ONNX model that can be run', () =>
      runtime.InferenceSession.create(bytes, { executionProviders: ['wasm'] }),
    );
    if (!made.ok) return made;
    const input = chooseInput(made.value.inputMetadata, ends.input, features);
    if (!input.ok) return input;
    const output = chooseOutput(made.value.outputMetadata, ends.output);
    if (!output.ok) return output;
    const { name, type, shape } = input.value;
    const chosen: Ends = { input: name, output: output.value, type: type as FloatType, isSingle: shape[0] === 1 };
    const session = new OnnxSession(runtime, made.value, chosen, features.length);
    const trial = await session.score(new Float64Array(features.length * TRIAL_ROWS));
    return trial.ok ? success(session) : trial;
  }

  get ends(): OpenEnds {
    return { input: this.#ends.input, output: this.#ends.output };
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  /** One score for each row, as the model gives it. Fault: `health.onnx-refused`. */
  async score(rows: Float64Array): Promise<Result<Float64Array>> {
    const count = rows.length / this.#width;
    const atOnce = this.#ends.isSingle ? 1 : count;
    const scores = new Float64Array(count);
    for (let row = 0; row < count; row += atOnce) {
      const part = rows.subarray(row * this.#width, (row + atOnce) * this.#width);
      const given = await this.#run(part, atOnce);
      if (!given.ok) return given;
      scores.set(given.value, row);
    }
    return success(scores);
  }

  async #run(rows: Float64Array, count: number): Promise<Result<Float64Array>> {
    const { input, output, type } = this.#ends;
    const values = type === 'float32' ? Float32Array.from(rows) : Float64Array.from(rows);
    const ran = await attempt('It cannot judge rows', async () => {
      const tensor = new this.#runtime.Tensor(type, values, [count, this.#width]);
      return (await this.#session.run({ [input]: tensor }, [output]))[output];
    });
    return ran.ok ? scoresOf(ran.value as Tensor, output, count) : ran;
  }
}

function chooseInput(inputs: readonly End[], wanted: string | undefined, features: readonly string[]) {
  const expected = `Expected is one input of float32 [rows, ${features.length}]: ${features.join(', ')}.`;
  const [input] = inputs;
  if (inputs.length !== 1) return refuse(`It has the inputs ${namesOf(inputs)}. ${expected}`);
  if (wanted !== undefined && wanted !== input.name) {
    return refuse(`It has no input ${wanted}; its input is ${namesOf(inputs)}.`);
  }
  if (!isFloat(input)) return refuse(`Its input ${said(input)} takes no floating-point numbers. ${expected}`);
  const [rows, width] = input.shape;
  const fits = input.shape.length === 2 && (rows === 1 || isOpen(rows)) && (width === features.length || isOpen(width));
  return fits ? success(input) : refuse(`Its input is ${said(input)}. ${expected}`);
}

function chooseOutput(outputs: readonly End[], wanted: string | undefined): Result<string> {
  const floats = outputs.filter(isFloat);
  const named = outputs.find(({ name }) => name === wanted);
  if (wanted !== undefined && !named) return refuse(`It has no output ${wanted}; its outputs are ${namesOf(outputs)}.`);
  if (named && !isFloat(named)) return refuse(`Its output ${said(named)} is no score of floating-point numbers.`);
  if (named) return success(named.name);
  if (floats.length === 1) return success(floats[0].name);
  const names = namesOf(outputs);
  return refuse(
    floats.length > 1
      ? `Which of its outputs ${names} is the score has to be said.`
      : `None of its outputs ${names} is a score of floating-point numbers.`,
  );
}

function scoresOf({ type, dims, data }: Tensor, output: string, count: number): Result<Float64Array> {
  const isOne = dims[0] === count && dims.slice(1).every((size) => size === 1) && dims.length <= 2;
  if (isOne && (type === 'float32' || type === 'float64')) return success(Float64Array.from(data as Float32Array));
  return refuse(`Its output ${output} gives ${type} [${dims}] for ${count} rows; one score for each is expected.`);
}

async function attempt<T>(what: string, run: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await run());
  } catch (error) {
    // The runtime is compiled from C++ and throws numbers as well.
    const why = error instanceof Error ? error.message : `error ${String(error)}`;
    return refuse(`${what}: ${why.replaceAll(/\s+/g, ' ').slice(0, MOST_SAID)}`);
  }
}

function refuse(detail: string) {
  return failure('health.onnx-refused', detail);
}

function isFloat(end: End): end is End & { readonly isTensor: true } {
  return end.isTensor && (end.type === 'float32' || end.type === 'float64');
}

/** A size that is left open has a name, or the largest number there is. */
function isOpen(size: number | string | undefined): boolean {
  return typeof size === 'string' || size === 0xff_ff_ff_ff || size === -1;
}

function namesOf(ends: readonly End[]): string {
  return ends.map(said).join(', ') || 'none';
}

/** "scores (float32 [?, 1])". */
function said(end: End): string {
  if (!end.isTensor) return `${end.name} (no tensor)`;
  return `${end.name} (${end.type} [${end.shape.map((size) => (isOpen(size) ? '?' : size)).join(', ')}])`;
}
