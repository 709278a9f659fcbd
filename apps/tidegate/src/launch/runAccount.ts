/** The account of one run: what both ends say became of its samples, and whether they agree. */

import { imbalanceOf, type Tally } from '@tidegate/core/ledger/tally.ts';
import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import type { Ledger, LedgerTotals } from '../serverApi/answers.ts';
import type { LatencyHistogram } from './latencyHistogram.ts';

/**
 * The one JSON object at the end of `start --json`; samples are those of this run, not of runs before, and those in which
 * the gateway reports on its devices are among them.
 */
export interface RunResult {
  readonly samplesRead: number;
  /** Left out by exception reporting. */
  readonly samplesSuppressed: number;
  /** Left out by compression. */
  readonly samplesCompressed: number;
  readonly samplesStored: number;
  /** Refused by the spool, expired from it, or damaged in it. */
  readonly samplesLost: number;
  /** Whether every sample since the ledger began is accounted for, and none is still under way. */
  readonly ledgerBalanced: boolean;
  /** From the moment for which a value was read to the moment when the live stream brought it, `null` without samples. */
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null };
  /** Tags of the plant that the server knows. */
  readonly tags: number;
}

/** What both ends said last. `undefined` where one of them never said anything. */
export interface Accounts {
  /** One for each gateway that runs. */
  readonly gateways: readonly (GatewayStatus | undefined)[];
  readonly server: Ledger | undefined;
}

type Figures = Pick<
  RunResult,
  'samplesRead' | 'samplesSuppressed' | 'samplesCompressed' | 'samplesStored' | 'samplesLost'
>;

/** The figures of this run: what stands in the accounts now without what stood in the server's ledger before it. */
export function runResult(
  before: Ledger | undefined,
  now: Accounts,
  latency: LatencyHistogram,
  tags: number,
): RunResult {
  const start = before ? figuresOf(streamsOf(before, heard(now))) : NOTHING;
  const end = endFigures(now);
  return {
    samplesRead: end.samplesRead - start.samplesRead,
    samplesSuppressed: end.samplesSuppressed - start.samplesSuppressed,
    samplesCompressed: end.samplesCompressed - start.samplesCompressed,
    samplesStored: end.samplesStored - start.samplesStored,
    samplesLost: end.samplesLost - start.samplesLost,
    ledgerBalanced: discrepancies(now).length === 0,
    latencyMs: { p50: latency.percentile(0.5), p99: latency.percentile(0.99) },
    tags,
  };
}

/** What does not agree, one sentence for each; empty where every sample is accounted for and has arrived. */
export function discrepancies({ gateways, server }: Accounts): string[] {
  if (!server) return ['The server has given no account.'];
  return gateways.flatMap((gateway) =>
    gateway ? discrepanciesOf(gateway, server) : ['A gateway has given no account.'],
  );
}

function discrepanciesOf(gateway: GatewayStatus, server: Ledger): string[] {
  return LANES.flatMap((lane) => {
    const { tally } = gateway.lanes[lane];
    const stream = server.streams.find((one) => one.gateway === gateway.gateway && one.lane === lane);
    const found: string[] = [];
    const unaccounted = imbalanceOf(tally);
    if (unaccounted !== 0)
      found.push(`${gateway.gateway} cannot account for ${unaccounted} ${lane} samples that it read.`);
    if (stream && stream.unexplained !== 0) {
      found.push(`The server cannot explain ${stream.unexplained} ${lane} samples.`);
    }
    const missing = tally.accepted - (stream ? stream.baseline + stream.stored + stream.undeclared + stream.lost : 0);
    if (missing > 0) found.push(`${missing} ${lane} samples have not arrived; they wait in the spool.`);
    if (missing < 0) found.push(`The server holds ${-missing} ${lane} samples more than ${gateway.gateway} accepted.`);
    return found;
  });
}

const NOTHING: Figures = {
  samplesRead: 0,
  samplesSuppressed: 0,
  samplesCompressed: 0,
  samplesStored: 0,
  samplesLost: 0,
};

function heard({ gateways }: Accounts): readonly GatewayStatus[] {
  return gateways.filter((gateway) => gateway !== undefined);
}

/** All of them where no gateway has spoken. */
function streamsOf(ledger: Ledger, gateways: readonly GatewayStatus[]): readonly LedgerTotals[] {
  if (gateways.length === 0) return ledger.streams;
  return ledger.streams.filter((stream) => gateways.some(({ gateway }) => stream.gateway === gateway));
}

/** The gateway knows first what it read, the server what it holds. */
function endFigures(accounts: Accounts): Figures {
  const gateways = heard(accounts);
  const held = accounts.server ? figuresOf(streamsOf(accounts.server, gateways)) : NOTHING;
  if (gateways.length === 0) return held;
  const tallies = gateways.flatMap(({ lanes }) => LANES.map((lane) => lanes[lane].tally));
  const sum = (field: keyof Tally) => tallies.reduce((total, tally) => total + tally[field], 0);
  return {
    ...held,
    samplesRead: sum('read'),
    samplesSuppressed: sum('suppressed'),
    samplesCompressed: sum('compressed'),
  };
}

function figuresOf(streams: readonly LedgerTotals[]): Figures {
  return streams.reduce(
    (total, stream) => ({
      samplesRead: total.samplesRead + stream.samplesRead,
      samplesSuppressed: total.samplesSuppressed + stream.suppressed,
      samplesCompressed: total.samplesCompressed + stream.compressed,
      samplesStored: total.samplesStored + stream.stored,
      samplesLost: total.samplesLost + stream.lost + stream.refused,
    }),
    NOTHING,
  );
}
