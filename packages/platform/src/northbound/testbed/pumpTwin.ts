/** Two pumps with a twin, and two days of their history: what studies of twins are tried on through the door. */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { Historian } from '../../historian/query/historian.ts';
import { numbers, seededNormal } from '../../model/twins/testbed/compressorTwin.ts';

export const PUMP_MODEL = {
  'types/pump.yaml': `types:
  - type: pump
    version: 1
    attributes:
      flow: { tag: "{path}/flow", unit: m3/h }
      head: { tag: "{path}/head", unit: m }
      power: { tag: "{path}/power", unit: kW }
      load: { formula: "'flow' * 'head'", unit: m4/h }
`,
  'assets/north.yaml': `assets:
  - { path: acme/north/pump-1, id: P1, type: pump }
  - { path: acme/north/pump-2, type: pump }
  - { path: acme/north/tank }
`,
  'twins/pump.yaml': `type: pump
parameters:
  specific-energy: { value: 0.003, unit: kW.h/m4, low: 0.001, high: 0.02 }
  least-flow: { value: 20, unit: m3/h, fitted: false }
  idle-power: { value: 5, unit: kW, low: 0, high: 50 }
modes:
  running: "'flow' > 'least-flow'"
expected:
  power: { formula: "'specific-energy' * 'load' + 'idle-power'", sigma: 0.6 }
`,
};

export const PUMP_TRUTH = { 'specific-energy': 0.0045, 'idle-power': 12 };
const STEP_US = 60 * US_PER_S;
const ROWS = 2_880;

/** Ends with `end`, in microseconds since 1970 UTC. The flow of pump 1 reads 25 m3/h too high in the last quarter. */
export async function importPumpHistory(historian: Historian, end: number): Promise<void> {
  const normal = seededNormal(7);
  const times = Float64Array.from({ length: ROWS }, (_, row) => end - (ROWS - row) * STEP_US);
  const flow = times.map((_, row) => 300 + 80 * Math.sin(row / 90) + 0.5 * normal());
  const head = times.map((_, row) => 60 + 10 * Math.sin(row / 37) + 0.05 * normal());
  const powerOf = (row: number) =>
    PUMP_TRUTH['specific-energy'] * flow[row] * head[row] + PUMP_TRUTH['idle-power'] + 0.5 * normal();
  const read = flow.map((value, row) => value + (row >= 0.75 * ROWS ? 25 : 0));
  const columns = { flow: read, head, power: times.map((_, row) => powerOf(row)) };
  const series = Object.entries(columns).map(([name, values]) => ({
    ...{ path: `acme/north/pump-1/${name}`, type: 'number' as const, unit: UNITS[name as keyof typeof UNITS] },
    ...{ stepped: false, description: '', run: numbers(times, values) },
  }));
  const imported = await historian.importSamples(series, 'test');
  if (!imported.ok) throw new Error(imported.fault.detail);
}

const UNITS = { flow: 'm3/h', head: 'm', power: 'kW' };
