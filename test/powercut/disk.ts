/** A directory as a program changes it, followed record by record, and as a disk may hold it after a power cut. */

import { constants } from 'node:fs';
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Random } from '../fuzz/random.ts';
import { FileContent } from './fileContent.ts';
import { type FileChange, TracedFile } from './tracedFile.ts';
import {
  type DirectoryEntries,
  type NameOrder,
  TracedDirectory,
  TracedLink,
  TracedNames,
  type TracedNode,
} from './tracedNames.ts';
import type { TraceRecord } from './traceRecord.ts';

export interface PowerCut {
  readonly order: NameOrder;
  /** The chance of a change that no sync has covered to be on the disk all the same, from 0 to 1. */
  readonly survival: number;
  readonly random: Random;
}

/** Writes that are durable when they return are not told apart from others. */
const SYNCHRONOUS = constants.O_DSYNC | constants.O_DIRECT;

export class Disk {
  readonly #root: TracedDirectory;
  readonly #names = new TracedNames();
  readonly #descriptors = new Map<number, TracedNode>();
  readonly #syncs = new Map<number, { readonly node: TracedNode; readonly begin: number }>();
  /** How many records have been taken. */
  #at = 0;

  private constructor(root: TracedDirectory) {
    this.#root = root;
  }

  /** What is in `directory` now counts as being on the disk. */
  static async of(directory: string): Promise<Disk> {
    return new Disk(await readTree(directory));
  }

  /** Throws where the record does not fit to those before it: the trace is not the whole truth then. */
  take(record: TraceRecord): void {
    const at = this.#at++;
    switch (record.kind) {
      case 'open':
        this.#open(at, record);
        break;
      case 'close':
        this.#descriptors.delete(record.fd);
        break;
      case 'dup':
        this.#descriptors.set(record.to, this.#nodeOf(record.fd));
        break;
      case 'write':
        this.#change(record.fd, { at, kind: 'write', offset: record.offset, bytes: record.bytes });
        break;
      case 'truncate':
        this.#change(record.file, { at, kind: 'truncate', length: record.length });
        break;
      case 'allocate':
        this.#change(record.fd, { at, kind: 'extend', length: record.end });
        break;
      case 'syncBegin':
        this.#syncs.set(record.sync, { node: this.#nodeOf(record.fd), begin: at });
        break;
      case 'syncEnd':
        this.#endSync(record.sync, record.succeeded);
        break;
      case 'unseen':
        throw new Error(`The trace cannot follow ${record.what}.`);
      case 'mark':
        break;
      default:
        this.#changeNames(at, record);
        break;
    }
  }

  /** Writes what the disk may hold after a power cut now to `target`, which is made; says what was lost. */
  async writeAfterCut(target: string, { order, survival, random }: PowerCut): Promise<readonly string[]> {
    const lost: string[] = [];
    const names = this.#names.afterCut(order, random, survival, (what) => lost.push(what));
    await writeTree(this.#root, target, names, (file, where) =>
      file.afterCut(random, survival, (what) => lost.push(`${path.relative(target, where)}: ${what}`)),
    );
    return lost;
  }

  /** Where `directory`, which the program has changed, is not what the trace makes it: each such place. */
  async differences(directory: string): Promise<readonly string[]> {
    const expected = new Map<string, string>();
    flatten(this.#root, '', ({ live }) => live, expected);
    const found = new Map<string, string>();
    flatten(await readTree(directory), '', ({ live }) => live, found);
    const places = new Set([...expected.keys(), ...found.keys()]);
    return [...places].filter((place) => expected.get(place) !== found.get(place)).sort();
  }

  #open(at: number, { fd, flags, path: name }: TraceRecord & { readonly kind: 'open' }): void {
    if (flags & SYNCHRONOUS) {
      throw new Error(`The trace cannot follow ${name}, which is open for synchronous or direct writes.`);
    }
    let node = this.#find(name);
    if (!node) {
      if (!(flags & constants.O_CREAT)) throw new Error(`${name} was opened and is nowhere made.`);
      node = new TracedFile();
      this.#names.change(at, `creation of ${name}`, [{ ...this.#place(name), node }]);
    }
    this.#descriptors.set(fd, node);
    if (flags & constants.O_TRUNC) this.#change(fd, { at, kind: 'truncate', length: 0 });
  }

