import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, test } from 'vitest';
import { MemoryHistorian, streamLedger } from '../testbed/memoryHistorian.ts';
import { IngestRate } from './ingestRate.ts';

test('the rate is that of the last five seconds over all streams', async () => {
  const clock = new ManualClock();
  const historian = new MemoryHistorian([]);
  const rate = new IngestRate(historian, clock);
  rate.start();
  expect(rate.samplesPerSecond()).toBe(0);
  const rates: number[] = [];
  for (const stored of [100, 200, 300, 300, 300, 300, 300, 300]) {
    historian.ledgerList.splice(
      0,
      2,
      streamLedger({ stored }),
      streamLedger({ lane: 'analytical', stored: 9 * stored }),
    );
    await clock.advance(1_000);
    rates.push(rate.samplesPerSecond());
  }
  expect(rates).toEqual([1_000, 1_000, 1_000, 750, 600, 400, 200, 0]);
  rate.stop();
  historian.ledgerList.pop();
  await clock.advance(10_000);
  expect(rate.samplesPerSecond()).toBe(0);
});
