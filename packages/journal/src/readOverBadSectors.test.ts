import { expect, it } from 'vitest';
import { type ByteReader, PAGE_BYTES, readOverBadSectors } from './readOverBadSectors.ts';

const CONTENT = Buffer.from(Array.from({ length: 5 * PAGE_BYTES }, (_, index) => (index % 250) + 1));
const NO_PAUSES = [0, 0];

function errorOf(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A disk whose bad pages fail so many times; `wholly` where a read that touches one fails from its beginning. */
function diskWith(bad: ReadonlyMap<number, number>, wholly: boolean): ByteReader & { reads: number } {
  const left = new Map(bad);
  return {
    reads: 0,
    async read(into, offset, length, position) {
      this.reads++;
      const end = Math.min(position + length, CONTENT.length);
      for (let page = Math.floor(position / PAGE_BYTES); page * PAGE_BYTES < end; page++) {
        const failures = left.get(page) ?? 0;
        if (failures === 0) continue;
        if (!wholly && page * PAGE_BYTES > position)
          return this.read(into, offset, page * PAGE_BYTES - position, position);
        left.set(page, failures - 1);
        throw errorOf('EIO');
      }
      return { bytesRead: CONTENT.copy(into, offset, position, end) };
    },
  };
}

function expected(position: number, length: number, lost: readonly number[]): Buffer {
  const whole = Buffer.from(CONTENT);
  for (const page of lost) whole.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
  return whole.subarray(position, position + length);
}

it.each<[string, [number, number][], number[]]>([
  ['a good disk', [], []],
  ['one bad page', [[2, Infinity]], [2]],
  [
    'the first and the last',
    [
      [0, Infinity],
      [4, Infinity],
    ],
    [0, 4],
  ],
  [
    'pages that come back',
    [
      [1, 1],
      [3, 2],
    ],
    [],
  ],
  ['nothing but bad pages', [0, 1, 2, 3, 4].map((page) => [page, Infinity]), [0, 1, 2, 3, 4]],
])('%s costs the bad pages only', async (_, bad, lost) => {
  for (const wholly of [false, true]) {
    for (const [position, length] of [
      [0, CONTENT.length],
      [100, CONTENT.length - 200],
      [PAGE_BYTES - 1, 2],
    ]) {
      const bytes = Buffer.alloc(length, 255);
      const disk = diskWith(new Map(bad), wholly);
      expect(await readOverBadSectors(disk, bytes, position, NO_PAUSES)).toBe(length);
      expect(bytes.equals(expected(position, length, lost))).toBe(true);
      expect(disk.reads).toBeLessThan(25);
    }
  }
});

it('ends where the file ends', async () => {
  const bytes = Buffer.alloc(300);
  expect(await readOverBadSectors(diskWith(new Map(), false), bytes, CONTENT.length - 100, NO_PAUSES)).toBe(100);
});

it('passes on what says nothing of the records', async () => {
  const disk: ByteReader = { read: () => Promise.reject(errorOf('EMFILE')) };
  await expect(readOverBadSectors(disk, Buffer.alloc(10), 0, NO_PAUSES)).rejects.toThrow('EMFILE');
});
