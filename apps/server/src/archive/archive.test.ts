/** The commands for an archive, beside a server that runs and without one. */

import { once } from 'node:events';
import { appendFile, readdir, readFile, stat, watch, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArchiveSite } from './testbed/archiveSite.ts';

let site: ArchiveSite;
beforeAll(async () => {
  site = await ArchiveSite.make();
});
afterAll(() => site.remove());

interface Overview {
  readonly isServed: boolean;
  readonly statistics: { readonly samples: number; readonly tags: number };
}
interface Imported {
  readonly samples: number;
}
interface Verified {
  readonly samples: number;
  readonly findings: readonly unknown[];
}

/** Numbers of `tags` tags, a second apart, as CSV. */
async function writeCsv(name: string, rows: number, tags = 4): Promise<string> {
  const lines = ['path,time,value,status'];
  for (let row = 0; row < rows; row++) {
    lines.push(
      `plant/tag-${row % tags},${1_700_000_000_000_000 + row * 1_000_000},${row / 8},${row % 97 === 0 ? 'BadTimeout' : 0}`,
    );
  }
  await writeFile(site.path(name), `${lines.join('\n')}\n`);
  return site.path(name);
}

describe('beside a server that runs', () => {
  it('imports, backs up meanwhile, verifies, tells and exports; and the backup is restored', async () => {
    const data = site.path('served');
    const server = await site.serve(data);
    const files = await Promise.all([0, 1, 2].map((at) => writeCsv(`part-${at}.csv`, 20_000, 5 + at)));
    let imports = 0;
    const importing = (async () => {
      for (const file of files) imports += (await site.ask<Imported>('import', data, file)).samples;
    })();
    const backup = site.path('backup');
    for (let round = 0; round < 3; round++) {
      const { samples } = await site.ask<Imported>('backup', data, '--to', backup);
      expect(await site.ask<Verified>('verify', backup)).toMatchObject({ samples, findings: [] });
    }
    await importing;
    expect(imports).toBe(60_000);
    expect(await site.ask<Overview>('stats', data)).toMatchObject({
      isServed: true,
      statistics: { samples: 60_000, tags: 7 },
    });
    expect(await site.ask<Verified>('verify', data)).toMatchObject({ samples: 60_000, findings: [] });
    await site.ask('backup', data, '--to', backup);
    await site.ask('export', data, '--to', site.path('served.csv'));
    await site.stop(server);

    const restored = site.path('restored');
    const { status } = await site.run('restore', '--from', backup, '--to', restored);
    expect(status).toBe(0);
    expect(await site.ask<Overview>('stats', restored)).toMatchObject({
      isServed: false,
      statistics: { samples: 60_000 },
    });
    await site.ask('export', restored, '--to', site.path('restored.csv'));
    expect(await readFile(site.path('restored.csv'), 'utf8')).toBe(await readFile(site.path('served.csv'), 'utf8'));
  });

  it('and after one that was killed, whose socket is still there', async () => {
    const data = site.path('killed');
    const server = await site.serve(data);
    await site.ask('import', data, await writeCsv('killed.csv', 100));
    await site.stop(server, 'SIGKILL');
    expect((await stat(join(data, 'control', 'socket'))).isSocket()).toBe(true);
    expect(await site.ask<Overview>('stats', data)).toMatchObject({
      isServed: false,
      statistics: { samples: 100 },
    });
  });

  it('lets nobody else in, and what is no request does it no harm', async () => {
    const data = site.path('hostile');
    const server = await site.serve(data);
    expect((await stat(join(data, 'control'))).mode & 0o777).toBe(0o700);
    const frame = (kind: number, content: string) => {
      const head = Buffer.alloc(5);
      head.writeUInt32LE(content.length);
      head[4] = kind;
      return Buffer.concat([head, Buffer.from(content)]);
    };
    const attacks = [
      Buffer.alloc(0),
      Buffer.alloc(4_000, 0xff),
      frame(0, '{'),
      frame(0, 'null'),
      frame(0, '{"ask":"everything"}'),
      frame(0, '{"ask":"export","tags":["**"],"start":0.5,"end":1}'),
      frame(1, 'no block'),
      frame(7, 'unknown'),
      Buffer.concat([frame(0, '{"ask":"import","by":"x","series":[]}'), frame(1, 'no block'), frame(0, 'null')]),
      frame(0, '{"ask":"hold"}').subarray(0, 9),
    ];
    for (const bytes of attacks) {
      const socket = connect(join(data, 'control', 'socket'));
      socket.on('error', () => {}).resume();
      socket.end(bytes);
      await once(socket, 'close');
    }
    expect(await site.ask<Overview>('stats', data)).toMatchObject({ isServed: true, statistics: { samples: 0 } });
    await site.stop(server);
    expect(await readdir(join(data, 'control'))).toEqual([]);
  });
});

