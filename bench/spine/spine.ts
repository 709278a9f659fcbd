/**
 * `npm run bench:spine`: speed and memory of a value's whole path, beside mosquitto and MQTT.js in the same run.
 *
 *     --json            the last line is one JSON object: figures, targets, met
 *     --values N        values of the throughput run (20 million)
 *     --soak SECONDS    length of the steady run (600, which the memory targets are for)
 *     --runs N          throughput runs, of which the median counts (3)
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findMosquitto, runBrokerPeer } from './brokerPeer.ts';
import { PlantValues } from './plantValues.ts';
import { runSteadyPlant } from './steadyPlant.ts';
import { measureThroughput } from './throughput.ts';

const PEER_BATCHES = 6;
const PEER_BATCH_VALUES = 50_000;
const PEER_PORT = 18_830;
const TARGETS = {
  valuesPerSecond: { min: 2_000_000 },
  liveLatencyP99Ms: { max: 250 },
  gatewayResidentMb: { max: 300 },
  serverResidentMb: { max: 300 },
} as const;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    values: { type: 'string', default: '20000000' },
    soak: { type: 'string', default: '600' },
    runs: { type: 'string', default: '3' },
  },
});

const say = (line: string) => process.stderr.write(`${line}\n`);

const rates: number[] = [];
for (let run = 1; run <= Number(options.runs); run++) {
  const { values, seconds } = await measureThroughput(Number(options.values), { lanes: 'both', part: 'whole' });
  rates.push(values / seconds);
  say(
    `throughput ${run}: ${values} values archived and acknowledged in ${seconds.toFixed(2)} s, ${rate(values / seconds)}`,
  );
}
const valuesPerSecond = rates.sort((a, b) => a - b)[rates.length >> 1];
const peerValuesPerSecond = await measurePeer();
say(`steady: 10,000 tags at 1 s for ${options.soak} s`);
const steady = await runSteadyPlant({ seconds: Number(options.soak) }, (line) => say(`  ${line}`));

const figures = {
  valuesPerSecond: Math.round(valuesPerSecond),
  ...(peerValuesPerSecond === undefined
    ? {}
    : {
        peerValuesPerSecond: Math.round(peerValuesPerSecond),
        ratioToPeer: Math.round((valuesPerSecond / peerValuesPerSecond) * 10) / 10,
      }),
  liveLatencyP50Ms: steady.latencyMs.p50,
  liveLatencyP99Ms: steady.latencyMs.p99,
  gatewayResidentMb: Math.round(steady.gatewayMb),
  serverResidentMb: Math.round(steady.serverMb),
  steadyValuesServed: steady.valuesServed,
  steadySeconds: steady.seconds,
};
const met =
  figures.valuesPerSecond >= TARGETS.valuesPerSecond.min &&
  figures.liveLatencyP99Ms <= TARGETS.liveLatencyP99Ms.max &&
  figures.gatewayResidentMb <= TARGETS.gatewayResidentMb.max &&
  figures.serverResidentMb <= TARGETS.serverResidentMb.max;

for (const [name, figure] of Object.entries(figures)) say(`${name.padEnd(22)} ${figure.toLocaleString('en')}`);
say(met ? 'All targets are met.' : `Targets: ${JSON.stringify(TARGETS)}. Not all of them are met.`);
if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets: TARGETS, met })}\n`);

async function measurePeer(): Promise<number | undefined> {
  const mosquitto = findMosquitto();
  if (mosquitto === undefined) {
    say('peer: mosquitto is not installed, so there is no comparison (Debian: apt-get install mosquitto)');
    return undefined;
  }
  const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-peer-'));
  try {
    const plant = new PlantValues(10_000, 1_000);
    const batches = Array.from({ length: PEER_BATCHES }, () => plant.batch(PEER_BATCH_VALUES, Date.now() * 1_000));
    const { values, seconds } = await runBrokerPeer(mosquitto, directory, PEER_PORT, batches);
    say(
      `peer: ${values} values through mosquitto and MQTT.js, JSON, QoS 1, in ${seconds.toFixed(2)} s, ${rate(values / seconds)}`,
    );
    return values / seconds;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en')} values/s`;
}
