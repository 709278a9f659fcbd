/** `tidegate probe profibus` on the recorded bus of one master and three slaves, as a commissioning engineer uses it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { joined } from '../packages/edge/src/acquisition/drivers/profibus/testbed/buildTelegram.ts';
import { RECORDED } from '../packages/edge/src/acquisition/drivers/profibus/testbed/recordedTelegrams.ts';
import { PseudoTerminal, ptyDefect } from '../packages/edge/src/acquisition/transport/testbed/pseudoTerminal.ts';
import { checkReport, startProbe } from './runningProbe.ts';
import { freePorts } from './runningTidegate.ts';

const RECORDING = joined(...RECORDED.map(({ bytes }) => bytes));
/** At this rate the recording takes two seconds and a half. */
const BAUD = ['--baud', '19200'];

const STATIONS = [
  /^ {6}2 {2}master +- +- +- +- +-$/m,
  /^ {6}8 {2}slave +0x4224 +data exchange +2 +2 +21 11$/m,
  /^ {5}42 {2}slave +0x4225 +data exchange +6 +2 +21 15$/m,
  /^ {5}77 {2}slave +0x4226 +data exchange +4 +1 +20 13$/m,
];

const start = (...args: readonly string[]) => startProbe('profibus', ...args);
const probe = (...args: readonly string[]) => start(...args).ended;

function expectStations(stdout: string): void {
  for (const station of STATIONS) expect(stdout).toMatch(station);
}

let directory: string;
let recording: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidegate-probe-'));
  recording = path.join(directory, 'bus.bin');
  await writeFile(recording, RECORDING);
});
afterAll(() => rm(directory, { recursive: true }));

/** A recording lasts as long as it did: they are listened to side by side. */
describe.concurrent('a recording', () => {
  it('is told as a table: the bus, and each station on it', async () => {
    const { status, stdout, stderr } = await probe('--recording', recording, ...BAUD);
    expect(stderr).toContain('Listens only: the line is opened as a tap, which cannot send.');
    expect(status).toBe(0);
    expect(stdout).toContain('bit rate: 19200 bit/s; 100.0 % of the bytes make sense\nmasters in the ring: 2\n');
    expect(stdout).toMatch(/^token rotation: \d+\.\d\d ms, at most \d+\.\d\d ms$/m);
    expect(stdout).toMatch(/^telegrams: \d+\/s\nnoise: 0 bytes; check errors: 0$/m);
    expectStations(stdout);
  });

  it('is told to programs', async () => {
    const { status, stdout } = await probe('--recording', recording, ...BAUD, '--json');
    const { stations, ...bus } = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(bus).toMatchObject({ bitRate: 19_200, score: 1, telegrams: 360, masters: [2], noiseBytes: 0 });
    expect(stations).toHaveLength(4);
    expect(stations[1]).toEqual({
      address: 8,
      role: 'slave',
      ident: 0x4224,
      state: 'data exchange',
      inputBytes: 2,
      outputBytes: 2,
      configuration: '21 11',
    });
  });

  it('gives devices and tags that a configuration takes as they are', async () => {
    const { stdout } = await probe('--recording', recording, ...BAUD, '--yaml', '--prefix', 'site/mill');
    expect(stdout).toContain('path: "site/mill/station-77/slot-2-input-0", address: "slot:2/input:0", type: uint32');
    const file = path.join(directory, 'gateway.yaml');
    await writeFile(
      file,
      `gateway: north
dataDirectory: data
server: { host: server, port: 1, certificates: certificates }
scanClasses: { slow: 10s }
${stdout}`,
    );
    expect(await checkReport(file)).toMatch(/ok: 3 devices, 14 tags/);
  });

  it('says where to look when it is none of PROFIBUS', async () => {
    const file = path.join(directory, 'noise.bin');
    await writeFile(
      file,
      RECORDING.map((byte) => ~byte),
    );
    const { status, stdout, stderr } = await probe('--recording', file, ...BAUD, '--seconds', '1');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/tidegate probe: \d+ bytes were heard, and make no telegrams\. Are A and B swapped\?/);
  });
});

describe.concurrent('a serial port', { skip: ptyDefect !== undefined }, () => {
  it('is listened to at the rate that is given, and nothing is sent', async () => {
    const terminal = await PseudoTerminal.open();
    const { seen, ended } = start('--serial', terminal.path, ...BAUD, '--seconds', '2');
    await vi.waitFor(() => expect(seen.stderr).toContain(`Listens at ${terminal.path} (19200 bit/s, 8E1)`), 15_000);
    terminal.say(Buffer.from(RECORDING).toString('latin1'));
    const { status, stdout } = await ended;
    expect(terminal.heard).toBe('');
    await terminal.unplug();
    expect(status).toBe(0);
    expectStations(stdout);
  });

  it('is tried at one rate after the other, until Ctrl-C', async () => {
    const terminal = await PseudoTerminal.open();
    const { seen, ended, interrupt } = start('--serial', terminal.path);
    await vi.waitFor(() => expect(seen.stderr).toMatch(/ 9600 bit\/s: nothing heard\n +19200 bit\/s: /), 15_000);
    interrupt();
    const { status, stdout, stderr } = await ended;
    await terminal.unplug();
    expect([status, stdout]).toEqual([130, '']);
    expect(stderr).not.toContain('187500 bit/s');
  });
});

describe.concurrent('a serial server', () => {
  let server: Server;
  let sent = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket
        .on('error', () => {})
        .on('data', ({ length }) => {
          sent += length;
        });
      socket.write(RECORDING);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('has a rate of its own, and is sent nothing', async () => {
    const { port } = server.address() as { port: number };
    const { status, stdout } = await probe('--host', `127.0.0.1:${port}`, '--seconds', '1');
    expect(status).toBe(0);
    expect(stdout).toContain('bit rate: that of the serial server; 100.0 % of the bytes make sense');
    expectStations(stdout);
    expect(sent).toBe(0);
  });
});

describe.concurrent('a line that is not there', () => {
  it('is explained', async () => {
    const [closed] = await freePorts(1);
    const refused = await probe('--host', `127.0.0.1:${closed}`);
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(`tidegate probe: 127.0.0.1:${closed} takes no connection`);
    const missing = await probe('--serial', '/dev/ttyNOBODY7');
    expect([missing.status, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr.match(/\/dev\/ttyNOBODY7 is not there/g)).toHaveLength(1);
    expect(missing.stderr).toContain('Check the path of the port');
  });

  it('says where to look when nothing comes', async () => {
    const file = path.join(directory, 'silence.bin');
    await writeFile(file, '');
    const { status, stderr } = await probe('--recording', file, ...BAUD, '--seconds', '1');
    expect(status).toBe(1);
    expect(stderr).toContain('tidegate probe: nothing was heard. Is a master in operation?');
  });

  it('is not even looked for where the arguments are wrong, all of which are told', async () => {
    const { status, stderr } = await probe('--serial', 'a', '--host', 'b', '--baud', 'x', '--seconds', '0');
    expect(status).toBe(2);
    expect(stderr.match(/^tidegate probe: .*$/gm)).toEqual([
      expect.stringContaining('name one of --serial PATH, --host HOST:PORT and --recording FILE'),
      expect.stringContaining('--baud x'),
      expect.stringContaining('--seconds 0'),
    ]);
  });
});
