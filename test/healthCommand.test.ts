/** `tidegate health` as people on site and engineers call it, against the doors of a server with a real case. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GatewayModel } from '@tidegate/edge/configuration/health/gatewayModel.ts';
import { type LeakingSeal, openLeakingSeal } from '@tidegate/platform/northbound/testbed/leakingSeal.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createProgram } from '../apps/tidegate/src/createProgram.ts';
import { ROOT } from './architecture/sourceTree.ts';

let directory: string;
let seal: LeakingSeal;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidegate-health-command-'));
  seal = await openLeakingSeal();
});
afterAll(async () => {
  await seal.stop();
  await rm(directory, { recursive: true });
});

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command itself, without the seconds that a process takes to start. */
async function health(...args: readonly string[]): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text;
      return true;
    }),
  );
  const before = process.exitCode;
  try {
    await createProgram().parseAsync(['health', ...args, '--server', seal.door.url], { from: 'user' });
    return { status: Number(process.exitCode), ...written };
  } catch (error) {
    if ((error as Error).name === 'CommanderError') return { status: EXIT.refused, ...written };
    throw error;
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

function healthProcess(...args: readonly string[]): Promise<Run> {
  const command = ['apps/tidegate/src/main.ts', 'health', ...args, '--server', seal.door.url];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('a model that was learned elsewhere is brought, and stands beside ours', async () => {
  const onnx = path.join(ROOT, 'packages/platform/src/monitor/health/models/onnx/vectors/reconstruction.onnx');
  const given = ['--output', 'error', '--comment', 'rows of spring', '--by', 'ada'];
  const brought = await health('import', 'acme/p1/seal', '--onnx', onnx, ...given);
  expect(brought).toMatchObject({ status: 0, stderr: '' });
  expect(brought.stdout).toMatch(/^reconstruction\.onnx can judge flow, leak; .* a shadow of P1\/seal\.\n$/);
  await vi.waitUntil(() => seal.health.trainer.learning('P1/seal') === undefined, { timeout: 20_000 });
  expect((await health('models', 'P1/seal')).stdout).toMatch(
    /\n +2 +shadow .* ada .* reconstruction\.onnx\n +1 +active /,
  );
}, 30_000);

test('a case goes from the list to the ledger', async () => {
  const listed = await health('list');
  expect(listed.status).toBe(0);
  expect(listed.stdout).toMatch(/^rank +no\. .*\n +1 +1 +major +[\d.]+ days? \(.*acme\/p1 +open/);
  expect(listed.stdout).toContain('the seal of the shaft is worn');
  const shown = (await health('show', '1')).stdout;
  expect(shown).toMatch(/leak {2,}[ ▁▂▃▄▅▆▇█]*[▄▅]/);
  expect(shown).toContain('\nbring\n  a seal\n  a puller\n');

  expect((await health('order', '1', '--by', 'mira', '--comment', 'next trip')).stdout).toBe('case 1 is ordered\n');
  const again = await health('order', '1', '--by', 'mira');
  expect([again.status, again.stdout, again.stderr]).toEqual([1, '', expect.stringContaining('has its order already')]);
  const photo = path.join(directory, 'lip.png');
  await writeFile(photo, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a));
  const finding = ['--outcome', 'confirmed', '--failure', 'worn-seal', '--repaired', '--photo', photo, '--close'];
  const found = await health('find', '1', '--by', 'mira', '--comment', 'lip \u001b[31mtorn', ...finding);
  expect(found).toMatchObject({ status: 0, stdout: 'case 1 is closed\n' });
  const closed = (await health('show', '1')).stdout;
  // What somebody has written does not steer the terminal of somebody else.
  expect(closed).toMatch(/\nfound\n.*confirmed, worn-seal, repaired, by mira\n {2}lip \ufffd\[31mtorn\n/);
  expect(closed).toMatch(/\nphotos\n {2}[0-9a-f]{64}\.png\n/);
  expect((await health('comment', '1', 'the shaft is scored', '--by', 'mira')).stdout).toBe('case 1 is closed\n');
  expect((await health('show', '1')).stdout).toMatch(/commented by mira: the shaft is scored\n$/);
  expect((await health('ledger')).stdout).toMatch(/\nall +1 +1 +0 +0 .*1 of 1, too few to say\n/);
  const { labels } = JSON.parse((await health('labels', '--json')).stdout);
  expect(labels).toMatchObject([{ watch: 'P1/seal', failure: 'worn-seal', number: 1 }]);
});

test('lives of a fleet tell what each has left', async () => {
  expect((await health('lives')).stdout).toMatch(
    /\nseal-life +2 of pump +\d failed, 1 replaced, \d go on +ages +[\d.]+ days /,
  );
  const told = (await health('lives', 'seal-life')).stdout;
  expect(told).toMatch(/^seal-life: until worn-seal, told up to 180 days; /);
  expect(told).toMatch(/\n {2}acme\/p2 +\d+ days \([\d.]+ to \d+\) +127 days +- +- +-\n/);
  expect((await health('watch', 'P1/seal')).stdout).toMatch(/\n {2}by seal-life +\d+ days \(\d+ to over 180\)\n/);
  expect((await health('lives', 'seal-life', '--learn', '--by', 'ada')).stdout).toContain('is being learned');
  await vi.waitUntil(async () => (await health('lives', 'seal-life')).stdout.includes('by ada, by ages'), {
    timeout: 20_000,
  });
}, 30_000);

test('watches and models are listed, shown and kept', async () => {
  const watches = await health('list', '--watches');
  expect(watches.stdout).toMatch(
    /acme\/p1\/seal +strange, drifts .*\nacme\/p2\/seal +blind .*there is no tag acme\/p2\/flow/,
  );
  const watch = (await health('watch', 'acme/p1/seal')).stdout;
  expect(watch).toMatch(/^acme\/p1\/seal: .*\nThe seal of the shaft\n/);
  expect(watch).toMatch(/\n {2}leak .* 60 +L\/h .* average of 'leak'\n/);
  expect((await health('models', 'P1/seal')).stdout).toMatch(/\n +1 +active .* Tidegate /);
  const file = path.join(directory, 'model.json');
  expect((await health('models', 'P1/seal', '--save', '1', '--to', file)).stdout).toBe(`model 1 is in ${file}\n`);
  expect(JSON.parse(await readFile(file, 'utf8')).card).toMatchObject({ number: 1, watch: 'P1/seal' });
  const model = await GatewayModel.read(file);
  if (!(model instanceof GatewayModel)) throw new Error(model.message);
  expect(model.misfits()).toEqual([]);
  expect((await health('retire', 'P1/seal', '1', '--comment', 'trial')).stdout).toBe(
    'Model 1 of P1/seal is retired.\n',
  );
});

test.each([
  ['a watch that there is not', ['watch', 'acme/p1/saal'], EXIT.failed, 'The nearest is "acme/p1/seal"'],
  ['lives that there are not', ['lives', 'seal-live'], EXIT.failed, 'The nearest is "seal-life"'],
  ['lives without a name', ['lives', '--learn'], EXIT.failed, 'Say which lives'],
  ['a number that is none', ['show', 'first'], EXIT.refused, 'It is a whole number from 1.'],
  ['an outcome that there is not', ['find', '1', '--outcome', 'perhaps'], EXIT.refused, 'confirmed, other-cause'],
  ['no photo', ['find', '1', '--outcome', 'confirmed', '--photo', 'notes.txt'], EXIT.failed, 'notes.txt is neither'],
  ['a document without a place', ['models', 'P1/seal', '--save', '1'], EXIT.failed, '--to'],
])('%s is refused', async (_what, args, status, says) => {
  expect(await health(...args)).toEqual({ status, stdout: '', stderr: expect.stringContaining(says) });
});

test('the process ends with what scripts go by', async () => {
  const [listed, refused, wrong] = await Promise.all([
    healthProcess('list', '--show', 'all', '--json'),
    healthProcess('show', '99'),
    healthProcess('snooze', '1'),
  ]);
  expect([listed.status, JSON.parse(listed.stdout).total]).toEqual([EXIT.ok, 1]);
  expect([refused.status, refused.stderr]).toEqual([EXIT.failed, expect.stringContaining('There is no case 99')]);
  expect([wrong.status, wrong.stderr]).toEqual([EXIT.refused, expect.stringContaining('--until')]);
});
