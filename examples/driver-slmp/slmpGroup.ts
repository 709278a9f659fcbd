/** The points of one scan class of a controller, read block by block; a block that is refused is halved. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Exchange, ScanGroup } from '@tidegate/edge/acquisition/driver.ts';
import type { Readings } from '@tidegate/edge/acquisition/readings.ts';
import { describeEndCode, endCodeOf } from './endCode.ts';
import { type Block, blockOf, describePlace } from './plan.ts';
import { readBlock } from './readPoint.ts';
import type { Outcome } from './session.ts';

export interface GroupPorts {
  readonly clock: Clock;
  readonly readings: Readings;
  ask(block: Block): Promise<Outcome>;
  /** A block is read, or refused for the reason given; called each time. */
  judged(block: Block, refusal: string | undefined): void;
}

/** What is refused today is asked for again after so long: another program may be in the controller then. */
const REST_MS = 600_000;

interface Rest {
  readonly untilMs: number;
  readonly status: StatusCode;
}

export class SlmpGroup implements ScanGroup {
  readonly #ports: GroupPorts;
  #blocks: readonly Block[];
  #due: Block[] = [];
  /** The blocks that were refused, which are left alone for a while. */
  readonly #rests = new Map<Block, Rest>();

  constructor(blocks: readonly Block[], ports: GroupPorts) {
    this.#blocks = blocks;
    this.#ports = ports;
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  get requests(): number {
    return this.#blocks.length;
  }

  get pending(): number {
    return this.#due.length;
  }

  begin(): void {
    const nowMs = this.#ports.clock.elapsedMs();
    this.#due = this.#blocks.filter((block) => {
      const rest = this.#rests.get(block);
      if (!rest || nowMs >= rest.untilMs) return true;
      this.#none(block, rest.status);
      return false;
    });
    this.#ports.readings.flush();
  }

  async step(): Promise<Exchange> {
    const [block] = this.#due;
    const outcome = await this.#ports.ask(block);
    if (outcome.kind === 'lost') return { outcome: 'lost', fault: outcome.fault, requests: outcome.requests };
    this.#due.shift();
    if (outcome.kind === 'refused') return this.#refused(block, outcome.endCode);
    const { readings, judged } = this.#ports;
    readBlock(block, outcome.data, outcome.at, readings);
    readings.flush();
    judged(block, undefined);
    return { outcome: 'answered' };
  }

  fail(status: StatusCode): void {
    for (const block of this.#due) this.#none(block, status);
    this.#due = [];
    this.#ports.readings.flush();
  }

  /** One bad address must not cost the others their values: its block is halved until it stands alone. */
  #refused(block: Block, endCode: number): Exchange {
    const { points } = block;
    const { status, ofPlace } = endCodeOf(endCode);
    const detail = `${describePlace(block)} is refused, ${describeEndCode(endCode)}`;
    if (points.length > 1 && ofPlace) {
      const middle = points.length >> 1;
      const halves = [blockOf(points.slice(0, middle)), blockOf(points.slice(middle))];
      this.#blocks = this.#blocks.flatMap((known) => (known === block ? halves : [known]));
      this.#due.unshift(...halves);
      return { outcome: 'refused', detail };
    }
    if (ofPlace) this.#rests.set(block, { untilMs: this.#ports.clock.elapsedMs() + REST_MS, status });
    this.#none(block, status);
    this.#ports.readings.flush();
    this.#ports.judged(block, detail);
    return { outcome: 'refused', detail };
  }

  #none({ points }: Block, status: StatusCode): void {
    const { clock, readings } = this.#ports;
    for (const { tag } of points) readings.none(tag, clock.now(), status);
  }
}
