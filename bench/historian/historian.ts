/**
 * `npm run bench:historian`: what the historian does with the history of a plant, and what others do with the same.
 *
 *     --values N          values of the plant for Tidegate (100000000)
 *     --peer-values N     values that every historian is compared with (20000000); 0 leaves the comparison out
 *     --tags N            tags of the plant (10000)
 *     --growth-values N   values for each number of tags from 1,000 to 1,000,000 (10000000); 0 leaves this out
 *     --json              the last line is one JSON object: figures, targets, met
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scanLake } from './lakeScan.ts';
import { measurePeers, PEERS } from './peerList.ts';
import { type PeerFigures, QUESTIONS } from './peerRun.ts';
import { TidegatePeer } from './tidegatePeer.ts';
import type { TidegateFigures } from './tidegateRun.ts';

const YEAR_VALUES = 6_000_000;
const REPETITIONS = 31;
const PEER_REPETITIONS = 9;
const GROWTH = [1_000, 10_000, 100_000, 1_000_000];

/** Of the issue; latencies are medians in milliseconds, and `ingest` counts million values a second. */
const TARGETS = {
  ingest: { min: 5 },
  ingestWithQueriesShare: { min: 0.5 },
  peakMegabytes: { max: 1_500 },
  bytesPerValue: { max: 2.4 },
  rawDayMs: { max: 1 },
  yearAtPixelsMs: { max: 10 },
  minuteAveragesMs: { max: 10 },
  latestMs: { max: 1 },
  sqlScan: { min: 50 },
  coldStartMs: { max: 5_000 },
} as const;

const { values: options } = parseArgs({
  options: {
    values: { type: 'string', default: '100000000' },
    'peer-values': { type: 'string', default: '20000000' },
    tags: { type: 'string', default: '10000' },
    'growth-values': { type: 'string', default: '10000000' },
    json: { type: 'boolean', default: false },
  },
});
const values = Number(options.values);
const tagCount = Number(options.tags);
const say = (line: string) => process.stderr.write(`${line}\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const figures = await measureTidegate();
if (Number(options['growth-values']) > 0) await measureGrowth(Number(options['growth-values']));
if (Number(options['peer-values']) > 0) await comparePeers(Number(options['peer-values']));
conclude();

/** The run at full size, then a start on what a killed process left behind. */
async function measureTidegate(): Promise<Record<string, number>> {
  return inDirectory(async (directory) => {
    say(`Tidegate: ${values / 1e6} million values of ${tagCount} tags`);
    const run = await runTidegate(directory, values, tagCount, REPETITIONS);
    const { questions } = run;
    if (!questions) throw new Error('no questions were asked');
    const coldStart = await openCold(join(directory, 'data'));
    const found: Record<string, number> = {
      ingest: run.ingest,
      ingestWithQueriesShare: run.ingestWithQueries / run.ingest,
      queriesPerSecond: run.queriesPerSecond,
      peakMegabytes: run.peakMegabytes,
      settleSeconds: run.settleSeconds,
      bytesPerValue: run.bytesPerValue,
      segments: run.segments,
      rawDayMs: questions.rawDay.p50Ms,
      yearAtPixelsMs: questions.yearAtPixels.p50Ms,
      minuteAveragesMs: questions.minuteAverages.p50Ms,
      latestMs: questions.latest.p50Ms,
      summaryScanMs: questions.fullScan.p50Ms,
      coldStartMs: coldStart.ms,
      coldStartLogged: run.logged,
      coldStartSamples: coldStart.samples,
      ...(await scanLake(directory, say)),
    };
    for (const [name, figure] of Object.entries(found)) say(`  ${name.padEnd(24)}${figure.toFixed(3).padStart(14)}`);
    return found;
  });
}

/** How the cost grows with the number of tags at the same total rate. */
async function measureGrowth(growthValues: number): Promise<void> {
  for (const tags of GROWTH) {
    const run = await inDirectory((directory) => runTidegate(directory, growthValues, tags, 0));
    const label = `${tags / 1_000}k`;
    figures[`ingest${label}`] = run.ingest;
    figures[`bytesPerValue${label}`] = run.bytesPerValue;
    figures[`peakMegabytes${label}`] = run.peakMegabytes;
    figures[`latest${label}Ms`] = run.latestMs;
    const { ingest, bytesPerValue, peakMegabytes } = run;
    say(
      `${label} tags: ${ingest.toFixed(2)} M/s, ${bytesPerValue.toFixed(2)} bytes/value, ${peakMegabytes.toFixed(0)} MB`,
    );
  }
}

async function comparePeers(peerValues: number): Promise<void> {
  const size = { values: peerValues, tagCount, yearValues: YEAR_VALUES, repetitions: PEER_REPETITIONS };
  const startTidegate = async (directory: string) => {
    const peer = await TidegatePeer.start(directory);
    await peer.defineTags(tagCount + 1);
    return peer;
  };
  const starts = [startTidegate, PEERS.victoria, PEERS.postgres, PEERS.influx].filter((start) => start !== undefined);
  say(`The same ${peerValues / 1e6} million values and questions for each`);
  const [ours, ...others] = await measurePeers(starts, size, tell);
  for (const peer of others) {
    const name = peer.name.replaceAll(/\W/g, '');
    figures[`ingestTimes${name}`] = ours.ingest / peer.ingest;
    figures[`sizeTimes${name}`] = peer.bytesPerValue / ours.bytesPerValue;
    for (const question of QUESTIONS) {
      figures[`${question}Times${name}`] = peer.questions[question].p50Ms / ours.questions[question].p50Ms;
    }
  }
}

function tell(peer: PeerFigures): void {
  const parts = QUESTIONS.map((name) => `${name} ${peer.questions[name].p50Ms.toFixed(2)} ms`);
  say(`${peer.name} ${peer.version}: ${peer.ingest.toFixed(2)} M/s, ${peer.bytesPerValue.toFixed(2)} bytes/value`);
  say(`  ${parts.join(', ')}`);
}

async function runTidegate(
  directory: string,
  count: number,
  tags: number,
  repetitions: number,
): Promise<TidegateFigures> {
  const args = [directory, count, tags, YEAR_VALUES, repetitions].map(String);
  const child = fork(join(import.meta.dirname, 'tidegateRun.ts'), args);
  const failed = once(child, 'exit').then(([code, signal]) => Promise.reject(new Error(`it ended: ${code ?? signal}`)));
  const [run] = (await Promise.race([once(child, 'message'), failed])) as [TidegateFigures];
  failed.catch(() => {});
  child.kill('SIGKILL');
  await once(child, 'exit');
  return run;
}

/** From the start of a process to its first answer. */
async function openCold(directory: string): Promise<{ ms: number; samples: number }> {
  const begin = performance.now();
  const child = fork(join(import.meta.dirname, 'openArchive.ts'), [directory]);
  const [answer] = (await once(child, 'message')) as [{ rows: number; samples: number }];
  const ms = performance.now() - begin;
  await once(child, 'exit');
  return { ms, samples: answer.samples };
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'tidegate-historian-'));
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  try {
    return await work(directory);
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

function conclude(): void {
  let met = true;
  for (const [name, target] of Object.entries(TARGETS) as [string, { min?: number; max?: number }][]) {
    const isMet = figures[name] >= (target.min ?? -Infinity) && figures[name] <= (target.max ?? Infinity);
    if (!isMet) say(`missed: ${name} ${figures[name]}, wanted ${JSON.stringify(target)}`);
    met &&= isMet;
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets: TARGETS, met })}\n`);
  process.exitCode = met ? 0 : 1;
}
