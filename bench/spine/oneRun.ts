/**
 * A lane of the spool as a source that knows no runs: what waits in it goes over the one connection for live data, as fast
 * as that carries it, and not as a backlog, which leaves room for live data beside it.
 */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { BlockSource, SpoolDepth, SpooledBlock } from '@tidegate/core/port/blockSource.ts';

export class OneRun implements BlockSource {
  readonly #spool: BlockSource;

  constructor(spool: BlockSource) {
    this.#spool = spool;
  }

  get gateway() {
    return this.#spool.gateway;
  }

  get lane() {
    return this.#spool.lane;
  }

  get instance() {
    return this.#spool.instance;
  }

  read(after: BlockPosition | undefined, maxBytes: number, before?: BlockPosition): Promise<readonly SpooledBlock[]> {
    return this.#spool.read(after, maxBytes, before);
  }

  wait(after: BlockPosition | undefined, signal: AbortSignal): Promise<void> {
    return this.#spool.wait(after, signal);
  }

  acknowledge(first: BlockPosition, last: BlockPosition): void {
    this.#spool.acknowledge(first, last);
  }

  beginRun(): BlockPosition {
    return this.#spool.oldest() ?? this.#spool.beginRun();
  }

  oldest(): BlockPosition | undefined {
    return this.#spool.oldest();
  }

  head(): BlockPosition | undefined {
    return this.#spool.head();
  }

  depth(): SpoolDepth {
    return this.#spool.depth();
  }

  tally() {
    return this.#spool.tally();
  }
}
