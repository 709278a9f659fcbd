/**
 * `npm run bench:field`: how fast the drivers are; Modbus beside modbus-serial and jsmodbus in the same run, on the same
 * server.
 *
 *     --json        the last line is one JSON object: figures, targets, met
 *     --rounds N    slices of each contender, of which the median counts (9)
 *     --slice MS    how long a slice is (400)
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureEvents } from './dnp3Speed.ts';
import { measureRequests, measureValues } from './modbusSpeed.ts';
import { measureTelegrams } from './profibusSpeed.ts';
import { startRegisterServer } from './registerServer.ts';

const TARGETS = {
  oneByOne: { min: 1.15 },
  pipelined: { min: 4 },
  fiftyConnections: { min: 2 },
  profibusTimesBus: { min: 1 },
} as const;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    slice: { type: 'string', default: '400' },
  },
});
const run = { rounds: Number(options.rounds), sliceMs: Number(options.slice) };
const say = (line: string) => process.stderr.write(`${line}\n`);

/** One number under each name: `dnp3.eventsPerSecond`. */
function flat(figures: object, prefix = ''): Readonly<Record<string, number>> {
  return Object.assign(
    {},
    ...Object.entries(figures).map(([name, figure]: [string, unknown]) =>
      typeof figure === 'object' && figure !== null ? flat(figure, `${prefix}${name}.`) : { [prefix + name]: figure },
    ),
  );
}

const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-field-'));
const server = await startRegisterServer(directory);
try {
  const [loadBefore] = loadavg();
  say(`the server is written in ${server.program}; load of the machine before: ${loadBefore.toFixed(1)}`);
  const { requestsPerSecond, ratios } = await measureRequests(server.port, run, say);
  const values = await measureValues(server.port, run, say);
  const dnp3 = await measureEvents(run, say);
  const profibus = await measureTelegrams(run, say);
  const profibusTimesBus = Math.min(profibus.recorded.timesBus, profibus.shortest.timesBus);
  const ratiosAndTargets = { ...ratios, profibusTimesBus };
  const met = Object.entries(TARGETS).every(([name, { min }]) => ratiosAndTargets[name as keyof typeof TARGETS] >= min);
  for (const [name, { min }] of Object.entries(TARGETS)) {
    say(`${name.padEnd(22)} ${ratiosAndTargets[name as keyof typeof TARGETS]} times, target ${min}`);
  }
  say(met ? 'All targets are met.' : 'Not all targets are met.');
  const modbus = { requestsPerSecond, ...values };
  const figures = { ...ratiosAndTargets, ...flat({ loadBefore, loadAfter: loadavg()[0], modbus, dnp3, profibus }) };
  if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets: TARGETS, met })}\n`);
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
