import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SettledSamples } from './settledSamples.ts';

it('is the set of all that was added, in as few stretches as there can be', () => {
  const stretch = fc.tuple(fc.nat(60), fc.nat(12)).map(([from, length]) => ({ from, to: from + length }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 20 }), stretch, (added, asked) => {
      const settled = new SettledSamples();
      const all = new Set<number>();
      for (const each of added) {
        settled.add(each);
        for (let sample = each.from; sample < each.to; sample++) all.add(sample);
      }
      const { stretches } = settled;
      for (const [at, { from, to }] of stretches.entries()) {
        expect(from).toBeLessThan(to);
        if (at > 0) expect(stretches[at - 1].to).toBeLessThan(from);
      }
      expect(stretches.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(all.size);
      let missing = 0;
      for (let sample = asked.from; sample < asked.to; sample++) if (!all.has(sample)) missing++;
      expect(settled.missingIn(asked)).toBe(missing);
      expect(new SettledSamples(stretches).missingIn(asked)).toBe(missing);
    }),
  );
});
