/** The command as a person calls it, on the policy of the example plant and on one with mistakes. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const POLICY = 'examples/plant/policy.yaml';
const GATEWAY = 'examples/plant/gateway.yaml';

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function policy(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const command = ['apps/tidegate/src/main.ts', 'policy', ...args];
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** A copy of the example's policy with some words replaced. */
async function changed(from: string, to: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-policy-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const text = await readFile(join(ROOT, POLICY), 'utf8');
  expect(text).toContain(from);
  const file = join(directory, 'policy.yaml');
  await writeFile(file, text.replaceAll(from, to));
  return file;
}

test('check shows what is declared', async () => {
  const { status, stdout } = await policy('check', POLICY);
  expect(status).toBe(0);
  expect(stdout).toContain('zone tidewater-plant (ot, SL-T 2): gateway tidewater-1\n');
  expect(stdout).toContain('conduit plant-to-office: tidewater-plant -> tidewater-office, port 7420, SL-T 2\n');
  expect(stdout).toContain('  plant-to-office/device-health: devices * (internal): maintenance sees');
  expect(stdout).toMatch(/\nok: digest [0-9a-f]{64}\n$/);
});

test('check names every mistake with line and hint, and ends with 2', async () => {
  const { status, stdout } = await policy('check', await changed('to: tidewater-office', 'to: tidewater-ofice'));
  expect(status).toBe(2);
  expect(stdout).toMatch(
    /policy\.yaml:\d+:\d+ {2}there is no zone tidewater-ofice\n {4}hint: did you mean tidewater-office\?/,
  );
});

test('check puts the tags of a gateway to the policy, and ends with 1 where one does not cross', async () => {
  const good = await policy('check', POLICY, '--gateway-config', GATEWAY);
  expect(good.stdout).toMatch(/\n\d+ tags cross, 0 do not\n$/);
  const narrow = await changed('tidewater/machining/**', 'tidewater/machining/other/**');
  const { status, stdout } = await policy('check', narrow, '--gateway-config', GATEWAY);
  expect(status).toBe(1);
  expect(stdout).toMatch(/internal-temperature +operational +refused: no flow declares it\n/);
  expect(stdout).toMatch(/ tags cross, 1 do not\n$/);
});

test('explain tells why a tag crosses, or what would let it', async () => {
  const crossing = await policy('explain', 'tidewater-1/_events/guard.refused', POLICY);
  expect(crossing.status).toBe(0);
  expect(crossing.stdout).toContain('lane audit: crosses by plant-to-office');
  const refused = await policy('explain', 'other/x', POLICY, '--gateway', 'tidewater-1');
  expect(refused.status).toBe(1);
  expect(refused.stdout).toContain('        tags: ["other/x"]\n');
});

test('firewall and units say which hosts there are', async () => {
  for (const noun of ['firewall', 'units']) {
    const { status, stderr } = await policy(noun, POLICY, '--host', 'nowhere');
    expect(status).toBe(2);
    expect(stderr).toContain('There are: tidewater-1, tidewater-history.');
  }
  expect(await policy('firewall', POLICY)).toMatchObject({ status: 2 });
  expect((await policy('firewall', POLICY, '--zone', 'tidewater-plant')).stdout).toContain('hook forward');
  expect((await policy('units', POLICY, '--host', 'tidewater-1', '--serial', '/dev/ttyS1')).stdout).toContain(
    'DeviceAllow=/dev/ttyS1 rw\n',
  );
});
