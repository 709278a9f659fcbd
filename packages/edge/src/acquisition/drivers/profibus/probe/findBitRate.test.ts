import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import { expect, it } from 'vitest';
import type { LineOpener, Tap } from '../../../transport/link.ts';
import { BIT_RATES } from '../fdl/bitRate.ts';
import { joined } from '../testbed/buildTelegram.ts';
import { playedTap } from '../testbed/playedTap.ts';
import { RECORDED } from '../testbed/recordedTelegrams.ts';
import { sampledAt } from '../testbed/sampledAt.ts';
import { type BitRateTrial, findBitRate } from './findBitRate.ts';

const RECORDING = joined(...RECORDED.map(({ bytes }) => bytes)).subarray(0, 500);

/** A port on a bus that runs at `bitRate`: what it hears is sampled at the rate at which it was opened. */
class Port {
  readonly clock = new ManualClock();
  readonly stopping = new AbortController();
  readonly trials: BitRateTrial[] = [];
  readonly #bitRate: number;
  readonly #stream: Uint8Array;
  readonly #refused: readonly number[];
  #users = 0;

  constructor(bitRate: number, refused: readonly number[] = [], stream = RECORDING) {
    this.#bitRate = bitRate;
    this.#stream = stream;
    this.#refused = refused;
  }

  find() {
    return findBitRate(
      (bitRate) => this.#openerAt(bitRate),
      this.clock,
      this.stopping.signal,
      (trial) => this.trials.push(trial),
    );
  }

  #openerAt(bitRate: number): LineOpener<Tap> {
    return {
      open: async () => {
        if (this.#refused.includes(bitRate)) return failure('link.connect', `the port refuses ${bitRate} baud`);
        // As a real port, it is for one alone.
        expect(++this.#users).toBe(1);
        return success(playedTap(sampledAt(this.#stream, bitRate / this.#bitRate), this.clock));
      },
      close: async () => {
        this.#users = 0;
      },
    };
  }
}

it.each([9_600, 45_450, 187_500, 1_500_000, 12_000_000])('finds %i bit/s', async (bitRate) => {
  const port = new Port(bitRate);
  expect(await port.find()).toMatchObject({ ok: true, value: { bitRate } });
  expect(port.trials.map((trial) => trial.bitRate)).toEqual(BIT_RATES);
  const right = port.trials.find((trial) => trial.bitRate === bitRate);
  expect(right).toMatchObject({ bytes: RECORDING });
});

it('leaves out what the port refuses', async () => {
  const port = new Port(93_750, [31_250, 45_450, 12_000_000]);
  expect(await port.find()).toMatchObject({ value: { bitRate: 93_750 } });
  expect(port.trials.flatMap((trial) => ('refusal' in trial ? [trial.refusal] : []))).toEqual([
    'the port refuses 31250 baud',
    'the port refuses 45450 baud',
    'the port refuses 12000000 baud',
  ]);
});

it('gives up where the port cannot be opened at all', async () => {
  const port = new Port(93_750, BIT_RATES);
  expect(await port.find()).toMatchObject({ ok: false, fault: { detail: 'the port refuses 9600 baud' } });
  expect(port.trials).toEqual([]);
});

it('listens a second at each rate of a silent line, and chooses none', async () => {
  const port = new Port(93_750, [], new Uint8Array(0));
  expect(await port.find()).toEqual({ ok: true, value: { bitRate: undefined, receivedBytes: 0 } });
  expect(port.clock.elapsedMs()).toBe(1_000 * BIT_RATES.length);
});

it('chooses none where bytes come and make sense at no rate', async () => {
  const inverted = RECORDING.map((byte) => ~byte);
  const found = await new Port(19_200, [], inverted).find();
  expect(found).toMatchObject({ value: { bitRate: undefined } });
  expect(found.ok && found.value.receivedBytes).toBeGreaterThan(0);
});

it('ends with what is known when it is stopped', async () => {
  const port = new Port(19_200);
  port.clock.after(2_500, () => port.stopping.abort());
  expect(await port.find()).toMatchObject({ value: { bitRate: 19_200 } });
  expect(port.trials.map(({ bitRate }) => bitRate)).toEqual([9_600, 19_200, 31_250]);
  expect(port.clock.elapsedMs()).toBeLessThan(3_000);
});
