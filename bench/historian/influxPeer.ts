/** InfluxDB: value and status as fields, one series for each tag, asked in InfluxQL. */

import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { HistorianPeer, PixelRows, ScanTotals, TaggedRows, TagRows, TimeRange } from './historianPeer.ts';
import { HttpServer } from './httpServer.ts';
import { directoryBytes, freePort, ServerProcess } from './serverProcess.ts';

export const INFLUX_PROGRAM = '/usr/bin/influxd';

/** Samples in a request: the manual recommends 5,000 to 10,000. */
const REQUEST_SAMPLES = 10_000;
/** Idle shards are compacted after so long, and so long nothing changes when all of them are. */
const COLD_SECONDS = 5;
const QUIET_SECONDS = 15;
/** Shards of a month, so that a year of one tag does not lie in 53 of them. */
const SHARD = '30d';

interface InfluxSeries {
  readonly tags?: { readonly point: string };
  readonly values: readonly (readonly number[])[];
}

export class InfluxPeer implements HistorianPeer {
  readonly name = 'InfluxDB';
  readonly version: string;
  readonly manner = `line protocol, ${REQUEST_SAMPLES} values in a request, 4 requests at once, fsync for each request`;
  readonly #directory: string;
  readonly #process: ServerProcess;
  readonly #http: HttpServer;

  private constructor(directory: string, server: ServerProcess, http: HttpServer, version: string) {
    this.#directory = directory;
    this.#process = server;
    this.#http = http;
    this.version = version;
  }

  static async start(directory: string): Promise<InfluxPeer> {
    const [port, backupPort] = [await freePort(), await freePort()];
    const file = path.join(directory, 'influxdb.conf');
    await writeFile(file, configuration(directory, port, backupPort));
    const http = new HttpServer(port);
    const server = await ServerProcess.start(INFLUX_PROGRAM, ['-config', file], () => http.exchange('GET', '/ping'));
    const create = `CREATE DATABASE plant WITH DURATION INF SHARD DURATION ${SHARD}`;
    await http.exchange('POST', `/query?q=${encodeURIComponent(create)}`);
    const { stdout } = spawnSync(INFLUX_PROGRAM, ['version'], { encoding: 'utf8' });
    return new InfluxPeer(directory, server, http, /v([\d.]+)/.exec(stdout)?.[1] ?? '');
  }

  ingest(blocks: readonly SampleBlock[]): Promise<number> {
    return this.#http.feed('/write?db=plant&precision=ms', blocks.flatMap(lineBodies));
  }

