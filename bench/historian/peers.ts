/**
 * `node bench/historian/peers.ts`: VictoriaMetrics, PostgreSQL and InfluxDB with the history of a plant, as Debian has them
 * (`node scripts/prepare.mjs historians`). Each of them runs by itself, on a port of its own with its data in a directory
 * for temporary files.
 *
 *     --values N          values of the plant (2000000)
 *     --tags N            tags of the plant (10000)
 *     --year-values N     values of the one tag with a year (6000000)
 *     --repetitions N     of each question (9)
 *     --peers A,B         victoria, postgres, postgresIndexed, influx (victoria,postgres,influx)
 *     --json              the last line is one JSON object: figures
 */

import { parseArgs } from 'node:util';
import { measurePeers, PEERS, type PeerStart } from './peerList.ts';
import { type PeerFigures, QUESTIONS } from './peerRun.ts';

const { values: options } = parseArgs({
  options: {
    values: { type: 'string', default: '2000000' },
    tags: { type: 'string', default: '10000' },
    'year-values': { type: 'string', default: '6000000' },
    repetitions: { type: 'string', default: '9' },
    peers: { type: 'string', default: 'victoria,postgres,influx' },
    json: { type: 'boolean', default: false },
  },
});

const say = (line: string) => process.stderr.write(`${line}\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const known: Readonly<Record<string, PeerStart | undefined>> = PEERS;
const starts = options.peers.split(',').flatMap((key) => {
  if (known[key] === undefined) say(`${key} is not installed or not known`);
  return known[key] ?? [];
});
const figures = await measurePeers(
  starts,
  {
    values: Number(options.values),
    tagCount: Number(options.tags),
    yearValues: Number(options['year-values']),
    repetitions: Number(options.repetitions),
  },
  tell,
);
if (options.json) process.stdout.write(`${JSON.stringify({ figures })}\n`);

function tell(peer: PeerFigures): void {
  say(`${peer.name} ${peer.version}: ${peer.manner}`);
  const row = (name: string, figure: number, unit: string) =>
    say(`  ${name.padEnd(16)}${figure.toFixed(3).padStart(12)} ${unit}`);
  row('ingest', peer.ingest, 'M values/s');
  row('settle', peer.settleSeconds, 's');
  row('size', peer.bytesPerValue, 'bytes/value');
  for (const name of QUESTIONS) row(name, peer.questions[name].p50Ms, `ms, ${peer.questions[name].digest.rows} rows`);
  row('in all', peer.totalSeconds, 's');
}
