import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imbalanceOf } from '@tidegate/core/ledger/tally.ts';
import { DEVICE_SIGNALS, type DeviceSignal, deviceSignalPath } from '@tidegate/core/sample/deviceSignal.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { systemTagIds } from '@tidegate/edge/configuration/systemTags.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayProcess } from './testbed/gatewayProcess.ts';
import { listSockets } from './testbed/listSockets.ts';
import { freePorts, type PlantProcess, startPlant } from './testbed/plantProcess.ts';
import { RecordingSink } from './testbed/recordingSink.ts';
import { Certificates, GATEWAY, Site } from './testbed/site.ts';

const OTHER = 'south-1';
const WAIT = { timeout: 15_000, interval: 20 };

/** The tags of a site have the first numbers; behind them are those in which the gateway reports on its device. */
const PLANT_TAGS = 4;
const plantTagsOf = (sink: RecordingSink) =>
  sink.tags.filter((tag) => tag.number < PLANT_TAGS && sink.statusesOf(tag).length > 0).map(({ number }) => number);

let plant: PlantProcess;
let certificates: Certificates;
beforeAll(async () => {
  certificates = new Certificates(GATEWAY, OTHER);
  plant = await startPlant();
});
afterAll(async () => {
  await plant.stop();
  await certificates.remove();
});

let site: Site;
let running: GatewayProcess[];
beforeEach(() => {
  site = new Site(certificates);
  running = [];
});
afterEach(async () => {
  for (const gateway of running) gateway.kill('SIGKILL');
  await Promise.all(running.map((gateway) => gateway.ended));
  await site.remove();
});

function start(args: readonly string[], options?: ConstructorParameters<typeof GatewayProcess>[1]): GatewayProcess {
  const gateway = new GatewayProcess(args, options);
  running.push(gateway);
  return gateway;
}

