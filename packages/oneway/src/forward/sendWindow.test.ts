import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SendWindow } from './sendWindow.ts';

const LIMITS = { queueMs: 50, minBytes: 100, maxBytes: 10_000 };
const block = (sequence: number, length = 10) => ({ epoch: 1, sequence, bytes: new Uint8Array(length) });

it('knows what is under way, whatever is sent and acknowledged', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(50)), { maxLength: 200 }), (steps) => {
      const window = new SendWindow(LIMITS);
      const underWay: number[] = [];
      let sent = 0;
      for (const [count, acknowledged] of steps) {
        for (let index = 0; index < count; index++) {
          window.add(block(sent), 0);
          underWay.push(sent++);
        }
        const sequence = sent - acknowledged;
        const known = underWay.indexOf(sequence);
        expect(window.acknowledge({ epoch: 1, sequence }, 1)).toBe(known >= 0);
        underWay.splice(0, known + 1);
        expect(window.bytes).toBe(underWay.length * 10);
        expect(window.oldestBytes).toBe(underWay.length > 0 ? 10 : 0);
      }
    }),
  );
});

it.each([
  ['of a later block', { epoch: 1, sequence: 3 }],
  ['of another epoch', { epoch: 2, sequence: 1 }],
  ['of a block left out', { epoch: 1, sequence: 1 }],
  ['of a block before all', { epoch: 0, sequence: 0 }],
])('SR 5.2: an acknowledgement %s is not accepted', (_name, position) => {
  const window = new SendWindow(LIMITS);
  window.add(block(0), 0);
  window.add(block(2), 0);
  expect(window.acknowledge(position, 1)).toBe(false);
  expect(window.bytes).toBe(20);
});

describe('SR 7.2: what may be under way', () => {
  /** Fills the window again and again over a way that carries so many bytes a millisecond and takes `wayMs` besides. */
  function limitAfter(bytesPerMs: number, wayMs: number, rounds = 2_000): number {
    const window = new SendWindow(LIMITS);
    const arrivals: { sequence: number; atMs: number }[] = [];
    let [nowMs, freeAtMs, sequence] = [0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      while (window.hasRoom(10)) {
        freeAtMs = Math.max(freeAtMs, nowMs) + 10 / bytesPerMs;
        arrivals.push({ sequence, atMs: freeAtMs + wayMs });
        window.add(block(sequence++), nowMs);
      }
      const next = arrivals.shift()!;
      nowMs = Math.max(nowMs, next.atMs);
      window.acknowledge({ epoch: 1, sequence: next.sequence }, nowMs);
    }
    return window.limitBytes;
  }

  it.each([
    ['what fills a fast way, with a short queue', 20, 5, 20 * (5 + 50)],
    ['the same where the way is long', 20, 200, 20 * (200 + 50)],
    ['little on a slow way', 4, 5, 4 * (5 + 50)],
  ])('is %s', (_name, bytesPerMs, wayMs, expected) => {
    const limit = limitAfter(bytesPerMs, wayMs);
    expect(limit).toBeGreaterThan(expected * 0.6);
    expect(limit).toBeLessThan(expected * 1.4);
  });

  it('stays within its bounds', () => {
    expect(limitAfter(0.05, 0)).toBe(LIMITS.minBytes);
    expect(limitAfter(1e6, 1)).toBeLessThanOrEqual(LIMITS.maxBytes);
  });

  it('does not grow while it is not used', () => {
    const window = new SendWindow(LIMITS);
    for (let sequence = 0; sequence < 100; sequence++) {
      window.add(block(sequence), sequence);
      window.acknowledge({ epoch: 1, sequence }, sequence + 1);
    }
    expect(window.limitBytes).toBe(LIMITS.minBytes);
  });

  it('is one block at least, however large it is', () => {
    const window = new SendWindow(LIMITS);
    expect(window.hasRoom(1_000_000)).toBe(true);
    window.add(block(0), 0);
    expect(window.hasRoom(1_000_000)).toBe(false);
  });
});
