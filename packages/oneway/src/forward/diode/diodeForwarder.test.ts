import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { describe, expect, it } from 'vitest';
import { newKey } from '../../testbed/diodeBoundary.ts';
import { DiodeSource } from '../../testbed/diodeSource.ts';
import { until } from '../../testbed/until.ts';
import { diodeDefect, startDiodeForwarder } from './diodeForwarder.ts';
import { openSilentSocket } from './silentSocket.ts';

const GOOD = { bytesPerSecond: 1_000_000, sources: [new DiodeSource()] };

describe('the options of a diode', () => {
  it('are good by default, and at their limits', () => {
    expect(diodeDefect(GOOD)).toBeUndefined();
    expect(diodeDefect({ ...GOOD, k: 200, m: 56, interleave: 64, mtu: 9_216, bytesPerSecond: 10_000 })).toBeUndefined();
  });

  it.each([
    [{ k: 0 }, /^k is/],
    [{ k: 1.5 }, /^k is/],
    [{ k: 200, m: 57 }, /^m is/],
    [{ m: 1 }, /^m is/],
    [{ interleave: 65 }, /^interleave is/],
    [{ mtu: 500 }, /^mtu is/],
    [{ bytesPerSecond: Number.NaN }, /^the rate is/],
    [{ sources: [] }, /lanes$/],
    [{ repeatMs: { audit: 26_000 } }, /^repeatMs is/],
  ])('%j are refused', (wrong, defect) => {
    expect(diodeDefect({ ...GOOD, ...wrong })).toMatch(defect);
  });

  it('name an address: over a diode there is nobody to ask for a name', async () => {
    const opened = await openSilentSocket({ host: 'localhost', port: 1 });
    expect(opened.ok || opened.fault.detail).toMatch(/not an IP address/);
  });
});

it('says that datagrams could not be sent, once for as long as it lasts', async () => {
  const events: PlantEvent[] = [];
  const started = await startDiodeForwarder({
    // The kernel refuses to send to the broadcast address.
    ...{ ...GOOD, tags: () => [], target: { host: '255.255.255.255', port: 9 }, key: newKey(), session: 1 },
    ...{ configurationDigest: () => new Uint8Array(32), clock: systemClock, heartbeatMs: 5 },
    events: (event) => events.push(event),
  });
  if (!started.ok) throw new Error(started.fault.detail);
  await until(() => expect(started.value.status().failures).toBeGreaterThan(20));
  await started.value.stop();
  expect(events.map(({ kind }) => kind).slice(0, 2)).toEqual(['boundary.connected', 'boundary.lost']);
  expect(events[1].detail).toMatch(/^\d+ datagrams to 255\.255\.255\.255:9 could not be sent/);
});
