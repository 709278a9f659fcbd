import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type DatagramHeader, DatagramKind, NO_RECORD } from '../../frame/diode/datagramLayout.ts';
import { ErasureCode } from '../../frame/diode/erasureCode.ts';
import { GroupWindow } from './groupWindow.ts';

const REORDER_MS = 250;
const code = new ErasureCode();

/** What the window has handed on: a group's first byte, `lost`, or `joined`. */
let handedOn: (number | 'lost' | 'joined')[];
beforeEach(() => {
  handedOn = [];
});

function newWindow(floor?: number): GroupWindow {
  return new GroupWindow(
    {
      ...{ code, reorderMs: REORDER_MS },
      onGroup: (data) => handedOn.push(data[0]),
      onLost: () => handedOn.push('lost'),
      onJoin: () => handedOn.push('joined'),
    },
    floor,
  );
}

/** Groups of 4 + 2 symbols of 16 bytes in sets of 2; every byte of group n is n. */
const SHAPE = { k: 4, m: 2, groupBytes: 64, setGroups: 2 };

function symbolOf(group: number, symbol: number, changed: Partial<DatagramHeader> = {}): [DatagramHeader, Uint8Array] {
  const data = new Uint8Array(64).fill(group);
  const all = Buffer.concat([data, code.encode(data, 4, 2, 16)]);
  const header = {
    ...{ kind: DatagramKind.symbol, keyId: 1, session: 1, stream: 0, group, sending: 0, symbol, ...SHAPE },
    ...{ repeat: 0, firstRecord: NO_RECORD, place: group % 2, ...changed },
  };
  return [header, all.subarray(symbol * 16, symbol * 16 + 16)];
}

function take(window: GroupWindow, group: number, symbols: readonly number[], atMs = 0): void {
  for (const symbol of symbols) window.take(...symbolOf(group, symbol), atMs);
}

describe('a window of groups', () => {
  it('hands a group on with its last data symbol, or with any k symbols', () => {
    const window = newWindow();
    take(window, 0, [0, 1, 2]);
    expect(handedOn).toEqual([]);
    take(window, 0, [3]);
    take(window, 1, [5, 0, 4, 2]);
    expect(handedOn).toEqual([0, 1]);
    expect(window.counts).toMatchObject({ groups: 2, repaired: 2, received: 8, unrecoverable: 0 });
  });

  it('waits for a group that may still come, and gives it up when a later set has come and its time is over', () => {
    const window = newWindow();
    take(window, 0, [0, 1, 2]);
    take(window, 1, [0, 1, 2, 3]);
    window.release(10_000);
    expect(handedOn).toEqual([]);
    take(window, 2, [0, 1, 2, 3], 10_000);
    window.release(10_000 + REORDER_MS - 1);
    expect(handedOn).toEqual([]);
    window.release(10_000 + REORDER_MS);
    expect(handedOn).toEqual(['lost', 1, 2]);
    take(window, 0, [3], 10_300);
    expect(handedOn).toEqual(['lost', 1, 2]);
  });

  it('learns from a beat that a group of which nothing came was sent', () => {
    const window = newWindow();
    window.beat(symbolOf(0, 0)[0], 0, 0);
    window.beat(symbolOf(0, 0)[0], 2, 1_000);
    window.release(1_000 + REORDER_MS);
    expect(handedOn).toEqual(['lost', 'lost']);
  });

  it('waits for a second sending that is announced', () => {
    const window = newWindow();
    window.beat(symbolOf(0, 0, { repeat: 20 })[0], 0, 0);
    window.beat(symbolOf(0, 0, { repeat: 20 })[0], 1, 1_000);
    window.release(3_500);
    expect(handedOn).toEqual([]);
    for (const symbol of [0, 1, 2, 3]) window.take(...symbolOf(0, symbol, { sending: 1, repeat: 20 }), 3_600);
    expect(handedOn).toEqual([0]);
  });

  it('counts what comes twice, out of order, and much too late', () => {
    const window = newWindow();
    take(window, 0, [0, 2, 1, 1, 3, 3]);
    expect(window.counts).toMatchObject({ received: 4, duplicated: 2, reordered: 1 });
    for (let group = 1; group < 1_100; group++) take(window, group, [0, 1, 2, 3]);
    take(window, 0, [4]);
    expect(window.counts).toMatchObject({ replayed: 1, groups: 1_100 });
  });

  it('judges the link by groups whose sending is over', () => {
    const window = newWindow();
    for (let group = 0; group < 10; group++) take(window, group, [0, 1, 2, 4]);
    expect(window.counts).toMatchObject({ expected: 48, arrived: 32, worstGroupLoss: 2, repaired: 10 });
  });

  it('joins a session under way at the first group of a set, or where it was told to', () => {
    const window = newWindow();
    take(window, 7, [0, 1, 2, 3]);
    take(window, 6, [0, 1, 2, 3]);
    expect(handedOn).toEqual(['joined', 6, 7]);
    handedOn = [];
    take(newWindow(7), 6, [0, 1, 2, 3]);
    expect(handedOn).toEqual(['joined']);
  });

  it('refuses a symbol that contradicts its group', () => {
    const window = newWindow();
    take(window, 0, [0]);
    const [header, payload] = symbolOf(0, 1, { groupBytes: 60 });
    expect(window.take(header, payload, 0)).toBe(false);
  });

  it('SR 7.2: jumps with a sender that jumps, and holds no more than its window', () => {
    const window = newWindow();
    take(window, 0, [0]);
    for (let group = 2; group < 30_000; group += 3) window.take(...symbolOf(group, 0), 0);
    window.take(...symbolOf(2 ** 52, 0), 0);
    window.beat(symbolOf(0, 0)[0], 2 ** 53 - 1, 0);
    window.release(REORDER_MS);
    expect(window.next).toBeGreaterThan(2 ** 52);
    expect(handedOn.every((what) => what === 'lost')).toBe(true);
  });

  it('SR 3.1: whatever is lost, doubled and disordered, hands on each group once, in order, or says that it is lost', () => {
    const arrival = fc.record({ group: fc.nat(9), symbol: fc.nat(5), atMs: fc.nat(50) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 120 }), (arrivals) => {
        handedOn = [];
        const window = newWindow(0);
        let nowMs = 0;
        for (const { group, symbol, atMs } of arrivals) {
          nowMs += atMs;
          window.take(...symbolOf(group, symbol), nowMs);
        }
        window.beat(symbolOf(0, 0)[0], 10, nowMs);
        window.release(nowMs + REORDER_MS);
        expect(handedOn).toHaveLength(10);
        for (const [group, what] of handedOn.entries()) if (what !== 'lost') expect(what).toBe(group);
      }),
    );
  });
});
