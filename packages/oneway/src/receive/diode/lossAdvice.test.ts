import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviseOnLoss, parityFor } from './lossAdvice.ts';

const QUIET = {
  k: 64,
  m: 16,
  expected: 100_000,
  arrived: 100_000,
  worstGroupLoss: 0,
  kernelDrops: 0,
  bytesPerSecond: 1e7,
};

describe('advice', () => {
  it.each([
    ['nothing is lost', {}, 2, undefined, /0\.00 % .* m = 16 suffices .*, and so would 2/],
    ['one in a hundred is lost', { arrived: 99_000, worstGroupLoss: 5 }, 11, undefined, /m = 16 suffices/],
    ['a tenth is lost', { arrived: 90_000, worstGroupLoss: 20 }, 37, undefined, /raise m from 16 to 37/],
    ['a burst hits one group', { arrived: 99_990, worstGroupLoss: 30 }, 32, undefined, /raise m from 16 to 32/],
    ['the kernel drops', { kernelDrops: 7 }, 2, 8e6, /full 7 times.*8000000 B\/s/],
  ])('where %s', (_name, seen, m, bytesPerSecond, text) => {
    const advice = adviseOnLoss({ ...QUIET, ...seen });
    expect(advice).toMatchObject({ m, bytesPerSecond });
    expect(advice?.text).toMatch(text);
  });

  it('is not given on a thousand datagrams', () => {
    expect(adviseOnLoss({ ...QUIET, expected: 999, arrived: 900 })).toBeUndefined();
  });

  it('is enough: a simulated link loses no group with it', () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state / 2 ** 31;
    };
    const m = parityFor(64, 0.1);
    for (let group = 0; group < 20_000; group++) {
      let lost = 0;
      for (let symbol = 0; symbol < 64 + m; symbol++) if (random() < 0.1) lost++;
      expect(lost).toBeLessThanOrEqual(m);
    }
    expect(m).toBeLessThan(48);
  });

  it('is what the page for operators says', () => {
    const page = readFileSync(new URL('../../forward/diode/README.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| ([\d.]+) % \| (\d+) \| (\d+) \|$/gm)];
    expect(rows).toHaveLength(4);
    for (const [, percent, m64, m128] of rows) {
      expect([64, 128].map((k) => parityFor(k, Number(percent) / 100))).toEqual([Number(m64), Number(m128)]);
    }
  });
});
