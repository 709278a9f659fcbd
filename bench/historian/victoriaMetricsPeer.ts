/** VictoriaMetrics: values without status in milliseconds, one series for each tag, asked in MetricsQL. */

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { HistorianPeer, PixelRows, ScanTotals, TaggedRows, TagRows, TimeRange } from './historianPeer.ts';
import { HttpServer } from './httpServer.ts';
import { directoryBytes, freePort, ServerProcess } from './serverProcess.ts';

export const VICTORIA_METRICS_PROGRAM = '/usr/bin/victoria-metrics';

/** Everything that would refuse the questions of the benchmark is set out of the way; all else is as it comes. */
const FLAGS = ['-retentionPeriod=100y', '-search.maxUniqueTimeseries=5000000', '-search.maxQueryDuration=10m'];
const SETTLE_POLL_MS = 250;
/** A merge that was asked for begins a moment later, and between two merges there may be none. */
const QUIET_POLLS = 8;

interface ExportedSeries {
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}

interface Series {
  readonly metric: { readonly tag?: string; readonly rollup?: string };
  /** Of a range: seconds since 1970 and the value as text. */
  readonly values: readonly (readonly [number, string])[];
  /** Of an instant. */
  readonly value: readonly [number, string];
}

export class VictoriaMetricsPeer implements HistorianPeer {
  readonly name = 'VictoriaMetrics';
  readonly version: string;
  readonly manner =
    'JSON lines, one for each tag of a round, 4 requests at once; acknowledged in memory, on disk seconds later; no status';
  readonly #directory: string;
  readonly #process: ServerProcess;
  readonly #http: HttpServer;

  private constructor(directory: string, server: ServerProcess, http: HttpServer, version: string) {
    this.#directory = directory;
    this.#process = server;
    this.#http = http;
    this.version = version;
  }

  static async start(directory: string): Promise<VictoriaMetricsPeer> {
    const port = await freePort();
    const http = new HttpServer(port);
    const args = [`-storageDataPath=${directory}`, `-httpListenAddr=127.0.0.1:${port}`, ...FLAGS];
    const ready = () => http.exchange('GET', '/health');
    const server = await ServerProcess.start(VICTORIA_METRICS_PROGRAM, args, ready);
    return new VictoriaMetricsPeer(directory, server, http, packageVersion());
  }

  ingest(blocks: readonly SampleBlock[]): Promise<number> {
    return this.#http.feed('/api/v1/import', seriesBodies(blocks));
  }

  async settle(): Promise<number> {
    const begin = performance.now();
    await this.#http.exchange('GET', '/internal/force_flush');
    await this.#http.exchange('GET', '/internal/force_merge');
    for (let quiet = 0; quiet < QUIET_POLLS; ) {
      await sleep(SETTLE_POLL_MS);
      const metrics = (await this.#http.exchange('GET', '/metrics')).toString();
      const active = metrics.matchAll(/^vm_active(?:_force)?_merges(?:{.*})? (\d+)$/gm);
      quiet = [...active].every(([, count]) => count === '0') ? quiet + 1 : 0;
    }
    return (performance.now() - begin - QUIET_POLLS * SETTLE_POLL_MS) / 1_000;
  }

  diskBytes(): Promise<number> {
    return directoryBytes(path.join(this.#directory, 'data'));
  }

  async raw(tag: number, range: TimeRange): Promise<TagRows> {
    const window = `start=${range.fromUs / 1e6}&end=${lastMs(range) / 1e3}`;
    const answer = await this.#http.exchange('GET', `/api/v1/export?match=plant{tag="${tag}"}&${window}`);
    const lines = answer.toString().split('\n').slice(0, -1);
    const series = lines.map((line) => JSON.parse(line) as ExportedSeries);
    const times = Float64Array.from(series.flatMap(({ timestamps }) => timestamps));
    for (let row = 0; row < times.length; row++) times[row] *= 1_000;
    const values = Float64Array.from(series.flatMap((line) => line.values));
    return { times, values, statuses: new Uint32Array(0) };
  }

  async pixels(tag: number, range: TimeRange, pixels: number): Promise<PixelRows> {
    const stepS = (range.toUs - range.fromUs) / pixels / 1e6;
    const query = rollups(['first', 'last', 'min', 'max'], `plant{tag="${tag}"}[${stepS}s]`);
    const series = await this.#queryRange(query, range, stepS);
    const points = (name: string) => rolledUp(series, name)[0]?.values ?? [];
    const numbers = (name: string) => Float64Array.from(points(name), ([, value]) => Number(value));
    const starts = Float64Array.from(points('first'), ([seconds]) => seconds * 1e6 + 1_000 - stepS * 1e6);
    return { starts, first: numbers('first'), last: numbers('last'), min: numbers('min'), max: numbers('max') };
  }

  async minuteAverages(tags: readonly number[], range: TimeRange): Promise<TaggedRows> {
    const query = `avg_over_time(plant{tag=~"${tags.join('|')}"}[60s])`;
    const series = await this.#queryRange(query, range, 60);
    return taggedRows(series, ([seconds]) => seconds * 1e6 + 1_000 - 60e6);
  }

  async latest(_tagCount: number, range: TimeRange): Promise<TaggedRows> {
    const series = await this.#queryInstant(rollups(['last', 'tlast'], everything(range)), range);
    const times = rolledUp(series, 'tlast');
    const timeOf = new Map(times.map(({ metric, value }) => [metric.tag, Number(value[1]) * 1e6]));
    const values = rolledUp(series, 'last');
    return {
      tags: Uint32Array.from(values, ({ metric }) => Number(metric.tag)),
      times: Float64Array.from(values, ({ metric }) => timeOf.get(metric.tag) ?? Number.NaN),
      values: Float64Array.from(values, ({ value }) => Number(value[1])),
    };
  }

  async fullScan(range: TimeRange): Promise<ScanTotals> {
    const series = await this.#queryInstant(rollups(['count', 'min', 'max'], everything(range)), range);
    const numbers = (name: string) => rolledUp(series, name).map(({ value }) => Number(value[1]));
    const count = numbers('count').reduce((sum, one) => sum + one, 0);
    const min = numbers('min').reduce((least, one) => Math.min(least, one));
    const max = numbers('max').reduce((greatest, one) => Math.max(greatest, one));
    return { count, min, max };
  }

  async stop(): Promise<void> {
    this.#http.close();
    await this.#process.stop();
  }

  /** A point stands at the end of its window and its window includes that end: so the last millisecond before the next window. */
  #queryRange(query: string, range: TimeRange, stepS: number): Promise<readonly Series[]> {
    const start = range.fromUs / 1e6 + stepS - 0.001;
    return this.#query(`query_range?start=${start}&end=${lastMs(range) / 1e3}&step=${stepS}s`, query);
  }

  #queryInstant(query: string, range: TimeRange): Promise<readonly Series[]> {
    return this.#query(`query?time=${lastMs(range) / 1e3}`, query);
  }

  async #query(target: string, query: string): Promise<readonly Series[]> {
    const answer = await this.#http.exchange('GET', `/api/v1/${target}&nocache=1&query=${encodeURIComponent(query)}`);
    return (JSON.parse(answer.toString()) as { data: { result: Series[] } }).data.result;
  }
}

