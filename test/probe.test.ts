/** `tidegate probe modbus` against the server of modbus-serial, as a commissioning engineer uses it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ModbusSerial from 'modbus-serial';
import { describe, expect, vi, it as withoutPlant } from 'vitest';
import { PseudoTerminal, ptyDefect } from '../packages/edge/src/acquisition/transport/testbed/pseudoTerminal.ts';
import { checkReport, startProbe } from './runningProbe.ts';
import { freePorts } from './runningTidegate.ts';

const FAST = ['--max-rate', '100', '--interval', '20ms', '--timeout', '300ms'];

/** Four registers of unit 7, all 42, and the question that it does not know; with their CRCs. */
const REGISTERS_OF_UNIT_7 = {
  request: '070300000004446f',
  answer: Buffer.from('070308002a002a002a002ab94c', 'hex').toString('latin1'),
};
const IDENTIFICATION_OF_UNIT_7 = '072b0e0100f877';

interface Refusal extends Error {
  modbusErrorCode?: number;
}

function refuse(code: number): never {
  const refusal: Refusal = new Error('refused');
  refusal.modbusErrorCode = code;
  throw refusal;
}

/** Holding registers 100 to 111 of unit 1, and three coils; nobody is behind unit 9. A temperature that rises, its words swapped; a text. */
class Device {
  readonly askedMs: number[] = [];
  writes = 0;
  #reads = 0;

  readonly vector = {
    getMultipleHoldingRegisters: (first: number, count: number, unit: number): number[] => {
      this.askedMs.push(performance.now());
      if (unit === 9) refuse(11);
      if (first < 100 || first + count > 112) refuse(2);
      return this.#registers().slice(first - 100, first - 100 + count);
    },
    getHoldingRegister: (address: number, unit: number): number =>
      this.vector.getMultipleHoldingRegisters(address, 1, unit)[0],
    getCoil: (address: number) => (address >= 100 && address < 103 ? true : refuse(2)),
    getDiscreteInput: () => refuse(1),
    readDeviceIdentification: () => ({ 0: 'Acme', 1: 'P-1', 2: '2.3' }),
    setRegister: () => this.#write(),
    setRegisterArray: () => this.#write(),
    setCoil: () => this.#write(),
    setCoilArray: () => this.#write(),
  };

  #registers(): number[] {
    const view = new DataView(new ArrayBuffer(24));
    const temperature = 21.5 + this.#reads++ / 100;
    view.setFloat32(0, temperature);
    const [high, low] = [view.getUint16(0), view.getUint16(2)];
    view.setUint16(0, low);
    view.setUint16(2, high);
    view.setFloat32(4, 1013.25 - temperature);
    view.setUint16(8, 42);
    for (const [index, letter] of [...'PUMP-7 NORTH'].entries()) view.setUint8(12 + index, letter.charCodeAt(0));
    return Array.from({ length: 12 }, (_, index) => view.getUint16(2 * index));
  }

  #write(): void {
    this.writes++;
  }
}

interface Plant {
  readonly device: Device;
  readonly port: number;
}

/** Each test has a device of its own, so that they wait for their devices side by side. */
const it = withoutPlant.extend<{ plant: Plant }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what the fixture needs
  plant: async ({}, use) => {
    const device = new Device();
    const [port] = await freePorts(1);
    // biome-ignore lint/suspicious/noExplicitAny: the types of the library want callbacks that it does not need
    const server = new ModbusSerial.ServerTCP(device.vector as any, { host: '127.0.0.1', port, unitID: 255 });
    await new Promise<void>((resolve) => server.on('initialized', () => resolve()));
    await use({ device, port });
    for (const socket of server.socks.keys()) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  },
});

const start = (...args: readonly string[]) => startProbe('modbus', ...args);
const probe = (...args: readonly string[]) => start(...args).ended;

