import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionFile } from './sessionFile.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'tidegate-sessions-'));
  file = path.join(directory, 'sessions.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

function open(): SessionFile {
  const opened = SessionFile.open(file);
  if (!opened.ok) throw new Error(opened.fault.detail);
  return opened.value;
}

describe('the file of sessions', () => {
  it('SR 3.1: holds what was put into it, over restarts', () => {
    expect(open().get('north')).toBeUndefined();
    const accepted = {
      session: 1_795_433_562_350_000,
      floors: [{ group: 7, beat: 9 }, { beat: 0 }, { group: 0, beat: 1 }],
    };
    expect(open().put(new Map([['north', accepted]])).ok).toBe(true);
    expect(open().put(new Map([['__proto__', { session: 1, floors: [] }]])).ok).toBe(true);
    expect(open().get('north')).toEqual(accepted);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });

  it.each([
    '',
    '{',
    '7',
    'null',
    '{"north":null}',
    '{"north":{"session":-1,"floors":[]}}',
    '{"north":{"session":1}}',
    '{"north":{"session":1,"floors":[7]}}',
  ])('SR 3.5: that holds %j is refused', (text) => {
    writeFileSync(file, text);
    const opened = SessionFile.open(file);
    expect(opened.ok || opened.fault.code).toBe('boundary.replay-state');
  });

  it('that cannot be read or written is a fault', () => {
    mkdirSync(file);
    const opened = SessionFile.open(file);
    expect(opened.ok || opened.fault.code).toBe('boundary.replay-state');
    rmSync(file, { recursive: true });
    const sessions = open();
    rmSync(directory, { recursive: true });
    const put = sessions.put(new Map([['north', { session: 2, floors: [] }]]));
    expect(put.ok || put.fault.code).toBe('boundary.replay-state');
    expect(sessions.get('north')?.session).toBe(2);
    mkdirSync(directory);
  });
});
