/** The one line that tells how a run is doing: rewritten in place on a terminal, now and then repeated elsewhere. */

import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
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
  const { gateway, server } = now;
  if (!gateway || !server) return 'starting';
  const waiting = LANES.reduce((sum, lane) => sum + gateway.lanes[lane].depth.samples, 0);
  return [
    `read ${rate(readOf(before?.gateway), readOf(gateway), before?.gateway?.at, gateway.at)}`,
    `stored ${rate(before?.server?.total.stored, server.total.stored, before?.server?.at, server.at)}`,
    `lag ${PLANT_LANES.map((lane) => `${SHORT_NAMES[lane]} ${formatLag(boundary, gateway, lane)}`).join(', ')}`,
    `spool ${formatCount(waiting)}`,
    formatBalance(server),
  ].join(' | ');
}

function readOf(gateway: GatewayStatus | undefined): number | undefined {
  return gateway && LANES.reduce((sum, lane) => sum + gateway.lanes[lane].tally.read, 0);
}

/** Counters go back when a process was killed before it had written; that is no negative rate. */
function rate(
  from: number | undefined,
  to: number | undefined,
  fromUs: number | undefined,
  toUs: number | undefined,
): string {
  if (from === undefined || to === undefined || fromUs === undefined || toUs === undefined || toUs <= fromUs) {
    return '-/s';
  }
  return `${formatCount(Math.max(0, ((to - from) * US_PER_S) / (toUs - fromUs)))}/s`;
}

function formatLag(boundary: Boundary | undefined, gateway: GatewayStatus, lane: Lane): string {
  const stream = boundary?.streams.find((one) => one.gateway === gateway.gateway && one.lane === lane);
  if (!gateway.lanes[lane].connected) return 'off';
  return stream ? `${formatCount(stream.lagMs)} ms` : '-';
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
