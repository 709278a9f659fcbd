import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirectory } from './dataDirectory.ts';
import { TagRegistry } from './tagRegistry.ts';

let path: string;
let directory: DataDirectory;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'tidegate-registry-'));
  const opened = await DataDirectory.open(path);
  if (!opened.ok) throw new Error(opened.fault.detail);
  directory = opened.value;
});
afterEach(async () => {
  await directory.release();
  await rm(path, { recursive: true });
});

async function open(): Promise<TagRegistry> {
  const registry = await TagRegistry.open(directory, 'north');
  if (!registry.ok) throw new Error(registry.fault.detail);
  return registry.value;
}

describe('the tag registry', () => {
  it('gives numbers from 0 in order, and the same ones again after a restart', async () => {
    expect(await (await open()).assign(['a', 'b', 'c'])).toEqual({ ok: true, value: [0, 1, 2] });
    expect(await (await open()).assign(['c', 'b', 'a'])).toEqual({ ok: true, value: [2, 1, 0] });
  });

  it('never gives the number of a retired tag to another, and gives it back to its own', async () => {
    await (await open()).assign(['a', 'b']);
    expect(await (await open()).assign(['b', 'c'])).toEqual({ ok: true, value: [1, 2] });
    expect(await (await open()).assign(['d', 'a', 'c'])).toEqual({ ok: true, value: [3, 0, 2] });
    expect((await open()).size).toBe(4);
  });

  it('does not write where there is nothing new', async () => {
    await (await open()).assign(['a']);
    await writeFile(`${directory.tagRegistry}.new`, 'left by a crash before the renaming');
    await (await open()).assign(['a']);
    expect(await readdir(path)).toContain('tags.json.new');
    expect(await (await open()).assign(['a', 'b'])).toEqual({ ok: true, value: [0, 1] });
    expect(await readdir(path)).not.toContain('tags.json.new');
  });

  it('refuses every truncation and every changed byte, and changes nothing then', async () => {
    await (await open()).assign(['site/a', 'site/b', 'site/ü']);
    const good = await readFile(directory.tagRegistry);
    const change = fc.oneof(
      fc.nat(good.length - 2).map((length) => good.subarray(0, length)),
      fc.tuple(fc.nat(good.length - 2), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
        const bytes = Buffer.from(good);
        bytes[at] ^= flip;
        return bytes;
      }),
    );
    await fc.assert(
      fc.asyncProperty(change, async (bytes) => {
        await writeFile(directory.tagRegistry, bytes);
        const result = await TagRegistry.open(directory, 'north');
        // White space may become other white space: what is read is then what was written.
        if (result.ok)
          expect(await result.value.assign(['site/a', 'site/b', 'site/ü'])).toMatchObject({ value: [0, 1, 2] });
        else expect(result.fault.code).toBe('gateway.tag-registry');
        expect(await readFile(directory.tagRegistry)).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it('is not begun anew beside a spool', async () => {
    await mkdir(directory.spools);
    expect(await TagRegistry.open(directory, 'north')).toMatchObject({
      ok: false,
      fault: { code: 'gateway.tag-registry' },
    });
  });

  it('is written even where there is no tag yet, so that a spool never stands without it', async () => {
    await (await open()).assign([]);
    await mkdir(directory.spools);
    expect(await (await open()).assign(['a'])).toEqual({ ok: true, value: [0] });
  });

  it('of another gateway is refused', async () => {
    await (await open()).assign(['a']);
    const other = await TagRegistry.open(directory, 'south');
    expect(other).toMatchObject({ ok: false, fault: { code: 'gateway.tag-registry' } });
  });

  it('gives no number where it cannot be written', async () => {
    const registry = await open();
    await mkdir(`${directory.tagRegistry}.new`);
    expect(await registry.assign(['a'])).toMatchObject({ ok: false, fault: { code: 'gateway.data-directory' } });
    expect(registry.size).toBe(0);
    await rm(`${directory.tagRegistry}.new`, { recursive: true });
    expect(await registry.assign(['b'])).toEqual({ ok: true, value: [0] });
  });
});

describe('the data directory', () => {
  it('is held by one gateway at a time', async () => {
    expect(await DataDirectory.open(path)).toMatchObject({ ok: false, fault: { code: 'gateway.running' } });
    await directory.release();
    const again = await DataDirectory.open(path);
    expect(again.ok).toBe(true);
    if (again.ok) directory = again.value;
  });

  it('cannot stand where a file is, nor below one', async () => {
    const file = join(path, 'file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')]) {
      expect(await DataDirectory.open(place)).toMatchObject({ ok: false, fault: { code: 'gateway.data-directory' } });
    }
  });
});
