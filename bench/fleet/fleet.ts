/**
 * `npm run bench:fleet`: 200 devices with 50 tags each at 1 s on one gateway process, all well, and then with 40 of them
 * dead and 10 answering garbage. Sockets, processes, spool and server are real; the devices are in a process of their own.
 *
 *     --json            the last line is one JSON object: figures, targets, met
 *     --seconds N       length of each run (60)
 */

import { parseArgs } from 'node:util';
import { type FleetRun, runFleet } from './fleetRun.ts';
import type { Health } from './fleetServers.ts';

const DEVICES = 200;
/** Scans may be missed at the edges of the time that is measured, and nowhere else. */
const TARGETS = {
  jitterP99Ms: { max: 20 },
  cpuShare: { max: 0.5 },
  scansKept: { min: 0.98 },
  sickJitterP99Ms: { max: 20 },
  sickCpuShare: { max: 0.5 },
  sickScansKept: { min: 0.98 },
} as const;

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, seconds: { type: 'string', default: '60' } },
});

const say = (line: string) => process.stderr.write(`${line}\n`);

const allWell = Array.from({ length: DEVICES }, (): Health => 'well');
/** The sick ones stand between the others: 20 refuse, 20 are silent, 10 answer garbage. */
const quarterSick = allWell.map((_, device): Health => {
  if (device % 4 !== 0) return 'well';
  if (device % 20 === 16) return 'garbage';
  return device % 8 === 0 ? 'refusing' : 'silent';
});

say(`${DEVICES} devices, all well, for ${options.seconds} s`);
const well = await runFleet(allWell, Number(options.seconds));
tell(well);
const count = (health: Health) => quarterSick.filter((one) => one === health).length;
say(`${count('refusing')} refuse, ${count('silent')} are silent, ${count('garbage')} answer garbage`);
const sick = await runFleet(quarterSick, Number(options.seconds));
tell(sick);

const round = (number: number) => Math.round(number * 1_000) / 1_000;
const figures = Object.fromEntries(
  Object.entries(well)
    .map(([name, figure]) => [name, round(figure)])
    .concat(
      Object.entries(sick).map(([name, figure]) => [`sick${name[0].toUpperCase()}${name.slice(1)}`, round(figure)]),
    ),
);
const met = Object.entries(TARGETS).every(([name, target]) => {
  return 'max' in target ? figures[name] <= target.max : figures[name] >= target.min;
});
say(met ? 'All targets are met.' : `Targets: ${JSON.stringify(TARGETS)}. Not all of them are met.`);
if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets: TARGETS, met })}\n`);

function tell(run: FleetRun): void {
  for (const [name, figure] of Object.entries(run)) say(`  ${name.padEnd(20)} ${figure.toFixed(3)}`);
}