  #change(file: number | string, change: FileChange): void {
    const node = typeof file === 'number' ? this.#nodeOf(file) : this.#find(file);
    if (!(node instanceof TracedFile)) throw new Error(`${file} is no file.`);
    node.change(change);
  }

  #endSync(sync: number, succeeded: boolean): void {
    const { node, begin } = this.#syncs.get(sync)!;
    this.#syncs.delete(sync);
    if (!succeeded) return;
    if (node instanceof TracedFile) node.sync(begin);
    if (node instanceof TracedDirectory) this.#names.sync(node, begin);
  }

  #changeNames(at: number, record: Extract<TraceRecord, { readonly path: string }>): void {
    const place = this.#place(record.path);
    const node = place.directory.live.get(place.name);
    if (record.kind === 'makeDirectory') {
      this.#names.change(at, `mkdir of ${record.path}`, [{ ...place, node: new TracedDirectory() }]);
    } else if (record.kind === 'symlink') {
      this.#names.change(at, `symlink ${record.path}`, [{ ...place, node: new TracedLink(record.target) }]);
    } else if (!node) throw new Error(`${record.path} is nowhere made.`);
    else if (record.kind === 'remove') {
      this.#names.change(at, `removal of ${record.path}`, [{ ...place, node: undefined }]);
    } else if (record.kind === 'rename' || record.kind === 'link') {
      const gone = record.kind === 'rename' ? [{ ...place, node: undefined }] : [];
      const what = `${record.kind} of ${record.path} to ${record.to}`;
      this.#names.change(at, what, [...gone, { ...this.#place(record.to), node }]);
    }
  }

  #nodeOf(fd: number): TracedNode {
    const node = this.#descriptors.get(fd);
    if (!node) throw new Error(`Descriptor ${fd} is used and was never opened.`);
    return node;
  }

  #find(name: string): TracedNode | undefined {
    if (name === '') return this.#root;
    const place = this.#place(name);
    return place.directory.live.get(place.name);
  }

  #place(name: string): { readonly directory: TracedDirectory; readonly name: string } {
    const parent = path.dirname(name);
    const directory = parent === '.' ? this.#root : this.#find(parent);
    if (!(directory instanceof TracedDirectory)) throw new Error(`${parent} is no directory.`);
    return { directory, name: path.basename(name) };
  }
}

async function readTree(directory: string): Promise<TracedDirectory> {
  const names = new Map<string, TracedNode>();
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const place = path.join(directory, entry.name);
    if (entry.isDirectory()) names.set(entry.name, await readTree(place));
    else if (entry.isSymbolicLink()) names.set(entry.name, new TracedLink(await readlink(place)));
    else names.set(entry.name, new TracedFile(new FileContent(await readFile(place))));
  }
  return new TracedDirectory(names);
}

async function writeTree(
  directory: TracedDirectory,
  target: string,
  entries: DirectoryEntries,
  contentOf: (file: TracedFile, where: string) => FileContent,
): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const [name, node] of entries(directory)) {
    const place = path.join(target, name);
    if (node instanceof TracedDirectory) await writeTree(node, place, entries, contentOf);
    else if (node instanceof TracedLink) await symlink(node.target, place);
    else await writeFile(place, contentOf(node, place).bytes);
  }
}

/** For each place below `directory` its content; that of a directory is empty. */
function flatten(
  directory: TracedDirectory,
  prefix: string,
  entries: DirectoryEntries,
  places: Map<string, string>,
): void {
  for (const [name, node] of entries(directory)) {
    const place = prefix + name;
    if (node instanceof TracedFile) places.set(place, `file ${node.whole().bytes.toString('latin1')}`);
    else places.set(place, node instanceof TracedLink ? `link to ${node.target}` : 'directory');
    if (node instanceof TracedDirectory) flatten(node, `${place}/`, entries, places);
  }
}
