import { expect, it } from 'vitest';
import type { BlockPosition } from '../block/sampleBlock.ts';
import type { SpoolClaim } from './blockSink.ts';
import { judgeSpool } from './judgeSpool.ts';

const OURS = 'a5'.repeat(16);
const OTHER = '5a'.repeat(16);
const HELD = { epoch: 100, sequence: 7 };
const at = (epoch: number, sequence: number): BlockPosition => ({ epoch, sequence });

const CASES: [what: string, known: string | undefined, newest: BlockPosition | undefined, SpoolClaim, string][] = [
  ['the first of all', undefined, undefined, { instance: OURS, role: 'live', oldest: at(100, 0) }, 'adopted'],
  ['a stream that came another way', undefined, HELD, { instance: OURS, role: 'live', oldest: at(1, 0) }, 'adopted'],
  ['the same, live', OURS, HELD, { instance: OURS, role: 'live', oldest: at(100, 3) }, 'known'],
  ['the same, what is older', OURS, HELD, { instance: OURS, role: 'live', oldest: at(1, 0) }, 'known'],
  ['the same, its backlog', OURS, HELD, { instance: OURS, role: 'backlog', oldest: at(1, 0) }, 'known'],
  ['another with an older run', OURS, HELD, { instance: OTHER, role: 'live', oldest: at(99, 1_000) }, 'boundary.twin'],
  ['another within the run', OURS, HELD, { instance: OTHER, role: 'live', oldest: at(100, 6) }, 'boundary.twin'],
  ['another at the newest block', OURS, HELD, { instance: OTHER, role: 'live', oldest: HELD }, 'boundary.twin'],
  ['another right behind it', OURS, HELD, { instance: OTHER, role: 'live', oldest: at(100, 8) }, 'adopted'],
  ['another with a newer run', OURS, HELD, { instance: OTHER, role: 'live', oldest: at(101, 0) }, 'adopted'],
  ['another, where nothing is held', OURS, undefined, { instance: OTHER, role: 'live', oldest: at(1, 0) }, 'adopted'],
  ['the backlog of another', OURS, HELD, { instance: OTHER, role: 'backlog', oldest: at(101, 0) }, 'boundary.twin'],
];

it.each(CASES)(
  'SR 1.2: what a spool of the name of another may do: %s',
  (_what, instance, newest, claim, judgement) => {
    const judged = judgeSpool({ instance, newest }, claim);
    expect(judged.ok ? judged.value : judged.fault.code).toBe(judgement);
  },
);
