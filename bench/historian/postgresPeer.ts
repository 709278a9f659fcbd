/** PostgreSQL: one table of samples with an index by tag and time that holds the values too, fed and asked through COPY in binary form. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import path from 'node:path';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { HistorianPeer, PixelRows, ScanTotals, TaggedRows, TagRows, TimeRange } from './historianPeer.ts';
import { decodeCopiedRows, PostgresConnection, writeTimestamp } from './postgresConnection.ts';
import { ServerProcess } from './serverProcess.ts';

/** Before: rows go into the index as they come, after: the index is made when all are there. */
export type PostgresIndexing = 'before' | 'after';

/** As somebody would set it who has a machine with 8 GB for it; every commit waits for the disk. */
const SETTINGS = {
  listen_addresses: '',
  port: '5432',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '2GB',
  effective_cache_size: '6GB',
  work_mem: '64MB',
  maintenance_work_mem: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  random_page_cost: '1.1',
};
const CONNECTIONS = 2;
/** Number of fields, then for each its length and its bytes: tag int4, time timestamptz, value float8, status int4. */
const ROW_BYTES = 2 + 4 * 4 + 4 + 8 + 8 + 4;

/** The folder of the newest PostgreSQL that Debian has installed. */
export function findPostgres(): string | undefined {
  return globSync('/usr/lib/postgresql/*/bin/postgres').sort().map(path.dirname).at(-1);
}

export class PostgresPeer implements HistorianPeer {
  readonly name: string;
  readonly version: string;
  readonly manner: string;
  readonly #process: ServerProcess;
  readonly #connections: readonly PostgresConnection[];

  private constructor(
    indexing: PostgresIndexing,
    server: ServerProcess,
    connections: readonly PostgresConnection[],
    version: string,
  ) {
    this.name = `PostgreSQL, index ${indexing}`;
    this.version = version;
    this.manner = `binary COPY over ${CONNECTIONS} connections, a transaction for each half of a round, fsync at commit`;
    this.#process = server;
    this.#connections = connections;
  }

