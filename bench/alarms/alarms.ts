/**
 * `npm run bench:alarms`: a thousand alarms a second on a gateway that reads 10,000 tags, told to a server. Every change of
 * every tag, as the archive has it, is held against the journal of alarms; live values are timed with and without.
 *
 *     --json            the last line is one JSON object: figures, targets, met
 *     --seconds N       length of the run with alarms (600)
 *     --idle N          length of the run without (60)
 *     --alarms N        alarms a second (1000)
 */

import { parseArgs } from 'node:util';
import { runSteadyPlant } from '../spine/steadyPlant.ts';
import { compareJournal, type JournalComparison } from './compareJournal.ts';

const TARGETS = {
  lost: { max: 0 },
  invented: { max: 0 },
  outOfOrder: { max: 0 },
  liveLatencyP99Ms: { max: 250 },
} as const;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '600' },
    idle: { type: 'string', default: '60' },
    alarms: { type: 'string', default: '1000' },
  },
});

const say = (line: string) => process.stderr.write(`${line}\n`);

say(`without alarms: ${options.idle} s`);
const idle = await runSteadyPlant({ seconds: Number(options.idle) }, (line) => say(`  ${line}`));
const count = Number(options.alarms);
say(`with ${count} alarms a second: ${options.seconds} s`);
let compared: JournalComparison = { expected: 0, kept: 0, lost: 0, invented: 0, outOfOrder: 0 };
const busy = await runSteadyPlant(
  {
    seconds: Number(options.seconds),
    alarms: count,
    inspect: async (url) => {
      compared = await compareJournal(url, count);
    },
  },
  (line) => say(`  ${line}`),
);

const figures = {
  alarmsPerSecond: Math.round(compared.kept / Number(options.seconds)),
  ...compared,
  idleLatencyP99Ms: idle.latencyMs.p99,
  liveLatencyP50Ms: busy.latencyMs.p50,
  liveLatencyP99Ms: busy.latencyMs.p99,
  gatewayResidentMb: Math.round(busy.gatewayMb),
  serverResidentMb: Math.round(busy.serverMb),
};
const met =
  compared.expected > 0 &&
  figures.lost <= TARGETS.lost.max &&
  figures.invented <= TARGETS.invented.max &&
  figures.outOfOrder <= TARGETS.outOfOrder.max &&
  figures.liveLatencyP99Ms <= TARGETS.liveLatencyP99Ms.max;
for (const [name, figure] of Object.entries(figures)) say(`${name.padEnd(20)} ${figure.toLocaleString('en')}`);
say(met ? 'All targets are met.' : `Targets: ${JSON.stringify(TARGETS)}. Not all of them are met.`);
if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets: TARGETS, met })}\n`);
