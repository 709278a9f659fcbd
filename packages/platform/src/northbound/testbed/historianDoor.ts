/** The doors in front of a real historian in a directory of its own, as the server app puts them together. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import { Historian } from '../../historian/query/historian.ts';
import { GatewayStream, type Row } from '../../historian/query/testbed/gatewayStream.ts';
import { type NorthboundOptions, type RunningNorthbound, startNorthbound } from '../northbound.ts';
import { silentLog } from './runningDoor.ts';

/** What is answered, whatever it is: tests look into it as they please. */
// biome-ignore lint/suspicious/noExplicitAny: what comes is what is tested
export type AnyJson = any;

export class HistorianDoor {
  readonly historian: Historian;
  readonly gateway = new GatewayStream('station-1');
  readonly #directory: string;
  readonly #running: RunningNorthbound;

  private constructor(historian: Historian, running: RunningNorthbound, directory: string) {
    this.historian = historian;
    this.#running = running;
    this.#directory = directory;
  }

  /** `more` says what the doors have beside the historian, which lies in `directory`. */
  static async open(
    clock: Clock = systemClock,
    more: (
      historian: Historian,
      directory: string,
    ) => Partial<NorthboundOptions> | Promise<Partial<NorthboundOptions>> = () => ({}),
  ): Promise<HistorianDoor> {
    const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-door-'));
    const opened = await Historian.open({ directory, clock, events: () => undefined });
    if (!opened.ok) throw new Error(opened.fault.detail);
    const options = { host: '127.0.0.1', port: 0, historian: opened.value, clock, log: silentLog([]) };
    const started = await startNorthbound({ ...options, ...(await more(opened.value, directory)) });
    if (!started.ok) throw new Error(started.fault.detail);
    return new HistorianDoor(opened.value, started.value, directory);
  }

  get url(): string {
    return this.#running.url;
  }

  /** Takes samples by their tag's number, as from a gateway. */
  async append(rows: readonly Row[]): Promise<void> {
    const { header, bytes } = this.gateway.sealRows(rows);
    const appended = await this.historian.sink.append(header, bytes);
    if (!appended.ok) throw new Error(appended.fault.detail);
  }

  /** `path` is below `/api/v1`. */
  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, { headers });
  }

  async json(path: string): Promise<AnyJson> {
    return (await this.get(path)).json();
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    await this.historian.close();
    await rm(this.#directory, { recursive: true });
  }
}
