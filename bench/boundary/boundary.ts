/**
 * `npm run bench:boundary`: what crosses, over TLS and over a data diode, and what the signed ledger costs.
 *
 * The target over TLS is for the boundary: blocks that lie in the gateway's spool are read, cross, are logged, archived and
 * acknowledged. The whole path, conditioning and the writing of the spool included, is measured beside it; both go over one
 * connection.
 *
 *     --json            the last line is one JSON object: figures, targets, met
 *     --values N        values of each run over TLS (20 million)
 *     --runs N          runs of each kind over TLS, of which the median counts (3)
 *
 * The receiver of the diode wants a buffer of 16 MiB: `sysctl -w net.core.rmem_max=16777216` before, as at a real one.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { FloodOptions } from '../spine/floodGateway.ts';
import { measureThroughput } from '../spine/throughput.ts';
import { type DiodeRun, measureDiode } from './diodeSpeed.ts';
import { measureLedgerCost } from './ledgerCost.ts';

const TARGETS = {
  tlsValuesPerSecond: { min: 5_000_000 },
  diodeValuesPerSecond: { min: 2_000_000 },
  gigabyteMegabytesPerSecond: { min: 20 },
  gigabyteBlocksMissed: { max: 0 },
  burstBlocksMissed: { max: 0 },
  beyondRepairUnexplained: { max: 0 },
  ledgerPercentGateway: { max: 3 },
  ledgerPercentServer: { max: 3 },
} as const;
const WANTED_BUFFER_BYTES = 16 * 1024 * 1024;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    values: { type: 'string', default: '20000000' },
    runs: { type: 'string', default: '3' },
  },
});
const say = (line: string) => process.stderr.write(`${line}\n`);

const bufferBytes = Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8'));
if (bufferBytes < WANTED_BUFFER_BYTES) {
  say(`net.core.rmem_max is ${bufferBytes}: the kernel will drop datagrams whenever the receiver is busy for long`);
}

const tlsValuesPerSecond = await measureTls('drain', 'from the spool');
const wholePathValuesPerSecond = await measureTls('whole', 'from conditioning on');
const ledger = await measureLedgerCost();
say(`ledger: ${ledger.gatewayPercent} % of a processor at the gateway, ${ledger.serverPercent} % at the server`);
const diode = await measureDiode();
tell('a quarter of parity, nothing lost', diode.speed);
tell('1 GB, a tenth lost', diode.gigabyte);
tell('a burst of 200 lost', diode.burst);
tell('three tenths lost', diode.beyondRepair);

const figures = {
  tlsValuesPerSecond,
  wholePathValuesPerSecond,
  diodeValuesPerSecond: Math.round(diode.speed.values / diode.speed.seconds),
  diodeOverhead: round(diode.speed.overhead),
  gigabyteMegabytesPerSecond: round(diode.gigabyte.bytes / 1e6 / diode.gigabyte.seconds),
  gigabyteBlocksMissed: diode.gigabyte.missed,
  gigabyteOverhead: round(diode.gigabyte.overhead),
  gigabyteKernelDrops: diode.gigabyte.kernelDrops,
  burstBlocksMissed: diode.burst.missed,
  beyondRepairMissed: diode.beyondRepair.missed,
  beyondRepairGaps: diode.beyondRepair.gaps,
  beyondRepairUnexplained: diode.beyondRepair.blocks - diode.beyondRepair.received - diode.beyondRepair.missed,
  ledgerPercentGateway: ledger.gatewayPercent,
  ledgerPercentServer: ledger.serverPercent,
  checkpointMs: round(ledger.checkpointMs),
  judgingMs: round(ledger.judgingMs),
  ...Object.fromEntries(
    diode.kernels.flatMap(({ kernel, k, m, encodeMBs, restoreMBs }) => [
      [`${kernel}Encode${k}of${k + m}`, Math.round(encodeMBs)],
      [`${kernel}Restore${k}of${k + m}`, Math.round(restoreMBs)],
    ]),
  ),
};
const met = Object.entries(TARGETS).every(([name, target]) => {
  const figure = figures[name as keyof typeof TARGETS];
  return 'min' in target ? figure >= target.min : figure <= target.max;
});

for (const [name, figure] of Object.entries(figures)) say(`${name.padEnd(28)} ${figure.toLocaleString('en')}`);
say(met ? 'All targets are met.' : `Targets: ${JSON.stringify(TARGETS)}. Not all of them are met.`);
if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets: TARGETS, met })}\n`);

/** The median of all runs. */
async function measureTls(part: FloodOptions['part'], what: string): Promise<number> {
  const rates: number[] = [];
  for (let run = 1; run <= Number(options.runs); run++) {
    const { values, seconds } = await measureThroughput(Number(options.values), { lanes: 'analytical', part });
    rates.push(values / seconds);
    say(`TLS, ${what}, ${run}: ${values} values archived and acknowledged in ${seconds.toFixed(2)} s`);
  }
  return Math.round(rates.sort((a, b) => a - b)[rates.length >> 1]);
}

function tell(what: string, run: DiodeRun): void {
  const rate = (run.bytes / 1e6 / run.seconds).toFixed(1);
  say(
    `diode, ${what}: ${run.received} of ${run.blocks} blocks came, ${run.missed} are named in ${run.gaps} gaps, ` +
      `${rate} MB/s, ${(run.overhead * 100).toFixed(0)} % overhead, ${run.kernelDrops} dropped by the kernel`,
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
