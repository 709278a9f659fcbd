import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBitTable } from './address.ts';
import { type PlanLimits, planReads, splitBlock } from './plan.ts';
import { type PlannedPoint, parsePoint } from './points.ts';
import { describeRange } from './question.ts';

/** A request costs as much as 48 bytes, which is a gap of 24 registers. */
const LIMITS: PlanLimits = {
  maxGap: 16,
  maxRegisters: 125,
  maxBits: 2000,
  merge: true,
  requestCostBytes: 48,
  echoes: false,
};

function pointsAt(...specs: readonly (readonly [address: string, dataType: string])[]): PlannedPoint[] {
  return specs.map(([address, dataType], tag) => {
    const parsed = parsePoint({ address, dataType });
    if (!parsed.ok) throw new Error(parsed.fault.detail);
    return { ...parsed.value, tag };
  });
}

const shape = (points: PlannedPoint[], limits = LIMITS) =>
  planReads(points, limits).map(({ range: { table, first, count } }) => `${table}:${first}+${count}`);

describe('read planner', () => {
  it.each<[string, [string, string][], string[]]>([
    ['nothing', [], []],
    ['one value of two registers', [['holding:100', 'float32']], ['holding:100+2']],
    [
      'neighbours',
      [
        ['holding:101', 'int16'],
        ['holding:100', 'int16'],
      ],
      ['holding:100+2'],
    ],
    [
      'bits of one register',
      [
        ['holding:5.0', 'bool'],
        ['holding:5.15', 'bool'],
      ],
      ['holding:5+1'],
    ],
    [
      'a gap of 16',
      [
        ['holding:0', 'int16'],
        ['holding:17', 'int16'],
      ],
      ['holding:0+18'],
    ],
    [
      'a gap of 17',
      [
        ['holding:0', 'int16'],
        ['holding:18', 'int16'],
      ],
      ['holding:0+1', 'holding:18+1'],
    ],
    [
      'the tables apart',
      [
        ['holding:0', 'int16'],
        ['input:0', 'int16'],
        ['coil:0', 'bool'],
        ['discrete:0', 'bool'],
      ],
      ['coil:0+1', 'discrete:0+1', 'input:0+1', 'holding:0+1'],
    ],
    [
      '125 registers in one',
      [
        ['holding:0[125]', 'string'],
        ['holding:124', 'int16'],
      ],
      ['holding:0+125'],
    ],
    [
      'a value across the limit',
      [
        ['holding:0[124]', 'string'],
        ['holding:124', 'int32'],
      ],
      ['holding:0+124', 'holding:124+2'],
    ],
    [
      '2000 coils in one',
      Array.from({ length: 2000 }, (_, at) => [`coil:${at}`, 'bool'] as [string, string]),
      ['coil:0+2000'],
    ],
    [
      '2001 coils in two',
      Array.from({ length: 2001 }, (_, at) => [`coil:${at}`, 'bool'] as [string, string]),
      ['coil:0+2000', 'coil:2000+1'],
    ],
    ['the last address', [['holding:65535', 'int16']], ['holding:65535+1']],
  ])('reads %s', (_, specs, expected) => {
    expect(shape(pointsAt(...specs))).toEqual(expected);
  });

  it('keeps to the size that a device takes', () => {
    const points = pointsAt(
      ['holding:0', 'int16'],
      ['holding:9', 'int16'],
      ['holding:10', 'int16'],
      ['coil:0', 'bool'],
      ['coil:160', 'bool'],
    );
    expect(shape(points, { ...LIMITS, maxRegisters: 10, maxBits: 160 })).toEqual([
      'coil:0+1',
      'coil:160+1',
      'holding:0+1',
      'holding:9+2',
    ]);
  });

  it('does not read over an address that the device refuses', () => {
    const points = pointsAt(['holding:0', 'int16'], ['holding:1', 'int16'], ['holding:3', 'int16']);
    const refused = [{ table: 'holding', source: 0, first: 2, count: 1 } as const];
    expect(planReads(points, LIMITS, refused).map(({ range }) => [range.first, range.count])).toEqual([
      [0, 2],
      [3, 1],
    ]);
    const elsewhere = [
      { table: 'input', source: 0, first: 2, count: 1 } as const,
      { table: 'holding', source: 0, first: 4, count: 1 } as const,
    ];
    expect(planReads(points, LIMITS, elsewhere)).toHaveLength(1);
  });

  it.each([
    [23, ['holding:0+25']],
    [25, ['holding:0+1', 'holding:26+1']],
  ])('reads over a gap of %s registers only where a second request would cost more', (gap, expected) => {
    const points = pointsAt(['holding:0', 'int16'], [`holding:${gap + 1}`, 'int16']);
    expect(shape(points, { ...LIMITS, maxGap: 100 })).toEqual(expected);
  });

  it('asks a device that gives one value in a request for one value', () => {
    const points = pointsAt(
      ['holding:0', 'float32'],
      ['holding:2', 'int16'],
      ['holding:2.3', 'bool'],
      ['coil:1', 'bool'],
    );
    expect(shape(points, { ...LIMITS, merge: false })).toEqual(['coil:1+1', 'holding:0+2', 'holding:2+1']);
  });

  it('keeps files and queues apart, and takes a queue as a whole', () => {
    const points = pointsAt(
      ['file:4/0', 'int16'],
      ['file:4/1', 'int16'],
      ['file:5/2', 'int16'],
      ['fifo:100', 'int16'],
      ['fifo:100/30', 'int16'],
      ['identification:0', 'string'],
      ['identification:1', 'string'],
    );
    const blocks = planReads(points, { ...LIMITS, merge: false });
    expect(blocks.map(({ range }) => describeRange(range))).toEqual([
      '1 from file:4/0',
      '1 from file:4/1',
      '1 from file:5/2',
      'fifo:100',
      'identification:vendor-name',
      'identification:product-code',
    ]);
  });

  it('asks no question whose echo would be its answer', () => {
    const coils = Array.from({ length: 24 }, (_, at) => [`coil:${768 + at}`, 'bool'] as const);
    expect(shape(pointsAt(...coils))).toEqual(['coil:768+24']);
    const counts = planReads(pointsAt(...coils), { ...LIMITS, echoes: true }).map(({ range }) => range.count);
    expect(counts.reduce((sum, count) => sum + count)).toBe(24);
    expect(counts.every((count) => count <= 16)).toBe(true);
  });
});

