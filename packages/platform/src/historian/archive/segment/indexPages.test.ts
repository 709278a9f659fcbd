import { expect, test } from 'vitest';
import { IndexPages, PAGE_BYTES } from './indexPages.ts';

function pageOf(first: number, length = PAGE_BYTES): Uint8Array {
  return new Uint8Array(length).fill(first + 1).fill(first, 0, 100);
}

test('what lies in one page that is kept is found; what goes beyond it, or stands in another file, is not', () => {
  const pages = new IndexPages();
  pages.add('a', PAGE_BYTES, pageOf(1));
  pages.add('a', PAGE_BYTES * 2, pageOf(3, 1_000));
  expect(pages.get('a', PAGE_BYTES + 98, 4)).toEqual(Uint8Array.of(1, 1, 2, 2));
  expect(pages.get('a', PAGE_BYTES * 2 - 1, 1)).toEqual(Uint8Array.of(2));
  expect(pages.get('a', PAGE_BYTES * 2 + 996, 4)).toEqual(Uint8Array.of(4, 4, 4, 4));
  for (const [path, offset, length] of [
    ['a', PAGE_BYTES * 2 - 1, 2],
    ['a', PAGE_BYTES * 2 + 996, 5],
    ['a', 0, 1],
    ['b', PAGE_BYTES, 1],
  ] as const) {
    expect(pages.get(path, offset, length)).toBeUndefined();
  }
});

test('the page that was not used for longest goes when there are too many, and those of a file when it is removed', () => {
  const pages = new IndexPages();
  const page = pageOf(0);
  const has = (path: string, number: number) => pages.get(path, number * PAGE_BYTES, 1) !== undefined;
  for (let number = 0; number < 256; number++) pages.add(number < 128 ? 'a' : 'b', number * PAGE_BYTES, page);
  expect(has('a', 0)).toBe(true);
  pages.add('c', 0, page);
  expect([has('a', 0), has('a', 1), has('c', 0)]).toEqual([true, false, true]);
  pages.forget('b');
  for (let number = 1; number <= 128; number++) pages.add('c', number * PAGE_BYTES, page);
  expect([has('a', 2), has('b', 200), has('c', 0)]).toEqual([true, false, true]);
  pages.add('c', 0, page);
  expect(has('a', 2)).toBe(true);
});
