/** Until when the samples of a tag are known: the present, unless a connection on their way has been lost. */

import type { Boundary } from '@tidegate/platform/northbound/contract/boundary.ts';
import type { LinkState } from '../live/liveStream.ts';
import { lastHeardMs, streamKey } from './streamFlow.ts';

export interface Source {
  readonly gateway: string;
  readonly lane: string;
}

/** In milliseconds since 1970. A value is held as unchanged up to here and no further: behind it nobody knows. */
export function knownUntilMs(boundary: Boundary | undefined, link: LinkState, source: Source, nowMs: number): number {
  const hereMs = link.kind === 'lost' ? Math.min(nowMs, link.sinceMs) : nowMs;
  const stream = boundary?.streams.find((one) => streamKey(one) === streamKey(source));
  return stream && !stream.connected ? Math.min(hereMs, lastHeardMs(stream)) : hereMs;
}

/** The lanes whose link is down: values of their tags are the last ones, not the present ones. */
export function closedStreams(boundary: Boundary | undefined): ReadonlySet<string> {
  return new Set(boundary?.streams.filter(({ connected }) => !connected).map(streamKey));
}
