import { appendFile, copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Historian } from '../../query/historian.ts';
import { definitionOf, GatewayStream, type Row } from '../../query/testbed/gatewayStream.ts';
import { historiansOf, mustSucceed } from '../../query/testbed/historians.ts';
import { writeBackup } from './backup.ts';
import type { Finding } from './finding.ts';
import { verifyArchive, verifyBackup } from './verifyArchive.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const TAGS = 40;

async function append(historian: Historian, north: GatewayStream, rows: readonly Row[]): Promise<void> {
  const { header, bytes } = north.sealRows(rows);
  mustSucceed(await historian.sink.append(header, bytes));
}

const rowsFrom = (time: number, count: number) =>
  Array.from({ length: count }, (_, at): Row => [at % TAGS, time + at, at % 7 === 3 ? null : Math.sin(at) * 1e6]);

/** A data directory with two segments and a log behind them, and nobody in it. */
async function restingArchive(): Promise<string> {
  const directory = await makeDirectory();
  const historian = await openHistorian(directory);
  const north = new GatewayStream();
  mustSucceed(
    await historian.sink.defineTags(
      'north',
      Array.from({ length: TAGS }, (_, at) => definitionOf(at)),
    ),
  );
  for (const time of [0, 5_000]) {
    await append(historian, north, rowsFrom(time, 4_000));
    mustSucceed(await historian.seal());
  }
  await append(historian, north, rowsFrom(20_000, 500));
  await historian.close();
  return directory;
}

async function verify(directory: string) {
  const findings: Finding[] = [];
  const copy = join(await makeDirectory(), 'copy.sqlite');
  await copyFile(join(directory, 'metadata.sqlite'), copy);
  const outcome = await verifyArchive(directory, copy, { onFinding: (finding) => findings.push(finding) });
  expect(outcome.findings).toBe(findings.length);
  return { outcome, findings };
}

async function segmentsOf(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, 'segments'));
  return names.sort().map((name) => join(directory, 'segments', name));
}

async function logFileOf(directory: string): Promise<string> {
  const files = await readdir(join(directory, 'log'), { recursive: true });
  return join(directory, 'log', files.find((name) => name.endsWith('.segment'))!);
}

async function flip(path: string, at: (length: number) => number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at(bytes.length)] ^= 0x10;
  await writeFile(path, bytes);
}

test('an undamaged archive has no findings, and nothing of it is changed', async () => {
  const directory = await restingArchive();
  const before = await contentOf(directory);
  const { outcome, findings } = await verify(directory);
  expect(findings).toEqual([]);
  expect(outcome).toMatchObject({ segments: 2, samples: 8_000, tags: TAGS, chunks: 2 * TAGS });
  expect(outcome.logBlocks).toBeGreaterThan(0);
  expect(await contentOf(directory)).toEqual(before);
});

test('every byte of a segment is watched over', async () => {
  const directory = await restingArchive();
  const [segment] = await segmentsOf(directory);
  const whole = await readFile(segment);
  for (let at = 0; at < whole.length; at += 2_999) {
    const bytes = Buffer.from(whole);
    bytes[at] ^= 1 << (at % 8);
    await writeFile(segment, bytes);
    const { findings } = await verify(directory);
    expect(
      findings.map(({ place }) => place),
      `byte ${at} of ${whole.length}`,
    ).toContain(segment.slice(directory.length + 1));
    for (const { remedy } of findings) expect(remedy).not.toBe('');
  }
});

describe('damage is found and named:', () => {
  const cases: [string, (directory: string) => Promise<unknown>, RegExp][] = [
    [
      'a segment that is cut',
      async (directory) => {
        const [segment] = await segmentsOf(directory);
        await writeFile(segment, (await readFile(segment)).subarray(0, 5_000));
      },
      /segments\/.*: the index cannot be read/,
    ],
    [
      'a segment without a head',
      async (directory) => {
        const [segment] = await segmentsOf(directory);
        await writeFile(segment, 'nothing');
      },
      /segments\/.*: it cannot be read at all/,
    ],
    [
      'a segment that is gone',
      async (directory) => {
        await restoreThird(directory);
        await rm((await segmentsOf(directory))[1]);
      },
      /segments\/.*: before it, the samples of the records \d+ to \d+ of the log are in no segment/,
    ],
    [
      'a segment that was set aside',
      async (directory) => {
        const [segment] = await segmentsOf(directory);
        await rename(segment, `${segment}.damaged`);
      },
      /segments\/.*\.damaged: it could not be read when the server started/,
    ],
    [
      'the catalogue of another server',
      async (directory) => {
        const other = await openHistorian(await makeDirectory());
        mustSucceed(await other.sink.defineTags('north', [definitionOf(0)]));
        await rm(join(directory, 'metadata.sqlite'));
        mustSucceed(await other.hold(join(directory, 'metadata.sqlite'))).release();
      },
      /segments\/.*: its samples of tag 1 belong to no tag/,
    ],
    [
      'a metadata database that is none',
      (directory) => writeFile(join(directory, 'metadata.sqlite'), 'x'.repeat(9_000)),
      /metadata\.sqlite: file is not a database/,
    ],
    [
      'a metadata database with a changed page',
      async (directory) => {
        const path = join(directory, 'metadata.sqlite');
        const bytes = await readFile(path);
        bytes.fill(0x5a, 3 * 4096, 4 * 4096);
        await writeFile(path, bytes);
      },
      /metadata\.sqlite: /,
    ],
    [
      'a record of the log that is damaged',
      async (directory) => {
        const file = await logFileOf(directory);
        await flip(file, () => 40);
      },
      /log\/.*: \d+ bytes at \d+ cannot be read: records \d+ to \d+ are lost/,
    ],
  ];
  test.each(cases)('%s', async (_, damage, expected) => {
    const directory = await restingArchive();
    await damage(directory);
    const { findings } = await verify(directory);
    expect(findings.map(({ place, defect }) => `${place}: ${defect}`).join('\n')).toMatch(expected);
  });

  async function restoreThird(directory: string): Promise<void> {
    const historian = await openHistorian(directory);
    mustSucceed(await historian.seal());
    await historian.close();
  }
});