/** The program as Debian builds it does not know its own version. */
function packageVersion(): string {
  const { stdout } = spawnSync('/usr/bin/dpkg-query', ['--show', 'victoria-metrics'], { encoding: 'utf8' });
  return /\t([\d.]+)/.exec(stdout ?? '')?.[1] ?? '';
}

/** Several figures of a window in one pass over its samples, which takes a fifth of the time of one query for each. */
function rollups(names: readonly string[], window: string): string {
  return `aggr_over_time((${names.map((name) => `"${name}_over_time"`).join(',')}),${window})`;
}

function rolledUp(series: readonly Series[], name: string): readonly Series[] {
  return series.filter(({ metric }) => metric.rollup === `${name}_over_time`);
}

function everything({ fromUs, toUs }: TimeRange): string {
  return `plant[${(toUs - fromUs) / 1_000}ms]`;
}

/** The last millisecond before the end. */
function lastMs({ toUs }: TimeRange): number {
  return toUs / 1_000 - 1;
}

function taggedRows(series: readonly Series[], timeOf: (point: readonly [number, string]) => number): TaggedRows {
  const points = series.flatMap(({ values }) => values);
  return {
    tags: Uint32Array.from(series.flatMap(({ metric, values }) => values.map(() => Number(metric.tag)))),
    times: Float64Array.from(points, timeOf),
    values: Float64Array.from(points, ([, value]) => Number(value)),
  };
}

const BODIES = 16;

/** Samples grouped by tag: a line for each, as many bodies as keep all connections busy. */
function seriesBodies(blocks: readonly SampleBlock[]): Buffer[] {
  const columns = new Map<number, { values: number[]; times: number[] }>();
  for (const { count, tags, times, values } of blocks) {
    for (let row = 0; row < count; row++) {
      const column = columns.get(tags[row]);
      if (column) {
        column.values.push(values[row]);
        column.times.push(times[row] / 1_000);
      } else columns.set(tags[row], { values: [values[row]], times: [times[row] / 1_000] });
    }
  }
  const lines = Array.from(
    columns,
    ([tag, { values, times }]) =>
      `{"metric":{"__name__":"plant","tag":"${tag}"},"values":[${values}],"timestamps":[${times}]}\n`,
  );
  const perBody = Math.ceil(lines.length / BODIES);
  return Array.from({ length: Math.ceil(lines.length / perBody) }, (_, body) =>
    Buffer.from(lines.slice(body * perBody, (body + 1) * perBody).join('')),
  );
}