/** By itself: what has to wait for others here asks again, and not politely. */
it('a device that is there is told what will be done, asked politely, and described with reasons', async ({
  plant: { device, port },
}) => {
  const { status, stdout, stderr } = await probe(`127.0.0.1:${port}`, '--unit', '1', '--range', '64-191', ...FAST);
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.anything() });
  expect(stderr).toContain(`Probes unit 1 at 127.0.0.1:${port}, Modbus TCP: holding 64 to 191.`);
  expect(stderr).toContain('Sends nothing but read holding registers, read device identification;');
  expect(stdout).toContain('The device says of itself: vendor-name Acme, product-code P-1, revision 2.3');
  expect(stdout).toContain('holding: 12 of 128 addresses answer: 100-111');
  expect(stdout).toMatch(
    /^ {2}holding:100 +0x[\da-f]{4} 0x41[\da-f]{2} +float32 +CDAB +21\.\d+ +21\.\d+ to 21\.\d+; as ABCD it would be /m,
  );
  expect(stdout).toMatch(/^ {2}holding:102 +0x447[\da-f] 0x[\da-f]{4} +float32 +ABCD +99\d\.\d+ /m);
  expect(stdout).toMatch(/^ {2}holding:104 +0x002a +uint16 +42 +always 42/m);
  expect(stdout).toMatch(/^ {2}holding:106\[6\] .*string +ABCD +"PUMP-7 NORTH" +letters that do not change$/m);
  expect(device.writes).toBe(0);
  const pauses = device.askedMs.slice(1).map((ms, index) => ms - device.askedMs[index]);
  expect(Math.min(...pauses)).toBeGreaterThan(8);
});

describe.concurrent('a device that is there', () => {
  it('gives a tag list that a configuration takes as it is', async ({ plant: { port } }) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-probe-'));
    const asked = [`127.0.0.1:${port}`, '--unit', '1', '--table', 'holding,coil', '--range', '96-111', ...FAST];
    const csv = await probe(...asked, '--prefix', 'site/pump', '--csv');
    const yaml = await probe(...asked, '--yaml');
    await writeFile(path.join(directory, 'tags.csv'), csv.stdout);
    const inline = yaml.stdout.replaceAll(/^/gm, '      ');
    const text = `gateway: north
dataDirectory: data
server: { host: server, port: 1, certificates: certificates }
scanClasses: { slow: 10s }
devices:
  - { name: listed, protocol: modbus-tcp, host: 192.0.2.1, tags: tags.csv }
  - name: inline
    protocol: modbus-tcp
    host: 192.0.2.2
    tags:
${inline}`;
    const file = path.join(directory, 'gateway.yaml');
    await writeFile(file, text);
    const report = await checkReport(file);
    await rm(directory, { recursive: true });
    const tags = csv.stdout.trimEnd().split('\n').length - 1;
    expect(csv.stdout).toContain('site/pump/holding-100,holding:100,float32,CDAB,slow,"21.');
    expect(tags).toBeGreaterThan(6);
    expect(report).toMatch(new RegExp(`ok: 2 devices, ${2 * tags} tags`));
  });

  it('tells programs the same', async ({ plant: { port } }) => {
    const { status, stdout } = await probe(
      ...[
        `127.0.0.1:${port}`,
        '--unit',
        '1',
        '--table',
        'holding,coil,discrete',
        '--range',
        '96-159',
        ...FAST,
        '--json',
      ],
    );
    const report = JSON.parse(stdout);
    expect({ status, unit: report.unit, identity: report.identity }).toEqual({
      status: 0,
      unit: 1,
      identity: 'vendor-name Acme, product-code P-1, revision 2.3',
    });
    expect(report.tables.map(({ table, found, remark }: Record<string, unknown>) => [table, found, remark])).toEqual([
      ['holding', [{ first: 100, last: 111 }], null],
      ['coil', [{ first: 100, last: 102 }], null],
      ['discrete', [], 'exception 1, illegal function'],
    ]);
    expect(report.tables[0].values[0]).toMatchObject({ address: 'holding:100', type: 'float32', order: 'CDAB' });
    expect(report.tables[0].values[0].raw).toHaveLength(2);
  });

  it('is left alone at once on Ctrl-C, and what was found is told', async ({ plant: { port } }) => {
    const place = `127.0.0.1:${port}`;
    const { seen, ended, interrupt } = start(place, '--unit', '1', '--range', '100-111', '--interval', '30s');
    await vi.waitFor(() => expect(seen.stderr).toContain('sampling holding'), 15_000);
    const stoppedMs = performance.now();
    interrupt();
    const { status, stdout } = await ended;
    expect(performance.now() - stoppedMs).toBeLessThan(5_000);
    expect(status).toBe(130);
    expect(stdout).toContain('holding: 12 of 12 addresses answer: 100-111');
    expect(stdout).toMatch(/holding:104 +0x002a/);
    expect(stdout).not.toContain('The device says of itself');
  });
});

