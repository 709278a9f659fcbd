/** What may be asked of the live view of a gateway. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LIVE_ADDRESS, MAX_LIVE_TAGS } from '@tidegate/core/port/liveView.ts';
import { tagPatternDefect } from '@tidegate/core/sample/tagPattern.ts';

export interface LiveRequest {
  readonly pattern: string;
  readonly from: number;
  readonly count: number;
}

const ALL = '**';
const KNOWN = ['tags', 'from', 'count'];
const WHOLE_NUMBER = /^\d{1,9}$/;

/** Faults: `request.method`, `request.malformed`, `request.route-unknown`, `request.invalid`. */
export function readLiveRequest(method: string | undefined, target: string): Result<LiveRequest> {
  if (method !== 'GET') return failure('request.method', 'The live view can be read, and nothing else.');
  const url = URL.parse(target, 'http://gateway');
  if (!url) return failure('request.malformed', 'The address of the request cannot be read.');
  if (url.pathname !== LIVE_ADDRESS)
    return failure('request.route-unknown', `There is ${LIVE_ADDRESS}, and nothing else.`);
  const unknown = [...url.searchParams.keys()].find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) return failure('request.invalid', `There is no parameter ${JSON.stringify(unknown)}.`);
  const pattern = url.searchParams.get('tags') ?? ALL;
  const defect = tagPatternDefect(pattern);
  if (defect !== undefined) return failure('request.invalid', `The pattern ${JSON.stringify(pattern)} ${defect}.`);
  const from = url.searchParams.get('from') ?? '0';
  const count = url.searchParams.get('count') ?? String(MAX_LIVE_TAGS);
  if (!WHOLE_NUMBER.test(from)) return failure('request.invalid', '"from" is no whole number from 0 on.');
  if (!WHOLE_NUMBER.test(count) || Number(count) > MAX_LIVE_TAGS) {
    return failure('request.invalid', `"count" is no whole number from 0 to ${MAX_LIVE_TAGS}.`);
  }
  return success({ pattern, from: Number(from), count: Number(count) });
}
