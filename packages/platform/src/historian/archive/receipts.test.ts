import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foretellRows, joinReceipts, knownBefore, ReceiptBook } from './receipts.ts';
import { decodeReceipts, encodeReceipts } from './segment/receiptSection.ts';

const SECOND_US = 1_000_000;
const NEVER_EDITED = () => false;

test('records of one stream within one second share a receipt, and others do not', () => {
  const book = new ReceiptBook(NEVER_EDITED);
  const add = (receivedAt: number, stream = 'a') => book.add({ receivedAt, stream, reaches: receivedAt });
  expect([add(0), add(999_999), add(500_000, 'b'), add(SECOND_US), add(SECOND_US + 1, 'b')]).toEqual([0, 0, 1, 2, 3]);
  expect([...book.receipts.receivedAt]).toEqual([999_999, 500_000, SECOND_US, SECOND_US + 1]);
});

test('an edit parts the records before it from those behind it', () => {
  const book = new ReceiptBook((from, to) => from < 5 && to >= 5);
  const rows = [1, 4, 6, 7].map((receivedAt) => book.add({ receivedAt, stream: 'a', reaches: 0 }));
  expect(rows).toEqual([0, 0, 1, 1]);
});

test('what comes in order of time is foretold without a lag, whatever other streams do between', () => {
  const book = new ReceiptBook(NEVER_EDITED);
  const rows: number[] = [];
  const times: number[] = [];
  for (let second = 0; second < 50; second++) {
    const reaches = second * SECOND_US + 900_000;
    rows.push(book.add({ receivedAt: (second + 1) * SECOND_US, stream: 'a', reaches }));
    times.push(reaches - 5);
    book.add({ receivedAt: (second + 1) * SECOND_US + 3, stream: 'b', reaches: reaches * 2 });
  }
  const foretold = foretellRows(book.receipts, { stream: 0, first: rows[0], last: rows[49] }, Float64Array.from(times));
  expect([...foretold]).toEqual(rows);
});

const record = fc.record({
  waitUs: fc.nat(3 * SECOND_US),
  stream: fc.constantFrom('a', 'b', 'ünï'),
  reaches: fc.maxSafeInteger(),
});

test('books that are joined say the same of their rows, and come back from the disk', () => {
  fc.assert(
    fc.property(fc.array(fc.array(record, { minLength: 1 }), { minLength: 1, maxLength: 4 }), (parts) => {
      let now = 0;
      const books = parts.map((records) => {
        const book = new ReceiptBook(NEVER_EDITED);
        for (const { waitUs, stream, reaches } of records) {
          now += waitUs;
          book.add({ receivedAt: now, stream, reaches });
        }
        return book.receipts;
      });
      const { receipts } = joinReceipts(books);
      const said = books.flatMap(({ streams, receivedAt, horizons, streamOf }) =>
        Array.from(receivedAt, (at, row) => [at, horizons[row], streams[streamOf[row]]]),
      );
      const read = decodeReceipts(encodeReceipts(receipts));
      if (!read) throw new Error('the receipts cannot be read back');
      for (const { streams, receivedAt, horizons, streamOf } of [receipts, read]) {
        expect(Array.from(receivedAt, (at, row) => [at, horizons[row], streams[streamOf[row]]])).toEqual(said);
      }
    }),
  );
});

test('receipts from a damaged disk are read or refused, and nothing is thrown', () => {
  const book = new ReceiptBook(NEVER_EDITED);
  for (let at = 0; at < 20; at++) book.add({ receivedAt: at * SECOND_US, stream: `s${at % 3}`, reaches: at });
  const good = encodeReceipts(book.receipts);
  for (let length = 0; length < good.length; length++) expect(decodeReceipts(good.subarray(0, length))).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeReceipts(bytes)));
});

test('what is known at a time is what came before the second that it lies in', () => {
  expect([0, 1, 999_999, SECOND_US, -1].map(knownBefore)).toEqual([0, 0, 0, SECOND_US, -SECOND_US]);
});
