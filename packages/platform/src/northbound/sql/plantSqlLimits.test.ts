/** Whatever a statement does, it ends, and the next one is answered. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../historian/lake/engine/sqlEngine.ts';
import { SqlPlant } from './testbed/sqlPlant.ts';

let plant: SqlPlant;
beforeAll(async () => {
  plant = await SqlPlant.open();
});
afterAll(() => plant.close());

describe('limits', () => {
  const ENDLESS = 'SELECT count(*) FROM range(1000000000000)';

  it('a statement ends after its time', async () => {
    const { fault } = await plant.ask(ENDLESS, [], { timeMs: 100, rows: 1 });
    expect(fault?.code).toBe('sql.timeout');
    expect(await plant.rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('rows beyond the limit are left off, and the answer says so', async () => {
    const some = await plant.ask('FROM range(100000)', [], { timeMs: 10_000, rows: 5_000 });
    expect([some.rows.length, some.truncated]).toEqual([5_000, true]);
    const all = await plant.ask('FROM range(5000)', [], { timeMs: 10_000, rows: 5_000 });
    expect([all.rows.length, all.truncated]).toEqual([5_000, false]);
  });

  it('a statement is cancelled by its signal, while it runs and while it waits for the historian', async () => {
    for (const statement of [ENDLESS, "FROM latest('never')"]) {
      const controller = new AbortController();
      const answer = plant.sql.query(statement, [], DEFAULT_LIMITS, controller.signal);
      controller.abort();
      expect(await answer).toMatchObject({ ok: false, fault: { code: 'sql.cancelled' } });
    }
    expect(await plant.rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('a reader that leaves cancels, and a slow one holds the statement back', async () => {
    const answer = await plant.sql.query('FROM range(100000000)');
    if (!answer.ok) throw new Error(answer.fault.detail);
    for await (const batch of answer.value.batches()) {
      expect(batch.ok).toBe(true);
      break;
    }
    expect(await plant.rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('memory beyond the limit of DuckDB is a fault', async () => {
    const small = plant.openSql({ memoryBytes: 32 * 2 ** 20 });
    expect(
      (await plant.ask('SELECT len(list(range)) FROM range(5000000)', [], DEFAULT_LIMITS, small)).fault?.code,
    ).toBe('sql.memory');
    await small.close();
  });

  it('memory that DuckDB does not count ends the process, and the next statement starts another', async () => {
    const small = plant.openSql({ residentBytes: 300 * 2 ** 20 });
    const before = await plant.ask('SELECT 1', [], DEFAULT_LIMITS, small);
    const pid = small.pid;
    expect((await plant.ask("SELECT length(repeat('x', 2000000000))", [], DEFAULT_LIMITS, small)).fault?.code).toBe(
      'sql.memory',
    );
    expect((await plant.ask('SELECT 1', [], DEFAULT_LIMITS, small)).rows).toEqual(before.rows);
    expect(small.pid).not.toBe(pid);
    await small.close();
  });

  it('statements beyond the number allowed are refused', async () => {
    const one = plant.openSql({ concurrency: 1 });
    const first = one.query("FROM latest('never')");
    expect(await one.query('SELECT 1')).toMatchObject({ ok: false, fault: { code: 'sql.busy' } });
    await one.close();
    expect(await first).toMatchObject({ ok: false, fault: { code: 'sql.cancelled' } });
  });
});

describe('the process of the engine', () => {
  it('answers several statements at a time while tables change', async () => {
    const before = plant.eventCount;
    for (let round = 0; round < 10; round++) {
      plant.eventCount++;
      const counts = await Promise.all([1, 2, 3, 4].map(() => plant.rowsOf('SELECT count(*) FROM events, samples')));
      expect(counts).toEqual(Array(4).fill([[BigInt((before + round + 1) * 4)]]));
    }
  });

  it('is content without a lake', async () => {
    const bare = plant.openSql({ lake: join(plant.directory, 'none') });
    expect((await plant.ask('SELECT * FROM history', [], DEFAULT_LIMITS, bare)).rows).toEqual([]);
    await bare.close();
  });

  it('ends a statement whose function throws', async () => {
    expect((await plant.ask("FROM latest('bug')")).fault).toMatchObject({ code: 'server.bug' });
  });

  it('may die: what it was doing is a fault, and the next statement starts it anew', async () => {
    const answer = plant.sql.query("FROM latest('never')");
    process.kill(plant.sql.pid!, 'SIGKILL');
    expect(await answer).toMatchObject({ ok: false, fault: { code: 'sql.engine' } });
    expect(await plant.rowsOf('SELECT count(*) FROM tags')).toEqual([[3n]]);
  });

  it('may hang: it is killed after the grace time', async () => {
    const brief = plant.openSql({ graceMs: 50 });
    await plant.ask('SELECT 1', [], DEFAULT_LIMITS, brief);
    const hanging = brief.pid!;
    process.kill(hanging, 'SIGSTOP');
    const answers = await Promise.all([
      brief.query('SELECT 1', [], { timeMs: 10, rows: 1 }),
      brief.query('SELECT 1', [], { timeMs: 10_000, rows: 1 }),
    ]);
    expect(answers.map((answer) => !answer.ok && answer.fault.code)).toEqual(['sql.timeout', 'sql.engine']);
    expect((await plant.ask('SELECT 1', [], DEFAULT_LIMITS, brief)).rows).toEqual([[1]]);
    await brief.close();
  });

  it('knows nothing of the environment of the server', async () => {
    const environment = await readFile(`/proc/${plant.sql.pid}/environ`, 'utf8').catch(() => '');
    expect(environment).not.toContain('PATH=/');
  });

  it('reports a manifest that is damaged, and goes on when it is whole again', async () => {
    const manifest = await readFile(join(plant.lake, 'manifest.json'));
    await writeFile(join(plant.lake, 'manifest.json'), '{');
    expect((await plant.ask('SELECT 1')).fault?.code).toBe('lake.manifest');
    await writeFile(join(plant.lake, 'manifest.json'), manifest);
    expect(await plant.rowsOf('SELECT 1')).toEqual([[1]]);
  });
});
