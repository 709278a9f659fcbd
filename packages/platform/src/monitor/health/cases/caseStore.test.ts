import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DurableDatabase } from '../../../historian/ingest/durableDatabase.ts';
import { CaseStore, MAX_PHOTOS_PER_CASE } from './caseStore.ts';
import { CASE_MIGRATIONS } from './caseTables.ts';
import { readCaseText, writeCaseText } from './caseText.ts';
import { MAX_PHOTO_BYTES } from './photos/photoFiles.ts';
import { granted, runningKeeper, temporaryDirectory } from './testbed/runningKeeper.ts';
import { crack, DAY, NOW, standing } from './testbed/standings.ts';

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const JPEG = bytesOf('\xff\xd8\xff\xe0 a joint with a crack');
const digest = createHash('sha256').update(JPEG).digest('hex');

it('keeps numbers that JSON does not know', () => {
  const value = {
    a: Number.NaN,
    b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5],
    c: { number: 7 },
    d: null,
  };
  expect(readCaseText(writeCaseText(value))).toEqual(value);
});

it('reads back whatever it wrote', () => {
  // JSON has no negative zero.
  const number = fc.double().map((value) => value + 0);
  const value = fc.record({
    text: fc.string(),
    number,
    list: fc.array(number),
    pair: fc.record({ number: fc.string() }),
  });
  fc.assert(
    fc.property(value, (written) => {
      expect(readCaseText(writeCaseText(written))).toEqual(written);
    }),
  );
});

it('holds cases, their history and what waits over a restart, and belongs to one process', async () => {
  const { keeper, store, orders, path } = runningKeeper();
  keeper.see(crack());
  granted(keeper.order(1, { port: 'files', comment: 'soon', by: 'Ada' }));
  const before = [granted(store.list({})), granted(store.history(1)), granted(store.outbox.waiting())];
  expect(CaseStore.open(path)).toMatchObject({ fault: { code: 'archive.in-use' } });
  await orders.close();
  store.close();
  const again = granted(CaseStore.open(path));
  expect([granted(again.list({})), granted(again.history(1)), granted(again.outbox.waiting())]).toEqual(before);
  again.close();
});

it('lists by state, watch and name of watch, page by page', () => {
  const { keeper, store } = runningKeeper();
  for (const number of [1, 2, 3]) keeper.see(crack({ watch: { id: `PSU-${number}/output-joint` } }));
  keeper.see(crack({ watch: { id: 'PSU-1/fan' } }));
  granted(keeper.close(2, { comment: 'known', by: 'Ada' }));
  const numbers = (question: Parameters<CaseStore['list']>[0]) =>
    granted(store.list(question)).map(({ number }) => number);
  expect(numbers({})).toEqual([4, 3, 2, 1]);
  expect(numbers({ states: ['open', 'ordered'] })).toEqual([4, 3, 1]);
  expect(numbers({ watch: 'PSU-1/fan' })).toEqual([4]);
  expect(numbers({ watchName: 'output-joint', limit: 2 })).toEqual([3, 2]);
  expect(numbers({ watchName: 'output-joint', before: 2 })).toEqual([1]);
  expect(numbers({ watchName: 'joint' })).toEqual([]);
});

it('takes over cases of earlier versions', () => {
  const path = join(temporaryDirectory(), 'health-cases.sqlite');
  const { number, beganWith: _none, ...former } = granted(runningKeeper().keeper.see(crack()))[0];
  const database = granted(DurableDatabase.open(path, CASE_MIGRATIONS.slice(0, 1)));
  const insert = database.prepare('INSERT INTO health_case VALUES (?, ?, ?, ?, ?)');
  insert.run(number, former.watch, 'open', 'solder-crack', writeCaseText({ number, ...former }));
  database.close();
  const store = granted(CaseStore.open(path));
  expect(granted(store.list({}))).toEqual([{ number, ...former }]);
  expect(granted(store.openedNear(NOW, 0))).toEqual([{ assetPath: former.assetPath, first: number }]);
  expect(granted(store.openedNear(NOW + 2, 1))).toEqual([]);
  store.close();
});

