import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { describe, expect, it } from 'vitest';
import { ACKNOWLEDGEMENT, buildTelegram, buildToken, joined } from '../testbed/buildTelegram.ts';
import { RECORDED } from '../testbed/recordedTelegrams.ts';
import { Bus } from './bus.ts';

const BIT_RATE = 1_500_000;
/** SRD high with FCB 1 and FCV 0 begins a conversation; then FCB alternates from 0 on. */
const FIRST = 0x6d;
const EVEN = 0x5d;
const ODD = 0x7d;

const request = (fc: number, da = 8) => buildTelegram({ da, sa: 2, fc, data: [1] });
const answer = (sa = 8, fc = 0x08) => buildTelegram({ da: 2, sa, fc, data: [7, 7] });

function openBus(bitRate: number | undefined = BIT_RATE) {
  const clock = new ManualClock();
  const happened: string[] = [];
  const bus = new Bus(clock, bitRate, {
    telegram: (role, { source }, request) => happened.push(`${role} ${source} ${request.station}`),
    stationLost: (station) => happened.push(`lost ${station}`),
    stationReturned: (station) => happened.push(`returned ${station}`),
    masterJoined: (station) => happened.push(`joined ${station}`),
    masterLeft: (station) => happened.push(`left ${station}`),
    tokenLost: () => happened.push('token lost'),
  });
  return { bus, clock, happened };
}

describe('requests and answers', () => {
  it.each([
    ['an answer', [request(FIRST), answer()], ['request 2 8', 'answer 8 8']],
    ['an acknowledgement', [request(FIRST), ACKNOWLEDGEMENT], ['request 2 8', 'answer -1 8']],
    ['an answer of somebody else', [request(FIRST), answer(9)], ['request 2 8', 'stray 9 8']],
    ['an answer to an answer', [request(FIRST), answer(), answer()], ['request 2 8', 'answer 8 8', 'stray 8 8']],
    [
      'a message to all',
      [buildTelegram({ da: 127, sa: 2, fc: 0x46, data: [0] }), answer()],
      ['message 2 -1', 'stray 8 -1'],
    ],
    [
      'a repetition',
      [request(FIRST), answer(), request(EVEN), request(EVEN), answer()],
      ['request 2 8', 'answer 8 8', 'request 2 8', 'repetition 2 8', 'answer 8 8'],
    ],
    [
      'alternation',
      [request(FIRST), request(EVEN), request(ODD), request(EVEN)],
      ['request 2 8', 'request 2 8', 'request 2 8', 'request 2 8'],
    ],
    [
      'a repetition behind noise, which may be none',
      [request(EVEN), Uint8Array.of(0), request(EVEN)],
      ['request 2 8', 'request 2 8'],
    ],
    [
      'counts of two stations',
      [request(EVEN), answer(), request(EVEN, 9), answer(9)],
      ['request 2 8', 'answer 8 8', 'request 2 9', 'answer 9 9'],
    ],
  ])('%s', (_, telegrams, expected) => {
    const { bus, happened } = openBus();
    bus.push(joined(...telegrams));
    expect(happened).toEqual(expected);
  });

  it('counts repetitions and silence', () => {
    const { bus } = openBus();
    bus.push(joined(request(FIRST), answer(), request(EVEN), request(EVEN), request(EVEN), answer()));
    expect(bus.statistics).toMatchObject({ retries: 2, unanswered: 2, telegrams: 6 });
  });
});

describe('stations', () => {
  it('are lost after four unanswered requests, and return', () => {
    const { bus, happened } = openBus();
    bus.push(joined(request(FIRST), answer(), request(EVEN), request(ODD), request(EVEN), request(ODD)));
    expect(happened).not.toContain('lost 8');
    bus.push(request(EVEN));
    expect(happened).toContain('lost 8');
    expect([bus.stations.presenceOf(8), bus.stations.stations]).toEqual(['lost', [2]]);
    bus.push(joined(answer()));
    expect([bus.stations.presenceOf(8), happened.at(-2)]).toEqual(['present', 'returned 8']);
  });

  it('are not lost by noise, nor when they were never there', () => {
    const { bus, happened } = openBus();
    const unheard = Uint8Array.of(0);
    bus.push(joined(request(FIRST), answer()));
    for (const fc of [EVEN, ODD, EVEN, ODD, EVEN, ODD])
      bus.push(joined(request(fc), unheard, buildTelegram({ da: 5, sa: 2, fc: 0x49 })));
    expect(bus.stations.stations).toEqual([2, 8]);
    expect(bus.stations.presenceOf(5)).toBe('unheard');
    expect(happened.filter((what) => what.startsWith('lost'))).toEqual([]);
  });
});

