import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MetadataDatabase } from './metadataDatabase.ts';
import { StreamSpools } from './streamSpools.ts';

const STREAM = { gateway: 'north', lane: 'operational' } as const;
const [FIRST, SECOND] = ['a5'.repeat(16), '5a'.repeat(16)];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spools-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What `work` gives on the file as a process finds it that starts now. */
function during<T>(work: (spools: StreamSpools) => T): T {
  const opened = MetadataDatabase.open(join(directory, 'metadata.sqlite'));
  if (!opened.ok) throw new Error(opened.fault.detail);
  try {
    return work(new StreamSpools(opened.value));
  } finally {
    opened.value.close();
  }
}

it('SR 1.2: where each stream comes from outlives the process, and the last that was said counts', () => {
  expect(during((spools) => spools.get(STREAM))).toEqual({ ok: true, value: undefined });
  for (const instance of [FIRST, SECOND]) {
    expect(during((spools) => spools.put(STREAM, instance)).ok).toBe(true);
    expect(during((spools) => spools.get(STREAM))).toEqual({ ok: true, value: instance });
  }
  expect(during((spools) => spools.get({ ...STREAM, lane: 'audit' }))).toEqual({ ok: true, value: undefined });
  expect(during((spools) => spools.get({ ...STREAM, gateway: 'south' }))).toEqual({ ok: true, value: undefined });
});