describe('a gateway', () => {
  it('reads, delivers, listens on nothing, and drains when it is told to stop', async () => {
    const sink = new RecordingSink();
    const receiver = await certificates.receive(sink);
    const file = await site.configure({ serverPort: receiver.port, devicePort: plant.ports[0] });
    const gateway = start(['--config', file]);
    await vi.waitFor(() => {
      expect(sink.samples.operational).toBeGreaterThan(20);
      expect(sink.samples.analytical).toBeGreaterThan(20);
      expect(gateway.status?.devices[0].state).toBe('running');
    }, WAIT);
    // This process does listen: the list would show it.
    expect(listSockets(process.pid).map((socket) => socket.state)).toContain('LISTEN');
    const sockets = listSockets(gateway.child.pid!);
    // The device and one connection per lane.
    expect(sockets.map((socket) => socket.state)).toEqual(Array(1 + LANES.length).fill('ESTABLISHED'));
    expect(sockets.every((socket) => socket.table.startsWith('tcp'))).toBe(true);

    gateway.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    const last = gateway.status!;
    for (const lane of LANES) {
      const { tally, depth } = last.lanes[lane];
      expect(imbalanceOf(tally)).toBe(0);
      expect(depth).toEqual({ blocks: 0, samples: 0, bytes: 0 });
      expect(sink.samples[lane]).toBe(tally.accepted);
    }
    expect(last.devices[0].state).toBe('stopped');
    expect(sink.tags.slice(0, PLANT_TAGS).map((tag) => [tag.number, tag.id])).toEqual([
      [0, 'site/a-flow'],
      [1, 'site/d-flow'],
      [2, 'site/e-flow'],
      [3, 'site/nowhere'],
    ]);
    expect(plantTagsOf(sink)).toEqual([0, 1, 2, 3]);
    expect(gateway.stderr).toBe('');
    expect(gateway.log.map((line) => line.msg)).toEqual(expect.arrayContaining(['started', 'stopping', 'stopped']));
    await receiver.stop();
  });

  it('keeps what it could not deliver, and delivers it after the next start', async () => {
    const [serverPort] = await freePorts(1);
    const file = await site.configure({ serverPort, devicePort: plant.ports[0] });
    const first = start(['--config', file]);
    await vi.waitFor(() => expect(first.status?.lanes.analytical.depth.samples).toBeGreaterThan(50), WAIT);
    first.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const kept = first.status!.lanes.analytical;
    expect(kept.depth.samples).toBe(kept.tally.accepted);
    const undelivered = LANES.reduce((samples, lane) => samples + first.status!.lanes[lane].depth.samples, 0);
    expect(first.log.at(-1)).toMatchObject({ msg: 'stopped', undelivered });

    const sink = new RecordingSink();
    const receiver = await certificates.receive(sink, serverPort);
    const second = start(['--config', file]);
    await vi.waitFor(() => expect(sink.samples.analytical).toBeGreaterThan(kept.tally.accepted), WAIT);
    second.kill('SIGINT');
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(sink.samples.analytical).toBe(second.status!.lanes.analytical.tally.accepted);
    await receiver.stop();
  });

  it('compresses where it is told to, accounts for it, and keeps what it held back when it stops', async () => {
    const sink = new RecordingSink();
    const receiver = await certificates.receive(sink);
    const file = await site.configure({
      serverPort: receiver.port,
      devicePort: plant.ports[0],
      replace: [['maxInterval: 20ms }', 'maxInterval: 20ms, compressionDeviation: 1e6, compressionMaxInterval: 30s }']],
    });
    const gateway = start(['--config', file]);
    await vi.waitFor(() => expect(gateway.status?.lanes.analytical.tally.compressed).toBeGreaterThan(20), WAIT);
    gateway.kill('SIGTERM');
    await gateway.ended;
    const { tally } = gateway.status!.lanes.analytical;
    expect(imbalanceOf(tally)).toBe(0);
    expect(sink.samples.analytical).toBe(tally.accepted);
    // The first, the one that was held back, and the mark that nothing was read any more.
    const kept = sink.statusesOf(sink.tags[1]);
    expect(kept.slice(-3)).toEqual([STATUS.Good, STATUS.Good, STATUS.BadOutOfService]);
    expect(kept.filter((status) => status === STATUS.Good)).toHaveLength(2);
    await receiver.stop();
  });

  it('says in the data when it was not reading, after a stop and after a kill', async () => {
    const sink = new RecordingSink();
    const receiver = await certificates.receive(sink);
    const file = await site.configure({ serverPort: receiver.port, devicePort: plant.ports[0] });
    const samplesOf = (at: number) => sink.statusesOf(sink.tags[at]);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const before = samplesOf(0).length;
      const gateway = start(['--config', file]);
      await vi.waitFor(() => expect(samplesOf(0).slice(before)).toContain(STATUS.Good), WAIT);
      gateway.kill(signal);
      await gateway.ended;
    }
    // The kill could not be noted when it came: the next start does that.
    const outOfService = samplesOf(0).flatMap((status, at) => (status === STATUS.BadOutOfService ? [at] : []));
    expect(outOfService).toEqual([expect.any(Number), samplesOf(0).length - 1]);
    expect(samplesOf(0).slice(0, outOfService[0])).toContain(STATUS.Good);
    expect(samplesOf(0).slice(outOfService[0])).toContain(STATUS.Good);
    await receiver.stop();
  });

  it('reports on its device in tags, and says when it stops to', async () => {
    const sink = new RecordingSink();
    const receiver = await certificates.receive(sink);
    const file = await site.configure({ serverPort: receiver.port, devicePort: plant.ports[0] });
    const gateway = start(['--config', file]);
    const statusesOf = (signal: DeviceSignal) =>
      sink.statusesOf(sink.tags.find(({ path }) => path === deviceSignalPath(GATEWAY, 'eastman', signal)));
    // Connecting and running; the second of them was no reason to report on the protocol again.
    await vi.waitFor(() => expect(statusesOf('state')).toEqual([STATUS.Good, STATUS.Good]), WAIT);
    gateway.kill('SIGTERM');
    await gateway.ended;
    expect(sink.tags.slice(PLANT_TAGS).map(({ path }) => path)).toEqual([
      ...DEVICE_SIGNALS.map((signal) => deviceSignalPath(GATEWAY, 'eastman', signal)),
      ...systemTagIds(GATEWAY),
    ]);
    expect(statusesOf('state').at(-1)).toBe(STATUS.BadOutOfService);
    expect(statusesOf('requests').at(-1)).toBe(STATUS.BadOutOfService);
    expect(statusesOf('protocol')).toEqual([STATUS.Good]);
    await receiver.stop();
  });

  it.each<[string, (gateway: GatewayProcess) => void]>([
    ['a message that does not want to wait', (gateway) => gateway.child.send({ kind: 'stop', drain: false })],
    ['a message that wants to drain', (gateway) => gateway.child.send({ kind: 'stop', drain: true })],
    ['the end of the process that started it', (gateway) => gateway.child.disconnect()],
    [
      'two signals',
      (gateway) => {
        gateway.kill('SIGTERM');
        gateway.kill('SIGINT');
      },
    ],
  ])('ends in order after %s', async (_, stop) => {
    const [serverPort, devicePort] = await freePorts(2);
    const gateway = start(['--config', await site.configure({ serverPort, devicePort })]);
    await vi.waitFor(() => expect(gateway.status?.lanes.analytical.tally.read).toBeGreaterThan(0), WAIT);
    stop(gateway);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(gateway.log.at(-1)?.msg).toBe('stopped');
  });

  it('goes on while a device is dead, and says so as data', async () => {
    const sink = new RecordingSink();
    const receiver = await certificates.receive(sink);
    const [devicePort] = await freePorts(1);
    const file = await site.configure({ serverPort: receiver.port, devicePort });
    const gateway = start(['--config', file], { channel: false });
    await vi.waitFor(() => expect(plantTagsOf(sink)).toHaveLength(PLANT_TAGS), WAIT);
    expect(gateway.log.map((line) => line.msg)).toContain('status');
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    await receiver.stop();
  });

  it('ends with status 1 after a bug, which it logs', async () => {
    const [serverPort, devicePort] = await freePorts(2);
    const bug = "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('planted')})";
    const gateway = start(['--config', await site.configure({ serverPort, devicePort })], {
      nodeArgs: ['--import', bug],
    });
    await vi.waitFor(() => expect(gateway.status).toBeDefined(), WAIT);
    gateway.kill('SIGUSR2');
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    expect(gateway.log.at(-1)).toMatchObject({ level: 60, err: { message: 'planted' } });
  });
});

