import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { LiveView } from '@tidegate/core/port/liveView.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GatewayProcess } from '../apps/gateway/src/testbed/gatewayProcess.ts';
import { listSockets } from '../apps/gateway/src/testbed/listSockets.ts';
import { ensureDevelopmentCertificates } from '../apps/tidegate/src/certificates/ensureDevelopmentCertificates.ts';
import { ROOT } from './architecture/sourceTree.ts';
import { orThrow } from './rig/gatewayPipeline.ts';
import { RegisterPlant } from './rig/registerPlant.ts';
import { freePorts } from './runningTidegate.ts';

const MAIN = path.join(ROOT, 'apps/tidegate/src/main.ts');
const GATEWAY = 'north-1';
const TAGS = 20;
const WAIT = { timeout: 20_000, interval: 100 };

const run = promisify(execFile);
const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-island-'));
let plant: RegisterPlant;
let gateway: GatewayProcess;
let file: string;

beforeAll(async () => {
  plant = await RegisterPlant.start({ devices: 2, tagsEach: TAGS / 2 });
  const certificates = orThrow(
    await ensureDevelopmentCertificates(path.join(directory, 'certificates'), { gateways: [GATEWAY] }),
  );
  // Nothing listens there, and nothing ever will.
  const [serverPort] = await freePorts(1);
  file = await plant.configureGateway({
    directory,
    gateway: GATEWAY,
    serverPort,
    certificates: certificates.gateways[GATEWAY],
    scan: '200ms',
  });
  gateway = new GatewayProcess(['--config', file]);
  await vi.waitFor(
    () => expect(gateway.status?.devices.map(({ state }) => state)).toEqual(['running', 'running']),
    WAIT,
  );
}, 40_000);
afterAll(async () => {
  gateway?.kill('SIGKILL');
  await gateway?.ended;
  await plant?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What a person on the machine of the gateway sees. */
async function look(...args: string[]): Promise<LiveView> {
  const { stdout } = await run(process.execPath, [MAIN, 'live', ...args, '--json', '--once', '--config', file]);
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout);
}

const waitingIn = ({ lanes }: LiveView) => LANES.reduce((samples, lane) => samples + lanes[lane].waiting.samples, 0);

describe('SR 5.2 RE 2: a gateway whose boundary was never there', () => {
  it('goes on reading, keeps what it reads, and shows it to people on its machine', async () => {
    const first = await look();
    expect(first.matched).toBe(TAGS);
    expect(first.tags.every(({ value, status }) => typeof value === 'number' && status === 0)).toBe(true);
    let later = first;
    await vi.waitFor(async () => {
      later = await look();
      const moved = later.tags.filter(({ value }, index) => value !== first.tags[index].value);
      expect(moved).toHaveLength(TAGS);
      expect(later.spool.lastsSeconds).toBeGreaterThan(60);
    }, WAIT);
    expect(later.tags.every(({ time }) => later.at - time! < 2 * US_PER_S)).toBe(true);
    expect(waitingIn(later)).toBeGreaterThan(waitingIn(first));
    expect(later.spool.usedBytes).toBeGreaterThan(first.spool.usedBytes);
    for (const lane of LANES) expect(later.lanes[lane]).toMatchObject({ connected: false, since: later.startedAt });
    expect(later.devices.map(({ state }) => state)).toEqual(['running', 'running']);
  }, 30_000);

  it('shows what is asked for, as people read it', async () => {
    const { path: known } = (await look()).tags[3];
    expect((await look(known)).tags.map((tag) => tag.path)).toContain(known);
    const { stdout } = await run(process.execPath, [MAIN, 'live', known, '--once', '--config', file]);
    expect(stdout).toMatch(/\nthe boundary is cut: the gateway goes on reading, and everything waits in the spool\n/);
    expect(stdout).toMatch(/\n {2}operational +cut since 20.+ samples wait in \d+ blocks/);
    expect(stdout).toMatch(new RegExp(`\\n${known} +[\\d.-]+ .*Good +0 s`));
  });

  it('listens on no network all the same', () => {
    // The devices; what is tried of the boundary may be on its way.
    const sockets = listSockets(gateway.child.pid!);
    expect(sockets.filter(({ state }) => state === 'ESTABLISHED')).toHaveLength(2);
    expect(sockets.map(({ state }) => state)).not.toContain('LISTEN');
    expect(sockets.every(({ table }) => table.startsWith('tcp'))).toBe(true);
  });

  it('shows itself again after it was killed, and nothing where no gateway runs', async () => {
    gateway.kill('SIGKILL');
    await gateway.ended;
    await expect(look()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tidegate: No gateway answers at .+live\.sock \(ECONNREFUSED\)\.\n/),
    });
    gateway = new GatewayProcess(['--config', file]);
    await vi.waitFor(async () => expect((await look()).matched).toBe(TAGS), WAIT);
  }, 30_000);
});