describe('how it ends', () => {
  it('with 1 where something is damaged, which it names with a remedy, and with 0 where nothing is', async () => {
    const data = await site.makeArchive('damaged');
    await site.ask('import', data, await writeCsv('damaged.csv', 5_000));
    const backup = site.path('damaged-backup');
    await site.ask('backup', data, '--to', backup);
    expect((await site.run('verify', '--data', backup)).status).toBe(0);
    const [segment] = await readdir(join(data, 'segments'));
    await appendFile(join(data, 'segments', segment), 'x');
    await appendFile(join(backup, 'segments', segment), 'x');
    for (const place of [data, backup]) {
      const { status, out, error } = await site.run('verify', '--data', place);
      expect(status).toBe(1);
      expect(error).toContain(`segments/${segment}: `);
      expect(error).toMatch(/backup/);
      expect(out).toMatch(/damaged\.\n$/);
    }
    const restored = await site.run('restore', '--from', backup, '--to', site.path('never'));
    expect(restored).toMatchObject({ status: 1, error: expect.stringContaining(segment) });
    await expect(stat(site.path('never'))).rejects.toThrow('ENOENT');
  });

  it.each<[string, string[], RegExp]>([
    ['no archive', ['stats', '--data', '/nowhere'], /no archive in \/nowhere/],
    ['no backup', ['restore', '--from', '/nowhere', '--to', '/nowhere/else'], /nowhere has no backup\.json/],
    ['no file', ['import', 'nothing.csv'], /nothing\.csv/],
    ['a time that is none', ['export', '--start', 'soon'], /--start takes a time/],
    ['a format that is none', ['export', '--to', 'x.doc'], /--format csv or parquet/],
    ['Parquet to standard output', ['export', '--format', 'parquet'], /--to/],
    ['a type that is none', ['import', import.meta.filename, '--type', 'float'], /--type takes/],
  ])('with what is wrong and what to do, in one line: %s', async (_, args, expected) => {
    const { status, error } = await site.run(...args);
    expect(status).toBeGreaterThan(0);
    expect(error).toMatch(/^tidegate archive [a-z]+: [^\n]+\.\n$/);
    expect(error).toMatch(expected);
  });

  it('without half a result, where it is interrupted', async () => {
    const data = await site.makeArchive('interrupted');
    await site.ask('import', data, await writeCsv('long.csv', 200_000));
    const to = site.path('exports');
    const { child, ended } = site.begin('archive', 'export', '--data', data, '--to', to, '--format', 'csv');
    for await (const { filename } of watch(site.directory)) if (filename === 'exports.tmp') break;
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 130, error: expect.stringContaining('interrupted') });
    expect((await readdir(site.directory)).filter((name) => name.startsWith('exports'))).toEqual([]);
  });
});

