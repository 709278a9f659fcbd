/** The historians that the benchmark knows, and how it takes them up one after the other. */

import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HistorianPeer } from './historianPeer.ts';
import { INFLUX_PROGRAM, InfluxPeer } from './influxPeer.ts';
import { type PeerFigures, type PeerRunOptions, QUESTIONS, runPeer } from './peerRun.ts';
import { findPostgres, type PostgresIndexing, PostgresPeer } from './postgresPeer.ts';
import { VICTORIA_METRICS_PROGRAM, VictoriaMetricsPeer } from './victoriaMetricsPeer.ts';

/** Starts a peer that keeps its data in the directory, which is empty. */
export type PeerStart = (directory: string) => Promise<HistorianPeer>;

/** Those of others, `undefined` where the program is not installed. */
export const PEERS = {
  victoria: existsSync(VICTORIA_METRICS_PROGRAM) ? VictoriaMetricsPeer.start : undefined,
  postgres: startPostgres('after'),
  postgresIndexed: startPostgres('before'),
  influx: existsSync(INFLUX_PROGRAM) ? InfluxPeer.start : undefined,
} satisfies Record<string, PeerStart | undefined>;

function startPostgres(indexing: PostgresIndexing): PeerStart | undefined {
  const programs = findPostgres();
  if (programs === undefined) return undefined;
  return (directory) => PostgresPeer.start(programs, directory, indexing);
}

/**
 * Measures one peer after the other, each in a directory that is removed behind it, and calls `onPeer` after each.
 * Throws where one does not answer as the first does, for then they were asked different things.
 */
export async function measurePeers(
  starts: readonly PeerStart[],
  options: PeerRunOptions,
  onPeer: (figures: PeerFigures) => void,
): Promise<PeerFigures[]> {
  const all: PeerFigures[] = [];
  for (const start of starts) {
    const figures = await measurePeer(start, options);
    onPeer(figures);
    all.push(figures);
    compareAnswers(all[0], figures);
  }
  return all;
}

async function measurePeer(start: PeerStart, options: PeerRunOptions): Promise<PeerFigures> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-peer-'));
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  try {
    const peer = await start(directory);
    try {
      return await runPeer(peer, options);
    } finally {
      await peer.stop();
    }
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

/** VictoriaMetrics keeps 12 decimals of a value. */
const RELATIVE_ERROR = 1e-9;

function compareAnswers(a: PeerFigures, b: PeerFigures): void {
  for (const name of QUESTIONS) {
    const [one, other] = [a.questions[name].digest, b.questions[name].digest];
    const apart = Math.abs(one.sum - other.sum) / Math.max(1, Math.abs(one.sum));
    if (one.rows === other.rows && apart < RELATIVE_ERROR) continue;
    throw new Error(`${name}: ${a.name} ${JSON.stringify(one)}, ${b.name} ${JSON.stringify(other)}`);
  }
}
