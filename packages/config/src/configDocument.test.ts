import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigDocument, loadDocument } from './configDocument.ts';
import { byteSize, durationMs, host, port } from './fields.ts';

const schema = z.strictObject({
  name: z.string(),
  server: z.strictObject({ host: host(), port: port() }),
  timeout: durationMs(10).optional(),
  limit: byteSize().default(1),
  mode: z.enum(['tls', 'diode']).default('tls'),
  classes: z.record(z.string(), z.strictObject({ interval: durationMs() })).default({}),
  devices: z.array(z.strictObject({ name: z.string(), unit: z.int().min(0).max(255).default(1) })).default([]),
  tags: z.union([z.string(), z.array(z.strictObject({ path: z.string() }))]).optional(),
});

const VALID = `# A gateway
name: north
server:
  host: server.example
  port: 8443
timeout: 250ms
limit: 256 MB
classes:
  fast: &fast { interval: 100ms }
  quick: *fast
devices:
  - name: plc-1
    unit: 3
  - { name: plc-2 }
tags:
  - path: a/b
`;

/** Each case changes the valid file in one way and says what the report must hold: place, message, hint. */
const CASES: readonly [what: string, from: string, to: string, expected: readonly string[]][] = [
  ['a misspelt key', 'timeout: 250ms', 'timout: 250ms', ['6:1 unknown key "timout" | did you mean "timeout"?']],
  [
    'an unknown key',
    'timeout: 250ms',
    'colour: red',
    ['6:1 unknown key "colour" | known here: name, server, timeout, limit, mode, classes, devices, tags'],
  ],
  ['a misspelt key in an item', '    unit: 3', '    unti: 3', ['13:5 unknown key "unti" | did you mean "unit"?']],
  [
    'a misspelt key in a union',
    '  - path: a/b',
    '  - pth: a/b',
    ['16:5 "path" is missing | undefined', '16:5 unknown key "pth" | did you mean "path"?'],
  ],
  [
    'a missing key',
    '  host: server.example\n',
    '',
    ['3:1 "host" is missing | host: a host name or address such as plc-1.example or 192.168.0.10'],
  ],
  [
    'text for a number',
    'port: 8443',
    'port: "8443"',
    ['5:9 "port" must be a number, not "8443" | write it without quotes: 8443'],
  ],
  ['a number for text', 'name: north', 'name: 12', ['2:7 "name" must be text, not 12 | put it in quotes: "12"']],
  ['nothing for text', 'name: north', 'name:', ['2:6 "name" must be text, not empty | undefined']],
  [
    'a fraction',
    'port: 8443',
    'port: 8.5',
    ['5:9 "port" must be a whole number, not 8.5 | a port number from 1 to 65535'],
  ],
  ['out of range', 'unit: 3', 'unit: 300', ['13:11 "unit" must be at most 255, not 300 | undefined']],
  ['a misspelt value', 'timeout: 250ms', 'mode: tsl', ['6:7 "mode" cannot be "tsl" | did you mean "tls"?']],
  ['an unknown value', 'timeout: 250ms', 'mode: pigeon', ['6:7 "mode" cannot be "pigeon" | one of: tls, diode']],
  [
    'a duration without unit',
    'timeout: 250ms',
    'timeout: 250',
    ['6:10 250 is a length of time without a unit | did you mean "250s" or "250ms"?'],
  ],
  [
    'a duration with a wrong unit',
    'timeout: 250ms',
    'timeout: 1 fortnight',
    ['6:10 "1 fortnight" is not a length of time | such as 250ms, 1s, 10min, 8h or 1d'],
  ],
  ['too short a duration', 'timeout: 250ms', 'timeout: 1ms', ['6:10 "1ms" is too short | at least 10ms']],
  [
    'a wrong size',
    'limit: 256 MB',
    'limit: plenty',
    ['7:8 "plenty" is not an amount of data | such as 256 MB or 1 GiB'],
  ],
  [
    'a URL for a host',
    'host: server.example',
    'host: https://server.example:8443/',
    ['4:9 "https://server.example:8443/" is not a host | write only the host: server.example'],
  ],
  [
    'a list for a map',
    'server:\n  host: server.example\n  port: 8443',
    'server: [1]',
    ['3:1 "server" must be a map of keys and values, not a list | a map with the keys host, port'],
  ],
  [
    'text for a list',
    'devices:\n  - name: plc-1\n    unit: 3\n  - { name: plc-2 }',
    'devices: plc-1',
    ['11:10 "devices" must be a list, not "plc-1" | a list of maps with the keys name, unit'],
  ],
  [
    'neither branch of a union',
    'tags:\n  - path: a/b',
    'tags: 7',
    ['15:7 "tags" must be text or a list, not 7 | undefined'],
  ],
  [
    'a wrong item of a list',
    '  - { name: plc-2 }',
    '  - plc-2',
    ['14:5 item 2 of "devices" must be a map of keys and values, not "plc-2" | a map with the keys name, unit'],
  ],
  [
    'a key that stands twice',
    'timeout: 250ms',
    'name: south',
    ['6:1 this key stands twice in the same map | remove one of the two'],
  ],
  [
    'a defect behind an alias',
    'interval: 100ms',
    'interval: 100',
    [
      '9:27 100 is a length of time without a unit | did you mean "100s" or "100ms"?',
      '9:27 100 is a length of time without a unit | did you mean "100s" or "100ms"?',
    ],
  ],
  [
    'several at once',
    'name: north\nserver:',
    'naem: north\nsever:',
    [
      '2:1 "name" is missing | undefined',
      '2:1 "server" is missing | server: a map with the keys host, port',
      '2:1 unknown key "naem" | did you mean "name"?',
      '3:1 unknown key "sever" | did you mean "server"?',
    ],
  ],
];

