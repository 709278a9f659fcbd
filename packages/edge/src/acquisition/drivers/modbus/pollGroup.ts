/**
 * The points of one scan class of a Modbus device, and what has been learned about reading them.
 *
 * Where the device refuses a block, its halves take its place in the plan and are read in the same scan, until the
 * address that is to blame stands alone. It is then left out, reported, and tried again from time to time; the others
 * are planned anew around it.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Exchange, ScanGroup } from '../../driver.ts';
import type { Readings } from '../../readings.ts';
import { formatAddress } from './address.ts';
import { exceptionOf, type ModbusException } from './exceptions.ts';
import type { ReadRange } from './frame.ts';
import { type PlanLimits, type PlannedPoint, planReads, type ReadBlock, splitBlock } from './plan.ts';
import { readPoint } from './points.ts';
import type { ReadOutcome } from './session.ts';

/** A refused address may come to life when the device gets a new program. */
const TRY_AGAIN_AFTER_MS = 600_000;
/** A device that refuses everything must not be asked hundreds of times in one scan: the search goes on in the next. */
const MAX_SPLITS_PER_SCAN = 32;

interface Refusal {
  readonly status: StatusCode;
  readonly detail: string;
  tryAgainAtMs: number;
}

export interface PollPorts {
  readonly device: string;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly readings: Readings;
  /** Asks the device over the connection in use. */
  readonly read: (range: ReadRange) => Promise<ReadOutcome>;
}

export class PollGroup implements ScanGroup {
  readonly #ports: PollPorts;
  readonly #limits: PlanLimits;
  #blocks: ReadBlock[];
  #planStale = false;
  #queue: ReadBlock[] = [];
  #splits = 0;
  /** Blocks whose every point the device refuses. */
  readonly #refusals = new Map<ReadBlock, Refusal>();

  constructor(points: readonly PlannedPoint[], limits: PlanLimits, ports: PollPorts) {
    this.#ports = ports;
    this.#limits = limits;
    this.#blocks = planReads(points, limits);
  }

  get pending(): number {
    return this.#queue.length;
  }

  /** The plan as it stands: what the device refuses is not in it. */
  get blocks(): readonly ReadBlock[] {
    return this.#blocks;
  }

  get requests(): number {
    return this.#blocks.length;
  }

  get defect(): string | undefined {
    const [first] = this.#refusals.values();
    if (!first) return undefined;
    const others = this.#refusals.size - 1;
    return others === 0 ? first.detail : `${first.detail}; and ${others} more`;
  }

  begin(): void {
    if (this.#planStale) this.#planAnew();
    this.#splits = 0;
    this.#queue = this.#blocks.slice();
    const { clock, readings } = this.#ports;
    const nowMs = clock.elapsedMs();
    const now = clock.now();
    for (const [block, refusal] of this.#refusals) {
      if (refusal.tryAgainAtMs <= nowMs) this.#queue.push(block);
      else this.#report(block, now, refusal.status);
    }
    readings.flush();
  }

  async step(): Promise<Exchange> {
    const block = this.#queue[0];
    const outcome = await this.#ports.read(block);
    if (outcome.kind === 'lost' || outcome.kind === 'silent') {
      this.#askLater(block);
      return { outcome: outcome.kind, fault: outcome.fault };
    }
    this.#queue.shift();
    if (outcome.kind === 'exception') return this.#refused(block, outcome.exception, outcome.at);
    const { readings } = this.#ports;
    for (const point of block.points) readPoint(point, point.tag, outcome.data, block.first, outcome.at, readings);
    readings.flush();
    if (this.#refusals.delete(block)) {
      this.#blocks.push(block);
      this.#planStale = true;
    }
    return { outcome: 'answered' };
  }

  fail(status: StatusCode): void {
    const now = this.#ports.clock.now();
    for (const block of this.#queue) this.#report(block, now, status);
    this.#queue = [];
    this.#ports.readings.flush();
  }

  #refused(block: ReadBlock, code: number, at: Timestamp): Exchange {
    const exception = exceptionOf(code);
    const where = `${block.count} from ${formatAddress(block.table, block.first)}`;
    const detail = `${where}: exception ${code}, ${exception.name}`;
    const earlier = this.#refusals.get(block);
    if (earlier) {
      earlier.tryAgainAtMs = this.#tryAgainAtMs();
      this.#report(block, at, exception.status);
    } else if (exception.reaction !== 'isolate' || !this.#split(block, exception, at)) {
      if (exception.reaction === 'isolate' || exception.reaction === 'leaveOut') {
        this.#leaveOut(block, exception, detail, at);
      }
      this.#report(block, at, exception.status);
    }
    // A converter that waits for a dead unit on each question would hold up the other units of its line.
    if (exception.reaction === 'unreachable') this.fail(exception.status);
    this.#ports.readings.flush();
    return { outcome: 'refused', detail };
  }

  /** False where the block is a single address. */
  #split(block: ReadBlock, exception: ModbusException, at: Timestamp): boolean {
    const halves = splitBlock(block);
    if (!halves) return false;
    this.#blocks.splice(this.#blocks.indexOf(block), 1, ...halves);
    if (++this.#splits <= MAX_SPLITS_PER_SCAN) this.#queue.unshift(...halves);
    else this.#report(block, at, exception.status);
    return true;
  }

  #leaveOut(block: ReadBlock, { status }: ModbusException, detail: string, at: Timestamp): void {
    this.#blocks.splice(this.#blocks.indexOf(block), 1);
    this.#planStale = true;
    this.#refusals.set(block, { status, detail, tryAgainAtMs: this.#tryAgainAtMs() });
    const { device, events } = this.#ports;
    const minutes = TRY_AGAIN_AFTER_MS / 60_000;
    const message = `${detail}; ${block.points.length} points are left out and tried again every ${minutes} minutes`;
    events({ at, kind: 'device.address-refused', source: device, detail: message });
  }

  #planAnew(): void {
    this.#planStale = false;
    const points = this.#blocks.flatMap((block) => block.points);
    this.#blocks = planReads(points, this.#limits, [...this.#refusals.keys()]);
  }

  /**
   * Some devices meet what they do not know with silence, which costs the connection: such a block must not keep the others
   * from being read, and one that has been refused before is not worth another connection in each scan.
   */
  #askLater(block: ReadBlock): void {
    const refusal = this.#refusals.get(block);
    if (refusal) refusal.tryAgainAtMs = this.#tryAgainAtMs();
    else this.#blocks.push(...this.#blocks.splice(this.#blocks.indexOf(block), 1));
  }

  #tryAgainAtMs(): number {
    return this.#ports.clock.elapsedMs() + TRY_AGAIN_AFTER_MS;
  }

  #report(block: ReadBlock, time: Timestamp, status: StatusCode): void {
    for (const point of block.points) this.#ports.readings.none(point.tag, time, status);
  }
}
