import { describe, expect, it } from 'vitest';
import type { DriverManifest } from '../driver.ts';
import { modbusTcpDriver } from '../drivers/modbus/modbusDrivers.ts';
import { createWriteGuard, type GuardedFrame } from './writeGuard.ts';

const { manifest, dissect } = modbusTcpDriver;
const STATIONS = [0, 1, 247, 248, 255].map((station) => ({ station, options: [] }));
const guardOf = (declared: DriverManifest = manifest) => createWriteGuard(declared, dissect, STATIONS);

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const READ = bytesOf('0001 0000 0006 01 03 0000 0001');
const WRITE = bytesOf('0001 0000 0006 01 06 0000 0001');

function allowed(frame: Uint8Array): GuardedFrame {
  const checked = guardOf().check(frame);
  if (!checked.ok) throw new Error(checked.fault.detail);
  return checked.value;
}

/** A frame that shows a read to whoever asks it, and holds a write. */
class Disguise extends Uint8Array {
  override slice(): Uint8Array<ArrayBuffer> {
    return READ.slice();
  }
  override subarray(): Uint8Array<ArrayBuffer> {
    return READ.slice();
  }
  override get buffer(): ArrayBuffer {
    return READ.slice().buffer;
  }
  override [Symbol.iterator]() {
    return READ[Symbol.iterator]();
  }
}

/** A frame that gives `memory` for its length: `new Uint8Array(frame.length)` would then be no copy but a view of it. */
function lyingAboutItsLength(bytes: Uint8Array, memory: ArrayBuffer): Uint8Array {
  return Object.defineProperty(bytes.slice(), 'length', { get: () => memory });
}

describe('what has passed the guard', () => {
  it.each<[string, Uint8Array]>([
    ['an array', READ.slice()],
    ['a buffer', Buffer.from(READ)],
    ['memory shared with a thread', new Uint8Array(new SharedArrayBuffer(READ.length))],
  ])('stays as it was read, whatever becomes of the frame: %s', (_, frame) => {
    frame.set(READ);
    const guarded = allowed(frame);
    frame.set(WRITE);
    expect([...guarded]).toEqual([...READ]);
  });

  it('is what the frame holds, and not what it says of itself', () => {
    const checked = guardOf().check(new Disguise(WRITE));
    expect(checked).toMatchObject({ ok: false, fault: { code: 'frame.forbidden' } });
  });

  it('lies in memory of its own', () => {
    const memory = new ArrayBuffer(READ.length);
    for (const frame of [READ, Buffer.from(READ), lyingAboutItsLength(READ, memory)]) {
      const { buffer } = allowed(frame);
      expect(buffer).not.toBe(memory);
      expect(buffer).toBeInstanceOf(ArrayBuffer);
      expect(buffer.byteLength).toBe(READ.length);
    }
  });

  it.each<[string, unknown]>([
    ['a list', [...READ]],
    ['memory', READ.slice().buffer],
    ['an object that behaves like an array', new Proxy(READ.slice(), {})],
    ['another view of memory', new DataView(READ.slice().buffer)],
    ['a word array', new Uint16Array(READ.slice().buffer)],
  ])('was an array of bytes, and not %s', (_, frame) => {
    expect(() => guardOf().check(frame as Uint8Array)).toThrow(TypeError);
  });

  it('is no more because the manifest was changed later', () => {
    const changing = { ...manifest, outbound: [...manifest.outbound] };
    const guard = guardOf(changing);
    changing.outbound.push({ service: 'report server id', effect: 'read' });
    expect(guard.check(bytesOf('0001 0000 0002 01 11')).ok).toBe(false);
  });

  it('is a read, also where a manifest declares a write', () => {
    for (const effect of ['read', 'session', 'write' as 'read']) {
      const greedy = { ...manifest, outbound: [{ service: 'write single register', effect }] } as DriverManifest;
      expect(guardOf(greedy).check(WRITE).ok).toBe(false);
      expect(guardOf(greedy).check(READ).ok).toBe(false);
    }
  });

  it('does what the manifest says it does', () => {
    const outbound = [{ service: 'read holding registers', effect: 'session', reason: 'none' }] as const;
    expect(guardOf({ ...manifest, outbound }).check(READ).ok).toBe(false);
  });

  it.each([0, 1, 247, 248, 255])('may ask unit %d', (unit) => {
    expect([...allowed(READ.with(6, unit))]).toEqual([...READ.with(6, unit)]);
    expect(guardOf().check(WRITE.with(6, unit)).ok).toBe(false);
  });
});

it('asks nobody who is not configured', () => {
  expect(guardOf().check(READ.with(6, 2))).toMatchObject({
    ok: false,
    fault: { detail: expect.stringContaining('no device of this line has the address 2') },
  });
});

it('lets a service with an option pass only to the device whose option is on', () => {
  const outbound = [{ service: 'read holding registers', effect: 'read', option: 'curious' }] as const;
  const stations = [
    { station: 1, options: ['curious'] },
    { station: 247, options: [] },
  ];
  const guard = createWriteGuard({ ...manifest, outbound }, dissect, stations);
  expect(guard.check(READ).ok).toBe(true);
  expect(guard.check(READ.with(6, 247)).ok).toBe(false);
});

it('shows what it refuses, up to a length that no frame has', () => {
  const detailOf = (length: number) => {
    const checked = guardOf().check(new Uint8Array(length).fill(0xee));
    return checked.ok ? '' : checked.fault.detail;
  };
  expect(detailOf(1024)).toMatch(/; frame (ee){1024}$/);
  expect(detailOf(5_000_000)).toMatch(/; frame (ee){1024}\.\.\. \(5000000 bytes\)$/);
});