describe('a document', () => {
  it('gives typed data', () => {
    expect(ConfigDocument.parse('a.yaml', VALID).validate(schema)).toEqual({
      ok: true,
      value: {
        name: 'north',
        server: { host: 'server.example', port: 8443 },
        timeout: 250,
        limit: 256e6,
        mode: 'tls',
        classes: { fast: { interval: 100 }, quick: { interval: 100 } },
        devices: [
          { name: 'plc-1', unit: 3 },
          { name: 'plc-2', unit: 1 },
        ],
        tags: [{ path: 'a/b' }],
      },
    });
  });

  it.each(CASES)('names the place of %s and what would be right', (_, from, to, expected) => {
    expect(VALID).toContain(from);
    expect(report(VALID.replace(from, to))).toEqual(expected);
  });

  it.each([
    ['an unclosed bracket', 'a: [1, 2\nb: 3\n', 2],
    ['a tab as indentation', 'a:\n\tb: 1\n', 2],
    ['two documents', 'a: 1\n---\nb: 2\n', 2],
    ['an unknown tag', 'a: 1\nb: !!js/function x\n', 2],
    ['nothing', '', 1],
    ['only comments', '# nothing\n\n', 1],
    ['an alias without anchor', 'a: *nowhere\n', 1],
    ['an anchor that holds itself', '&a { <<: &b { <<: *a } }\n', 1],
    ['nesting without end', '['.repeat(100_000), 1],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((key, at) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9)}]\n`).join('')}`,
      1,
    ],
  ])('refuses %s', (_, text, line) => {
    const result = ConfigDocument.parse('a.yaml', text).validate(z.strictObject({ a: z.number() }));
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.defects.length).toBeGreaterThan(0);
    expect(result.defects[0].line).toBe(line);
  });

  it('finds a value that a merged map holds', () => {
    const text = 'base: &base\n  unit: 300\nname: x\ndevice:\n  <<: *base\n  name: y\n';
    const merged = z.object({ device: z.strictObject({ name: z.string(), unit: z.int().max(255) }) });
    const result = ConfigDocument.parse('a.yaml', text).validate(merged);
    expect(result).toMatchObject({ ok: false, defects: [{ line: 2, column: 9 }] });
  });

  it('does not take __proto__ for anything else than an unknown key', () => {
    expect(report(`${VALID}__proto__: { polluted: true }\n`)).toEqual([
      '17:1 unknown key "__proto__" | known here: name, server, timeout, limit, mode, classes, devices, tags',
    ]);
  });

  it('never throws, whatever is done to a valid file, and every defect has a place in the file', () => {
    const edit = fc.record({
      at: fc.nat(VALID.length),
      drop: fc.nat(12),
      insert: fc.string({ maxLength: 8, unit: yamlish }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = VALID;
        for (const { at, drop, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + drop);
        const result = ConfigDocument.parse('a.yaml', text).validate(schema);
        if (result.ok) return;
        expect(result.defects.length).toBeGreaterThan(0);
        const lines = text.split('\n');
        for (const { line, column } of result.defects) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(lines[line - 1].length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a file', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tidegate-config-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('is read with a byte order mark and line ends of any kind', async () => {
    const file = join(directory, 'windows.yaml');
    await writeFile(file, `\ufeff${VALID.replaceAll('\n', '\r\n')}`);
    expect(await loadDocument(file, schema)).toMatchObject({ ok: true, value: { name: 'north' } });
  });

  it.each([
    ['missing', undefined, 'there is no such file', 1, 1],
    ['UTF-16', Buffer.from('\ufeffname: x', 'utf16le'), 'is UTF-16 text', 1, 1],
    ['Windows-1252', Buffer.from('a: 1\nname: M\xfcller\n', 'latin1'), 'is not UTF-8 text', 2, 8],
    ['binary', Buffer.from('a: 1\nb\0'), 'is not text: it holds a zero byte', 2, 2],
  ])('that is %s is a defect', async (name, content, message, line, column) => {
    const file = join(directory, name);
    if (content) await writeFile(file, content);
    const result = await loadDocument(file, schema);
    expect(result).toMatchObject({ ok: false, defects: [{ code: 'config.unreadable', file, message, line, column }] });
  });

  it('that is a directory is a defect', async () => {
    expect(await loadDocument(directory, schema)).toMatchObject({
      ok: false,
      defects: [{ message: 'is a directory' }],
    });
  });
});

/** Characters that matter to YAML more often than chance would have them. */
const yamlish = fc.oneof(fc.constantFrom(...':-{}[]&*!|>\'"%@`#,? \n\t<0'), fc.string({ minLength: 1, maxLength: 1 }));

function report(text: string): string[] {
  const result = ConfigDocument.parse('a.yaml', text).validate(schema);
  if (result.ok) return [];
  return result.defects
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`);
}

it('a text that would take many seconds is refused at once', () => {
  const { defects } = ConfigDocument.parse('assets/a.yaml', '- a\n'.repeat(1_000_001));
  expect(defects).toMatchObject([{ line: 1, hint: 'split the file, or write its lists as CSV' }]);
});
