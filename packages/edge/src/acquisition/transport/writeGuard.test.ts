import { describe, expect, it } from 'vitest';
import type { DriverManifest } from '../driver.ts';
import { manifest } from '../drivers/modbus/manifest.ts';
import { createWriteGuard, type GuardedFrame } from './writeGuard.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const READ = bytesOf('0001 0000 0006 01 03 0000 0001');
const WRITE = bytesOf('0001 0000 0006 01 06 0000 0001');

function allowed(frame: Uint8Array): GuardedFrame {
  const checked = createWriteGuard(manifest).check(frame);
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
    const checked = createWriteGuard(manifest).check(new Disguise(WRITE));
    expect(checked).toMatchObject({ ok: false, fault: { code: 'frame.forbidden' } });
  });

  it('is no more because the manifest was changed later', () => {
    const changing = { ...manifest, outbound: [...manifest.outbound] };
    const guard = createWriteGuard(changing);
    changing.outbound.push({ code: 20, name: 'Read File Record' });
    expect(guard.check(bytesOf('0001 0000 000a 01 14 07 06 0004 0001 0002')).ok).toBe(false);
  });

  it('is a read, also where a manifest declares a write', () => {
    const greedy: DriverManifest = { ...manifest, outbound: [{ code: 6, name: 'Write Single Register' }] };
    expect(createWriteGuard(greedy).check(WRITE).ok).toBe(false);
    expect(createWriteGuard(greedy).check(READ).ok).toBe(false);
  });

  it.each([0, 1, 247, 248, 255])('may ask unit %d', (unit) => {
    expect([...allowed(READ.with(6, unit))]).toEqual([...READ.with(6, unit)]);
    expect(createWriteGuard(manifest).check(WRITE.with(6, unit)).ok).toBe(false);
  });
});

it('has a protocol that it can read, or there is no guard', () => {
  expect(() => createWriteGuard({ ...manifest, protocol: 'telnet' })).toThrow('no dissector');
});
