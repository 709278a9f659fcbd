/** Watches a run from outside, as any client could: the live stream, the ledger, and the reports of the gateway. */

import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { Boundary, Ledger, LiveSamples, ServerStatus } from '../serverApi/answers.ts';
import type { ServerApi } from '../serverApi/serverApi.ts';
import { LatencyHistogram } from './latencyHistogram.ts';
import { type Accounts, discrepancies, type RunResult, runResult } from './runAccount.ts';

const REOPEN_AFTER_MS = 250;

export class RunObserver {
  readonly #api: ServerApi;
  readonly #stop = new AbortController();
  readonly #startMs = Date.now();
  readonly #latency = new LatencyHistogram();
  #before: Ledger | undefined;
  readonly #gateways: Map<string, GatewayStatus | undefined>;
  #server: Ledger | undefined;
  #boundary: Boundary | undefined;
  #tags = 0;

  /** `gateways` are the names of the processes that will run. */
  constructor(api: ServerApi, gateways: readonly string[]) {
    this.#api = api;
    this.#gateways = new Map(gateways.map((name) => [name, undefined]));
  }

  /** Takes the ledger as it stands before the gateway starts, then follows the live stream until `close`. */
  async start(): Promise<void> {
    await this.refresh();
    this.#before = this.#server;
    void this.#follow();
  }

  /** Any message of a process; what is not the status of a gateway is left alone. */
  takeMessage(process: string, message: unknown): void {
    if ((message as GatewayStatus | null)?.kind !== 'gateway-status') return;
    this.#gateways.set(process, message as GatewayStatus);
  }

  hasHeard(process: string): boolean {
    return this.#gateways.get(process) !== undefined;
  }

  /** Asks the server for its side of the account; keeps the old one where it does not answer. */
  async refresh(): Promise<void> {
    const [ledger, status] = await Promise.all([
      this.#api.get<Ledger>('/ledger'),
      this.#api.get<ServerStatus>('/status'),
    ]);
    if (ledger.ok) this.#server = ledger.value;
    if (status.ok) this.#tags = status.value.tags;
  }

  get accounts(): Accounts {
    return { gateways: [...this.#gateways.values()], server: this.#server };
  }

  get boundary(): Boundary | undefined {
    return this.#boundary;
  }

  get discrepancies(): string[] {
    return discrepancies(this.accounts);
  }

  result(): RunResult {
    return runResult(this.#before, this.accounts, this.#latency, this.#tags);
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      for await (const { event, data } of this.#api.events('/live', signal)) {
        if (event === 'boundary') this.#boundary = JSON.parse(data);
        else if (event === 'samples') this.#measure(JSON.parse(data));
      }
      await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
    }
  }

  /**
   * Samples from before this run, which had waited in the spool, tell nothing about how fast it is. Nor do those that
   * exception reporting had suppressed and brought back for the sake of the line to the next one: they stand directly
   * before that next one of their tag, and are late by design.
   */
  #measure({ tags, times }: LiveSamples): void {
    const nowMs = Date.now();
    for (const [row, time] of times.entries()) {
      const ms = time / US_PER_MS;
      const isBroughtBack = tags[row + 1] === tags[row] && times[row + 1] > time;
      if (ms >= this.#startMs && !isBroughtBack) this.#latency.add(nowMs - ms);
    }
  }
}
