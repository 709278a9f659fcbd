/** Gathers points into the fewest requests: pure, and the least number that the limits allow. */

import { isBitTable, type ModbusTable } from './address.ts';
import type { ReadRange } from './frame.ts';
import type { ModbusPoint } from './points.ts';

export interface PlannedPoint extends ModbusPoint {
  readonly tag: number;
}

/** One request and the points that its answer serves, in the order of their addresses. */
export interface ReadBlock extends ReadRange {
  readonly points: readonly PlannedPoint[];
}

export interface PlanLimits {
  /** Registers nobody wants that may lie between two points of one block; of coils 16 times as many. */
  readonly maxGap: number;
  /** Registers in one request; of coils 16 times as many. */
  readonly maxRegisters: number;
}

/** A read of 125 registers or 2000 coils is the largest (Modbus Application Protocol V1.1b3, 6.1 and 6.3). */
export const MAX_REGISTERS = 125;
const MAX_BITS = 2000;
const BITS_PER_REGISTER = 16;

/**
 * A request costs a round trip and some 80 bytes of headers, a register 2 bytes: on a network reading over a gap of 16
 * registers is always cheaper than asking twice. Reading over hundreds is not (influxdata/telegraf#12222).
 */
export const DEFAULT_MAX_GAP = 16;

const TABLES: readonly ModbusTable[] = ['coil', 'discrete', 'input', 'holding'];

/**
 * Sweeps the points of each table from the lowest address on and starts a block where the next point does not fit; no
 * block reaches over a gap that holds an address of `barriers`, which the device is known to refuse.
 */
export function planReads(
  points: readonly PlannedPoint[],
  limits: PlanLimits,
  barriers: readonly ReadRange[] = [],
): ReadBlock[] {
  return TABLES.flatMap((table) => {
    const ofTable = points.filter((point) => point.table === table).sort(byAddress);
    const refused = barriers.filter((barrier) => barrier.table === table);
    return planTable(ofTable, limits, refused);
  });
}

function byAddress(a: ModbusPoint, b: ModbusPoint): number {
  return a.first - b.first || a.width - b.width;
}

function planTable(points: readonly PlannedPoint[], limits: PlanLimits, barriers: readonly ReadRange[]): ReadBlock[] {
  const blocks: ReadBlock[] = [];
  let from = 0;
  let end = 0;
  for (const [index, point] of points.entries()) {
    const pointEnd = point.first + point.width;
    if (index > from && !fits(points[from], end, point, limits, barriers)) {
      blocks.push(blockOf(points.slice(from, index)));
      from = index;
      end = pointEnd;
    }
    end = Math.max(end, pointEnd);
  }
  if (from < points.length) blocks.push(blockOf(points.slice(from)));
  return blocks;
}

/** Whether a block from `start` up to `end` may grow to hold `point`. */
function fits(
  start: PlannedPoint,
  end: number,
  point: PlannedPoint,
  limits: PlanLimits,
  barriers: readonly ReadRange[],
): boolean {
  const bits = isBitTable(point.table);
  const most = bits ? Math.min(MAX_BITS, limits.maxRegisters * BITS_PER_REGISTER) : limits.maxRegisters;
  const gap = bits ? limits.maxGap * BITS_PER_REGISTER : limits.maxGap;
  if (Math.max(end, point.first + point.width) - start.first > most) return false;
  if (point.first - end > gap) return false;
  return !barriers.some((barrier) => barrier.first < point.first && barrier.first + barrier.count > end);
}

/** The block of points that are in the order of their addresses; it begins and ends with what is wanted. */
export function blockOf(points: readonly PlannedPoint[]): ReadBlock {
  const first = points[0].first;
  const end = points.reduce((most, point) => Math.max(most, point.first + point.width), 0);
  return { table: points[0].table, first, count: end - first, points };
}

/**
 * The two halves of a block that a device has refused, without the gap between them; `undefined` where all its points
 * lie at one address, so that nothing is left to split.
 */
export function splitBlock(block: ReadBlock): readonly [ReadBlock, ReadBlock] | undefined {
  const { points } = block;
  const middle = points.length / 2;
  let at: number | undefined;
  for (let index = 1; index < points.length; index++) {
    if (byAddress(points[index - 1], points[index]) === 0) continue;
    if (at === undefined || Math.abs(index - middle) < Math.abs(at - middle)) at = index;
  }
  return at === undefined ? undefined : [blockOf(points.slice(0, at)), blockOf(points.slice(at))];
}
