/** Both example sites at once: the station's values come through a gateway of its own, and its server has a model of it. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { freePorts, type History, RunningTidegate } from './runningTidegate.ts';

/** Five processes start, one behind the other, while other tests have the machine too. */
vi.setConfig({ testTimeout: 120_000 });

let scratch: string;
let tidegate: RunningTidegate;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tidegate-station-'));
});

afterEach(async () => {
  tidegate.signal('SIGTERM');
  await tidegate.ended;
  await rm(scratch, { recursive: true });
});

it('shows trains by Modbus and the substation by OPC UA, and no sample is lost', async () => {
  const [consolePort, boundaryPort, ...plantPorts] = await freePorts(7);
  const places = ['--data', scratch, '--port', `${consolePort}`, '--boundary-port', `${boundaryPort}`];
  const run = ['--plant-ports', plantPorts.join(), '--for', '10min', '--json'];
  tidegate = new RunningTidegate(['start', ...places, ...run], consolePort);

  const isThere = (history: History | undefined): history is History => (history?.values.length ?? 0) > 0;
  const newest = async (tag: string) =>
    (await tidegate.until(() => tidegate.history(`acme/north/${tag}`), isThere)).values.at(-1);
  expect(await newest('compression/train-1/driver/speed')).toBeGreaterThan(9_000);
  expect(await newest('compression/train-3/state')).toBe(0);
  expect(await newest('utilities/substation/bus-voltage')).toBeGreaterThan(23);
  expect(await newest('weather/ambient-temperature')).toBeLessThan(-10);
  // The recorded plant is there as well.
  await tidegate.until(() => tidegate.history('tep.xmeas07'), isThere);

  const model = await fetch(`http://127.0.0.1:${consolePort}/api/v1/model/versions`);
  expect(await model.json()).toMatchObject({ versions: [{ number: 1, by: 'server.yaml' }] });

  tidegate.signal('SIGINT');
  const { status, stdout, stderr } = await tidegate.ended;
  expect(stderr).not.toContain('ended by itself');
  expect(JSON.parse(stdout)).toMatchObject({ samplesLost: 0, ledgerBalanced: true });
  expect(status).toBe(0);
});
