import type { Boundary } from '@tidegate/platform/northbound/contract/boundary.ts';
import { expect, it } from 'vitest';
import type { LinkState } from '../live/liveStream.ts';
import { closedStreams, knownUntilMs } from './knownUntil.ts';

const NOW_MS = 100_000;
const LIVE: LinkState = { kind: 'live', sinceMs: 0 };
const boundary = {
  at: 0,
  streams: [
    { gateway: 'g', lane: 'operational', connected: true, receivedAt: 10_000_000, heartbeat: null },
    { gateway: 'g', lane: 'analytical', connected: false, receivedAt: 40_000_000, heartbeat: { at: 60_000_000 } },
  ],
} as Boundary;

it.each([
  ['the present, while all stands', LIVE, 'operational', NOW_MS],
  ['when the gateway was last heard of, where its link is down', LIVE, 'analytical', 60_000],
  ['when the server was last heard of', { kind: 'lost', sinceMs: 80_000 }, 'operational', 80_000],
  ['the earlier of the two', { kind: 'lost', sinceMs: 80_000 }, 'analytical', 60_000],
] as const)('samples are known until %s', (_, link, lane, expected) => {
  expect(knownUntilMs(boundary, link, { gateway: 'g', lane }, NOW_MS)).toBe(expected);
});

it('takes the present for known before the boundary has been told', () => {
  expect(knownUntilMs(undefined, LIVE, { gateway: 'g', lane: 'operational' }, NOW_MS)).toBe(NOW_MS);
  expect([...closedStreams(undefined)]).toEqual([]);
  expect([...closedStreams(boundary)]).toEqual(['g/analytical']);
});
