/**
 * The points of one scan class of a Modbus device, and what has been learned about reading them.
 *
 * Where the device refuses a block, its halves take its place in the plan and are read in the same scan, until the
 * address that is to blame stands alone. It is then left out, reported, and tried again from time to time; the others
 * are planned anew around it. A block that is met with silence again and again, while the device answers others, is taken
 * for refused.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Exchange, ScanGroup } from '../../driver.ts';
import type { Readings } from '../../readings.ts';
import { exceptionOf } from './exceptions.ts';
import { type PlanLimits, planReads, type ReadBlock, splitBlock } from './plan.ts';
import { readRun } from './pointRun.ts';
import type { PlannedPoint } from './points.ts';
import { describeRange, MAX_PDU_BYTES, type Question } from './question.ts';
import type { Outcome } from './session.ts';
import type { SilentBlocks } from './silentBlocks.ts';

/** A refused address may come to life when the device gets a new program. */
const TRY_AGAIN_AFTER_MS = 600_000;
/** A device that refuses everything must not be asked hundreds of times in one scan: the search goes on in the next. */
const MAX_SPLITS_PER_SCAN = 32;

interface Refusal {
  readonly status: StatusCode;
  readonly detail: string;
  tryAgainAtMs: number;
}

/** What the groups of one device share. */
export interface PollPorts {
  readonly device: string;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly readings: Readings;
  readonly silentBlocks: SilentBlocks;
  /** How many questions the device may be asked at once. */
  readonly atOnce: () => number;
  /** Asks the device over the link in use. */
  readonly ask: (questions: readonly Question[]) => Promise<readonly Outcome[]>;
  /** The exchange that must come first, so that an answer cannot be mistaken; mostly none. */
  readonly align: () => Promise<Exchange> | undefined;
  /** How many bytes a frame with a PDU of so many bytes has. */
  readonly frameBytes: (pduBytes: number) => number;
}

const ANSWERED: Exchange = { outcome: 'answered' };
const GRAVITY = { answered: 0, refused: 1, silent: 2, lost: 3 } as const;

export class PollGroup implements ScanGroup {
  readonly #ports: PollPorts;
  readonly #limits: PlanLimits;
  #blocks: ReadBlock[];
  #planStale = false;
  #queue: ReadBlock[] = [];
  /** What comes before the rest of the queue once the answers under way are dealt with. */
  readonly #again: ReadBlock[] = [];
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

  /** The plan as it stands; what the device refuses is in it only where nothing else is. */
  get blocks(): readonly ReadBlock[] {
    return this.#blocks.length > 0 ? this.#blocks : [...this.#refusals.keys()];
  }

  get requests(): number {
    return this.#blocks.length;
  }

