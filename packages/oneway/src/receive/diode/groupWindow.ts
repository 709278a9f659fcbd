/** The groups of one stream from their first symbol until they are handed on, in their order, restored or given up. */

import { type DatagramHeader, NO_RECORD } from '../../frame/diode/datagramLayout.ts';
import { type ErasureCode, MAX_SYMBOLS, symbolBytesOf } from '../../frame/diode/erasureCode.ts';

export interface GroupWindowOptions {
  readonly code: ErasureCode;
  /** How long the symbols of a group may be overtaken by those behind it. */
  readonly reorderMs: number;
  /** The next group in order; the reader may keep `data`. */
  readonly onGroup: (data: Uint8Array, firstRecord: number | undefined) => void;
  /** The next group in order, or several, cannot be restored. */
  readonly onLost: () => void;
  /** The first group is not the first of its session: it may begin in the middle of a record. */
  readonly onJoin: () => void;
}

/** Counts of datagrams, except for those of groups. */
export interface WindowCounts {
  received: number;
  /** Data symbols that were restored from parity. */
  repaired: number;
  duplicated: number;
  reordered: number;
  /** Of groups that were handed on too long ago to tell whether they came before. */
  replayed: number;
  groups: number;
  /** Groups that could not be restored. */
  unrecoverable: number;
  /** Symbols of groups whose sending is over, and how many of these came: what the link loses. */
  expected: number;
  arrived: number;
  /** The most symbols that one group has lost. */
  worstGroupLoss: number;
}

interface GroupState {
  readonly k: number;
  readonly m: number;
  readonly groupBytes: number;
  readonly firstRecord: number;
  readonly symbolBytes: number;
  /** One bit for each symbol of the first sending, then of the second. */
  readonly seen: Uint8Array;
  arrivedFirst: number;
  /** The data symbols that came, each in its place; `undefined` once the group is handed on or given up. */
  data: Uint8Array | undefined;
  readonly held: Uint8Array;
  dataSymbols: number;
  readonly parity: { readonly symbol: number; readonly payload: Uint8Array }[];
  complete: boolean;
}

/** Groups that wait for one before them, and groups handed on of which it is known what has come. */
const WINDOW_GROUPS = 4_096;
const HISTORY_GROUPS = 1_024;
/** What groups that are not handed on may take in memory; a full set of the largest groups of a sender. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** How much longer than announced the second sending may take. */
const REPEAT_SLACK_MS = 1_000;
const NO_MEMBERS = new Uint8Array(0);

/**
 * Invariant: groups are handed on in order, each once: complete, or given up when all of its symbols are known to have been
 * sent and `reorderMs` have passed since (longer where the group is sent twice). It is known of a group when a symbol of a
 * later set comes, or a beat that counts it.
 */
export class GroupWindow {
  readonly counts: WindowCounts = {
    ...{ received: 0, repaired: 0, duplicated: 0, reordered: 0, replayed: 0 },
    ...{ groups: 0, unrecoverable: 0, expected: 0, arrived: 0, worstGroupLoss: 0 },
  };
  readonly #options: GroupWindowOptions;
  readonly #groups = new Map<number, GroupState>();
  /** The next group to hand on; `undefined` until something says where the stream stands. */
  #next: number | undefined;
  /** All groups below `below` have been sent since `atMs`; both ascend. */
  readonly #sent: { readonly below: number; readonly atMs: number }[] = [];
  /** Groups below this are known to have been sent whole. */
  #judged = 0;
  #heldBytes = 0;
  #repeatMs = 0;
  #newest = { set: -1, order: -1 };
  #lastShape = { k: 0, m: 0, groupBytes: 0 };

  constructor(options: GroupWindowOptions, floor?: number) {
    this.#options = options;
    if (floor !== undefined) this.#begin(floor);
  }

  get next(): number | undefined {
    return this.#next;
  }

  get shape(): { readonly k: number; readonly m: number } {
    return this.#lastShape;
  }

  /** All groups below `groups` have been sent whole. */
  beat({ repeat }: DatagramHeader, groups: number, nowMs: number): void {
    this.#repeatMs = repeat * 100;
    this.#noteSent(groups, nowMs);
  }

