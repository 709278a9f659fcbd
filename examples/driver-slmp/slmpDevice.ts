/** One controller as its line's loop sees it: greeted by a read, and read scan class by scan class. */

import type {
  DeviceReader,
  DeviceSpec,
  DriverPorts,
  Exchange,
  TaggedPoint,
} from '@tidegate/edge/acquisition/driver.ts';
import type { SlmpOptions } from './options.ts';
import { type Block, type PlannedPoint, planBlocks } from './plan.ts';
import { parsePoint } from './points.ts';
import type { SlmpSession } from './session.ts';
import { SlmpGroup } from './slmpGroup.ts';

export class SlmpDevice implements DeviceReader {
  readonly groups: readonly SlmpGroup[];
  /** What comes late comes over a connection that is closed. */
  readonly discardedAnswers = 0;
  readonly #ask: (block: Block) => ReturnType<SlmpSession['ask']>;
  /** What the controller refuses, and why. */
  readonly #refused = new Map<Block, string>();

  constructor(device: DeviceSpec<SlmpOptions>, session: SlmpSession, { clock, readings, events }: DriverPorts) {
    const { name, options, timeoutMs, classes } = device;
    this.#ask = (block) => session.ask(options, block, timeoutMs);
    const judged = (block: Block, refusal: string | undefined) => {
      const known = this.#refused.has(block);
      if (refusal === undefined) this.#refused.delete(block);
      else this.#refused.set(block, refusal);
      if (refusal === undefined || known) return;
      events({ at: clock.now(), kind: 'device.address-refused', source: name, detail: refusal });
    };
    this.groups = classes.map(({ points }) => {
      const blocks = planBlocks(
        points.map((point) => planned(point, options)),
        options,
      );
      return new SlmpGroup(blocks, { clock, readings, judged, ask: this.#ask });
    });
  }

  get defect(): string | undefined {
    const [first] = this.#refused.values();
    return first;
  }

  /** SLMP has no greeting: something is read and forgotten. A refusal shows as well that the controller is there. */
  async greet(): Promise<Exchange> {
    const block = this.groups.flatMap(({ blocks }) => blocks).at(0);
    if (!block) return { outcome: 'answered', requests: 0 };
    const outcome = await this.#ask(block);
    if (outcome.kind !== 'lost') return { outcome: 'answered' };
    return { outcome: 'lost', fault: outcome.fault, requests: outcome.requests };
  }
}

function planned(point: TaggedPoint, { maxWords }: SlmpOptions): PlannedPoint {
  const parsed = parsePoint(point, maxWords);
  if (!parsed.ok) throw new Error(`point ${point.address} was not checked: ${parsed.fault.detail}`);
  return { ...parsed.value, tag: point.tag };
}
