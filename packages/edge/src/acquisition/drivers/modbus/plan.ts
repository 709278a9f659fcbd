/** Gathers points into requests so that a scan costs the least time: pure, and the best that the limits allow. */

import { isBitTable, type ModbusTable } from './address.ts';
import { type PointRun, runsOf } from './pointRun.ts';
import type { ModbusPoint, PlannedPoint } from './points.ts';
import { type Question, questionOf, type ReadRange } from './question.ts';

/** One request and the points that its answer serves, in the order of their addresses. */
export interface ReadBlock extends Question {
  readonly points: readonly PlannedPoint[];
  /** The same points, as they are decoded. */
  readonly runs: readonly PointRun[];
}

export interface PlanLimits {
  /** Registers nobody wants that may lie between two points of one block; of coils 16 times as many. */
  readonly maxGap: number;
  readonly maxRegisters: number;
  readonly maxBits: number;
  /** False where a request may hold one value only. */
  readonly merge: boolean;
  /** What one more request costs, in bytes that could be read in its place (`requestCostBytes`). */
  readonly requestCostBytes: number;
  /** Whether an echo of the request could come back on the line. */
  readonly echoes: boolean;
}

/** A read of 125 registers or 2000 coils is the largest (V1.1b3, 6.1 and 6.3). */
export const MAX_REGISTERS = 125;
export const MAX_BITS = 2000;
export const BITS_PER_REGISTER = 16;
/** Of a file one register less: its answer has two bytes more in front of them (V1.1b3, 6.14). */
const MAX_RECORDS = 124;
/** A queue comes as a whole, whatever is wanted of it (V1.1b3, 6.18). */
const MAX_QUEUE = 31;

/** What one request can take of a table, and what that costs. */
interface Reach {
  readonly most: number;
  readonly gap: number;
  readonly itemBytes: number;
  readonly merge: boolean;
}

/**
 * The cheapest way to cut the points of each table, file and queue into requests. No block reaches over a gap that holds an
 * address of `barriers`, which the device is known to refuse.
 */
export function planReads(
  points: readonly PlannedPoint[],
  limits: PlanLimits,
  barriers: readonly ReadRange[] = [],
): ReadBlock[] {
  const areas = Map.groupBy(points, ({ table, source }) => `${TABLES.indexOf(table)} ${source}`);
  return [...areas.keys()].sort().flatMap((area) => {
    const [{ table, source }] = areas.get(area)!;
    const refused = barriers.filter((barrier) => barrier.table === table && barrier.source === source);
    return planArea(areas.get(area)!.sort(byAddress), limits, refused);
  });
}

const TABLES: readonly ModbusTable[] = ['coil', 'discrete', 'input', 'holding', 'file', 'fifo', 'identification'];

function byAddress(a: ModbusPoint, b: ModbusPoint): number {
  return a.first - b.first || a.width - b.width;
}

function reachOf(table: ModbusTable, { maxGap, maxRegisters, maxBits, merge }: PlanLimits): Reach {
  if (isBitTable(table)) return { most: maxBits, gap: maxGap * BITS_PER_REGISTER, itemBytes: 1 / 8, merge };
  if (table === 'fifo') return { most: MAX_QUEUE, gap: MAX_QUEUE, itemBytes: 0, merge: true };
  if (table === 'identification') return { most: 1, gap: 0, itemBytes: 0, merge };
  const most = table === 'file' ? Math.min(MAX_RECORDS, maxRegisters) : maxRegisters;
  return { most, gap: maxGap, itemBytes: 2, merge };
}

/** Finds, from the lowest address on, for each point the cheapest way to have read all points up to it. */
function planArea(points: readonly PlannedPoint[], limits: PlanLimits, barriers: readonly ReadRange[]): ReadBlock[] {
  const reach = reachOf(points[0].table, limits);
  const costs = new Float64Array(points.length + 1).fill(Number.POSITIVE_INFINITY);
  const starts = new Int32Array(points.length + 1);
  costs[0] = 0;
  for (const [start, { table, first }] of points.entries()) {
    let end = first;
    for (let last = start; last < points.length; last++) {
      const point = points[last];
      if (last > start && !fits(points[start], end, point, reach, barriers)) break;
      end = Math.max(end, point.first + point.width);
      const count = end - first;
      if (limits.echoes && echoesAsAnswer(table, first, count)) continue;
      const cost = costs[start] + limits.requestCostBytes + count * reach.itemBytes;
      if (cost > costs[last + 1]) continue;
      costs[last + 1] = cost;
      starts[last + 1] = start;
    }
  }
  const blocks: ReadBlock[] = [];
  for (let end = points.length; end > 0; end = starts[end]) blocks.push(blockOf(points.slice(starts[end], end)));
  return blocks.reverse();
}

/** Whether a block from `start` up to `end` may grow to hold `point`. */
function fits(
  start: PlannedPoint,
  end: number,
  point: PlannedPoint,
  { most, gap, merge }: Reach,
  barriers: readonly ReadRange[],
): boolean {
  if (!merge && byAddress(start, point) !== 0) return false;
  if (Math.max(end, point.first + point.width) - start.first > most) return false;
  if (point.first - end > gap) return false;
  return !barriers.some((barrier) => barrier.first < point.first && barrier.first + barrier.count > end);
}

/**
 * The one request that is, byte for byte, also the right answer to itself: of 17 to 24 bits from 768 to 1023 on. The high
 * byte of their address is the byte count 3, and request and answer are equally long. Where an adapter sends back what we
 * send, nobody could tell them apart.
 */
function echoesAsAnswer(table: ModbusTable, first: number, count: number): boolean {
  return isBitTable(table) && first >> 8 === 3 && Math.ceil(count / 8) === 3;
}

/** The block of points that are in the order of their addresses; it begins and ends with what is wanted. */
export function blockOf(points: readonly PlannedPoint[]): ReadBlock {
  const { table, source, first } = points[0];
  const end = points.reduce((most, point) => Math.max(most, point.first + point.width), 0);
  const range =
    table === 'fifo' ? { table, source, first: 0, count: MAX_QUEUE } : { table, source, first, count: end - first };
  return { ...questionOf(range), points, runs: runsOf(points, range.first) };
}

/**
 * The two halves of a block that a device has refused, without the gap between them; `undefined` where all its points
 * lie at one address, so that nothing is left to split.
 */
export function splitBlock({ range, points }: ReadBlock): readonly [ReadBlock, ReadBlock] | undefined {
  if (range.table === 'fifo') return undefined;
  const middle = points.length / 2;
  let at: number | undefined;
  for (let index = 1; index < points.length; index++) {
    if (byAddress(points[index - 1], points[index]) === 0) continue;
    if (at === undefined || Math.abs(index - middle) < Math.abs(at - middle)) at = index;
  }
  return at === undefined ? undefined : [blockOf(points.slice(0, at)), blockOf(points.slice(at))];
}
