import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { PUMP, pumpDocument, pumpProfile } from '@tidegate/edge/conditioning/health/testbed/pump.ts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { GatewayProcess } from '../testbed/gatewayProcess.ts';
import { freePorts, type PlantProcess, startPlant } from '../testbed/plantProcess.ts';
import { RecordingSink } from '../testbed/recordingSink.ts';
import { Certificates, GATEWAY, Site } from '../testbed/site.ts';

const COMMAND = fileURLToPath(new URL('../../../tidegate/src/main.ts', import.meta.url));
const WAIT = { timeout: 15_000, interval: 100 };
const NAME = 'site/reactor/feeds';
/** The flows of the plant are nothing like a pump. */
const CONFIGURED = `health:
  - { name: ${NAME}, model: pump.json, features: { vibration: site/a-flow, temperature: site/d-flow } }
alarms:
  - { name: feeds, tag: ${NAME}/alarming, condition: discrete, equals: true, priority: high, exception: of a test }
scanClasses:`;

let plant: PlantProcess;
let certificates: Certificates;
beforeAll(async () => {
  certificates = new Certificates(GATEWAY);
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

function start(file: string): GatewayProcess {
  const gateway = new GatewayProcess(['--config', file]);
  running.push(gateway);
  return gateway;
}

async function alarmState(): Promise<string | undefined> {
  const ran = promisify(execFile)(process.execPath, [COMMAND, 'alarms', '--all', '--json', '--data', site.data]);
  const { alarms } = JSON.parse((await ran).stdout) as LiveAlarms;
  return alarms[0]?.state;
}

it('judges with the boundary cut, raises its alarm, and what it said before a crash crosses when it is back', async () => {
  const features = PUMP.features.map((feature) => ({ ...feature, unit: '' }));
  const document = pumpDocument(pumpProfile({ ...PUMP, features, intervalUs: 1e6 }));
  await writeFile(join(site.directory, 'pump.json'), JSON.stringify(document));
  const [serverPort] = await freePorts(1);
  const replace = [['scanClasses:', CONFIGURED]] as const;
  const file = await site.configure({ serverPort, devicePort: plant.ports[0], replace });
  const first = start(file);
  await vi.waitFor(async () => expect(await alarmState()).toBe('unacknowledged'), WAIT);
  first.kill('SIGKILL');
  await first.ended;

  const sink = new RecordingSink();
  const receiver = await certificates.receive(sink, serverPort);
  const second = start(file);
  const statusesOf = (signal: string) => {
    const number = sink.tags.find((tag) => tag.path === `${NAME}/${signal}`)?.number ?? -1;
    return sink.statuses.get(number) ?? [];
  };
  // Of both lives, with the mark that nothing was judged in between.
  await vi.waitFor(() => {
    const statuses = statusesOf('score');
    const stopped = statuses.indexOf(STATUS.BadOutOfService);
    expect(statuses.slice(0, stopped)).toContain(STATUS.Good);
    expect(statuses.slice(stopped)).toContain(STATUS.Good);
    expect(statusesOf('alarming')).toContain(STATUS.Good);
  }, WAIT);
  second.kill('SIGTERM');
  expect(await second.ended).toEqual({ code: 0, signal: null });
  expect(first.stderr + second.stderr).toBe('');
  const [own] = await readdir(join(site.data, 'health'));
  expect(await readdir(join(site.data, 'health', own))).toHaveLength(2);
  await receiver.stop();
}, 60_000);
