import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durationMs } from '@tidegate/config/fields.ts';
import type { AnyDriver } from '@tidegate/edge/acquisition/driver.ts';
import { loadDriver, PROTOCOLS } from '@tidegate/edge/acquisition/drivers/driverRegistry.ts';
import { modbusTcpDriver } from '@tidegate/edge/acquisition/drivers/modbus/modbusDrivers.ts';
import { describe, expect, it } from 'vitest';
import { driverSheet } from './driverSheet.ts';
import { formatDriverList } from './formatDrivers.ts';

const COMMAND = fileURLToPath(new URL('../../../tidegate/src/main.ts', import.meta.url));

/** A driver whose protocol needs more than reads. */
const talkative: AnyDriver = {
  ...modbusTcpDriver,
  manifest: {
    ...modbusTcpDriver.manifest,
    protocol: 'talkative',
    title: 'Talkative',
    media: ['listen', 'serial'],
    outbound: [
      { service: 'read', effect: 'read' },
      { service: 'confirm', effect: 'session', reason: 'it repeats itself until then' },
      { service: 'write time', effect: 'session', reason: 'its clock has no other source', option: 'setClock' },
    ],
  },
  options: modbusTcpDriver.options.pick({ unit: true, maxGap: true }).extend({
    every: durationMs().default(5_400_000).describe('how often'),
    name: durationMs(),
  }),
};

describe('what a driver tells of itself', () => {
  it('says of each service what it does, why, and what allows it', () => {
    expect(
      formatDriverList([driverSheet(talkative), driverSheet(silenced, 'their-drivers')]),
    ).toBe(`talkative: Talkative, over listen or serial, port 502
  read        read     always allowed
  confirm     session  always allowed                  it repeats itself until then
  write time  session  off, unless setClock allows it  its clock has no other source

silent: Silent, over serial, of their-drivers
  listens only: sends nothing
`);
  });

  it('says what each key means, and what holds without it, as it would be written', () => {
    expect(driverSheet(talkative).keys).toEqual([
      { name: 'unit', description: 'the unit behind the address, 0 to 255', required: false, default: 1 },
      { name: 'maxGap', description: expect.stringContaining('registers'), required: false },
      { name: 'every', description: 'how often', required: false, default: '90min' },
      { name: 'name', description: 'a length of time such as 250ms, 1s or 10min', required: true },
    ]);
  });

  it.each(PROTOCOLS)('%s describes every key', async (protocol) => {
    const driver = await loadDriver(protocol);
    for (const { description } of driverSheet(driver!).keys) expect(description.length).toBeGreaterThan(10);
  });
});

const silenced: AnyDriver = {
  ...modbusTcpDriver,
  manifest: { ...modbusTcpDriver.manifest, protocol: 'silent', title: 'Silent', media: ['serial'], outbound: [] },
};

describe('tidegate drivers', () => {
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, [COMMAND, 'drivers', ...args], { encoding: 'utf8' });

  it('lists every driver of the registry', () => {
    const sheets: readonly { protocol: string; sends: readonly unknown[] }[] = JSON.parse(run('--json'));
    expect(sheets.map(({ protocol }) => protocol)).toEqual(PROTOCOLS);
    expect(sheets[0].sends[0]).toEqual({ service: 'read coils', effect: 'read', onByDefault: true });
  });

  it('shows the keys and the example of one', () => {
    const text = run('modbus-rtu');
    expect(text).toMatch(/^ {2}turnaround +default 0ms +silence before each request/m);
    expect(text).toContain('    - name: meter-1\n      protocol: modbus-rtu\n');
  });

  it('knows what was probably meant', () => {
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'drivers', 'modbus-tpc'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'tidegate drivers: there is no driver for "modbus-tpc". Did you mean modbus-tcp?\n',
    });
  });

  it('says which package of a configuration cannot be loaded, and where it is named', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tidegate-drivers-'));
    const file = join(directory, 'gateway.yaml');
    writeFileSync(file, 'gateway: north\ndrivers: [not-there]\n');
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'drivers', '--config', file], {
      encoding: 'utf8',
    });
    rmSync(directory, { recursive: true });
    expect(status).toBe(2);
    expect(stderr).toContain(`${file}:2:11  "not-there" cannot be loaded`);
  });
});
