import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadGatewayConfig } from './loadGatewayConfig.ts';

const AROUND = `gateway: north-1
dataDirectory: data
server: { host: server.example, port: 8443, certificates: certificates }
scanClasses: { fast: 100ms }
`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-lines-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function load(text: string) {
  const file = join(directory, 'gateway.yaml');
  await writeFile(file, AROUND + text);
  return loadGatewayConfig(file);
}

async function linesOf(text: string) {
  const loaded = await load(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.defects));
  return loaded.value.lines;
}

/** What is wrong, as `line:column message | hint`, counted from the first line behind the surroundings. */
async function defectsOf(text: string) {
  const loaded = await load(text);
  const before = AROUND.split('\n').length - 1;
  return loaded.ok
    ? []
    : loaded.defects.map(({ line, column, message, hint }) => `${line - before}:${column} ${message} | ${hint}`);
}

const device = (name: string, keys: string) => `  - { name: ${name}, protocol: modbus-tcp, ${keys}, tags: [] }\n`;

describe('lines', () => {
  it('carry the devices that name them, and a device without one is alone', async () => {
    const lines = await linesOf(`lines:
  - { name: gateway-1, host: 10.0.0.7, port: 1502, requestPause: 5ms, maxRequestsPerSecond: 20, quietHours: 22:00-05:30 }
devices:
${device('one', 'line: gateway-1, unit: 1')}${device('alone', 'host: plc, requestPause: 1ms')}${device('two', 'line: gateway-1, unit: 2')}`);
    expect(
      lines.map(({ name, medium, limits, devices }) => [name, medium, limits, devices.map((one) => one.name)]),
    ).toEqual([
      [
        'gateway-1',
        { kind: 'tcp', host: '10.0.0.7', port: 1502, connectTimeoutMs: 3000, tls: undefined },
        { minRequestPauseMs: 5, maxRequestsPerSecond: 20, quietHours: [{ fromMinute: 1320, toMinute: 330 }] },
        ['one', 'two'],
      ],
      ['alone', { kind: 'tcp', host: 'plc', port: 502, connectTimeoutMs: 3000, tls: undefined }, {}, ['alone']],
    ]);
  });

  it('may be TLS, with files beside the configuration', async () => {
    const tls = '{ ca: pki/ca.pem, certificate: pki/us.pem, key: pki/us.key }';
    const [line] = await linesOf(`devices:\n${device('plc', `host: plc, port: 802, tls: ${tls}`)}`);
    expect(line.medium).toMatchObject({
      port: 802,
      tls: { ca: join(directory, 'pki/ca.pem'), cert: join(directory, 'pki/us.pem'), serverName: undefined },
    });
  });

  it.each<[what: string, text: string, defects: readonly string[]]>([
    [
      'a device that is nowhere',
      `devices:\n${device('plc', 'unit: 1')}`,
      ['2:5 nothing says where it is | name one of: host'],
    ],
    [
      'a medium that the protocol is not spoken over',
      `devices:\n${device('plc', 'serial: /dev/ttyS0')}`,
      ['2:48 Modbus TCP is not spoken over "serial" | name one of: host'],
    ],
    [
      'two media',
      `devices:\n${device('plc', 'host: plc, serial: COM3')}`,
      ['2:59 "serial" stands beside "host" | a line has one medium: remove one of the two'],
    ],
    [
      'a key of another medium',
      `devices:\n${device('plc', 'host: plc, baudRate: 9600')}`,
      ['2:61 "baudRate" means nothing beside "host" | remove it'],
    ],
    [
      'a line that there is not',
      `lines: [{ name: bus-1, host: a }]\ndevices:\n${device('one', 'line: bus-1')}${device('plc', 'line: bus-2')}`,
      ['4:46 there is no line "bus-2" | did you mean "bus-1"?'],
    ],
    [
      'a medium beside a line',
      `lines: [{ name: bus-1, host: a }]\ndevices:\n${device('plc', 'line: bus-1, port: 5')}`,
      ['3:59 "port" stands beside "line" | it is a matter of the line: write it there'],
    ],
    [
      'a line without devices',
      `lines: [{ name: bus-1, host: a }]\ndevices:\n${device('plc', 'host: b')}`,
      ['1:9 no device is on the line "bus-1" | line: bus-1, in a device'],
    ],
    [
      'two lines on one serial port',
      `devices:\n  - { name: a, protocol: modbus-rtu, serial: COM3, baudRate: 9600, tags: [] }\n  - { name: b, protocol: modbus-rtu, serial: COM3, baudRate: 9600, tags: [] }\n`,
      ['3:46 COM3 is that of "a", too | put their devices on one line, and name it in each'],
    ],
    [
      'a door that is open to everybody',
      `devices:\n  - { name: a, protocol: dnp3, outstation: 4, listen: { port: 20000 }, tags: [] }\n`,
      [
        '2:47 whoever calls would be taken for the device | name its address or network under "allow", such as 10.1.0.0/16, or use "tls"',
      ],
    ],
    [
      'two devices of one address',
      `lines: [{ name: bus-1, host: a }]\ndevices:\n${device('one', 'line: bus-1')}${device('two', 'line: bus-1')}`,
      ['4:5 the address 1 is that of "one", too | each device of a line has an address of its own'],
    ],
    [
      'a share of a network',
      `lines: [{ name: bus-1, host: a, maxBusShare: 0.5 }]\ndevices:\n${device('one', 'line: bus-1')}`,
      ['1:46 "maxBusShare" is for serial lines | a network has no time to share: use maxRequestsPerSecond'],
    ],
    [
      'quiet hours that are none',
      `devices:\n${device('plc', 'host: a, quietHours: 22-5')}`,
      ['2:61 "22-5" is not a stretch of hours | from and to in local time, such as 22:00-05:30'],
    ],
  ])('are told of %s', async (_, text, defects) => {
    expect(await defectsOf(text)).toEqual(defects);
  });
});

