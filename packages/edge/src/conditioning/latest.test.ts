import { perLane } from '@tidegate/core/sample/lane.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conditioner } from './conditioner.ts';
import type { TagRule } from './tagRule.ts';
import { blockOf, RecordingLane, type Row } from './testbed/recordingLane.ts';

const RULES: Readonly<Record<string, Omit<TagRule, 'number' | 'lane'>>> = {
  'is kept whole': {},
  'is reported by exception': { exception: { deviation: 2, maxIntervalMs: 50 } },
  'is compressed': { compression: { deviation: 2 } },
  'may not cross': { exception: { deviation: 2 }, forbidden: true },
};

/** Each with the samples that come, of which the last is what the device said last. */
const ROWS = fc.array(
  fc.tuple(
    fc.constant(1),
    fc.integer({ min: 0, max: 100 }),
    fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom('open', 'shut'), fc.constant(null)),
    fc.constantFrom(STATUS.Good, STATUS.BadTimeout),
  ),
  { minLength: 1, maxLength: 12 },
);

describe('the latest sample', () => {
  it.each(Object.entries(RULES))('of a tag that %s is the one that was read last', (_, rule) => {
    fc.assert(
      fc.property(ROWS, (rows) => {
        const conditioner = conditionerOf(rule);
        expect(conditioner.latest(1)).toBeUndefined();
        for (const row of rows) {
          conditioner.write(blockOf([row as Row]));
          const [, timeMs, value, status] = row;
          expect(conditioner.latest(1)).toEqual({ time: timeMs * 1_000, value: value ?? undefined, status });
        }
      }),
    );
  });

  it.each<[SampleValue, SampleValue, number]>([
    [10, 21, STATUS.Good],
    [100, 201, STATUS.UncertainEngineeringUnitsExceeded],
  ])('is scaled, and its range checked: %d', (raw, value, status) => {
    for (const forbidden of [false, true]) {
      const conditioner = conditionerOf({ scale: 2, offset: 1, high: 50, forbidden });
      conditioner.write(blockOf([[1, 7, raw]]));
      expect(conditioner.latest(1)).toEqual({ time: 7_000, value, status });
    }
  });

  it('of a number that no tag has is none', () => {
    const conditioner = conditionerOf({});
    conditioner.write(blockOf([[9, 7, 1]]));
    expect([0, 1, 9, -1].map((tag) => conditioner.latest(tag))).toEqual([undefined, undefined, undefined, undefined]);
  });
});

function conditionerOf(rule: Omit<TagRule, 'number' | 'lane'>): Conditioner {
  return new Conditioner(
    [{ number: 1, lane: 'operational', ...rule }],
    perLane(() => new RecordingLane()),
  );
}
