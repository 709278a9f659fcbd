/**
 * The baseline: one object for each twin, as flow engines and most twin platforms have it. A sample is a message; it sets a
 * property, and each formula that reads it is called at once, and those that read those.
 */

import type { LiveBatch } from '@tidegate/platform/historian/query/historianReader.ts';
import { SIGNALS, TAGS_PER_TWIN } from './twinPlant.ts';

interface Property {
  readonly value: number;
  readonly status: number;
  readonly time: number;
}
type Twin = Map<string, Property>;

interface Rule {
  readonly output: string;
  readonly inputs: readonly string[];
  reckon(...values: number[]): number;
}

const KELVIN = 273.15;
/** The formulas of `twinPlant.ts`, by hand and without checks of units: the least that they can cost. */
const RULES: readonly Rule[] = [
  { output: 'ratio', inputs: ['discharge-pressure', 'suction-pressure'], reckon: (a, b) => a / b },
  { output: 'oil-margin', inputs: ['oil-pressure'], reckon: (a) => a - 150 },
  { output: 'vibration', inputs: ['vibration-x', 'vibration-y'], reckon: (a, b) => Math.sqrt(a * a + b * b) },
  { output: 'load', inputs: ['power'], reckon: (a) => a / 6_000 },
  {
    output: 'discharge-temperature.expected',
    inputs: ['suction-temperature', 'ratio'],
    reckon: (t, ratio) => (t + KELVIN) * ratio ** 0.24 - KELVIN,
  },
  { output: 'power.expected', inputs: ['flow', 'speed'], reckon: (flow, speed) => 500 + (flow * speed) / 45_000 },
  {
    output: 'discharge-temperature.residual',
    inputs: ['discharge-temperature', 'discharge-temperature.expected'],
    reckon: (a, b) => a - b,
  },
  { output: 'power.residual', inputs: ['power', 'power.expected'], reckon: (a, b) => a - b },
];

export class ObjectTwins {
  readonly #twins: readonly Twin[];
  readonly #rulesOf = new Map<string, Rule[]>();
  readonly #names = Object.keys(SIGNALS);
  residuals = 0;

  constructor(count: number) {
    this.#twins = Array.from({ length: count }, () => new Map());
    for (const rule of RULES) {
      for (const input of rule.inputs) this.#rulesOf.set(input, [...(this.#rulesOf.get(input) ?? []), rule]);
    }
  }

  take({ tags, block }: LiveBatch): void {
    for (let row = 0; row < block.count; row++) {
      const twin = this.#twins[Math.floor(tags[row] / TAGS_PER_TWIN)];
      const property = { value: block.values[row], status: block.statuses[row], time: block.times[row] };
      this.#set(twin, this.#names[tags[row] % TAGS_PER_TWIN], property);
    }
  }

  #set(twin: Twin, name: string, property: Property): void {
    twin.set(name, property);
    if (name.endsWith('.residual')) this.residuals++;
    for (const { output, inputs, reckon } of this.#rulesOf.get(name) ?? []) {
      const parts = inputs.map((input) => twin.get(input));
      if (parts.includes(undefined)) continue;
      const known = parts as Property[];
      const status = Math.max(...known.map((part) => part.status));
      const time = Math.max(...known.map((part) => part.time));
      this.#set(twin, output, { value: reckon(...known.map((part) => part.value)), status, time });
    }
  }
}
