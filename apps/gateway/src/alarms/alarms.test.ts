import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { GatewayProcess } from '../testbed/gatewayProcess.ts';
import { freePorts, type PlantProcess, startPlant } from '../testbed/plantProcess.ts';
import { RecordingSink } from '../testbed/recordingSink.ts';
import { Certificates, GATEWAY, Site } from '../testbed/site.ts';

const COMMAND = fileURLToPath(new URL('../../../tidegate/src/main.ts', import.meta.url));
const WAIT = { timeout: 15_000, interval: 50 };
/** Of a flow that is always above its limit. */
const ALARMS = `alarms:
  - { name: flow/high, tag: site/a-flow, condition: high, limit: -1000, priority: high, exception: of a test }
  - { name: nowhere/bad, tag: site/nowhere, condition: bad-quality, priority: low, exception: of a test }
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

/** What the command prints, whatever its exit status. */
async function tidegate(...args: string[]): Promise<string> {
  const ran = promisify(execFile)(process.execPath, [COMMAND, 'alarms', ...args, '--data', site.data]);
  const { stdout, stderr } = await ran.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

async function states(): Promise<Record<string, string>> {
  const { alarms } = JSON.parse(await tidegate('--all', '--json')) as LiveAlarms;
  return Object.fromEntries(alarms.map(({ name, state }) => [name, state]));
}

it('are answered on the machine of the gateway with the boundary cut, over a crash, and cross when it is back', async () => {
  const [serverPort] = await freePorts(1);
  const replace = [['scanClasses:', ALARMS]] as const;
  const file = await site.configure({ serverPort, devicePort: plant.ports[0], replace });
  const first = start(file);
  const bothUnknown = { 'flow/high': 'unacknowledged', 'nowhere/bad': 'unacknowledged' };
  await vi.waitFor(async () => expect(await states()).toEqual(bothUnknown), WAIT);
  expect(await tidegate()).toMatch(/high +unacknowledged +flow\/high +.*site\/a-flow above -1000/);

  expect(await tidegate('ack', 'flow/high', '--by', 'anna', '--comment', 'seen')).toMatch(/flow\/high is acknowledged/);
  expect(await tidegate('shelve', 'nowhere/bad', '--for', '30min', '--reason', 'works', '--by', 'ben')).toMatch(
    /shelved/,
  );
  expect(await tidegate('ack', 'flow/hihg', '--by', 'anna')).toMatch(/no alarm "flow\/hihg"/);
  expect(await tidegate('reset', 'flow/high', '--by', 'anna')).toMatch(/cannot be reset while its condition holds/);
  first.kill('SIGKILL');
  await first.ended;

  const sink = new RecordingSink();
  const receiver = await certificates.receive(sink, serverPort);
  const second = start(file);
  const answered = { 'flow/high': 'acknowledged', 'nowhere/bad': 'shelved' };
  await vi.waitFor(async () => expect(await states()).toEqual(answered), WAIT);
  const samplesOf = (path: string) => sink.statuses.get(sink.tags.find((tag) => tag.path === path)?.number ?? -1) ?? [];
  // What happened, and the mark that nothing was read for a while.
  await vi.waitFor(() => {
    expect(samplesOf(`${GATEWAY}/_alarms/flow.high`).filter((status) => status === 0)).toHaveLength(2);
    expect(samplesOf(`${GATEWAY}/_alarms/nowhere.bad`).filter((status) => status === 0)).toHaveLength(2);
  }, WAIT);
  second.kill('SIGTERM');
  expect(await second.ended).toEqual({ code: 0, signal: null });
  expect(second.stderr).toBe('');
  await receiver.stop();
}, 60_000);

it('says how there could be some where none are configured', async () => {
  const [serverPort] = await freePorts(1);
  const file = await site.configure({ serverPort, devicePort: plant.ports[0] });
  start(file);
  await vi.waitFor(async () => expect(await tidegate()).toMatch(/no alarms are configured.*alarms:/s), WAIT);
}, 30_000);
