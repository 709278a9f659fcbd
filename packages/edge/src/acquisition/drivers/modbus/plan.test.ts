import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBitTable } from './address.ts';
import { type PlannedPoint, planReads, splitBlock } from './plan.ts';
import { parsePoint } from './points.ts';

const LIMITS = { maxGap: 16, maxRegisters: 125 };

function pointsAt(...specs: readonly (readonly [address: string, dataType: string])[]): PlannedPoint[] {
  return specs.map(([address, dataType], tag) => {
    const parsed = parsePoint({ address, dataType });
    if (!parsed.ok) throw new Error(parsed.fault.detail);
    return { ...parsed.value, tag };
  });
}

const shape = (points: PlannedPoint[], limits = LIMITS) =>
  planReads(points, limits).map(({ table, first, count }) => `${table}:${first}+${count}`);

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
    expect(shape(points, { maxGap: 16, maxRegisters: 10 })).toEqual([
      'coil:0+1',
      'coil:160+1',
      'holding:0+10',
      'holding:10+1',
    ]);
  });

  it('does not read over an address that the device refuses', () => {
    const points = pointsAt(['holding:0', 'int16'], ['holding:1', 'int16'], ['holding:3', 'int16']);
    const refused = [{ table: 'holding', first: 2, count: 1 } as const];
    expect(planReads(points, LIMITS, refused).map(({ first, count }) => [first, count])).toEqual([
      [0, 2],
      [3, 1],
    ]);
    const elsewhere = [
      { table: 'input', first: 2, count: 1 } as const,
      { table: 'holding', first: 4, count: 1 } as const,
    ];
    expect(planReads(points, LIMITS, elsewhere)).toHaveLength(1);
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
const anyLimits = fc.record({ maxGap: fc.nat(40), maxRegisters: fc.integer({ min: 4, max: 125 }) });

/** The least number of requests, by trying every way to cut the sorted points of a table into runs. */
function fewest(points: readonly PlannedPoint[], limits: typeof LIMITS): number {
  const sorted = [...points].sort((a, b) => a.first - b.first || a.width - b.width);
  const scale = isBitTable(points[0].table) ? 16 : 1;
  const best = [0];
  for (let end = 1; end <= sorted.length; end++) {
    best[end] = Number.POSITIVE_INFINITY;
    for (let start = end - 1; start >= 0; start--) {
      const run = sorted.slice(start, end);
      const reach = (upTo: number) => Math.max(...run.slice(0, upTo).map((point) => point.first + point.width));
      const fits = reach(run.length) - run[0].first <= Math.min(limits.maxRegisters * scale, 2000);
      const gaps = run.every((point, at) => at === 0 || point.first - reach(at) <= limits.maxGap * scale);
      if (fits && gaps) best[end] = Math.min(best[end], best[start] + 1);
    }
  }
  return best[sorted.length];
}

describe('any plan', () => {
  it('holds each point once, whole and within the limits', () => {
    fc.assert(
      fc.property(anyPoints, anyLimits, (points, limits) => {
        const blocks = planReads(points, limits);
        expect(blocks.flatMap((block) => block.points.map(({ tag }) => tag)).sort()).toEqual(
          points.map(({ tag }) => tag).sort(),
        );
        for (const { table, first, count, points: held } of blocks) {
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

  it('has the fewest requests that the limits allow', () => {
    fc.assert(
      fc.property(anyPoints, anyLimits, (points, limits) => {
        const tables = Map.groupBy(points, (point) => point.table);
        const least = [...tables.values()].reduce((sum, ofTable) => sum + fewest(ofTable, limits), 0);
        expect(planReads(points, limits)).toHaveLength(least);
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