it('counts by state, and what is snoozed of what is not closed', () => {
  const { keeper, store } = runningKeeper();
  expect(granted(store.counts(NOW))).toEqual({ open: 0, ordered: 0, closed: 0, snoozed: 0 });
  for (const number of [1, 2, 3, 4, 5]) keeper.see(crack({ watch: { id: `PSU-${number}/output-joint` } }));
  for (const number of [1, 2, 3]) granted(keeper.snooze(number, { until: NOW + DAY, reason: 'x', by: 'Ada' }));
  granted(keeper.order(2, { port: 'files', comment: '', by: 'Ada' }));
  granted(keeper.close(3, { comment: 'known', by: 'Ada' }));
  expect(granted(store.counts(NOW))).toEqual({ open: 3, ordered: 1, closed: 1, snoozed: 2 });
  expect(granted(store.counts(NOW + DAY))).toEqual({ open: 3, ordered: 1, closed: 1, snoozed: 0 });
});

it('counts the days on which watches were judged once', () => {
  const { store } = runningKeeper();
  for (const day of [0, 0.1, 1, 1.2, 5]) store.noteJudged('PSU-1/output-joint', 'PSU-1', NOW + day * DAY);
  store.noteJudged('PSU-2/output-joint', 'PSU-2', NOW);
  expect(granted(store.judgedDays(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))).toEqual([
    { watch: 'PSU-1/output-joint', asset: 'PSU-1', days: 3 },
    { watch: 'PSU-2/output-joint', asset: 'PSU-2', days: 1 },
  ]);
  expect(granted(store.judgedDays(NOW + DAY / 4, NOW + 3 * DAY))).toMatchObject([{ days: 1 }]);
});

it('loses nothing that was said when the process is killed', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'health-cases.sqlite');
  const program = fileURLToPath(new URL('testbed/orderForever.ts', import.meta.url));
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const bytes of child.stdout) {
    said += bytes;
    if (said.split('\n').length > 20) child.kill('SIGKILL');
  }
  const last = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
  const { store, keeper } = runningKeeper({
    directory,
    ports: [{ name: 'silent', place: () => new Promise(() => {}) }],
  });
  // Killed between a case and its order, the case is there and can be ordered.
  const unordered = granted(store.list({ states: ['open'] }));
  expect(unordered.length).toBeLessThanOrEqual(1);
  for (const { number } of unordered) granted(keeper.order(number, { port: 'silent', comment: '', by: 'Ada' }));
  const ordered = granted(store.list({ states: ['ordered'] }));
  expect(ordered.length).toBeGreaterThanOrEqual(last);
  expect(ordered.length).toBeLessThanOrEqual(last + 1);
  const waiting = granted(store.outbox.waiting());
  expect(new Set(waiting.map(({ order }) => order.key))).toEqual(new Set(ordered.map(({ number }) => `${number}-1`)));
  for (const { number } of ordered) {
    expect(granted(store.history(number)).map(({ kind }) => kind)).toEqual(['opened', 'ordered']);
  }
  store.close();
}, 10_000);

it('says so when the disk is full, keeps what was there, and goes on when there is room', () => {
  const open = vi.spyOn(DurableDatabase, 'open');
  const { keeper, store, told } = runningKeeper();
  const database = granted(open.mock.results[0].value as ReturnType<typeof DurableDatabase.open>);
  open.mockRestore();
  keeper.see(crack());
  const kept = [granted(store.list({})), granted(store.history(1))];
  const { page_count } = database.prepare('PRAGMA page_count').get() as { page_count: number };
  database.prepare(`PRAGMA max_page_count = ${page_count}`).get();
  let full: unknown;
  for (let note = 0; note < 200 && !full; note++) {
    const written = keeper.snooze(1, { until: NOW + DAY, reason: 'x', by: 'Ada' });
    if (!written.ok) full = written.fault.code;
    else kept.splice(0, 2, granted(store.list({})), granted(store.history(1)));
  }
  expect(full).toBe('archive.full');
  const alert = crack({ watch: { id: 'PSU-2/output-joint', asset: 'PSU-2', assetPath: 'acme/south/power-supply-2' } });
  expect(keeper.see(alert)).toMatchObject({ fault: { code: 'archive.full' } });
  expect([granted(store.list({})), granted(store.history(1))]).toEqual(kept);
  database.prepare('PRAGMA max_page_count = 100000').get();
  // The watch may have fallen silent: what it said when there was no room is a case all the same.
  granted(keeper.see(standing({ watch: { id: 'PSU-3/output-joint', asset: 'PSU-3' } })));
  expect(granted(store.get(2))).toMatchObject({ watch: 'PSU-2/output-joint', openedAt: NOW });
  expect(granted(keeper.see(alert))).toEqual([]);
  expect(told.map(({ kind }) => kind)).toEqual([
    ...['health.case-opened', 'health.unwritable', 'health.case-opened', 'health.writable'],
  ]);
});