  /** Takes one symbol that is proved to be the sender's. False where it contradicts another of its group. */
  take(header: DatagramHeader, payload: Uint8Array, nowMs: number): boolean {
    const { counts } = this;
    const set = header.group - header.place;
    this.#noteSent(set, nowMs);
    if (header.group < (this.#next as number) - HISTORY_GROUPS) {
      counts.replayed++;
      return true;
    }
    this.#makeRoom(header.group);
    const state = this.#stateOf(header);
    if (!state) return false;
    const bit = header.sending * MAX_SYMBOLS + header.symbol;
    if (state.seen[bit >> 3] & (1 << (bit & 7))) {
      counts.duplicated++;
      return true;
    }
    state.seen[bit >> 3] |= 1 << (bit & 7);
    counts.received++;
    if (header.sending === 0) this.#noteOrder(set, header, state);
    this.#repeatMs = header.repeat * 100;
    if (state.data && !state.complete) this.#store(state, header.symbol, payload);
    this.release(nowMs);
    return true;
  }

  /** Hands on what can be, and gives up what is overdue. */
  release(nowMs: number): void {
    while (this.#next !== undefined) {
      const state = this.#groups.get(this.#next);
      if (!state?.complete && !this.#overdue(this.#next, nowMs)) break;
      this.#handOn(this.#next, state);
    }
  }

  /** The sender has begun anew: nothing more will come. */
  finish(): void {
    const last = Math.max(-1, ...this.#groups.keys(), (this.#sent.at(-1)?.below ?? 0) - 1);
    while (this.#next !== undefined && this.#next <= last) this.#handOn(this.#next, this.#groups.get(this.#next));
  }

  #noteSent(below: number, nowMs: number): void {
    if (this.#next === undefined) this.#begin(below);
    if (below <= this.#judged) return;
    this.#makeRoom(below - 1);
    if (below > (this.#next as number)) this.#sent.push({ below, atMs: nowMs });
    this.#judge(below);
  }

  #begin(next: number): void {
    this.#next = next;
    this.#judged = next;
    if (next > 0) this.#options.onJoin();
  }

  #overdue(group: number, nowMs: number): boolean {
    const patienceMs = this.#options.reorderMs + (this.#repeatMs > 0 ? this.#repeatMs + REPEAT_SLACK_MS : 0);
    while (this.#sent.length > 0 && this.#sent[0].below <= group) this.#sent.shift();
    return this.#sent.length > 0 && nowMs - this.#sent[0].atMs >= patienceMs;
  }

  #handOn(group: number, state: GroupState | undefined): void {
    this.#next = group + 1;
    this.#groups.delete(group - HISTORY_GROUPS);
    this.counts.groups++;
    if (state?.complete && state.data) {
      const { data, groupBytes, firstRecord } = state;
      this.#free(state);
      this.#options.onGroup(data.subarray(0, groupBytes), firstRecord === NO_RECORD ? undefined : firstRecord);
      return;
    }
    if (state) this.#free(state);
    this.counts.unrecoverable++;
    this.#options.onLost();
  }

  #free(state: GroupState): void {
    if (state.data) this.#heldBytes -= state.data.length;
    state.data = undefined;
    state.parity.length = 0;
  }

  /** Whatever a sender does, no more groups wait than the window has, and they take no more memory than is allowed. */
  #makeRoom(group: number): void {
    const oldest = group - WINDOW_GROUPS + 1;
    const next = this.#next as number;
    if (next < oldest - 2 * WINDOW_GROUPS) {
      for (let at = next; at < next + WINDOW_GROUPS; at++) this.#handOn(at, this.#groups.get(at));
      const skipped = oldest - (this.#next as number);
      this.counts.groups += skipped;
      this.counts.unrecoverable += skipped;
      this.#groups.clear();
      this.#next = oldest;
      this.#options.onLost();
    }
    while ((this.#next as number) < oldest || (this.#heldBytes > MAX_HELD_BYTES && (this.#next as number) < group)) {
      this.#handOn(this.#next as number, this.#groups.get(this.#next as number));
    }
  }

  #stateOf({ group, k, m, groupBytes, firstRecord }: DatagramHeader): GroupState | undefined {
    const known = this.#groups.get(group);
    if (known) {
      const same = known.k === k && known.m === m && known.groupBytes === groupBytes;
      return same && known.firstRecord === firstRecord ? known : undefined;
    }
    const symbolBytes = symbolBytesOf(groupBytes, k);
    const late = group < (this.#next as number);
    const data = late ? undefined : Buffer.allocUnsafeSlow(k * symbolBytes);
    const state: GroupState = {
      ...{ k, m, groupBytes, firstRecord, symbolBytes, data, arrivedFirst: 0, dataSymbols: 0, complete: false },
      seen: new Uint8Array((2 * MAX_SYMBOLS) / 8),
      held: late ? NO_MEMBERS : new Uint8Array(k).fill(MAX_SYMBOLS - 1),
      parity: [],
    };
    this.#heldBytes += data?.length ?? 0;
    this.#groups.set(group, state);
    this.#lastShape = { k, m, groupBytes };
    return state;
  }

  #store(state: GroupState, symbol: number, payload: Uint8Array): void {
    const { k, symbolBytes, held } = state;
    const data = state.data as Uint8Array;
    if (symbol < k) {
      data.set(payload, symbol * symbolBytes);
      held[symbol] = symbol;
      state.dataSymbols++;
    } else {
      state.parity.push({ symbol, payload });
    }
    if (state.dataSymbols + state.parity.length < k) return;
    if (state.dataSymbols < k) {
      this.counts.repaired += k - state.dataSymbols;
      for (let index = 0, used = 0; index < k; index++) {
        if (held[index] === index) continue;
        const parity = state.parity[used++];
        data.set(parity.payload, index * symbolBytes);
        held[index] = parity.symbol;
      }
      this.#options.code.restore(data, held, k, symbolBytes);
      state.parity.length = 0;
    }
    state.complete = true;
  }

  #noteOrder(set: number, { symbol, place, setGroups }: DatagramHeader, state: GroupState): void {
    state.arrivedFirst++;
    const order = symbol * setGroups + place;
    if (set < this.#newest.set || (set === this.#newest.set && order < this.#newest.order)) this.counts.reordered++;
    else this.#newest = { set, order };
  }

  /** Counts what has come of the groups below `below`, whose sending is over. */
  #judge(below: number): void {
    const { counts } = this;
    for (let group = Math.max(this.#judged, below - WINDOW_GROUPS); group < below; group++) {
      const state = this.#groups.get(group);
      const { k, m } = state ?? this.#lastShape;
      const arrived = state?.arrivedFirst ?? 0;
      counts.expected += k + m;
      counts.arrived += arrived;
      counts.worstGroupLoss = Math.max(counts.worstGroupLoss, k + m - arrived);
    }
    this.#judged = below;
  }
}
