import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { commonNameOf } from '@tidegate/process/identity/checkedIdentity.ts';
import { IDENTITY_FILES, type Identity } from '@tidegate/process/identity/identity.ts';
import { WatchedIdentity, type WatchOptions } from '@tidegate/process/identity/watchedIdentity.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issuedCertificate, issuedIdentity, issuedKey, LISTS } from './issued.ts';

let directory: string;
let events: PlantEvent[];
let clock: ManualClock;
const watches: WatchedIdentity[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-watch-'));
  events = [];
  clock = new ManualClock(at('2026-07-01T00:00:00Z'));
  await put(issuedIdentity('north'));
});
afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close();
  await rm(directory, { recursive: true });
});

const at = (text: string) => parseTimestamp(text) as Timestamp;

/** As whoever replaces files with care does it. */
async function put(parts: Partial<Identity>): Promise<void> {
  for (const [part, text] of Object.entries(parts)) {
    const file = join(directory, IDENTITY_FILES[part as keyof Identity]);
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}

async function watch(options: Partial<WatchOptions> = {}): Promise<WatchedIdentity> {
  const opened = await WatchedIdentity.open({
    ...{ directory, fault: 'gateway.certificates', clock, events: (event) => events.push(event) },
    ...options,
  });
  if (!opened.ok) throw new Error(`${opened.fault.code}: ${opened.fault.detail}`);
  watches.push(opened.value);
  return opened.value;
}

const kinds = () => events.map(({ kind }) => kind);

describe('SR 1.5: an identity that is watched', () => {
  it('stays the same object while its files stay', async () => {
    const watched = await watch();
    const before = watched.current();
    await watched.look();
    expect(watched.current()).toBe(before);
    expect(events).toEqual([]);
  });

  it('is replaced when its files are, and says so once', async () => {
    const watched = await watch();
    let changes = 0;
    watched.onChange(() => changes++);
    await put(issuedIdentity('north-renewed'));
    await watched.look();
    await watched.look();
    expect(watched.current().cert).toBe(issuedCertificate('north-renewed'));
    expect([changes, kinds()]).toEqual([1, ['certificate.changed']]);
  });

  it('is found by itself, by the clock of the machine', async () => {
    const watched = await watch({ clock: systemClock, intervalMs: 2 });
    watched.start();
    const changed = new Promise<void>((resolve) => watched.onChange(resolve));
    await put(issuedIdentity('north-renewed'));
    await changed;
    expect(watched.current().key).toBe(issuedKey('north-renewed'));
  });

  it('is used whole or not at all, whatever is written first', async () => {
    const { key, cert } = issuedIdentity('north-renewed');
    const watched = await watch();
    for (const part of [{ key }, { cert }]) {
      expect(watched.current().cert).toBe(issuedCertificate('north'));
      await put(part);
      await watched.look();
    }
    expect(watched.current().cert).toBe(cert);
    expect(kinds()).toEqual(['certificate.changed']);
  });

  it.each([
    ['a key of another', { key: issuedKey('server') }, 'certificate.mismatch'],
    ['half a certificate', { cert: issuedCertificate('north-renewed').slice(0, 300) }, 'certificate.unreadable'],
    ['the certificate of another authority', issuedIdentity('north-of-authority-2'), 'certificate.issuer'],
  ] as const)('is not replaced by %s: that is one event, and the old one goes on', async (_what, parts, code) => {
    const watched = await watch();
    const before = watched.current();
    await put(parts);
    for (let look = 0; look < 4; look++) await watched.look();
    expect(watched.current()).toBe(before);
    expect(kinds()).toEqual(['certificate.unusable']);
    expect(watched.status().unusable?.code).toBe(code);
    await put(issuedIdentity('north-renewed'));
    await watched.look();
    expect(watched.status()).not.toHaveProperty('unusable');
    expect(watched.current().cert).toBe(issuedCertificate('north-renewed'));
  });

  it('goes on where its files are deleted', async () => {
    const watched = await watch();
    await rm(join(directory, 'key.pem'));
    for (let look = 0; look < 3; look++) await watched.look();
    expect(watched.current().key).toBe(issuedKey('north'));
    expect(events.map(({ detail }) => detail)).toEqual([expect.stringContaining('key.pem is missing')]);
  });

  it('is not replaced by one made out to another name', async () => {
    const accept: WatchOptions['accept'] = ({ certificate }) =>
      commonNameOf(certificate) === 'north' ? undefined : { code: 'gateway.certificates', detail: 'another name' };
    const watched = await watch({ accept });
    await put(issuedIdentity('server'));
    await watched.look();
    expect(watched.status().unusable?.detail).toBe('another name');
    expect(watched.current().cert).toBe(issuedCertificate('north'));
  });

  it('tells who it is, how long, and what is revoked', async () => {
    const watched = await watch();
    expect(watched.status()).toMatchObject({
      name: 'north',
      daysLeft: 549,
      validUntil: at('2028-01-01T00:00:00Z'),
      revoked: false,
      authorities: [{ name: 'Authority 1', daysLeft: 3_471 }],
    });
    await put({ crl: LISTS['north-revoked'] });
    await watched.look();
    expect(watched.status().revoked).toBe(true);
    expect(kinds()).toEqual(['certificate.changed', 'certificate.revoked']);
  });
});

describe('SR 1.9, SR 6.2: the end of a certificate', () => {
  const days = (text: string) => clock.setWallClock(at(text));

  it('is told 30, 7 and 1 days before, and when it has come: each once', async () => {
    const watched = await watch();
    const told: string[] = [];
    for (let day = new Date('2027-11-20T12:00:00Z'); day.getTime() < Date.UTC(2028, 0, 10); ) {
      days(day.toISOString());
      await watched.look();
      for (const { kind } of events.splice(0)) told.push(`${day.toISOString().slice(0, 10)} ${kind}`);
      day = new Date(day.getTime() + 86_400_000);
    }
    expect(told).toEqual([
      '2027-12-02 certificate.expiring',
      '2027-12-25 certificate.expiring',
      '2027-12-31 certificate.expiring',
      '2028-01-01 certificate.expired',
    ]);
  });

  it('is told once after a start, for the stage that it is in', async () => {
    days('2027-12-28T00:00:00Z');
    const watched = await watch();
    await watched.look();
    expect(kinds()).toEqual(['certificate.expiring']);
    expect(events[0].detail).toContain('ends at 2028-01-01');
  });

  it('is told once, however often the clock jumps over it', async () => {
    const watched = await watch();
    for (let jump = 0; jump < 3; jump++) {
      for (const time of ['2030-01-01T00:00:00Z', '2026-07-01T00:00:00Z']) {
        days(time);
        await watched.look();
      }
    }
    expect(kinds()).toEqual(['certificate.expired']);
  });

  it('of a gateway is no reason not to start: it goes on reading, and its data waits', async () => {
    days('2029-01-01T00:00:00Z');
    const watched = await watch();
    expect(watched.status().daysLeft).toBe(-366);
    expect(kinds()).toEqual(['certificate.expired']);
  });

  it('of an authority is told as well', async () => {
    days('2035-12-20T00:00:00Z');
    await watch();
    expect(events.map(({ kind, detail }) => `${kind} ${/"(.*?)"/.exec(detail)?.[1]}`)).toEqual([
      'certificate.expired north',
      'certificate.expiring Authority 1',
    ]);
  });

  it('of a revocation list is told once; the list is still used', async () => {
    await put({ crl: LISTS['north-revoked'] });
    days('2027-06-02T00:00:00Z');
    const watched = await watch();
    await watched.look();
    expect(kinds()).toEqual(['certificate.list-outdated', 'certificate.revoked']);
    expect(watched.current().isRevoked(watched.current().certificate)).toBe(true);
  });
});
