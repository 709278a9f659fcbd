import type { Latency } from '@tidegate/platform/northbound/contract/latency.ts';
import type { ObservedFlow, Policy, RefusedTag } from '@tidegate/platform/northbound/contract/policy.ts';
import { expect, it } from 'vitest';
import type { MinuteRow } from './ledgerMinutes.ts';
import { stream } from './testbed/boundaryStream.ts';
import { type BoundaryFacts, type Verdict, verdictsOf } from './verdicts.ts';

const NOW_MS = new Date(2026, 0, 31, 14, 0, 0).getTime();

const latency = (met: boolean | null): Latency => ({
  at: 0,
  lanes: [{ lane: 'operational', objectiveMs: 250, samples: 9, p50Ms: 90, p99Ms: 640, maxMs: 900, met }],
  tags: [],
});
const policy = (more: Partial<Policy> = {}): Policy => ({
  at: 0,
  digest: 'abcd',
  gateways: [{ gateway: 'station-1', digest: 'ab', same: true }],
  flows: [{ lastSeen: null, overRate: false } as ObservedFlow],
  refused: [],
  refusedOthers: 0,
  ...more,
});
const row = (more: Partial<MinuteRow> = {}): MinuteRow => ({
  ...{ gateway: 'station-1', lane: 'audit', cells: [], provedUntilMs: NOW_MS - 60_000, broken: undefined },
  ...more,
});
const WELL: BoundaryFacts = {
  boundary: { at: 0, streams: [stream()] },
  minutes: [row()],
  policy: policy(),
  latency: latency(true),
};
const streams = (...given: Parameters<typeof stream>) => ({ boundary: { at: 0, streams: [stream(...given)] } });

it('says that all is well where it is', () => {
  const verdicts = verdictsOf(WELL, NOW_MS);
  expect(verdicts.map(({ subject }) => subject)).toEqual(['Links', 'Ledger', 'Proof', 'Policy', 'Freshness']);
  expect(new Set(verdicts.map(({ state }) => state))).toEqual(new Set(['well']));
  expect(verdicts[2].sentence).toContain('proved until 13:59:00');
  expect(verdicts[3].sentence).toContain('1 of 1 flow never seen');
});

const broken = { detail: 'signature: it does not hold' } as MinuteRow['broken'];
it.each<[Verdict['subject'], Verdict['state'], RegExp, Partial<BoundaryFacts>]>([
  ['Links', 'attention', /1 of 1 lane closed/, streams({ connected: false })],
  ['Ledger', 'attention', /1 lane out of balance/, streams({ balanced: false, unexplained: 3 })],
  ['Ledger', 'attention', /accounted for; 7 .* lost/, streams({ lost: 7 })],
  ['Proof', 'unknown', /not known yet/, { minutes: undefined }],
  ['Proof', 'unknown', /No gateway has signed/, { minutes: [] }],
  ['Proof', 'unknown', /Nothing of the audit lane/, { minutes: [row({ provedUntilMs: undefined })] }],
  ['Proof', 'attention', /audit lane of station-1: signature/, { minutes: [row(), row({ broken })] }],
  ['Policy', 'unknown', /not known yet/, { policy: undefined }],
  ['Policy', 'unknown', /takes whatever/, { policy: policy({ digest: null }) }],
  [
    ...(['Policy', 'attention', /Another policy .* station-2/] as const),
    { policy: policy({ gateways: [{ gateway: 'station-2', digest: null, same: false }] }) },
  ],
  [
    ...(['Policy', 'attention', /^2 tags refused; 1 flow faster than declared\.$/] as const),
    {
      policy: policy({
        refused: [{} as RefusedTag, {} as RefusedTag],
        flows: [{ lastSeen: 1, overRate: true } as ObservedFlow],
      }),
    },
  ],
  ['Policy', 'attention', /1 tag refused/, { policy: policy({ refused: [{} as RefusedTag] }) }],
  [
    ...(['Policy', 'attention', /1 flow faster/] as const),
    { policy: policy({ flows: [{ lastSeen: 1, overRate: true } as ObservedFlow] }) },
  ],
  ['Freshness', 'unknown', /No sample/, { latency: latency(null) }],
  ['Freshness', 'attention', /operational p99 640 ms, promised 250 ms/, { latency: latency(false) }],
])('%s: %s, %s', (subject, state, sentence, facts) => {
  const verdict = verdictsOf({ ...WELL, ...facts }, NOW_MS).find((one) => one.subject === subject);
  expect(verdict).toMatchObject({ state, sentence: expect.stringMatching(sentence) });
});