const anyPoints = fc
  .array(
    fc.tuple(fc.constantFrom('holding', 'input', 'coil'), fc.nat(400), fc.constantFrom('int16', 'float32', 'float64')),
    { minLength: 1, maxLength: 40 },
  )
  .map((specs) =>
    pointsAt(...specs.map(([table, at, type]) => [`${table}:${at}`, table === 'coil' ? 'bool' : type] as const)),
  );
const anyLimits: fc.Arbitrary<PlanLimits> = fc
  .record({ maxGap: fc.nat(40), maxRegisters: fc.integer({ min: 4, max: 125 }), requestCostBytes: fc.nat(100) })
  .map((limits) => ({ ...LIMITS, ...limits, maxBits: Math.min(2000, limits.maxRegisters * 16) }));

/** What reading the points of one table costs at least, by trying every way to cut them into runs. */
function cheapest(points: readonly PlannedPoint[], limits: PlanLimits): number {
  const sorted = [...points].sort((a, b) => a.first - b.first || a.width - b.width);
  const bits = isBitTable(points[0].table);
  const best = [0];
  for (let end = 1; end <= sorted.length; end++) {
    best[end] = Number.POSITIVE_INFINITY;
    for (let start = end - 1; start >= 0; start--) {
      const run = sorted.slice(start, end);
      const reach = (upTo: number) => Math.max(...run.slice(0, upTo).map((point) => point.first + point.width));
      const count = reach(run.length) - run[0].first;
      const fits = count <= (bits ? limits.maxBits : limits.maxRegisters);
      const gaps = run.every((point, at) => at === 0 || point.first - reach(at) <= limits.maxGap * (bits ? 16 : 1));
      if (fits && gaps) best[end] = Math.min(best[end], best[start] + costOf(count, bits, limits));
    }
  }
  return best[sorted.length];
}

function costOf(count: number, bits: boolean, { requestCostBytes }: PlanLimits): number {
  return requestCostBytes + (bits ? count / 8 : count * 2);
}

describe('any plan', () => {
  it('holds each point once, whole and within the limits', () => {
    fc.assert(
      fc.property(anyPoints, anyLimits, (points, limits) => {
        const blocks = planReads(points, limits);
        expect(blocks.flatMap((block) => block.points.map(({ tag }) => tag)).sort()).toEqual(
          points.map(({ tag }) => tag).sort(),
        );
        for (const { range, points: held } of blocks) {
          const { table, first, count } = range;
          expect(count).toBeLessThanOrEqual(
            isBitTable(table) ? Math.min(2000, limits.maxRegisters * 16) : limits.maxRegisters,
          );
          for (const point of held) {
            expect(point.table).toBe(table);
            expect(point.first).toBeGreaterThanOrEqual(first);
            expect(point.first + point.width).toBeLessThanOrEqual(first + count);
          }
        }
      }),
    );
  });

  it('costs the least time that the limits allow', () => {
    fc.assert(
      fc.property(anyPoints, anyLimits, (points, limits) => {
        const tables = Map.groupBy(points, (point) => point.table);
        const least = [...tables.values()].reduce((sum, ofTable) => sum + cheapest(ofTable, limits), 0);
        const costs = planReads(points, limits).map(({ range }) =>
          costOf(range.count, isBitTable(range.table), limits),
        );
        expect(costs.reduce((sum, cost) => sum + cost)).toBeCloseTo(least);
      }),
    );
  });

  it('splits down to single addresses, losing no point', () => {
    fc.assert(
      fc.property(anyPoints, anyLimits, (points, limits) => {
        const queue = planReads(points, limits);
        const tags: number[] = [];
        for (let block = queue.pop(); block; block = queue.pop()) {
          const halves = splitBlock(block);
          if (halves) queue.push(...halves);
          else tags.push(...block.points.map(({ tag }) => tag));
          if (!halves) expect(new Set(block.points.map(({ first, width }) => `${first}+${width}`)).size).toBe(1);
        }
        expect(tags.sort()).toEqual(points.map(({ tag }) => tag).sort());
      }),
    );
  });
});
