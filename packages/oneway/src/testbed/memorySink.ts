/** A block sink that keeps what it is given in memory and becomes durable when the test says so. */

import { type BlockHeader, type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink, Heartbeat, Role, SpoolClaim, StreamName } from '@tidegate/core/port/blockSink.ts';
import { judgeSpool } from '@tidegate/core/port/judgeSpool.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';

export interface StoredBlock {
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
}

export class MemorySink implements BlockSink {
  /** Everything that was appended, repetitions left out, in the order in which it became durable. */
  readonly stored: StoredBlock[] = [];
  readonly tagLists: (readonly TagDefinition[])[] = [];
  readonly heartbeats: Heartbeat[] = [];
  /** Of the spool that each stream comes from. */
  readonly instances = new Map<string, string>();
  repeated = 0;
  /** Appends that have begun, and tag lists, in the order in which they were handed over. */
  readonly log: string[] = [];
  /** While set, appends and tag lists fail with it. */
  fault: Fault | undefined;
  /** By stream and epoch, and by stream. */
  readonly #positions = new Map<string, BlockPosition>();
  readonly #newest = new Map<string, BlockPosition>();
  #gate: PromiseWithResolvers<void> | undefined;
  #queue: Promise<void> = Promise.resolve();

  /** Nothing becomes durable until `release`. */
  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async admit({ gateway, lane }: StreamName, claim: SpoolClaim): Promise<Result<void>> {
    const stream = `${gateway}/${lane}`;
    const known = { instance: this.instances.get(stream), newest: this.#newest.get(stream) };
    const judged = judgeSpool(known, claim);
    if (judged.ok) this.instances.set(stream, claim.instance);
    return judged.ok ? success(undefined) : judged;
  }

  /** In the epoch of `first`, as if all of it had come in order; the newest of all where that is in a later epoch. */
  position({ gateway, lane }: StreamName, { epoch }: BlockPosition, role: Role): BlockPosition | undefined {
    const newest = this.#newest.get(`${gateway}/${lane}`);
    if (role === 'live' && newest && newest.epoch > epoch) return newest;
    return this.#positions.get(`${gateway}/${lane}/${epoch}`);
  }

  append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    this.log.push(`block ${header.sequence}`);
    const gate = this.#gate?.promise;
    const appended = this.#queue.then(async (): Promise<Result<void>> => {
      await gate;
      await new Promise(setImmediate);
      if (this.fault) return { ok: false, fault: this.fault };
      const held = this.position(header, header, 'backlog');
      if (held && comparePositions(header, held) <= 0) {
        this.repeated++;
        return success(undefined);
      }
      this.#positions.set(`${header.gateway}/${header.lane}/${header.epoch}`, {
        epoch: header.epoch,
        sequence: header.sequence,
      });
      const newest = this.#newest.get(`${header.gateway}/${header.lane}`);
      if (!newest || comparePositions(header, newest) > 0) this.#newest.set(`${header.gateway}/${header.lane}`, header);
      this.stored.push({ header, bytes });
      return success(undefined);
    });
    // A group commit: what is handed over in one turn becomes durable together.
    this.#queue = gate ? appended.then(() => {}) : this.#queue;
    return appended;
  }

  async defineTags(_gateway: string, tags: readonly TagDefinition[]): Promise<Result<void>> {
    if (this.fault) return { ok: false, fault: this.fault };
    this.log.push(`tags ${tags.length}`);
    this.tagLists.push(tags);
    return success(undefined);
  }

  heartbeat(_stream: StreamName, heartbeat: Heartbeat): void {
    this.heartbeats.push(heartbeat);
  }

  /** The sequences of what is stored. */
  sequences(): number[] {
    return this.stored.map(({ header }) => header.sequence);
  }
}
