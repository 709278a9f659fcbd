/**
 * `npm run bench:health`: what is learned of equipment, on published data, beside the best that others report. The data lie
 * where `TIDEGATE_DATA` says; a set that is not there is named and left out.
 *
 *     --json          the last line is one JSON object: figures, targets, met
 *     --sets A,B      only these
 */

import { access } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runBattery } from './battery.ts';
import { runCmapss } from './cmapss.ts';
import { runFemto } from './femto.ts';
import { runGateway } from './gateway.ts';
import { runNab } from './nab.ts';
import { runRainflow } from './rainflow.ts';
import type { SetOutcome } from './setOutcome.ts';
import { runSkab } from './skab.ts';
import { runSolder } from './solder.ts';
import { runStation } from './station.ts';
import { runStreaming } from './streaming.ts';
import { runTep } from './tep.ts';

type RunSet = (data: string, say: (line: string) => void) => Promise<SetOutcome>;

/** By the name of the folder of the set; what is simulated has none. */
const SETS: Readonly<Record<string, RunSet>> = {
  rainflow: runRainflow,
  tep: runTep,
  skab: runSkab,
  nab: runNab,
  cmapss: runCmapss,
  streaming: runStreaming,
  gateway: runGateway,
  femto: runFemto,
  solder: runSolder,
  station: runStation,
  battery: runBattery,
};
const SIMULATED: readonly string[] = ['gateway', 'solder', 'station', 'streaming'];

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sets: { type: 'string', default: Object.keys(SETS).join(',') },
  },
});
const say = (line: string) => process.stderr.write(`${line}\n`);
const { TIDEGATE_DATA: data = '' } = process.env;

const figures: Record<string, number> = {};
const targets: Record<string, { readonly min?: number; readonly max?: number }> = {};
for (const name of options.sets.split(',')) {
  const run = SETS[name];
  if (!run) throw new Error(`there is no set "${name}"; the sets are ${Object.keys(SETS).join(', ')}`);
  const isThere = await access(path.join(data, name)).then(
    () => data !== '',
    () => SIMULATED.includes(name),
  );
  say(isThere ? `${name}:` : `${name}: not there; set TIDEGATE_DATA to the folder that holds ${name}/`);
  if (!isThere) continue;
  const outcome = await run(data, say);
  Object.assign(figures, outcome.figures);
  Object.assign(targets, outcome.targets);
}

const missed = Object.entries(targets).filter(
  ([name, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }]) => {
    const figure = figures[name];
    return !(figure >= min && figure <= max);
  },
);
const met = missed.length === 0 && Object.keys(figures).length > 0;
for (const [name, figure] of Object.entries(figures)) say(`${name.padEnd(28)} ${figure.toLocaleString('en')}`);
say(met ? 'All targets are met.' : `Not met: ${missed.map(([name]) => name).join(', ') || 'nothing was measured'}.`);
if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets, met })}\n`);
