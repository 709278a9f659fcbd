/** What may be the matter where an outstation does not answer, from what came instead of its answer; and what to do. */

import type { SessionSigns } from './session.ts';

/** Counts since the link was opened or before; two of them show what came between. */
export interface LineSigns extends SessionSigns {
  /** Frames from addresses that are not configured, and some of these. */
  readonly strays: number;
  readonly strangers: readonly number[];
  /** Bytes that belong to no frame. */
  readonly noise: number;
}

export interface Asked {
  readonly outstation: number;
  readonly master: number;
  readonly maxFragment: number;
}

/** Ends a sentence that says that nothing was answered: what was thrown away, and where to look. */
export function explainSilence(asked: Asked, before: LineSigns, after: LineSigns): string {
  const grew = (key: 'discarded' | 'strays' | 'noise' | 'refused' | 'tooLong') => after[key] - before[key];
  const thrownAway = [
    [grew('discarded'), 'late, repeated or misdirected answers'],
    [grew('strays'), `frames of others (${after.strangers.join(', ')})`],
    [grew('noise'), 'bytes that are no DNP3'],
  ] as const;
  const parts = thrownAway.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const came = parts.length === 0 ? '' : `; ${parts.join(' and ')} were thrown away`;
  const remedy = remedyFor(asked, grew, after);
  return remedy === undefined ? came : `${came}; ${remedy}`;
}

function remedyFor(
  { outstation, master, maxFragment }: Asked,
  grew: (key: 'strays' | 'noise' | 'refused' | 'tooLong') => number,
  { answers, otherMaster, strangers }: LineSigns,
): string | undefined {
  if (grew('tooLong') > 0) return `its answer is longer than ${maxFragment} bytes: write a larger maxFragment`;
  if (grew('refused') > 0) {
    return 'it sends with confirmation on the link layer and has not reset the link: switch that off in the outstation';
  }
  if (answers > 0) return undefined;
  if (otherMaster !== undefined) {
    return `it speaks to master ${otherMaster}: write master: ${otherMaster}, or tell it that its master is ${master}`;
  }
  if (grew('strays') > 0) return `if ${strangers[0]} is its address, write outstation: ${strangers[0]}`;
  if (grew('noise') > 0) return 'compare the speed and format of the line, and the port';
  return `check that its address is ${outstation} and its master ${master}; some need resetLink: true`;
}
