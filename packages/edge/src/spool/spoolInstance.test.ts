import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSpoolInstance } from './spoolInstance.ts';

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'instance-'));
  file = join(root, 'instance');
});
afterEach(() => rmSync(root, { recursive: true }));

it('is made once, stays, and goes with a copy', async () => {
  const made = await openSpoolInstance(file);
  expect(made).toEqual({ ok: true, value: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(readdirSync(root)).toEqual(['instance']);
  expect(await openSpoolInstance(file)).toEqual(made);
  cpSync(file, join(root, 'copy'));
  expect(await openSpoolInstance(join(root, 'copy'))).toEqual(made);
});

it('differs from one directory to another', async () => {
  expect(await openSpoolInstance(file)).not.toEqual(await openSpoolInstance(join(root, 'other')));
});

it('goes over what a kill left of an earlier attempt', async () => {
  writeFileSync(`${file}.new`, 'a5');
  expect(await openSpoolInstance(file)).toMatchObject({ ok: true });
});

it.each(['', 'a5'.repeat(16), `${'A5'.repeat(16)}\n`, `${'a5'.repeat(17)}\n`])(
  'is not guessed from %j',
  async (text) => {
    writeFileSync(file, text);
    expect(await openSpoolInstance(file)).toMatchObject({ ok: false, fault: { code: 'spool.instance' } });
  },
);

it('that cannot be made is a fault', async () => {
  const opened = await openSpoolInstance(join(root, 'absent', 'instance'));
  expect(opened).toMatchObject({ ok: false, fault: { code: 'spool.instance' } });
});