  /** The server runs as the user postgres where we are root, because it refuses to be that. */
  static async start(programs: string, directory: string, indexing: PostgresIndexing): Promise<PostgresPeer> {
    const user = process.getuid?.() === 0 ? postgresUser() : undefined;
    if (user !== undefined) await chown(directory, user.uid, user.gid);
    const data = path.join(directory, 'data');
    const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    const made = spawnSync(path.join(programs, 'initdb'), initdb, { ...user, cwd: directory, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: directory });
    const args = ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const socket = path.join(directory, `.s.PGSQL.${SETTINGS.port}`);
    const open = () => PostgresConnection.open(socket);
    const isReady = async () => (await open()).close();
    const server = await ServerProcess.start(path.join(programs, 'postgres'), args, isReady, {
      ...user,
      cwd: directory,
    });
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, open));
    await connections[0].execute('CREATE TABLE sample (tag int4, time timestamptz, value float8, status int4)');
    const peer = new PostgresPeer(indexing, server, connections, postgresVersion(programs));
    if (indexing === 'before') await peer.#index();
    return peer;
  }

  /** With the values in the index a question need not visit the table: 5 times as fast, for 18 bytes a sample. */
  async #index(): Promise<void> {
    const index = 'CREATE INDEX IF NOT EXISTS sample_tag_time ON sample (tag, time) INCLUDE (value, status)';
    await this.#connections[0].execute(index);
  }

  async ingest(blocks: readonly SampleBlock[]): Promise<number> {
    const rows = blocks.map(copyRows);
    const share = Math.ceil(rows.length / CONNECTIONS);
    const begin = performance.now();
    await Promise.all(
      this.#connections.map((one, at) => one.copyIn('sample', rows.slice(at * share, (at + 1) * share))),
    );
    return (performance.now() - begin) / 1_000;
  }

  async settle(): Promise<number> {
    const begin = performance.now();
    await this.#index();
    await this.#connections[0].execute('VACUUM (ANALYZE) sample');
    await this.#connections[0].execute('CHECKPOINT');
    return (performance.now() - begin) / 1_000;
  }

  async diskBytes(): Promise<number> {
    const [bytes] = await this.#columns("SELECT pg_total_relation_size('sample')", ['int8']);
    return bytes[0];
  }

  async raw(tag: number, range: TimeRange): Promise<TagRows> {
    const select = `SELECT time, value, status FROM sample WHERE tag = ${tag} AND ${within(range)} ORDER BY time`;
    const [times, values, statuses] = await this.#columns(select, ['timestamptz', 'float8', 'int4']);
    return { times, values, statuses: Uint32Array.from(statuses) };
  }

  /** An index scan for each interval, which takes half the time of grouping all samples by interval. */
  async pixels(tag: number, range: TimeRange, pixels: number): Promise<PixelRows> {
    const step = `interval '${(range.toUs - range.fromUs) / pixels} us'`;
    const samples = `FROM sample WHERE tag = ${tag} AND time >= start AND time < start + ${step}`;
    const select = `
      SELECT start, first, last, least, greatest
      FROM generate_series(0, ${pixels - 1}) pixel,
        LATERAL (SELECT ${timestamp(range.fromUs)} + pixel * ${step} AS start) begin,
        LATERAL (SELECT min(value) AS least, max(value) AS greatest,
          (SELECT value ${samples} ORDER BY time LIMIT 1) AS first,
          (SELECT value ${samples} ORDER BY time DESC LIMIT 1) AS last ${samples}) drawn
      WHERE least IS NOT NULL ORDER BY start`;
    const types = ['timestamptz', 'float8', 'float8', 'float8', 'float8'] as const;
    const [starts, first, last, min, max] = await this.#columns(select, types);
    return { starts, first, last, min, max };
  }

  async minuteAverages(tags: readonly number[], range: TimeRange): Promise<TaggedRows> {
    return this.#tagged(`
      SELECT tag, date_bin('1 minute', time, ${timestamp(range.fromUs)}), avg(value) FROM sample
      WHERE tag = ANY ('{${tags}}') AND ${within(range)} GROUP BY 1, 2`);
  }

  /** Looks each tag up in the index by itself, because PostgreSQL does not skip from tag to tag on its own. */
  async latest(tagCount: number, range: TimeRange): Promise<TaggedRows> {
    return this.#tagged(`
      SELECT number, time, value FROM generate_series(0, ${tagCount - 1}) number, LATERAL (
        SELECT time, value FROM sample WHERE tag = number AND ${within(range)} ORDER BY time DESC LIMIT 1) last`);
  }

  async fullScan(range: TimeRange): Promise<ScanTotals> {
    const select = `SELECT count(*), min(value), max(value) FROM sample WHERE ${within(range)}`;
    const [count, min, max] = await this.#columns(select, ['int8', 'float8', 'float8']);
    return { count: count[0], min: min[0], max: max[0] };
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#process.stop('SIGINT');
  }

  async #tagged(select: string): Promise<TaggedRows> {
    const [tags, times, values] = await this.#columns(select, ['int4', 'timestamptz', 'float8']);
    return { tags: Uint32Array.from(tags), times, values };
  }

  async #columns(select: string, types: Parameters<typeof decodeCopiedRows>[1]): Promise<Float64Array[]> {
    return decodeCopiedRows(await this.#connections[0].copyOut(select), types);
  }
}

function postgresUser(): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map((what) =>
    Number(spawnSync('id', [what, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  return { uid, gid };
}

function postgresVersion(programs: string): string {
  const { stdout } = spawnSync(path.join(programs, 'postgres'), ['--version'], { encoding: 'utf8' });
  return /[\d.]+/.exec(stdout)?.[0] ?? '';
}

function timestamp(timeUs: number): string {
  return `timestamptz '${new Date(timeUs / 1_000).toISOString()}'`;
}

function within({ fromUs, toUs }: TimeRange): string {
  return `time >= ${timestamp(fromUs)} AND time < ${timestamp(toUs)}`;
}

function copyRows({ count, tags, times, values, statuses }: SampleBlock): Buffer {
  const rows = Buffer.alloc(count * ROW_BYTES);
  const view = new DataView(rows.buffer, rows.byteOffset, rows.length);
  for (let row = 0, at = 0; row < count; row++, at += ROW_BYTES) {
    view.setInt16(at, 4);
    view.setInt32(at + 2, 4);
    view.setInt32(at + 6, tags[row]);
    view.setInt32(at + 10, 8);
    writeTimestamp(view, at + 14, times[row]);
    view.setInt32(at + 22, 8);
    view.setFloat64(at + 26, values[row]);
    view.setInt32(at + 34, 4);
    view.setInt32(at + 38, statuses[row]);
  }
  return rows;
}
