import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { AlarmRequest, LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import type { LiveView } from '@tidegate/core/port/liveView.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveRequest } from './liveRequest.ts';
import { LiveSocket } from './liveSocket.ts';

let directory: string;
let asked: LiveRequest[];
let done: AlarmRequest[];
let socket: LiveSocket | undefined;
const alarms = {
  list: () => ({ gateway: 'north-1', configured: true, alarms: [] }) as unknown as LiveAlarms,
  operate: async (request: AlarmRequest) => {
    if (request.comment === 'the disk is full') throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    done.push(request);
    return { at: 0 as Timestamp, done: [], refused: [] };
  },
};
const view = (request: LiveRequest) => {
  asked.push(request);
  return { gateway: 'north-1', filling: 'x'.repeat(request.count) } as unknown as LiveView;
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidegate-live-'));
  asked = [];
  done = [];
  socket = undefined;
});
afterEach(async () => {
  await socket?.close();
  rmSync(directory, { recursive: true });
});

async function open(): Promise<LiveSocket> {
  const opened = await LiveSocket.open(directory, { view, alarms });
  if (!opened.ok) throw new Error(opened.fault.detail);
  socket = opened.value;
  return opened.value;
}

/** Everything that comes back until the other side ends. */
async function send(path: string, bytes: string | Uint8Array): Promise<string> {
  const client = connect(path);
  let text = '';
  client.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  client.write(bytes);
  await closed(client);
  return text;
}

/** Whether or not the other side was through with what it was sent. */
function closed(client: Socket): Promise<unknown> {
  return new Promise((resolve) => client.on('error', () => {}).once('close', resolve));
}

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: gateway\r\n\r\n`;

describe('SR 5.2 RE 2: the socket of the live view', () => {
  it('can be used by the user of the gateway only', async () => {
    const { path } = await open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('takes the place of what a killed gateway left', async () => {
    await mkdir(join(directory, 'live'), { mode: 0o755 });
    // A server that is not closed leaves its file when its process dies; so does one that is made to forget it.
    const left = createServer().listen(join(directory, 'live', 'live.sock'));
    await once(left, 'listening');
    await writeFile(join(directory, 'live', 'note'), 'left');
    const { path } = await open();
    expect(await send(path, get('/live'))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    left.close();
  });

  it.each([
    [107, true],
    [108, false],
  ])('of a path of %d bytes: %s', async (bytes, ok) => {
    const filler = 'd'.repeat(bytes - Buffer.byteLength(join(directory, 'live', 'live.sock')) - 1);
    const deep = join(directory, filler);
    await mkdir(deep);
    const opened = await LiveSocket.open(deep, { view, alarms });
    if (opened.ok) await opened.value.close();
    expect(opened).toMatchObject(
      ok ? { ok } : { fault: { code: 'live.socket', detail: expect.stringMatching(/has 108 bytes.* 107 at most$/) } },
    );
  });

  it('is none where the directory is gone', async () => {
    const opened = await LiveSocket.open(join(directory, 'nowhere'), { view, alarms });
    expect(opened).toMatchObject({
      fault: { code: 'live.socket', detail: expect.stringMatching(/cannot be made: ENOENT/) },
    });
  });

  it.each<[string, Partial<LiveRequest>]>([
    ['/live', { pattern: '**', from: 0, count: 1_000 }],
    ['/live?tags=site/*/flow&from=20&count=10', { pattern: 'site/*/flow', from: 20, count: 10 }],
    ['/live?tags=site%2F%C3%A4%2F**&count=0', { pattern: 'site/ä/**', count: 0 }],
  ])('answers %s', async (target, request) => {
    const { path } = await open();
    expect(await send(path, get(target))).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"gateway":"north-1"/s);
    expect(asked).toEqual([expect.objectContaining(request)]);
  });

  it.each([
    [get('/live').replace('GET', 'POST'), 405],
    [get('/live').replace('GET', 'DELETE'), 405],
    [get('/live').replace('GET', 'QUERY'), 405],
    [get('/'), 404],
    [get('/live/'), 404],
    [get('//'), 400],
    [get('/live?tags=a//b'), 400],
    [get('/live?tags=a**/b'), 400],
    [get('/live?count=1001'), 400],
    [get('/live?count=-1'), 400],
    [get('/live?from=1e3'), 400],
    [get('/live?write=1'), 400],
    [get(`/live?tags=${'x'.repeat(5_000)}`), 431],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['{"write":1}\n\n', 400],
    ['GET /live HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
  ])('refuses %j', async (bytes, status) => {
    const { path } = await open();
    expect(await send(path, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(asked).toEqual([]);
  });

  it('makes one answer for a client that asks a thousand times at once', async () => {
    const { path } = await open();
    await send(path, get('/live?count=5').repeat(1_000));
    expect(asked).toHaveLength(1);
  });

  it('lets so many clients in that say nothing, and no more, and goes on when they have been cut off', async () => {
    const { path } = await open();
    const silent = Array.from({ length: 8 }, () => connect(path).resume());
    const cutOff = silent.map(closed);
    await Promise.all(silent.map((client) => once(client, 'connect')));
    expect(await send(path, get('/live'))).toBe('');
    await Promise.all(cutOff);
    expect(await send(path, get('/live'))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  }, 15_000);
});

describe('alarms at the socket', () => {
  const post = (body: string) =>
    `POST /alarms HTTP/1.1\r\nHost: gateway\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const ack = { operation: 'acknowledge', alarms: ['a/high'], by: 'anna', comment: 'seen' };

  it('are listed', async () => {
    const { path } = await open();
    expect(await send(path, get('/alarms'))).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"configured":true/s);
  });

  it.each<object>([
    ack,
    { operation: 'acknowledge', alarms: 'all', by: 'anna' },
    { operation: 'shelve', alarms: ['a/high'], by: 'anna', comment: 'works', forMs: 60_000, oneShot: true },
  ])('take %j', async (request) => {
    const { path } = await open();
    expect(await send(path, post(JSON.stringify(request)))).toMatch(/^HTTP\/1\.1 200 /);
    expect(done).toEqual([request]);
  });

  it.each<[unknown, number]>([
    ['no JSON', 400],
    [null, 400],
    [{ ...ack, operation: 'open-valve' }, 400],
    [{ ...ack, alarms: [] }, 400],
    [{ ...ack, alarms: [5] }, 400],
    [{ ...ack, by: ' ' }, 400],
    [{ ...ack, by: undefined }, 400],
    [{ ...ack, comment: 'x'.repeat(2_001) }, 400],
    [{ ...ack, operation: 'shelve' }, 400],
    [{ ...ack, operation: 'shelve', forMs: -1 }, 400],
    [{ ...ack, comment: 'x'.repeat(300_000) }, 413],
    [{ ...ack, comment: 'the disk is full' }, 500],
  ])('refuse %j', async (request, status) => {
    const { path } = await open();
    const body = typeof request === 'string' ? request : JSON.stringify(request);
    expect(await send(path, post(body))).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(done).toEqual([]);
  });

  it('are not changed by anything else', async () => {
    const { path } = await open();
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect(await send(path, get('/alarms').replace('GET', method))).toMatch(/^HTTP\/1\.1 405 /);
    }
    expect(done).toEqual([]);
  });
});
