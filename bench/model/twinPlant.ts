/** Ten thousand compressors: their model as text, their tags, and what those say in each second. */

import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { LiveBatch, StoredTag } from '@tidegate/platform/historian/query/historianReader.ts';
import type { EngineFeed } from '@tidegate/platform/model/twins/engine/twinEngine.ts';

/** Twelve of the twenty attributes of each twin are tags. */
export const SIGNALS = {
  speed: ['/min', 9_000],
  power: ['kW', 5_000],
  flow: ['m3/h', 20_000],
  'suction-pressure': ['kPa', 4_000],
  'discharge-pressure': ['kPa', 9_000],
  'suction-temperature': ['Cel', 15],
  'discharge-temperature': ['Cel', 85],
  'oil-pressure': ['kPa', 250],
  'oil-temperature': ['Cel', 50],
  'vibration-x': ['mm/s', 2],
  'vibration-y': ['mm/s', 2.2],
  'seal-flow': ['m3/h', 12],
} as const;
const NAMES = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
export const TAGS_PER_TWIN = NAMES.length;

/** Four are formulas; of two it is known what they should be, and how far they are from it. */
const FORMULAS = {
  ratio: `'discharge-pressure' / 'suction-pressure'`,
  'oil-margin': `'oil-pressure' - 150`,
  vibration: `sqrt('vibration-x' * 'vibration-x' + 'vibration-y' * 'vibration-y')`,
  load: `'power' / 6000`,
} as const;
const EXPECTED = {
  'discharge-temperature': `absolute('suction-temperature') * pow('ratio', 'exponent')`,
  power: `map("power", 'flow', 'speed')`,
} as const;

const FORMULA_UNITS: Readonly<Record<keyof typeof FORMULAS, string>> = {
  ratio: '1',
  'oil-margin': 'kPa',
  vibration: 'mm/s',
  load: 'kW',
};

export function modelTexts(twins: number): ReadonlyMap<string, string> {
  const tags = NAMES.map((name) => `      ${name}: { tag: "{path}/${name}", unit: ${SIGNALS[name][0]} }`);
  const formulas = Object.entries(FORMULAS).map(
    ([name, text]) => `      ${name}: { formula: "${text}", unit: "${FORMULA_UNITS[name as keyof typeof FORMULAS]}" }`,
  );
  const attributes = [...tags, ...formulas].join('\n');
  const children = Array.from({ length: twins }, (_, at) => `      - { name: ${nameOf(at)}, type: compressor }`);
  return new Map([
    ['types/compressor.yaml', `types:\n  - type: compressor\n    version: 1\n    attributes:\n${attributes}\n`],
    ['assets/plant.yaml', `assets:\n  - path: acme\n    children:\n${children.join('\n')}\n`],
    ['twins/compressor.yaml', TWIN],
  ]);
}

/** Names sort as their numbers do, so that rows of the engine are those of the plant. */
function nameOf(twin: number): string {
  return `c${String(twin).padStart(6, '0')}`;
}

const TWIN = `type: compressor
parameters:
  exponent: { value: 0.24, unit: "1" }
maps:
  power:
    x: { unit: m3/h, values: [0, 10000, 20000, 30000] }
    y: { unit: /min, values: [6000, 9000, 12000] }
    z: { unit: kW, values: [[1000, 2000, 3000, 4000], [2000, 3500, 5000, 6500], [3000, 5000, 7000, 9000]] }
modes:
  running: "'speed' > 1000"
expected:
  discharge-temperature: { formula: "${EXPECTED['discharge-temperature']}", sigma: 1 }
  power: { formula: '${EXPECTED.power.replaceAll("'", "''")}', sigma: 50 }
`;

/** Tags and samples without an archive, which has its own benchmark. */
export class PlantFeed implements EngineFeed {
  readonly tagRevision = 1;
  readonly #tags: StoredTag[];
  readonly #listeners = new Set<(batch: LiveBatch) => void>();

  constructor(twins: number) {
    this.#tags = Array.from({ length: twins * TAGS_PER_TWIN }, (_, index): StoredTag => {
      const name = NAMES[index % TAGS_PER_TWIN];
      const path = `acme/${nameOf(Math.floor(index / TAGS_PER_TWIN))}/${name}`;
      return {
        ...{ index, number: index, gateway: 'plant', id: path, path, type: 'number', unit: SIGNALS[name][0] },
        ...{ lane: 'operational', description: '', stepped: false, aliases: [] },
      };
    });
  }

  tags(): readonly StoredTag[] {
    return this.#tags;
  }

  latestColumns() {
    const none = new Float64Array(0);
    const [tags, kinds, statuses] = [new Uint32Array(0), new Uint8Array(0), new Uint32Array(0)];
    return { tags, times: none, values: none, kinds, statuses, strings: [] };
  }

  async raw() {
    return this.latestColumns();
  }

  subscribe(listener: (batch: LiveBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(batch: LiveBatch): void {
    for (const listener of this.#listeners) listener(batch);
  }
}

/** All samples of some twins, with a value that wanders by a per cent; `draw` gives numbers from 0 to 1. */
export function samplesOf(from: number, to: number, time: number, draw: () => number): LiveBatch {
  const block = new SampleBlockBuilder();
  for (let twin = from; twin < to; twin++) {
    for (let at = 0; at < TAGS_PER_TWIN; at++) {
      const value = SIGNALS[NAMES[at]][1] * (0.995 + 0.01 * draw());
      block.pushNumber(twin * TAGS_PER_TWIN + at, time, value, STATUS.Good);
    }
  }
  return { tags: block.tags.subarray(0, block.count), block };
}