describe('an import', () => {
  it('of a file with mistakes imports nothing, and names them with their lines', async () => {
    const data = await site.makeArchive('mistakes');
    const file = site.path('mistakes.csv');
    const bad = Array.from({ length: 30 }, (_, at) => `2026-01-01T00:00:00Z,x${at}`);
    await writeFile(file, `time,value\n2026-01-01T00:00:00Z,1\n${bad.join('\n')}\n2026-01-01T00:00:01Z,2\n`);
    const refused = await site.run('import', '--data', data, file, '--tag', 'plant/a');
    expect(refused.status).toBe(1);
    expect(refused.error).toContain(`${file}: line 3: "x0" is no number.\n`);
    expect(refused.error).toContain('line 22: "x19"');
    expect(refused.error).not.toContain('line 23');
    expect(refused.error).toContain('10 more');
    expect(await site.ask<Overview>('stats', data)).toMatchObject({ statistics: { samples: 0, tags: 0 } });
    expect(await site.ask('import', data, file, '--tag', 'plant/a', '--skip-bad')).toMatchObject({
      samples: 2,
      bad: 30,
    });
  });

  it('into tags of another type or unit imports nothing', async () => {
    const data = await site.makeArchive('types');
    await writeFile(site.path('texts.csv'), 'time,value,path\n1,on,plant/a\n');
    await writeFile(site.path('numbers.csv'), 'time,value,path\n1,5,plant/b\n2,on,plant/a\n');
    await site.ask('import', data, site.path('texts.csv'));
    await writeFile(site.path('wrong.csv'), 'time,value,text,path\n1,5,,plant/b\n2,7,,plant/a\n');
    const { status, error } = await site.run('import', '--data', data, site.path('wrong.csv'));
    expect([status, error]).toEqual([1, expect.stringContaining('plant/a is a tag of the type string')]);
    expect(await site.ask<Overview>('stats', data)).toMatchObject({ statistics: { samples: 1, tags: 1 } });
    await site.ask('import', data, site.path('numbers.csv'));
    expect(await site.ask<Overview>('stats', data)).toMatchObject({ statistics: { samples: 3, tags: 2 } });
    const inBar = await site.run('import', '--data', data, site.path('numbers.csv'), '--unit', 'bar');
    expect([inBar.status, inBar.error]).toEqual([1, expect.stringContaining('kept without a unit')]);
    expect(await site.ask<Overview>('stats', data)).toMatchObject({ statistics: { samples: 3, tags: 2 } });
  });
});

describe('what is exported and imported is the same', () => {
  const rows = [
    'path,time,value,text,status',
    'plant/n,2026-01-01T00:00:00.000001Z,1.5,,0',
    'plant/n,2026-01-01T00:00:00.000001Z,0.1,,2150891648',
    'plant/n,2026-01-01T00:00:01Z,NaN,,1083179008',
    'plant/n,2026-01-01T00:00:02Z,-Infinity,,0',
    'plant/n,2026-01-01T00:00:03Z,,,2147483648',
    'plant/n,2026-01-01T00:00:04Z,1.7976931348623157e308,,4294967295',
    'plant/s,2026-01-01T00:00:00Z,,"a ""b"",\r\nc; ünï 🌊",0',
    'plant/s,2026-01-01T00:00:01Z,,"",0',
    'plant/s,2026-01-01T00:00:02Z,,,2147483648',
    'plant/s,1901-01-01T00:00:00Z,,12,0',
  ];

  it.each(['csv', 'parquet'])('as %s', async (format) => {
    const [first, second] = [await site.makeArchive(`first-${format}`), await site.makeArchive(`second-${format}`)];
    const file = site.path(`rows-${format}.csv`);
    await writeFile(file, `${rows.join('\r\n')}\r\n`);
    await site.ask('import', first, file);
    const exported = site.path(`exported.${format}`);
    expect(await site.ask('export', first, '--to', exported)).toMatchObject({ samples: 10, tags: 2 });
    await site.ask('import', second, exported);
    const [a, b] = await Promise.all([first, second].map((data) => site.run('export', '--data', data)));
    expect(b.out).toBe(a.out);
    expect(a.out).toContain('1,plant/s,2026-01-01T00:00:00.000000Z,,"a ""b"",\r\nc; ünï 🌊",0\r\n');
    expect(a.out).toContain('0,plant/n,2026-01-01T00:00:04.000000Z,1.7976931348623157e+308,,4294967295\r\n');
  });

  it('of the tags and the time that are named', async () => {
    const data = await site.makeArchive('named');
    await site.ask('import', data, await writeCsv('named.csv', 40));
    const start = '2023-11-14T22:13:30Z';
    const { out } = await site.run('export', 'plant/tag-1', 'plant/*-3', '--start', start, '--data', data);
    const paths = out
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[1]);
    expect(new Set(paths)).toEqual(new Set(['plant/tag-1', 'plant/tag-3']));
    expect(paths.length).toBe(15);
  });
});
