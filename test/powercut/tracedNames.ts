/** The names below a directory: as a program sees them, as the disk is certain to hold them, and what lies between. */

import type { Random } from '../fuzz/random.ts';
import type { TracedFile } from './tracedFile.ts';

export class TracedLink {
  readonly target: string;

  constructor(target: string) {
    this.target = target;
  }
}

export class TracedDirectory {
  readonly live: Map<string, TracedNode>;
  readonly durable: Map<string, TracedNode>;

  constructor(durable: ReadonlyMap<string, TracedNode> = new Map()) {
    this.live = new Map(durable);
    this.durable = new Map(durable);
  }
}

export type TracedNode = TracedFile | TracedDirectory | TracedLink;

/** What stands under one name of one directory from now on. */
export interface Entry {
  readonly directory: TracedDirectory;
  readonly name: string;
  readonly node: TracedNode | undefined;
}

/** Entries that change together: a rename takes one name and makes another. */
interface NameChange {
  readonly at: number;
  readonly what: string;
  readonly entries: readonly Entry[];
}

/**
 * Which changes of names that no sync has covered may be lost.
 *
 * - `journal`: the last ones of the whole file system; a later change never survives an earlier one (ext4, XFS).
 * - `directory`: the last ones of each directory.
 * - `any`: each by itself, which is all that POSIX promises.
 */
export type NameOrder = 'journal' | 'directory' | 'any';

export type DirectoryEntries = (directory: TracedDirectory) => ReadonlyMap<string, TracedNode>;

export class TracedNames {
  #unsynced: NameChange[] = [];
  /** The place in the trace of the last change that a sync has covered. */
  #lastDurable = -1;

  change(at: number, what: string, entries: readonly Entry[]): void {
    for (const entry of entries) set(entry, entry.directory.live);
    this.#unsynced.push({ at, what, entries });
  }

  /** Every change of `directory` before record `before` is on the disk, and what these changes build upon. */
  sync(directory: TracedDirectory, before: number): void {
    const reached = new Set([directory]);
    const durable = new Set<NameChange>();
    for (const change of this.#unsynced.toReversed()) {
      if (change.at >= before || !change.entries.some((entry) => reached.has(entry.directory))) continue;
      durable.add(change);
      for (const entry of change.entries) reached.add(entry.directory);
    }
    for (const { at, entries } of this.#unsynced.filter((change) => durable.has(change))) {
      for (const entry of entries) set(entry, entry.directory.durable);
      this.#lastDurable = Math.max(this.#lastDurable, at);
    }
    this.#unsynced = this.#unsynced.filter((change) => !durable.has(change));
  }

  /** The entries that a power cut may leave; each change that may be lost survives with the chance of `survival`. */
  afterCut(order: NameOrder, random: Random, survival: number, lost: (what: string) => void): DirectoryEntries {
    const survives = () => random.below(1_000) < survival * 1_000;
    const ended = new Set<TracedDirectory>();
    let isOver = false;
    const kept = this.#unsynced.filter((change) => {
      const { at, what, entries } = change;
      let isKept = true;
      if (order === 'any') isKept = survives();
      else if (order === 'journal') isKept = at < this.#lastDurable || (!isOver && survives());
      else isKept = !entries.some(({ directory }) => ended.has(directory)) && survives();
      if (isKept) return true;
      isOver = true;
      for (const { directory } of entries) ended.add(directory);
      lost(`lost: ${what} of record ${at}`);
      return false;
    });
    const changed = new Map<TracedDirectory, Map<string, TracedNode>>();
    for (const entry of kept.flatMap(({ entries }) => entries)) {
      const names = changed.get(entry.directory) ?? new Map(entry.directory.durable);
      set(entry, names);
      changed.set(entry.directory, names);
    }
    return (directory) => changed.get(directory) ?? directory.durable;
  }
}

function set({ name, node }: Entry, names: Map<string, TracedNode>): void {
  if (node) names.set(name, node);
  else names.delete(name);
}