describe('photos', () => {
  async function withPhoto() {
    const running = runningKeeper();
    running.keeper.see(crack());
    const added = await running.store.addPhoto(1, JPEG, 'Ada', NOW);
    return { ...running, added, files: join(running.directory, 'health-cases-photos') };
  }

  it('are kept once, under the name of what is in them, and are in the history', async () => {
    const { store, added, files } = await withPhoto();
    const photo = { case: 1, name: `${digest}.jpg`, mediaType: 'image/jpeg', bytes: JPEG.length, by: 'Ada', at: NOW };
    expect(granted(added)).toEqual(photo);
    await store.addPhoto(1, JPEG, 'Ben', NOW);
    expect(granted(store.photos(1))).toEqual([photo]);
    expect(readdirSync(files)).toEqual([photo.name]);
    const read = granted(await store.photo(1, photo.name));
    expect([read.photo, Uint8Array.from(read.bytes)]).toEqual([photo, JPEG]);
    expect(
      granted(store.history(1))
        .map(({ kind, why }) => `${kind} ${why}`)
        .slice(1),
    ).toEqual([`photo ${photo.name}`]);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'There is nothing in it.'],
    ['a script', bytesOf('<svg onload="alert(1)">'), 'Its bytes are neither JPEG, PNG nor WebP.'],
    ['half of a beginning', bytesOf('\x89PNG\r\n'), 'Its bytes are neither JPEG, PNG nor WebP.'],
    ['a sound that begins like an image', bytesOf('RIFF....WAVEfmt '), 'Its bytes are neither JPEG, PNG nor WebP.'],
    [
      'too much',
      new Uint8Array(MAX_PHOTO_BYTES + 1).fill(0xff),
      expect.stringContaining(`may have ${MAX_PHOTO_BYTES}`),
    ],
  ])('that are %s are refused', async (_what, bytes, detail) => {
    const { store } = await withPhoto();
    expect(await store.addPhoto(1, bytes, 'Ada', NOW)).toMatchObject({
      fault: { code: 'health.photo-refused', detail },
    });
  });

  it.each([
    ['image/png', 'png', '\x89PNG\r\n\x1a\n...'],
    ['image/webp', 'webp', 'RIFF\x04\0\0\0WEBPVP8 '],
  ])('are known as %s by their bytes', async (mediaType, ending, text) => {
    const { store } = await withPhoto();
    const added = granted(await store.addPhoto(1, bytesOf(text), 'Ada', NOW));
    expect([added.mediaType, added.name.split('.')[1]]).toEqual([mediaType, ending]);
  });

  it.each(['../health-cases.sqlite', `${'0'.repeat(64)}.jpg`, '', '/etc/passwd', `${digest}.png`])(
    'are not found under another name: %s',
    async (name) => {
      const { store } = await withPhoto();
      expect(await store.photo(1, name)).toMatchObject({ fault: { code: 'health.photo-unknown' } });
    },
  );

  it('that were damaged on disk are not shown', async () => {
    const { store, files } = await withPhoto();
    writeFileSync(join(files, `${digest}.jpg`), bytesOf('\xff\xd8\xff\xe0 another'));
    const damaged = { code: 'health.photo-unknown', detail: expect.stringContaining('damaged') };
    expect(await store.photo(1, `${digest}.jpg`)).toMatchObject({ fault: damaged });
  });

  it('that cannot be written are not known', async () => {
    const { keeper, store, directory } = runningKeeper();
    keeper.see(crack());
    writeFileSync(join(directory, 'health-cases-photos'), 'a file where a directory should be');
    expect(await store.addPhoto(1, JPEG, 'Ada', NOW)).toMatchObject({ fault: { code: 'archive.unwritable' } });
    expect(granted(store.photos(1))).toEqual([]);
  });

  it('are so many at most, and of cases that there are', async () => {
    const { store } = await withPhoto();
    for (let n = 1; n < MAX_PHOTOS_PER_CASE; n++)
      granted(await store.addPhoto(1, bytesOf(`\xff\xd8\xff${n}`), 'Ada', NOW));
    const more = await store.addPhoto(1, bytesOf('\xff\xd8\xffmore'), 'Ada', NOW);
    expect(more).toMatchObject({ fault: { code: 'health.photo-refused' } });
    expect(await store.addPhoto(2, JPEG, 'Ada', NOW)).toMatchObject({ fault: { code: 'health.case-unknown' } });
  });
});