  async settle(): Promise<number> {
    const begin = performance.now();
    let [bytes, quiet] = [0, 0];
    while (quiet < QUIET_SECONDS) {
      await sleep(1_000);
      const now = await directoryBytes(this.#directory);
      quiet = now === bytes ? quiet + 1 : 0;
      bytes = now;
    }
    return (performance.now() - begin) / 1_000 - QUIET_SECONDS;
  }

  diskBytes(): Promise<number> {
    return directoryBytes(path.join(this.#directory, 'data'));
  }

  async raw(tag: number, range: TimeRange): Promise<TagRows> {
    const [series] = await this.#query(`SELECT value, status FROM sample WHERE point = '${tag}' AND ${within(range)}`);
    const rows = series?.values ?? [];
    const statuses = Uint32Array.from(rows, (row) => row[2]);
    return { times: timesOf(rows), values: Float64Array.from(rows, (row) => row[1]), statuses };
  }

  async pixels(tag: number, range: TimeRange, pixels: number): Promise<PixelRows> {
    const select = 'SELECT first(value), last(value), min(value), max(value) FROM sample';
    const stepMs = (range.toUs - range.fromUs) / pixels / 1_000;
    const [series] = await this.#query(`${select} WHERE point = '${tag}' AND ${within(range)} ${every(stepMs, range)}`);
    const rows = series?.values ?? [];
    const [first, last, min, max] = [1, 2, 3, 4].map((field) => Float64Array.from(rows, (row) => row[field]));
    return { starts: timesOf(rows), first, last, min, max };
  }

  async minuteAverages(tags: readonly number[], range: TimeRange): Promise<TaggedRows> {
    const among = `point =~ /^(${tags.join('|')})$/ AND ${within(range)}`;
    return this.#tagged(`SELECT mean(value) FROM sample WHERE ${among} ${every(60_000, range, 'point')}`);
  }

  async latest(_tagCount: number, range: TimeRange): Promise<TaggedRows> {
    return this.#tagged(`SELECT last(value) FROM sample WHERE ${within(range)} GROUP BY point`);
  }

  async fullScan(range: TimeRange): Promise<ScanTotals> {
    const [series] = await this.#query(
      `SELECT count(value), min(value), max(value) FROM sample WHERE ${within(range)}`,
    );
    const [, count, min, max] = series.values[0];
    return { count, min, max };
  }

  async stop(): Promise<void> {
    this.#http.close();
    await this.#process.stop();
  }

  async #tagged(query: string): Promise<TaggedRows> {
    const series = await this.#query(query);
    const rows = series.flatMap(({ values }) => values);
    const tags = series.flatMap(({ tags, values }) => values.map(() => Number(tags?.point)));
    return { tags: Uint32Array.from(tags), times: timesOf(rows), values: Float64Array.from(rows, (row) => row[1]) };
  }

  async #query(query: string): Promise<readonly InfluxSeries[]> {
    const answer = await this.#http.exchange('GET', `/query?db=plant&epoch=ms&q=${encodeURIComponent(query)}`);
    const [result] = (JSON.parse(answer.toString()) as { results: { series?: InfluxSeries[]; error?: string }[] })
      .results;
    if (result.error) throw new Error(`${query}: ${result.error}`);
    return result.series ?? [];
  }
}

function timesOf(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows, ([timeMs]) => timeMs * 1_000);
}

function within({ fromUs, toUs }: TimeRange): string {
  return `time >= ${fromUs / 1_000}ms AND time < ${toUs / 1_000}ms`;
}

/** Intervals that are counted from the start of the range, those without samples left out. */
function every(stepMs: number, { fromUs }: TimeRange, ...tags: readonly string[]): string {
  const offsetMs = (fromUs / 1_000) % stepMs;
  return `GROUP BY ${[`time(${stepMs}ms, ${offsetMs}ms)`, ...tags].join(', ')} fill(none)`;
}

/** Lines for all samples of a block in requests of the size that suits the server. */
function lineBodies({ count, tags, times, values, statuses }: SampleBlock): Buffer[] {
  const bodies: Buffer[] = [];
  for (let from = 0; from < count; from += REQUEST_SAMPLES) {
    let lines = '';
    for (let row = from; row < Math.min(from + REQUEST_SAMPLES, count); row++) {
      lines += `sample,point=${tags[row]} value=${values[row]},status=${statuses[row]}i ${times[row] / 1_000}\n`;
    }
    bodies.push(Buffer.from(lines));
  }
  return bodies;
}

/** What comes with the package, with room for the benchmark and without the server's records of itself. */
function configuration(directory: string, port: number, backupPort: number): string {
  const folder = (name: string) => JSON.stringify(path.join(directory, name));
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
dir = ${folder('meta')}
logging-enabled = false
[data]
dir = ${folder('data')}
wal-dir = ${folder('wal')}
wal-fsync-delay = "0s"
query-log-enabled = false
cache-max-memory-size = 4294967296
cache-snapshot-write-cold-duration = "${COLD_SECONDS}s"
compact-full-write-cold-duration = "${COLD_SECONDS}s"
max-series-per-database = 0
max-values-per-tag = 0
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
max-body-size = 0
[logging]
level = "error"
`;
}