it('the file that a device names is read, and what is wrong in it is told', async () => {
  const gsd = '#Profibus_DP\nVendor_Name = "M\\xfcller"\nModel_Name = "x"\nIdent_Number = 0x1234\n';
  await writeFile(join(directory, 'a.gsd'), Buffer.from(gsd, 'latin1'));
  const text =
    'devices:\n  - { name: a, protocol: profibus-dp, station: 5, gsd: a.gsd, serial: COM3, baudRate: 9600, tags: [] }\n';
  const [line] = await linesOf(text);
  expect(line.devices[0].options).toMatchObject({ station: 5, gsd: { path: 'a.gsd', text: gsd } });
  await writeFile(join(directory, 'a.gsd'), 'this is no GSD');
  expect((await defectsOf(text)).join()).toMatch(/^2:\d+ a\.gsd:1: /);
});

describe('drivers of others', () => {
  async function install(name: string, code: string): Promise<void> {
    const folder = join(directory, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js' }));
    await writeFile(join(folder, 'index.js'), code);
  }

  it('are told of a package that cannot be loaded, or brings none', async () => {
    await install('empty', 'export const nothing = 1;');
    const defects = await defectsOf(`drivers: [absent, empty]\ndevices:\n${device('plc', 'host: a')}`);
    expect(defects[0]).toMatch(/^1:11 "absent" cannot be loaded: Cannot find module 'absent' \|/);
    expect(defects[1]).toMatch(/^1:19 "empty" cannot be loaded: it exports no list named drivers \|/);
  });

  it('cannot take the place of a protocol of the house', async () => {
    await install('impostor', "export const drivers = [{ manifest: { protocol: 'modbus-tcp' } }];");
    const defects = await defectsOf(`drivers: [impostor]\ndevices:\n${device('plc', 'host: a')}`);
    expect(defects).toEqual([
      '1:11 "impostor" brings a driver for modbus-tcp, which there is already | remove one of the two',
    ]);
  });
});