describe('the ring', () => {
  /** Passes the token once around 2, 5 and 7 in ten milliseconds, all in one chunk. */
  async function rotate({ bus, clock }: ReturnType<typeof openBus>, times: number, masters = [2, 5, 7]): Promise<void> {
    for (let turn = 0; turn < times; turn++) {
      const tokens = masters.map((from, index) => buildToken(masters[(index + 1) % masters.length], from));
      await clock.advance(10);
      bus.push(joined(...tokens.flatMap((token) => [token, request(EVEN), answer()])));
    }
  }

  it('knows its masters and how long the token takes', async () => {
    const opened = openBus();
    await rotate(opened, 101);
    const { ring } = opened.bus;
    expect([ring.masters, ring.holder]).toEqual([[2, 5, 7], 2]);
    expect(ring.rotation).toEqual({ meanMs: expect.closeTo(10, 1), maxMs: expect.closeTo(10, 1) });
    expect(opened.bus.statistics.telegramsPerS).toBeCloseTo(900, 5);
    const bytesPerS = (3 * (3 + request(EVEN).length + answer().length) * 1000) / 10;
    expect(opened.bus.statistics.loadPercent).toBeCloseTo((100 * 11 * bytesPerS) / BIT_RATE, 5);
  });

  it('measures rotations that are shorter than a chunk by their mean', async () => {
    const opened = openBus();
    const token = joined(buildToken(2, 2), request(EVEN), answer());
    for (let chunk = 0; chunk < 101; chunk++) {
      await opened.clock.advance(10);
      opened.bus.push(joined(...Array.from({ length: 4 }, () => token)));
    }
    expect(opened.bus.ring.rotation?.meanMs).toBeCloseTo(2.5, 1);
  });

  it('tells who joins and who leaves', async () => {
    const opened = openBus();
    await rotate(opened, 5, [2, 5]);
    await rotate(opened, 5, [2, 5, 7]);
    await rotate(opened, 6, [5, 7]);
    expect(opened.happened.filter((what) => /joined|left/.test(what))).toEqual(['joined 2', 'joined 5', 'joined 7']);
    await rotate(opened, 250, [5, 7]);
    expect(opened.happened.filter((what) => /joined|left/.test(what)).at(-1)).toBe('left 2');
    expect(opened.bus.ring.masters).toEqual([5, 7]);
  });

  it('takes no master for one that a single false token names', async () => {
    const opened = openBus();
    await rotate(opened, 3, [2, 5]);
    opened.bus.push(buildToken(1, 99));
    await rotate(opened, 10, [2, 5]);
    opened.bus.push(buildToken(1, 99));
    await rotate(opened, 3, [2, 5]);
    expect(opened.bus.ring.masters).toEqual([2, 5]);
  });

  it('counts a token that is passed again', () => {
    const { bus } = openBus();
    bus.push(joined(request(EVEN), buildToken(5, 2), buildToken(5, 2), buildToken(7, 5)));
    expect(bus.ring.repetitions).toBe(1);
  });

  it('says once that the token is lost', async () => {
    const opened = openBus();
    await rotate(opened, 3);
    for (let second = 0; second < 6; second++) {
      await opened.clock.advance(1000);
      opened.bus.quiet();
    }
    expect(opened.happened.filter((what) => what === 'token lost')).toHaveLength(1);
    expect([opened.bus.ring.masters, opened.bus.ring.holder]).toEqual([[], -1]);
    await rotate(opened, 3);
    expect(opened.bus.ring.masters).toEqual([2, 5, 7]);
  });
});

describe('time', () => {
  it('dates a telegram back by the bytes behind it, not beyond the chunk before', async () => {
    const clock = new ManualClock();
    const times: number[] = [];
    const nothing = () => {};
    const bus = new Bus(clock, 11_000, {
      telegram: (_role, _telegram, _request, at) => times.push(at),
      stationLost: nothing,
      stationReturned: nothing,
      masterJoined: nothing,
      masterLeft: nothing,
      tokenLost: nothing,
    });
    await clock.advance(100);
    bus.push(joined(request(EVEN), answer()));
    await clock.advance(5);
    bus.push(joined(request(ODD), answer()));
    // A byte takes a millisecond; the answer has eleven.
    expect(times).toEqual([89_000, 100_000, 100_000, 105_000]);
  });

  it('gives up a telegram that is interrupted for long', async () => {
    const { bus, clock, happened } = openBus();
    bus.push(joined(request(EVEN), answer().subarray(0, 7)));
    await clock.advance(150);
    bus.push(answer().subarray(7));
    expect(happened).toHaveLength(2);
    bus.push(answer().subarray(0, 7));
    await clock.advance(250);
    bus.push(answer().subarray(7));
    expect(happened).toHaveLength(2);
    expect(bus.statistics.noiseBytes).toBe(answer().length);
  });
});

it('understands the recording', () => {
  const { bus } = openBus();
  bus.push(joined(...RECORDED.map(({ bytes }) => bytes)));
  expect([bus.stations.stations, bus.ring.masters]).toEqual([[2, 8, 42, 77], [2]]);
  expect(bus.statistics).toMatchObject({ telegrams: RECORDED.length, noiseBytes: 0, checkErrors: 0 });
});