test('a segment that is merged away while it waits is looked for in the one that took its place', async () => {
  const directory = await restingArchive();
  const [first] = await segmentsOf(directory);
  const historian = await openHistorian(directory);
  const findings: Finding[] = [];
  const copy = join(await makeDirectory(), 'copy.sqlite');
  const { held, release } = mustSucceed(await historian.hold(copy));
  release();
  for (let round = 0; round < 8; round++) {
    const { header, bytes } = { ...new GatewayStream(`g${round}`).sealRows(rowsFrom(0, 9_000)) };
    mustSucceed(await historian.sink.append(header, bytes));
    mustSucceed(await historian.seal());
  }
  await historian.settle();
  expect(await segmentsOf(directory)).not.toContain(first);
  const options = { onFinding: (finding: Finding) => findings.push(finding), segments: held.segments };
  const { samples } = await verifyArchive(directory, copy, options);
  expect(findings.filter(({ defect }) => !defect.includes('no tag'))).toEqual([]);
  expect(samples).toBeGreaterThan(held.samples);
  expect(
    await verifyArchive(directory, copy, {
      ...options,
      segments: [`${'9'.repeat(6)}-${'0'.repeat(16)}-${'1'.repeat(16)}-0000.segment`],
    }),
  ).toMatchObject({ samples: 0 });
  expect(findings.at(-1)?.defect).toBe('it is gone');
});

test('while samples come and segments are merged it finds nothing wrong', async () => {
  const directory = await makeDirectory();
  const historian = await openHistorian(directory, { keeperShare: 1 });
  const north = new GatewayStream();
  let isDone = false;
  const feeding = (async () => {
    for (let time = 0; !isDone; time += 1_000) {
      await append(historian, north, rowsFrom(time, 1_000));
      mustSucceed(await historian.seal());
      await nextTurn();
    }
  })();
  while (historian.statistics().segments < 2) await nextTurn();
  for (let round = 0; round < 3; round++) {
    const copy = join(await makeDirectory(), 'copy.sqlite');
    const { held, release } = mustSucceed(await historian.hold(copy));
    const findings: Finding[] = [];
    const onFinding = (finding: Finding) => findings.push(finding);
    const { segments } = held;
    const { samples } = await verifyArchive(directory, copy, { onFinding, segments }).finally(release);
    expect([findings, samples]).toEqual([[], held.samples]);
  }
  isDone = true;
  await feeding;
});

describe('a backup', () => {
  async function backedUp(): Promise<string> {
    const to = await makeDirectory();
    const historian = await openHistorian(await restingArchive());
    const { held, release } = mustSucceed(await historian.hold(join(await makeDirectory(), 'copy.sqlite')));
    mustSucceed(await writeBackup(held, to, { at: 0 as Timestamp, product: '1' }).finally(release));
    return to;
  }
  async function check(to: string) {
    const findings: string[] = [];
    const copyMetadata = async (path: string) => {
      const copy = join(await makeDirectory(), 'copy.sqlite');
      await copyFile(path, copy);
      return copy;
    };
    const onFinding = ({ place, defect }: Finding) => findings.push(`${place}: ${defect}`);
    return { outcome: await verifyBackup(to, copyMetadata, { onFinding }), text: findings.join('\n') };
  }

  test('that is whole has no findings', async () => {
    const { outcome, text } = await check(await backedUp());
    expect(text).toBe('');
    expect(outcome).toMatchObject({ segments: 3, samples: 8_500, tags: TAGS, logBlocks: undefined, findings: 0 });
  });

  test.each<[string, (to: string) => Promise<unknown>, RegExp]>([
    ['a byte more', async (to) => appendFile((await segmentsOf(to))[0], 'x'), /segments\/.*: it is not the file/],
    ['a file less', async (to) => rm((await segmentsOf(to))[1]), /segments\/.*: it is missing/],
    ['no manifest', (to) => rm(join(to, 'backup.json')), /backup\.json: .* has no backup\.json/],
  ])('with %s is told', async (_, damage, expected) => {
    const to = await backedUp();
    await damage(to);
    expect((await check(to)).text).toMatch(expected);
  });
});

async function contentOf(directory: string): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found.push([path, (await readFile(path)).toString('base64')]);
  }
  return found.sort();
}
