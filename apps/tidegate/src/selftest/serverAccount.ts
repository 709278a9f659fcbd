/** Proves, of the running server, that it goes by the same policy, that its ledger balances, and that clocks agree. */

import { setTimeout as delay } from 'node:timers/promises';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import { type Check, type Control, failed, proved, unchecked } from '@tidegate/process/selftest/check.ts';
import { SERVER_CONTROLS } from '@tidegate/process/selftest/controls.ts';
import type { Ledger, LedgerMinutes } from '../serverApi/answers.ts';
import type { ServerApi } from '../serverApi/serverApi.ts';

/** What of the answers is used. */
interface PolicyAnswer {
  readonly digest: string | null;
  readonly gateways: readonly { readonly gateway: string; readonly same: boolean }[];
}
interface BoundaryAnswer {
  readonly at: number;
  readonly streams: readonly {
    readonly gateway: string;
    readonly connected: boolean;
    readonly heartbeat: { readonly at: number } | null;
  }[];
}

const CONTROLS = SERVER_CONTROLS;

const MAX_CLOCK_DIFFERENCE_US = 2 * US_PER_S;
/** A heartbeat comes each second: among so many looks there is one just after it. */
const LOOKS = 8;
const LOOK_INTERVAL_MS = 150;
const MINUTES = '*-10min';

/** `digests` are those of the policies that the configurations here name. */
export async function proveServerAccount(
  api: ServerApi,
  digests: Readonly<Record<string, string | null>>,
): Promise<readonly Check[]> {
  return [await provePolicy(api, digests), await proveLedger(api), await proveCheckpoints(api), await proveClocks(api)];
}

async function provePolicy(api: ServerApi, digests: Readonly<Record<string, string | null>>): Promise<Check> {
  const control = CONTROLS.policy;
  const answer = await api.get<PolicyAnswer>('/policy');
  if (!answer.ok) return unreachable(control, answer.fault);
  const { digest, gateways } = answer.value;
  const did =
    'compared the policy by which the server runs with that of each configuration here, and with what gateways say';
  if (digest === null) return failed(control, did, 'the server goes by no policy, and takes everything');
  const others = Object.entries(digests).filter(([, own]) => own !== digest);
  const differing = gateways.filter(({ same }) => !same).map(({ gateway }) => `gateway ${gateway}, as it says itself`);
  const wrong = [...others.map(([name]) => name), ...differing];
  if (wrong.length > 0) return failed(control, did, `${wrong.join(', ')}: another policy than ${digest}`);
  const names = gateways.map(({ gateway }) => gateway).join(', ') || 'no gateway heard yet';
  return proved(control, did, `all go by ${digest} (${names})`);
}

async function proveLedger(api: ServerApi): Promise<Check> {
  const control = CONTROLS.ledger;
  const answer = await api.get<Ledger>('/ledger');
  if (!answer.ok) return unreachable(control, answer.fault);
  const { total, streams } = answer.value;
  const did = 'asked the server for its ledger';
  const unbalanced = streams.filter(({ balanced }) => !balanced);
  if (unbalanced.length > 0 || !total.balanced) {
    const names = unbalanced.map(({ gateway, lane, unexplained }) => `${gateway} ${lane}: ${unexplained} unexplained`);
    return failed(control, did, names.join('; ') || 'it does not balance');
  }
  const { samplesRead, stored, lost } = total;
  return proved(control, did, `${streams.length} streams balance: ${samplesRead} read, ${stored} stored, ${lost} lost`);
}

async function proveCheckpoints(api: ServerApi): Promise<Check> {
  const control = CONTROLS.checkpoints;
  const answer = await api.get<LedgerMinutes>('/ledger/minutes', { start: MINUTES });
  if (!answer.ok) return unreachable(control, answer.fault);
  const { minutes } = answer.value;
  const did = 'asked the server for the signed minutes of the last ten';
  const broken = minutes.filter(({ verdict }) => verdict === 'broken');
  if (broken.length > 0) {
    const names = broken.map(({ gateway, lane, detail }) => `${gateway} ${lane}: ${detail}`);
    return failed(control, did, [...new Set(names)].join('; '));
  }
  if (minutes.length === 0) return unchecked(control, 'no gateway has signed anything in the last ten minutes');
  const count = (verdict: string) => minutes.filter((minute) => minute.verdict === verdict).length;
  const seen = `${count('proved')} proved, ${count('holes')} with holes that are explained, ${count('waiting')} waiting, 0 broken`;
  return proved(control, did, seen);
}

async function proveClocks(api: ServerApi): Promise<Check> {
  const control = CONTROLS.clocks;
  /** By gateway: how far its clock is behind the server's at most, from the look that came soonest after a heartbeat. */
  const behindUs = new Map<string, number>();
  for (let look = 0; look < LOOKS; look++) {
    const answer = await api.get<BoundaryAnswer>('/boundary');
    if (!answer.ok) return unreachable(control, answer.fault);
    const { at, streams } = answer.value;
    for (const { gateway, connected, heartbeat } of streams) {
      // What is not connected was heard last long ago.
      if (!connected || !heartbeat) continue;
      behindUs.set(gateway, Math.min(behindUs.get(gateway) ?? Number.POSITIVE_INFINITY, at - heartbeat.at));
    }
    await delay(LOOK_INTERVAL_MS);
  }
  const heard = [...behindUs];
  const did = 'compared the heartbeats of gateways with the clock of the server';
  if (heard.length === 0) return unchecked(control, 'no gateway is connected');
  const texts = heard.map(([gateway, us]) => `${gateway} ${(us / US_PER_S).toFixed(2)} s`);
  const wrong = heard.some(([, us]) => Math.abs(us) > MAX_CLOCK_DIFFERENCE_US);
  return wrong ? failed(control, did, texts.join(', ')) : proved(control, did, texts.join(', '));
}

function unreachable(control: Control, { detail }: Fault): Check {
  return unchecked(control, detail);
}