describe('a gateway that cannot run', () => {
  const PORTS = { serverPort: 1, devicePort: 1 };

  it.each<[string, (site: Site) => Promise<string>, RegExp]>([
    [
      'there are no certificates',
      (s) => s.configure({ ...PORTS, certificates: s.directory }),
      /key\.pem is missing\. Put key\.pem, cert\.pem/,
    ],
    [
      'the certificate is of another gateway',
      (s) => {
        return s.configure({ ...PORTS, certificates: certificates.of(OTHER) });
      },
      /cert\.pem is made out to "south-1", and this gateway is "north-1"\. /,
    ],
    [
      'the certificate is none',
      async (s) => {
        for (const name of ['key.pem', 'cert.pem', 'ca.pem'])
          await writeFile(join(s.directory, name), 'nothing', { mode: 0o600 });
        return s.configure({ ...PORTS, certificates: s.directory });
      },
      /cert\.pem: there is no CERTIFICATE in PEM form\. /,
    ],
    [
      'a file is in the place of the data directory',
      async (s) => {
        await writeFile(s.data, '');
        return s.configure(PORTS);
      },
      /data cannot be made: there is a file in its place\. Give the user/,
    ],
    [
      'the data directory may not be written to',
      (s) => {
        return s.configure({ ...PORTS, dataDirectory: '/sys/tidegate/data' });
      },
      /the data directory \/sys\/tidegate\/data may not be written to\. Give the user/,
    ],
    [
      'the tag registry is damaged',
      async (s) => {
        await mkdir(s.data);
        await writeFile(join(s.data, 'tags.json'), '{"format": 1');
        return s.configure(PORTS);
      },
      /tags\.json is damaged\. Restore tags\.json/,
    ],
    [
      'a spool cannot be opened',
      async (s) => {
        await mkdir(s.data);
        await writeFile(join(s.data, 'spool'), '');
        await writeFile(join(s.data, 'tags.json'), '{"format":1,"gateway":"north-1","tags":[],"crc32":"6145f134"}');
        return s.configure(PORTS);
      },
      /spool/,
    ],
  ])('because %s says so in one line and ends with status 2', async (_, prepare, expected) => {
    const gateway = start(['--config', await prepare(site)], { channel: false });
    expect(await gateway.ended).toEqual({ code: 2, signal: null });
    expect(gateway.stderr).toMatch(/^tidegate gateway: [^\n]+\.\n$/);
    expect(gateway.stderr).toMatch(expected);
  });

  it('because another one has its data directory says so', async () => {
    const [serverPort, devicePort] = await freePorts(2);
    const file = await site.configure({ serverPort, devicePort });
    const first = start(['--config', file]);
    await vi.waitFor(() => expect(first.status).toBeDefined(), WAIT);
    const second = start(['--config', file], { channel: false });
    expect(await second.ended).toEqual({ code: 2, signal: null });
    expect(second.stderr).toMatch(/^tidegate gateway: .* is open in process \d+\. Stop the other one[^\n]*\n$/);
    expect(existsSync(join(site.data, 'tags.json'))).toBe(true);
  });

  it.each([
    [['--config', 'a', '--port', '1'], /^Usage: /],
    [['chekc', '--config', 'a'], /^Usage: /],
    [['--config', '/nowhere/gateway.yaml'], /^\/nowhere\/gateway\.yaml:1:1 {2}there is no such file\n/],
  ])('because of its arguments %j says so', async (args, expected) => {
    const gateway = start(args, { channel: false });
    expect(await gateway.ended).toEqual({ code: 2, signal: null });
    expect(gateway.stderr).toMatch(expected);
    expect(gateway.stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('the configuration check', () => {
  it('sums up a good configuration, opens nothing and writes nothing', async () => {
    const check = start(['check', '--config', await site.configure({ serverPort: 1, devicePort: 1 })], {
      channel: false,
    });
    expect(await check.ended).toEqual({ code: 0, signal: null });
    expect(check.stdout).toBe(`eastman  modbus-tcp 127.0.0.1:1  station 1  4 tags  60 requests/s  160 readings/s
note: no policy is named, so every tag crosses (docs/policy.md)
ok: 1 device, 4 tags, 60 requests/s, 160 readings/s
`);
    expect(existsSync(site.data)).toBe(false);
  });

  it('reports all that is wrong', async () => {
    const replace = [
      ['port: 1,', 'prot: 1,'],
      ['scan: slow', 'scan: slwo'],
    ] as const;
    const check = start(['check', '--config', await site.configure({ serverPort: 1, devicePort: 1, replace })], {
      channel: false,
    });
    expect(await check.ended).toEqual({ code: 2, signal: null });
    expect(check.stdout).toMatch(/:3:\d+ {2}unknown key "prot"\n {4}hint: did you mean "port"\?\n/);
    expect(check.stdout).toMatch(/:14:\d+ {2}there is no scan class "slwo"\n {4}hint: did you mean "slow"\?\n/);
    expect(check.stdout).toMatch(/\n3 errors\n$/);
  });
});
