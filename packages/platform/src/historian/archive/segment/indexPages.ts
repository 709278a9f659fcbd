/** Stretches of the indexes of segments that were read last: a tag has little there, and neighbours are in the same stretch. */

export const PAGE_BYTES = 64 * 1024;
/** Of the indexes of some hundred million samples. */
const MOST_PAGES = 256;

interface Page {
  readonly path: string;
  /** It holds what stands in the file from that many times its size on; it is shorter where the file ends. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

export class IndexPages {
  /** By path and number. */
  readonly #files = new Map<string, Map<number, Page>>();
  /** In the order of their last use. */
  readonly #kept = new Set<Page>();

  /** What stands in the file from `offset` on, where all of it lies in one page that is kept. */
  get(path: string, offset: number, length: number): Uint8Array | undefined {
    const from = offset % PAGE_BYTES;
    const page = this.#files.get(path)?.get((offset - from) / PAGE_BYTES);
    if (!page || from + length > page.bytes.length) return undefined;
    this.#kept.delete(page);
    this.#kept.add(page);
    return page.bytes.subarray(from, from + length);
  }

  /** Keeps the page that begins at `offset`. */
  add(path: string, offset: number, bytes: Uint8Array): void {
    const page = { path, number: offset / PAGE_BYTES, bytes };
    const pages = this.#files.get(path) ?? new Map<number, Page>();
    this.#files.set(path, pages);
    this.#drop(pages.get(page.number));
    pages.set(page.number, page);
    this.#kept.add(page);
    const [oldest] = this.#kept;
    if (this.#kept.size > MOST_PAGES) this.#drop(oldest);
  }

  /** The name of the file at `path` is about to belong to another. */
  forget(path: string): void {
    for (const page of this.#files.get(path)?.values() ?? []) this.#kept.delete(page);
    this.#files.delete(path);
  }

  #drop(page: Page | undefined): void {
    if (!page) return;
    this.#kept.delete(page);
    this.#files.get(page.path)?.delete(page.number);
  }
}
