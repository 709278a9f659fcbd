/** The generated files, as they were looked through once; and what the programs that read them say of them. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Change, policyOf } from '../testbed/policyText.ts';
import { hostFirewall, zoneFirewall } from './firewall.ts';
import { hopsOf } from './hop.ts';
import { hostUnit } from './units.ts';

const DIODE: readonly Change[] = [
  ['via: gate-1', 'via: diode'],
  ['north: 192.0.2.11', 'north: { address: 192.0.2.11, diode: enp3s0 }'],
];
const relayed = policyOf();
const oneWay = policyOf(...DIODE);
const fetched = policyOf(['via: gate-1', 'via: gate-1\n    fetchPort: 7421']);
const calledIn = policyOf(['north: 192.0.2.11', 'north: { address: 192.0.2.11, listen: [20000, 2404] }']);
const UNIT = { program: '/bin/true', serialPorts: [] };

const FIREWALLS: readonly (readonly [file: string, text: string | undefined])[] = [
  ['gateway-to-relay', hostFirewall(relayed, 'north')],
  ['relay', hostFirewall(relayed, 'gate-1')],
  ['server-of-relay', hostFirewall(relayed, 'history')],
  ['gateway-to-diode', hostFirewall(oneWay, 'north')],
  ['server-of-diode', hostFirewall(oneWay, 'history')],
  ['router-of-plant', zoneFirewall(relayed, 'plant')],
  ['relay-that-is-fetched-from', hostFirewall(fetched, 'gate-1')],
  ['server-that-fetches', hostFirewall(fetched, 'history')],
  ['router-of-dmz-with-fetching', zoneFirewall(fetched, 'dmz')],
  ['gateway-with-callers', hostFirewall(calledIn, 'north')],
];
const UNITS: readonly (readonly [file: string, text: string | undefined])[] = [
  ['gateway', hostUnit(relayed, 'north', { ...UNIT, serialPorts: ['/dev/ttyUSB0'] })],
  ['relay', hostUnit(relayed, 'gate-1', UNIT)],
  ['server', hostUnit(relayed, 'history', UNIT)],
  ['relay-that-is-fetched-from', hostUnit(fetched, 'gate-1', UNIT)],
  ['server-that-fetches', hostUnit(fetched, 'history', UNIT)],
  ['gateway-with-callers', hostUnit(calledIn, 'north', UNIT)],
];

test('SR 5.2: every connection is opened from the more trusted side', () => {
  expect(hopsOf(relayed).map(({ from, to, protocol, port }) => [from.name, to.name, protocol, port])).toEqual([
    ['north', 'gate-1', 'tcp', 7420],
    ['south', 'gate-1', 'tcp', 7420],
    ['gate-1', 'history', 'tcp', 7420],
  ]);
  expect(hopsOf(oneWay).map(({ from, to, protocol }) => [from.name, to.name, protocol])).toEqual([
    ['north', 'history', 'udp'],
    ['south', 'history', 'udp'],
  ]);
});

test('SR 5.2: where the server fetches, the relay opens nothing, and nothing of the server reaches further', () => {
  expect(hopsOf(fetched).map(({ from, to, port }) => [from.name, to.name, port])).toEqual([
    ['north', 'gate-1', 7420],
    ['south', 'gate-1', 7420],
    ['history', 'gate-1', 7421],
  ]);
  expect(hostFirewall(fetched, 'gate-1')!.split('chain output')[1]).not.toContain('ct state new accept');
  expect(zoneFirewall(fetched, 'plant')).not.toContain('198.51.100.5');
});

describe('SR 5.2 RE 1: the firewall lets pass what a conduit needs, and nothing else', () => {
  test.each(FIREWALLS)('%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(`./golden/${file}.nft`);
  });

  test('a host or zone that is not there has none', () => {
    expect([hostFirewall(relayed, 'east'), zoneFirewall(relayed, 'north'), hostUnit(relayed, 'x', UNIT)]).toEqual(
      Array(3).fill(undefined),
    );
  });

  test('SR 5.2: nothing that comes over the diode back is let in or answered', () => {
    const server = hostFirewall(oneWay, 'history')!;
    expect(server).not.toMatch(/oifname "enp4s0" .*accept/);
    expect(server).toContain('table arp tidegate');
    expect(hostFirewall(oneWay, 'north')).not.toMatch(/iifname "enp3s0" .*accept/);
  });

  const checks = spawnSync('nft', ['--check', '--file', '-'], { input: 'table inet tidegate_probe {}\n' });
  const reason = checks.error ? 'nft is not installed' : 'nft may not look at the kernel';
  test.skipIf(checks.status !== 0)(`nft takes the rules${checks.status === 0 ? '' : ` (skipped: ${reason})`}`, () => {
    for (const [file, text] of FIREWALLS) {
      const { status, stderr } = spawnSync('nft', ['--check', '--file', '-'], { input: text, encoding: 'utf8' });
      expect([file, stderr, status]).toEqual([file, '', 0]);
    }
  });
});

describe('SR 2.1, SR 7.6: the unit gives a process what it needs, and nothing else', () => {
  test.each(UNITS)('%s', async (file, text) => {
    await expect(text).toMatchFileSnapshot(`./golden/${file}.service`);
  });

  const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  const present = analyze('--version').status === 0;
  test.skipIf(!present)(`systemd takes it${present ? '' : ' (skipped: systemd-analyze is not installed)'}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'tidegate-units-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    for (const [file, text] of UNITS) {
      const path = join(directory, `tidegate-${file}.service`);
      writeFileSync(path, text!);
      const { stderr } = analyze('verify', '--man=no', path);
      expect(stderr.split('\n').filter((line) => line.includes(path))).toEqual([]);
      const security = analyze('security', '--offline=yes', '--threshold=20', path);
      expect([file, security.status, security.stdout.split('\n').at(-2)]).toEqual([file, 0, expect.anything()]);
    }
  });
});