  get wireBytes(): number {
    const { frameBytes } = this.#ports;
    return this.#blocks.reduce((sum, { request, answerBytes = MAX_PDU_BYTES }) => {
      return sum + frameBytes(request.length) + frameBytes(answerBytes);
    }, 0);
  }

  get defect(): string | undefined {
    const [first] = this.#refusals.values();
    if (!first) return undefined;
    const others = this.#refusals.size - 1;
    return others === 0 ? first.detail : `${first.detail}; and ${others} more`;
  }

  begin(): void {
    const { clock, readings, silentBlocks } = this.#ports;
    const now = clock.now();
    for (const block of this.#blocks) if (silentBlocks.isRefusal(block)) this.#isolateSilent(block, now);
    if (this.#planStale) this.#planAnew();
    this.#splits = 0;
    this.#queue = this.#blocks.slice();
    const nowMs = clock.elapsedMs();
    for (const [block, refusal] of this.#refusals) {
      if (refusal.tryAgainAtMs <= nowMs) this.#queue.push(block);
      else this.#report(block, now, refusal.status);
    }
    readings.flush();
  }

  async step(limit: number): Promise<Exchange> {
    const aligned = this.#ports.align();
    if (aligned) return aligned;
    const asked = this.#queue.slice(0, Math.min(limit, this.#ports.atOnce()));
    const outcomes = await this.#ports.ask(asked);
    this.#queue.splice(0, asked.length);
    let unreachable: StatusCode | undefined;
    let gravest = ANSWERED;
    for (const [index, block] of asked.entries()) {
      const outcome = outcomes[index];
      const exchange = this.#took(block, outcome);
      if (GRAVITY[exchange.outcome] > GRAVITY[gravest.outcome]) gravest = exchange;
      const exception = outcome.kind === 'exception' ? exceptionOf(outcome.exception) : undefined;
      if (exception?.reaction === 'unreachable') unreachable = exception.status;
    }
    if (this.#again.length > 0) this.#queue.unshift(...this.#again.splice(0));
    // A converter that waits for a dead unit on each question would hold up the other units of its line.
    if (unreachable !== undefined) this.fail(unreachable);
    this.#ports.readings.flush();
    return { ...gravest, requests: asked.length };
  }

  fail(status: StatusCode): void {
    const now = this.#ports.clock.now();
    for (const block of this.#queue) this.#report(block, now, status);
    this.#queue = [];
    this.#ports.readings.flush();
  }

  /** Gives the readings of a block, or puts it back into the queue, as a whole or in halves. */
  #took(block: ReadBlock, outcome: Outcome): Exchange {
    switch (outcome.kind) {
      case 'data':
        this.#read(block, outcome.data, outcome.at);
        return ANSWERED;
      case 'exception':
        return this.#refused(block, outcome.exception, outcome.at);
      default:
        this.#again.push(block);
        this.#askLater(block);
        return { outcome: outcome.kind === 'lost' ? 'lost' : 'silent', fault: outcome.fault };
    }
  }

  #read(block: ReadBlock, data: Uint8Array, at: Timestamp): void {
    const { readings } = this.#ports;
    const { first } = block.range;
    for (const run of block.runs) readRun(run, data, first, at, readings);
    if (this.#refusals.size > 0 && this.#refusals.delete(block)) {
      this.#blocks.push(block);
      this.#planStale = true;
    }
  }

  #refused(block: ReadBlock, code: number, at: Timestamp): Exchange {
    const { name, status, reaction } = exceptionOf(code);
    const detail = `${describeRange(block.range)}: exception ${code}, ${name}`;
    const earlier = this.#refusals.get(block);
    if (earlier) earlier.tryAgainAtMs = this.#tryAgainAtMs();
    const halves = earlier || reaction !== 'isolate' ? undefined : this.#split(block);
    if (halves && this.#splits <= MAX_SPLITS_PER_SCAN) {
      this.#again.push(...halves);
    } else {
      this.#report(block, at, status);
      if (!halves && !earlier && (reaction === 'isolate' || reaction === 'leaveOut')) {
        this.#leaveOut(block, status, detail, at);
      }
    }
    return { outcome: 'refused', detail };
  }

  /** `undefined` where the block is a single address. */
  #split(block: ReadBlock): readonly [ReadBlock, ReadBlock] | undefined {
    const halves = splitBlock(block);
    if (!halves) return undefined;
    this.#blocks.splice(this.#blocks.indexOf(block), 1, ...halves);
    this.#splits++;
    return halves;
  }

  /** The half in which the device meets an address with silence will be found in the next scans. */
  #isolateSilent(block: ReadBlock, at: Timestamp): void {
    const { silentBlocks } = this.#ports;
    silentBlocks.forget(block);
    const halves = this.#split(block);
    if (halves) for (const half of halves) silentBlocks.suspect(half);
    else
      this.#leaveOut(
        block,
        STATUS.BadTimeout,
        `${describeRange(block.range)}: no answer, while others are answered`,
        at,
      );
  }

  #leaveOut(block: ReadBlock, status: StatusCode, detail: string, at: Timestamp): void {
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
    const refused = [...this.#refusals.keys()].map(({ range }) => range);
    this.#blocks = planReads(points, this.#limits, refused);
  }

  /**
   * Some devices meet what they do not know with silence, which costs a timeout: such a block must not keep the others from
   * being read, and one that has been refused before is not worth another timeout in each scan.
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
