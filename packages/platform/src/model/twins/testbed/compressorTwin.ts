/** A centrifugal compressor with known truth, for the tests of fits, what-if runs and diagnoses. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import { parseExpression } from '../../../historian/query/expression/parseExpression.ts';
import type { TwinHistory } from '../replay/twinHistory.ts';
import type { TwinExpected, TwinFormula, TwinParameter, TwinTemplate } from '../twinTemplate.ts';

const PLACE = { file: 'twins/compressor.yaml', line: 1, column: 1 };

export function formula(text: string, unit = ''): TwinFormula {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.detail}`);
  return { text, expression: parsed.value, unit, place: PLACE };
}

export function expected(attribute: string, text: string, unit: string, modes?: readonly string[]): TwinExpected {
  const limited = modes && new Set(modes);
  return { attribute, formula: formula(text, unit), modes: limited, sigma: undefined, place: PLACE };
}

export function parameter(value: number, low?: number, high?: number, fitted = true): TwinParameter {
  return { value, unit: '', low, high, fitted, description: '' };
}

export function template(parts: Partial<TwinTemplate>): TwinTemplate {
  return {
    ...{ type: 'compressor', description: '', parameters: new Map(), maps: new Map(), modes: [], expected: new Map() },
    ...{ states: new Map(), fits: [], place: PLACE },
    trust: { staleAfterUs: 60e6, windowUs: 3_600e6, calibrationAgeUs: 90 * 86_400e6 },
    ...parts,
  };
}

/** Specific gas constant times compressibility (kJ/(kg.K)) of a natural gas, and its isentropic exponent. */
const GAS_CONSTANT = 0.45;
const EXPONENT = 1.27;
const KELVIN = 273.15;
const SHARE = (EXPONENT - 1) / EXPONENT;

// Polytropic analysis after ASME PTC 10, and a parabolic head curve by the fan law: phi = Q / N, head = N^2 * psi(phi).
const INLET = `(${GAS_CONSTANT} * ('suction-temperature' + ${KELVIN}))`;
const HEAD = `('head-factor' * pow('speed', 2) * (1.1e-6 + 2e-7 * ('flow' / 'speed') - 5e-7 * pow('flow' / 'speed', 2)))`;
const RISE = `(1 + ${SHARE} / 'efficiency' * ${HEAD} / ${INLET})`;

export const COMPRESSOR: TwinTemplate = template({
  parameters: new Map([
    ['efficiency', parameter(0.75, 0.4, 0.95)],
    ['head-factor', parameter(1, 0.5, 1.5)],
  ]),
  modes: [
    { name: 'running', condition: formula(`'speed' > 3000`) },
    { name: 'stopped', condition: formula('true') },
  ],
  expected: new Map(
    [
      expected('discharge-temperature', `${RISE} * ('suction-temperature' + ${KELVIN}) - ${KELVIN}`, 'Cel', [
        'running',
      ]),
      expected('discharge-pressure', `'suction-pressure' * pow(${RISE}, 'efficiency' / ${SHARE})`, 'kPa', ['running']),
      expected('power', `'suction-pressure' / ${INLET} * 'flow' / 3600 * ${HEAD} / 'efficiency'`, 'kW', ['running']),
    ].map((each) => [each.attribute, each] as const),
  ),
});

/** What a sound machine does, and how well its instruments read: standard deviations in the unit of each. */
export const TRUTH = { efficiency: 0.78, headFactor: 0.97 };
export const NOISE = {
  speed: 2,
  flow: 8,
  'suction-pressure': 3,
  'suction-temperature': 0.1,
  'discharge-temperature': 0.2,
  'discharge-pressure': 10,
  power: 12,
};
export type Measured = keyof typeof NOISE;

export interface CompressorRun {
  readonly seed: number;
  readonly rows: number;
  readonly stepUs: number;
  /** What is wrong, from 0 (nothing) as the run goes on: by the part of the run that has passed. */
  readonly fouling?: (part: number) => number;
  readonly drift?: { readonly sensor: Measured; readonly by: (part: number) => number };
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of a normal distribution with standard deviation 1 (Box and Muller). */
export function seededNormal(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A day and more of a compressor whose load and weather change. Fouling lowers the efficiency by its share, and head by half. */
export function compressorHistory({ seed, rows, stepUs, fouling, drift }: CompressorRun): TwinHistory {
  const normal = seededNormal(seed);
  const times = Float64Array.from({ length: rows }, (_, row) => row * stepUs);
  const columns = new Map<Measured, Float64Array>();
  for (const name of Object.keys(NOISE) as Measured[]) columns.set(name, new Float64Array(rows));
  let [load, throttle] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const part = row / rows;
    const hours = times[row] / 3_600e6;
    load += 0.02 * (normal() - load / 10);
    throttle += 0.02 * (normal() - throttle / 10);
    const state = compress(
      9_000 + 500 * Math.sin(hours / 3) + 300 * load,
      9_500 + 700 * Math.sin(hours / 5 + 1) + 500 * throttle,
      2_900 + 120 * Math.sin(hours / 7) + 30 * load,
      8 + 6 * Math.sin((hours * 2 * Math.PI) / 24),
      fouling?.(part) ?? 0,
    );
    for (const [name, column] of columns) {
      const offset = drift?.sensor === name ? drift.by(part) : 0;
      column[row] = state[name] + NOISE[name] * normal() + offset;
    }
  }
  const attributes = [...columns].map(([name, values]) => [name, numbers(times, values)] as const);
  return { times, attributes: new Map(attributes) };
}

export function numbers(times: Float64Array, values: Float64Array): SampleRun {
  const run = { ...blankRun(times.length), times, values };
  run.kinds.fill(ValueKind.number);
  return run;
}

/** The same physics as the template, written down a second time. */
function compress(speed: number, flow: number, pressure: number, celsius: number, fouling: number) {
  const efficiency = TRUTH.efficiency * (1 - fouling);
  const phi = flow / speed;
  const head = TRUTH.headFactor * (1 - fouling / 2) * speed ** 2 * (1.1e-6 + 2e-7 * phi - 5e-7 * phi ** 2);
  const inlet = GAS_CONSTANT * (celsius + KELVIN);
  const exponent = SHARE / efficiency;
  const ratio = (1 + (exponent * head) / inlet) ** (1 / exponent);
  return {
    speed,
    flow,
    'suction-pressure': pressure,
    'suction-temperature': celsius,
    'discharge-temperature': (celsius + KELVIN) * ratio ** exponent - KELVIN,
    'discharge-pressure': pressure * ratio,
    power: ((pressure / inlet) * (flow / 3600) * head) / efficiency,
  };
}
