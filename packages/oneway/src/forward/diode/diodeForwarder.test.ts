import { describe, expect, it } from 'vitest';
import { DiodeSource } from '../../testbed/diodeSource.ts';
import { diodeDefect } from './diodeForwarder.ts';
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
