/** The sets of one lane from their closing until they have been sent, for the last time where they are sent twice. */

import type { KeyObject } from 'node:crypto';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { DatagramKind } from '../../frame/diode/datagramLayout.ts';
import { sealDatagram } from '../../frame/diode/datagramSeal.ts';
import type { SentMark } from '../../frame/diode/streamBeat.ts';
import type { BlockStretch, Group, GroupSet } from './groupSet.ts';

export interface LaneQueueOptions {
  readonly key: KeyObject;
  readonly keyId: number;
  readonly session: number;
  readonly stream: number;
  readonly clock: Clock;
  /** A set is sent once more, so much later; 0 for never. */
  readonly repeatMs: number;
  /** There is something to send. */
  readonly wake: () => void;
  /** These blocks and all between them have been sent, as often as they will be. */
  readonly onSettled: (blocks: BlockStretch) => void;
}

interface Sending {
  readonly set: GroupSet;
  /** 0 for the first sending, 1 for the second. */
  readonly sending: number;
  symbol: number;
  place: number;
}

/** What waits for its second sending; a lane that fills it must wait for it. */
const MAX_REPEAT_BYTES = 8 * 1024 * 1024;

/** Invariant: it holds at most one set besides the one that is being sent, and `MAX_REPEAT_BYTES` of sets sent once. */
export class LaneQueue {
  readonly #options: LaneQueueOptions;
  readonly #sendings: Sending[] = [];
  readonly #repeatTimers = new Set<CancelTimer>();
  #repeatBytes = 0;
  #roomWaiters: (() => void)[] = [];
  #groups = 0;
  #mark: SentMark | undefined;
  #datagrams = 0;

  constructor(options: LaneQueueOptions) {
    this.#options = options;
  }

  /** Groups sent whole, and the last block sent whole. */
  get sent(): { readonly groups: number; readonly mark: SentMark | undefined } {
    return { groups: this.#groups, mark: this.#mark };
  }

  /** In how many tenths of a second a set is sent once more. */
  get repeat(): number {
    return Math.ceil(this.#options.repeatMs / 100);
  }

  get datagrams(): number {
    return this.#datagrams;
  }

  /** Nothing waits to be sent for the first time. */
  get idle(): boolean {
    return this.#sendings.length === 0;
  }

  /** Resolves when a set may be pushed. */
  async room(): Promise<void> {
    while (this.#sendings.length > 1 || this.#repeatBytes > MAX_REPEAT_BYTES) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
  }

  push(set: GroupSet): void {
    this.#send(set, 0);
  }

  /** The next datagram, sealed; `undefined` where there is none. */
  next(): Uint8Array[] | undefined {
    const current = this.#sendings[0];
    if (!current) return undefined;
    const datagram = this.#seal(current, current.set.groups[current.place]);
    this.#datagrams++;
    if (!advance(current)) this.#finish(current);
    return datagram;
  }

  close(): void {
    for (const cancel of this.#repeatTimers) cancel();
    this.#sendings.length = 0;
    this.#repeatBytes = 0;
    this.#wakeWaiters();
  }

  #send(set: GroupSet, sending: number): void {
    this.#sendings.push({ set, sending, symbol: 0, place: 0 });
    this.#options.wake();
  }

  #finish({ set, sending }: Sending): void {
    this.#sendings.shift();
    if (sending === 0) {
      this.#groups = (set.groups.at(-1)?.number ?? 0) + 1;
      this.#mark = set.blocks.at(-1)?.last ?? this.#mark;
    }
    if (sending === 0 && this.#options.repeatMs > 0) this.#sendLater(set);
    else for (const stretch of set.blocks) this.#options.onSettled(stretch);
    this.#wakeWaiters();
  }

  #sendLater(set: GroupSet): void {
    const { clock, repeatMs } = this.#options;
    this.#repeatBytes += set.bytes;
    const cancel = clock.after(repeatMs, () => {
      this.#repeatTimers.delete(cancel);
      this.#repeatBytes -= set.bytes;
      this.#send(set, 1);
    });
    this.#repeatTimers.add(cancel);
  }

  #wakeWaiters(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const wake of waiters) wake();
  }

  #seal({ set, sending, symbol }: Sending, group: Group): Uint8Array[] {
    const { key, keyId, session, stream } = this.#options;
    const { number, place, k, m, symbolBytes, groupBytes, firstRecord } = group;
    const [symbols, at] = symbol < k ? [group.data, symbol] : [group.parity(), symbol - k];
    const header = {
      ...{ kind: DatagramKind.symbol, keyId, session, stream, group: number, sending, symbol, k, m },
      ...{ repeat: this.repeat, groupBytes, firstRecord, place, setGroups: set.groups.length },
    };
    return sealDatagram(key, header, symbols.subarray(at * symbolBytes, (at + 1) * symbolBytes));
  }
}

/** To the same symbol of the next group, or the next symbol of the first; false behind the last. */
function advance(sending: Sending): boolean {
  const { groups } = sending.set;
  for (;;) {
    if (++sending.place === groups.length) {
      sending.place = 0;
      sending.symbol++;
      if (groups.every(({ k, m }) => sending.symbol >= k + m)) return false;
    }
    const { k, m } = groups[sending.place];
    if (sending.symbol < k + m) return true;
  }
}
