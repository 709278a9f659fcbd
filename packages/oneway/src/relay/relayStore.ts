/**
 * What a relay holds: the streams of every gateway that has ever connected, each in a journal of its own, and their tags.
 *
 *     DIRECTORY/lock                      the process that has it open
 *     DIRECTORY/GATEWAY/tags.json         the tag list of the gateway
 *     DIRECTORY/GATEWAY/LANE/             a journal of blocks as they came, and `state`: see `relayState.ts`
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink, Heartbeat, SpoolClaim, StreamName } from '@tidegate/core/port/blockSink.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { DirectoryLock } from '@tidegate/journal/directoryLock.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { RelayBudget } from './relayBudget.ts';
import { RelayStream } from './relayStream.ts';
import { TagListFile } from './tagListFile.ts';

export interface RelayStoreOptions {
  /** Made if it is not there. */
  readonly directory: string;
  /** Of all streams together on disk. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Who forwards what the store holds. */
export interface RelayListener {
  /** A stream can be forwarded: there are its tags. Called once for each, those that were there before first. */
  readonly onStream: (stream: RelayStream) => void;
  readonly onTags: (gateway: string) => void;
}

/** As configurations have it: the name is that of a directory. */
const GATEWAY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

export class RelayStore implements BlockSink {
  readonly #options: RelayStoreOptions;
  readonly #lock: DirectoryLock;
  readonly #budget: RelayBudget;
  /** By `gateway/lane`; a stream that cannot be opened is tried again when it is needed. */
  readonly #streams = new Map<string, RelayStream>();
  readonly #opening = new Map<string, Promise<Result<RelayStream>>>();
  readonly #tags = new Map<string, TagListFile>();
  /** One for each gateway, however many of its lanes bring a list at once: two would write the same file. */
  readonly #openingTags = new Map<string, Promise<TagListFile>>();
  readonly #told = new Set<RelayStream>();
  #listener: RelayListener | undefined;

  private constructor(options: RelayStoreOptions, lock: DirectoryLock) {
    this.#options = options;
    this.#lock = lock;
    this.#budget = new RelayBudget(options.maxBytes);
  }

  /** Opens every stream that is there. Faults: `journal.directory`, `journal.locked`. */
  static async open(options: RelayStoreOptions): Promise<Result<RelayStore>> {
    const { directory } = options;
    try {
      await makeDirectory(directory, 0o700);
      const lock = await DirectoryLock.acquire(directory);
      if (!lock.ok) return lock;
      const store = new RelayStore(options, lock.value);
      const opened = await store.#openAll();
      if (!opened.ok) await store.close();
      return opened.ok ? success(store) : opened;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return failure('journal.directory', `${directory}: ${message}`);
    }
  }

  /** Bytes on disk. */
  get diskBytes(): number {
    return this.#budget.diskBytes;
  }

  streams(): readonly RelayStream[] {
    return [...this.#streams.values()];
  }

  /** The tag list of a gateway, empty where none has come. */
  tagsOf(gateway: string): readonly TagDefinition[] {
    return this.#tags.get(gateway)?.tags ?? [];
  }

  /** Tells `listener` of the streams that are there, and of what comes. */
  listen(listener: RelayListener): void {
    this.#listener = listener;
    for (const stream of this.#streams.values()) this.#tell(stream);
  }

  async admit(name: StreamName, claim: SpoolClaim): Promise<Result<void>> {
    const stream = this.#streams.get(keyOf(name));
    if (stream) return stream.admit(claim);
    const opened = await this.#open(name);
    return opened.ok ? opened.value.admit(claim) : opened;
  }

  position(stream: StreamName, first: BlockPosition): BlockPosition | undefined {
    return this.#streams.get(keyOf(stream))?.position(first);
  }

  async append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    const stream = this.#streams.get(keyOf(header));
    if (stream) return stream.append(header, bytes);
    const opened = await this.#open(header);
    return opened.ok ? opened.value.append(header, bytes) : opened;
  }

  async defineTags(gateway: string, tags: readonly TagDefinition[]): Promise<Result<void>> {
    if (!GATEWAY_NAME.test(gateway)) return failure('boundary.identity', `"${gateway}" is not the name of a gateway`);
    const file = await this.#tagList(gateway);
    const replaced = await file.replace(tags);
    if (!replaced.ok) return replaced;
    for (const stream of this.#streams.values()) if (stream.gateway === gateway) this.#tell(stream);
    if (replaced.value) this.#listener?.onTags(gateway);
    return success(undefined);
  }

  /** A stream that has brought nothing yet is opened, too: the other side shall know that the gateway is there. */
  heartbeat(name: StreamName, heartbeat: Heartbeat): void {
    const stream = this.#streams.get(keyOf(name));
    if (stream) stream.hear(heartbeat);
    else void this.#open(name).then((opened) => opened.ok && opened.value.hear(heartbeat));
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.#opening.values());
    await Promise.all([...this.#streams.values()].map((stream) => stream.close()));
    await this.#lock.release();
  }

  async #openAll(): Promise<Result<void>> {
    const { directory } = this.#options;
    for (const gateway of await directoriesIn(directory)) {
      if (!GATEWAY_NAME.test(gateway)) continue;
      await this.#tagList(gateway);
      const names = await directoriesIn(join(directory, gateway));
      for (const lane of LANES.filter((each) => names.includes(each))) {
        const opened = await this.#open({ gateway, lane });
        if (!opened.ok) return opened;
      }
    }
    return success(undefined);
  }

  #tagList(gateway: string): Promise<TagListFile> {
    const open =
      this.#openingTags.get(gateway) ??
      TagListFile.open(join(this.#options.directory, gateway)).then((file) => {
        this.#tags.set(gateway, file);
        return file;
      });
    this.#openingTags.set(gateway, open);
    return open;
  }

  #open({ gateway, lane }: StreamName): Promise<Result<RelayStream>> {
    const key = keyOf({ gateway, lane });
    const open = this.#opening.get(key) ?? this.#openStream({ gateway, lane }).finally(() => this.#opening.delete(key));
    this.#opening.set(key, open);
    return open;
  }

  async #openStream({ gateway, lane }: StreamName): Promise<Result<RelayStream>> {
    const { directory, clock, events } = this.#options;
    if (!GATEWAY_NAME.test(gateway)) return failure('boundary.identity', `"${gateway}" is not the name of a gateway`);
    const place = { gateway, lane, directory: join(directory, gateway, lane) };
    const opened = await RelayStream.open({ ...place, budget: this.#budget, clock, events });
    if (!opened.ok) return opened;
    this.#streams.set(keyOf({ gateway, lane }), opened.value);
    this.#tell(opened.value);
    return opened;
  }

  #tell(stream: RelayStream): void {
    if (!this.#listener || this.#told.has(stream) || !this.#tags.get(stream.gateway)?.tags) return;
    this.#told.add(stream);
    this.#listener.onStream(stream);
  }
}

function keyOf({ gateway, lane }: StreamName): string {
  return `${gateway}/${lane}`;
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
