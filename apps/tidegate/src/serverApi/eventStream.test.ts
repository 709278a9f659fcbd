import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventStreamParser } from './eventStream.ts';

function parse(...pieces: (string | Uint8Array)[]) {
  const parser = new EventStreamParser();
  return pieces.flatMap((piece) => parser.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
}

it.each([
  ['a named event', 'event: samples\ndata: {"a":1}\n\n', [{ event: 'samples', data: '{"a":1}' }]],
  ['an event without a name', 'data:x\n\n', [{ event: 'message', data: 'x' }]],
  ['several data lines', 'data: a\ndata: b\n\n', [{ event: 'message', data: 'a\nb' }]],
  [
    'the three line ends',
    'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
    ['a', 'b', 'c'].map((data) => ({ event: 'message', data })),
  ],
  ['a comment that keeps the line open', ': ping\n\ndata: a\n\n', [{ event: 'message', data: 'a' }]],
  ['a name without data', 'event: nothing\n\n', []],
  ['a stream that ends within an event', 'data: a\n', []],
])('reads %s', (_, text, events) => {
  expect(parse(text)).toEqual(events);
});

it('gives the same events however the network cuts the stream', () => {
  const text = ': hello\r\n\r\nevent: samples\r\ndata: {"unit":"°C"}\r\n\r\ndata: a\ndata: b\n\n';
  const bytes = new TextEncoder().encode(text);
  const whole = parse(bytes);
  expect(whole).toHaveLength(2);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
      expect(parse(...pieces)).toEqual(whole);
    }),
  );
});

it('takes any bytes without a throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (pieces) => {
      for (const { event, data } of parse(...pieces)) expect([typeof event, typeof data]).toEqual(['string', 'string']);
    }),
  );
});
