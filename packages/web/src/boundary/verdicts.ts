/** The boundary in five sentences: what a person who has to answer for it asks first. */

import type { Boundary, BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';
import type { Latency } from '@tidegate/platform/northbound/contract/latency.ts';
import type { Policy } from '@tidegate/platform/northbound/contract/policy.ts';
import { formatCount } from '../reading/number.ts';
import { formatSince, formatSpan } from '../reading/span.ts';
import type { MinuteRow } from './ledgerMinutes.ts';
import { accountOf, sumOf } from './streamAccount.ts';

export interface Verdict {
  readonly subject: 'Links' | 'Ledger' | 'Proof' | 'Policy' | 'Freshness';
  /** `unknown`: there is nothing to judge by. */
  readonly state: 'well' | 'attention' | 'unknown';
  readonly sentence: string;
}

type Judgement = Omit<Verdict, 'subject'>;

export interface BoundaryFacts {
  readonly boundary: Boundary;
  /** `undefined` while they are not known. */
  readonly minutes: readonly MinuteRow[] | undefined;
  readonly policy: Policy | undefined;
  readonly latency: Latency | undefined;
}

export function verdictsOf({ boundary, minutes, policy, latency }: BoundaryFacts, nowMs: number): Verdict[] {
  return [
    { subject: 'Links', ...judgeLinks(boundary.streams) },
    { subject: 'Ledger', ...judgeLedger(boundary.streams) },
    { subject: 'Proof', ...judgeProof(minutes, nowMs) },
    { subject: 'Policy', ...judgePolicy(policy) },
    { subject: 'Freshness', ...judgeFreshness(latency) },
  ];
}

const well = (sentence: string): Judgement => ({ state: 'well', sentence });
const attention = (sentence: string): Judgement => ({ state: 'attention', sentence });
const unknown = (sentence: string): Judgement => ({ state: 'unknown', sentence });

/** `1 lane`, `2 lanes`. */
const counted = (count: number, noun: string) => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

function judgeLinks(streams: readonly BoundaryStream[]): Judgement {
  const closed = streams.filter(({ connected }) => !connected).length;
  if (closed === 0) return well(`${counted(streams.length, 'lane')} connected.`);
  return attention(`${formatCount(closed)} of ${counted(streams.length, 'lane')} closed: nothing arrives by them.`);
}

function judgeLedger(streams: readonly BoundaryStream[]): Judgement {
  const accounts = streams.map(accountOf);
  const wrong = accounts.filter(({ balanced }) => !balanced).length;
  if (wrong > 0) return attention(`${counted(wrong, 'lane')} out of balance: samples are unexplained.`);
  const { lost } = sumOf(accounts);
  if (lost > 0) return attention(`Every sample is accounted for; ${formatCount(lost)} of them are lost.`);
  return well('Every sample that was read is accounted for, and none is lost.');
}

function judgeProof(rows: readonly MinuteRow[] | undefined, nowMs: number): Judgement {
  if (rows === undefined) return unknown('The proofs are not known yet.');
  if (rows.length === 0) return unknown('No gateway has signed a checkpoint in the last hour.');
  const broken = rows.find((row) => row.broken !== undefined);
  if (broken?.broken) return attention(`The ${broken.lane} lane of ${broken.gateway}: ${broken.broken.detail}.`);
  const open = rows.find(({ provedUntilMs }) => provedUntilMs === undefined);
  if (open) return unknown(`Nothing of the ${open.lane} lane of ${open.gateway} is proved yet.`);
  const untilMs = Math.min(...rows.map(({ provedUntilMs = nowMs }) => provedUntilMs));
  return well(`All that was signed is here, proved until ${formatSince(untilMs, nowMs)}.`);
}

function judgePolicy(policy: Policy | undefined): Judgement {
  if (policy === undefined) return unknown('The policy is not known yet.');
  if (policy.digest === null && policy.refused.length > 0)
    return attention(`${counted(policy.refused.length, 'tag')} refused.`);
  if (policy.digest === null) return unknown('The server has no policy: it takes whatever a gateway sends.');
  const apart = policy.gateways.filter(({ same }) => !same).map(({ gateway }) => gateway);
  const fast = policy.flows.filter(({ overRate }) => overRate).length;
  const wrong = [
    ...(apart.length > 0 ? [`another policy than that of this server at ${apart.join(', ')}`] : []),
    ...(policy.refused.length > 0 ? [`${counted(policy.refused.length, 'tag')} refused`] : []),
    ...(fast > 0 ? [`${counted(fast, 'flow')} faster than declared`] : []),
  ].join('; ');
  if (wrong !== '') return attention(`${wrong[0].toUpperCase()}${wrong.slice(1)}.`);
  const unseen = policy.flows.filter(({ lastSeen }) => lastSeen === null).length;
  const note = unseen > 0 ? `; ${formatCount(unseen)} of ${counted(policy.flows.length, 'flow')} never seen` : '';
  return well(`Both ends go by the same policy, and nothing else has come${note}.`);
}

function judgeFreshness(latency: Latency | undefined): Judgement {
  const lanes = latency?.lanes.filter(({ met }) => met !== null) ?? [];
  if (lanes.length === 0) return unknown('No sample has come in the last minute or two.');
  const late = lanes.filter(({ met }) => !met);
  if (late.length === 0) return well('Every lane is as fresh as promised.');
  const how = late.map(({ lane, p99Ms, objectiveMs }) => {
    return `${lane} p99 ${formatSpan(p99Ms ?? 0)}, promised ${formatSpan(objectiveMs)}`;
  });
  return attention(`Later than promised: ${how.join('; ')}.`);
}
