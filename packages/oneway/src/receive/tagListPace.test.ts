import { expect, test } from 'vitest';
import { TagListPace } from './tagListPace.ts';

/** Reads lists of `workMs` each until `endMs`, `connections` at a time; gives the work done. */
function flood(pace: TagListPace, gateway: string, workMs: number, endMs: number, connections = 1): number {
  let [nowMs, done] = [0, 0];
  const freeAtMs = new Array<number>(connections).fill(0);
  while (nowMs < endMs) {
    const at = freeAtMs.indexOf(Math.min(...freeAtMs));
    nowMs = Math.max(nowMs, freeAtMs[at]) + workMs;
    done += workMs;
    freeAtMs[at] = nowMs + pace.pauseAfter(gateway, workMs, nowMs);
  }
  return done;
}

test.each([
  [1, 1],
  [200, 1],
  [200, 6],
])(
  'SR 7.1: a gateway that sends lists of %s ms over %s connections without end takes a tenth of the time',
  (workMs, connections) => {
    const done = flood(new TagListPace(), 'north', workMs, 600_000, connections);
    expect(done).toBeGreaterThan(60_000);
    expect(done).toBeLessThan(68_000);
  },
);

test('SR 7.1: a gateway that connects anew with all its lanes is not held up, nor is any other that does', () => {
  const pace = new TagListPace();
  flood(pace, 'north', 1_000, 60_000);
  for (let list = 0; list < 6; list++) expect(pace.pauseAfter('south', 500, 60_000 + list)).toBe(0);
});
