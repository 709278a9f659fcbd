/** A pump whose seal begins to leak, from the first model to the case: what equipment health is tried on through the door. */

import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Historian } from '../../historian/query/historian.ts';
import { runOf, type SampleRow } from '../../historian/query/testbed/sampleRuns.ts';
import { openModelPlant } from '../../model/assets/testbed/modelPlant.ts';
import type { PlantHealth } from '../../monitor/health/plantHealth.ts';
import { HistorianDoor } from './historianDoor.ts';
import { healthOver } from './plantHealth.ts';

export const DAY = 86_400e6;
export const START: number = Date.parse('2026-05-04T00:00:00Z') * 1_000;
const EVERY = 600e6;
const MODEL = {
  'types/pump.yaml': `types:
  - { type: pump, version: 1, attributes: { flow: { unit: m3/h }, leak: { unit: L/h }, heat: { unit: Cel } } }
`,
  'assets/acme.yaml': `assets:
  - { path: acme, level: site }
  - { path: acme/p1, id: P1, type: pump, attributes: { flow: { tag: acme/p1/flow }, leak: { tag: acme/p1/leak }, heat: { tag: acme/p1/heat } } }
  - { path: acme/p2, type: pump, attributes: { flow: { tag: acme/p2/flow }, leak: { tag: acme/p2/leak }, heat: { tag: acme/p2/heat } } }
`,
  'health/pump.yaml': `health:
  - type: pump
    name: seal
    description: The seal of the shaft
    every: 10min
    learn: 4d
    features:
      flow: { attribute: flow }
      leak: { attribute: leak, negligible: 0.5, limit: { high: 60 } }
    fatigue:
      shaft: { attribute: heat, part: the shaft, cause: thermal cycling, curve: { kneeRange: 10, kneeCycles: 1000, slope: 3 } }
    failures:
      worn-seal:
        signs: { leak: up }
        says: the seal of the shaft is worn
        severity: major
        consequence: the pump hall is flooded
        action: change the seal
        bring: [a seal, a puller]
        isolations: [lock out the motor]
lives:
  - type: pump
    name: seal-life
    watch: seal
    failure: worn-seal
    records:
      - { asset: acme/p1, from: 2025-01-10, to: 2025-06-20, ended: failure }
      - { asset: acme/p1, from: 2025-06-20, to: 2025-10-30, ended: failure }
      - { asset: acme/p1, from: 2025-10-30, to: 2026-04-01, ended: failure }
      - { asset: acme/p2, from: 2025-02-01, to: 2025-08-01, ended: replaced }
      - { asset: acme/p2, from: 2025-08-01, to: 2026-01-05, ended: failure }
places:
  - { asset: acme, where: the hall at the river, access: key at the gate, isolations: [close both valves] }
`,
};

export interface LeakingSeal {
  readonly clock: ManualClock;
  readonly door: HistorianDoor;
  readonly health: PlantHealth;
  stop(): Promise<void>;
}

/** It is day 8; the seal has leaked 8 L/h more each day since day 5, and case 1 says so. Earlier seals lasted five months. `webRoot`: of the console. */
export async function openLeakingSeal(webRoot?: string): Promise<LeakingSeal> {
  const clock = new ManualClock(START as Timestamp);
  const model = await openModelPlant(MODEL, { clock });
  const opened: PlantHealth[] = [];
  const door = await HistorianDoor.open(clock, (historian, directory) => {
    const health = healthOver(historian, model.store, directory, clock);
    opened.push(health);
    return { model: model.store, health, ...(webRoot !== undefined && { webRoot }) };
  });
  const [health] = opened;
  await operate(door.historian, 0, 4.1, () => 0);
  clock.setWallClock((START + 4.1 * DAY) as Timestamp);
  await health.trainer.check();
  await operate(door.historian, 4.1, 8, (day) => (day < 5 ? 0 : 8 * (day - 5)));
  clock.setWallClock((START + 8 * DAY) as Timestamp);
  await health.scorer.settle();
  await health.lives.check();
  return {
    ...{ clock, door, health },
    async stop() {
      await health.close();
      await door.stop();
      await model.stop();
    },
  };
}

/** About 0 with a deviation of 1, the same for the same number. */
function noise(seed: number): number {
  const parts = [1, 2, 3, 4, 5, 6].map((part) => Math.sin(seed * 12.9898 + part * 78.233) * 43_758.5453);
  return (parts.reduce((sum, part) => sum + part - Math.floor(part), 0) - 3) * Math.SQRT2;
}

async function operate(historian: Historian, from: number, to: number, leak: (day: number) => number) {
  const column = (value: (at: number) => number) => {
    const [first, last] = [from, to].map((day) => Math.round((day * DAY) / EVERY));
    return Array.from({ length: last - first }, (_, row): SampleRow => {
      return [START + (first + row) * EVERY, value(first + row)];
    });
  };
  const rows = [
    ['flow', 'm3/h', column((at) => 100 + noise(at))],
    ['leak', 'L/h', column((at) => 5 + noise(1e6 + at) + leak((at * EVERY) / DAY))],
    ['heat', 'Cel', column((at) => 50 + 10 * Math.sin((2 * Math.PI * at) / 144))],
  ] as const;
  const series = rows.map(([name, unit, list]) => {
    const base = { path: `acme/p1/${name}`, unit, type: 'number' as const, stepped: true, description: '' };
    return { ...base, run: runOf(list) };
  });
  const imported = await historian.importSamples(series, 'test');
  if (!imported.ok) throw new Error(imported.fault.detail);
}
