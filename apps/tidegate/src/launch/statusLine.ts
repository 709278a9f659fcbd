/** The one line that tells how a run is doing: rewritten in place on a terminal, now and then repeated elsewhere. */

import type { GatewayStatus, LaneStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { LANES, type Lane, PLANT_LANES } from '@tidegate/core/sample/lane.ts';
import type { Boundary, Ledger } from '../serverApi/answers.ts';
import type { Accounts } from './runAccount.ts';

/** Two looks at the accounts, from whose difference the rates are computed, and the boundary at the later one. */
export interface StatusView {
  readonly before: Accounts | undefined;
  readonly now: Accounts;
  readonly boundary: Boundary | undefined;
}

const US_PER_S = 1_000_000;
/** The line has to fit into a terminal of 80 columns. */
const SHORT_NAMES = { operational: 'op', analytical: 'an' } as const;

export function formatStatus({ before, now, boundary }: StatusView): string {
  const { server } = now;
  const gateways = now.gateways.filter((gateway) => gateway !== undefined);
  if (gateways.length < now.gateways.length || !server) return 'starting';
  const waiting = gateways.reduce((sum, { lanes }) => sum + laneSum(lanes, ({ depth }) => depth.samples), 0);
  return [
    `read ${readRate(before, gateways)}`,
    `stored ${storedRate(before?.server, server)}`,
    `lag ${PLANT_LANES.map((lane) => `${SHORT_NAMES[lane]} ${formatLag(boundary, gateways, lane)}`).join(', ')}`,
    `spool ${formatCount(waiting)}`,
    formatBalance(server),
  ].join(' | ');
}

function laneSum(lanes: GatewayStatus['lanes'], count: (lane: LaneStatus) => number): number {
  return LANES.reduce((sum, lane) => sum + count(lanes[lane]), 0);
}

/** Of all gateways together, each by its own clock. */
function readRate(before: Accounts | undefined, gateways: readonly GatewayStatus[]): string {
  let sum = 0;
  for (const { gateway, at, lanes } of gateways) {
    const earlier = before?.gateways.find((one) => one?.gateway === gateway);
    const read = ({ tally }: LaneStatus) => tally.read;
    const each = earlier && rate(laneSum(earlier.lanes, read), laneSum(lanes, read), earlier.at, at);
    if (each === undefined) return '-/s';
    sum += each;
  }
  return `${formatCount(sum)}/s`;
}

function storedRate(before: Ledger | undefined, now: Ledger): string {
  const stored = before && rate(before.total.stored, now.total.stored, before.at, now.at);
  return stored === undefined ? '-/s' : `${formatCount(stored)}/s`;
}

/** Counters go back when a process was killed before it had written; that is no negative rate. */
function rate(from: number, to: number, fromUs: number, toUs: number): number | undefined {
  return toUs > fromUs ? Math.max(0, ((to - from) * US_PER_S) / (toUs - fromUs)) : undefined;
}

/** Of the gateway that is behind the most. */
function formatLag(boundary: Boundary | undefined, gateways: readonly GatewayStatus[], lane: Lane): string {
  if (gateways.some(({ lanes }) => !lanes[lane].connected)) return 'off';
  const streams = gateways.map(({ gateway }) =>
    boundary?.streams.find((one) => one.gateway === gateway && one.lane === lane),
  );
  if (streams.includes(undefined)) return '-';
  return `${formatCount(Math.max(...streams.map((stream) => stream?.lagMs ?? 0)))} ms`;
}

function formatBalance({ total }: Ledger): string {
  if (!total.balanced) return `ledger DOES NOT BALANCE: ${formatCount(total.unexplained)} unexplained`;
  return `ledger balances, ${formatCount(total.lost + total.refused)} lost`;
}

function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Without a terminal one line in so many seconds is enough. */
const REPEAT_MS = 5_000;

export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;
  #writtenMs = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[2K${text.slice(0, this.#stream.columns - 1)}`);
      this.#shown = true;
    } else if (performance.now() - this.#writtenMs >= REPEAT_MS) {
      this.#stream.write(`${text}\n`);
      this.#writtenMs = performance.now();
    }
  }

  /** Writes lines that stay, above the status line. */
  print(text: string): void {
    this.#stream.write(`${this.#shown ? '\r\x1b[2K' : ''}${text}\n`);
    this.#shown = false;
  }
}