describe.concurrent('a serial line', { skip: ptyDefect !== undefined }, () => {
  it('is probed at its speed, in RTU frames', async () => {
    const terminal = await PseudoTerminal.open();
    const asked: string[] = [];
    const heard = () => Buffer.from(terminal.heard, 'latin1').toString('hex');
    const answers = setInterval(() => {
      const rest = heard().slice(asked.join('').length);
      const question = [REGISTERS_OF_UNIT_7.request, IDENTIFICATION_OF_UNIT_7].find((known) => rest.startsWith(known));
      if (question === undefined) return;
      asked.push(question);
      if (question === REGISTERS_OF_UNIT_7.request) terminal.say(REGISTERS_OF_UNIT_7.answer);
    }, 5);
    const line = ['--serial', terminal.path, '--baud', '19200', '--format', '8E1'];
    const { status, stdout, stderr } = await probe(...line, '--unit', '7', '--range', '0-3', '--samples', '1', ...FAST);
    clearInterval(answers);
    await terminal.unplug();
    expect(stderr).toContain(`Probes unit 7 at ${terminal.path} (19200 bit/s, 8E1), Modbus RTU: holding 0 to 3.`);
    expect(status).toBe(0);
    expect(stdout).toContain('holding: 4 of 4 addresses answer: 0-3');
    expect(stdout.match(/holding:\d +0x002a +uint16 +42 +always 42/g)).toHaveLength(4);
    // The search, the sample, and the identification, which it does not know; and nothing else.
    expect(asked).toEqual([REGISTERS_OF_UNIT_7.request, REGISTERS_OF_UNIT_7.request, IDENTIFICATION_OF_UNIT_7]);
    expect(heard()).toBe(asked.join(''));
  });
});

describe.concurrent('a device that is not there', () => {
  it('is not asked for each address where a gateway says that nobody is behind it', async ({
    plant: { device, port },
  }) => {
    const { status, stdout } = await probe(`127.0.0.1:${port}`, '--unit', '9', ...FAST);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'holding: 0 of 1000 addresses answer\n  exception 11, gateway target device failed to respond',
    );
    expect(device.askedMs).toHaveLength(1);
  });

  it('says where to look when nobody listens', async () => {
    const [closed] = await freePorts(1);
    const { status, stdout, stderr } = await probe(`127.0.0.1:${closed}`, '--unit', '1');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`tidegate probe: 127.0.0.1:${closed} takes no connection: nothing listens on this port`);
  });

  it('says where to look when nobody answers', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port: silentPort } = silent.address() as { port: number };
    const { status, stderr } = await probe(`127.0.0.1:${silentPort}`, '--unit', '3', ...FAST);
    silent.close();
    expect(status).toBe(1);
    expect(stderr).toContain('unit 3 has not answered 5 requests in a row');
    expect(stderr).toContain('Is there such a unit?');
  });

  it('is not even looked for where the arguments are wrong, all of which are told', async () => {
    const { status, stderr } = await probe('--unit', '300', '--table', 'foo', '--range', '9-1', '--max-rate', '0');
    expect(status).toBe(2);
    expect(stderr.match(/^tidegate probe: .*$/gm)).toEqual([
      expect.stringContaining('name a HOST[:PORT], or a port with --serial'),
      expect.stringContaining('--unit 300'),
      expect.stringContaining('--table foo'),
      expect.stringContaining('--range 9-1'),
      expect.stringContaining('--max-rate 0'),
    ]);
  });
});
