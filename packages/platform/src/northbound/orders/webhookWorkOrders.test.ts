import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { success } from '@tidegate/core/fault/fault.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { granted, runningKeeper, temporaryDirectory } from '../../monitor/health/cases/testbed/runningKeeper.ts';
import { crack, DAY, NOW } from '../../monitor/health/cases/testbed/standings.ts';
import type { WorkOrder } from '../../monitor/health/cases/workOrderPort.ts';
import { type WebhookOptions, WebhookWorkOrders } from './webhookWorkOrders.ts';

interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse, asked: Asked) => void;

/** A server of orders on a port of its own, with what it was asked. */
async function serverOf(answer: Answer) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { method, url: path, headers } = request;
    asked.push({ method, path, headers, body });
    answer(response, asked[asked.length - 1]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders?site=north` };
}

function hook(url: string, more: Partial<WebhookOptions> = {}): WebhookWorkOrders {
  return granted(WebhookWorkOrders.open({ name: 'hook', url, timeoutMs: 2_000, ...more }));
}

function someOrder(): WorkOrder {
  const { keeper, store } = runningKeeper();
  keeper.see(crack());
  granted(keeper.order(1, { port: 'files', comment: 'before the winter', by: 'Ada' }));
  return granted(store.outbox.waiting())[0].order;
}

const json =
  (document: unknown, status = 201): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  };

it('posts the document of the order with its key and the secret, and gives the reference', async () => {
  const { url, asked } = await serverOf(json({ reference: 'WO-7' }));
  const port = hook(url, { secret: { header: 'Authorization', value: 'Bearer hunter2' } });
  expect(await port.place(someOrder())).toEqual(success('WO-7'));
  const [{ method, path, headers, body }] = asked;
  expect([method, path]).toEqual(['POST', '/orders?site=north']);
  expect(headers).toMatchObject({
    ...{ authorization: 'Bearer hunter2', 'idempotency-key': 'tidegate-1-1', 'content-type': 'application/json' },
    ...{ 'accept-encoding': 'identity' },
  });
  expect(JSON.parse(body)).toMatchObject({ format: 'tidegate-work-order', key: '1-1', comment: 'before the winter' });
});

describe('takes as the reference', () => {
  it.each<[string, Answer, string]>([
    ['a number', json({ id: 4711, name: 'x' }), '4711'],
    ['nothing better than the key', json({ ok: true }), '1-1'],
    ['the key of an answer that is no JSON', (response) => response.end('<html>ok'), '1-1'],
    ['the key of an answer without a body', (response) => response.writeHead(204).end(), '1-1'],
    ['the key of a list', json([{ id: 1 }]), '1-1'],
    ['a plain text without what controls a terminal', json({ reference: '\u001b[31mWO\n-9\u202e ' }), '[31mWO-9'],
    ['the beginning of an endless one', json({ reference: 'x'.repeat(5_000) }), 'x'.repeat(120)],
    ['the next that is one', json({ reference: { evil: 1 }, number: '', id: 'A1' }), 'A1'],
    ['the key of more than anybody reads', json({ reference: 'WO-1', more: 'x'.repeat(200_000) }), '1-1'],
  ])('%s', async (_what, answer, reference) => {
    const { url } = await serverOf(answer);
    expect(await hook(url).place(someOrder())).toEqual(success(reference));
  });
});

describe('is refused, without the secret in the fault, by', () => {
  it.each<[string, Answer, RegExp]>([
    ['a refusal', json({ reference: 'WO-1' }, 422), /answered 422\.$/],
    ['an error', (response) => response.writeHead(503).end('busy'), /answered 503\.$/],
    ['a line that breaks', (response) => response.socket?.destroy(), /cannot be reached/],
    [
      'half of an answer',
      (response) => response.writeHead(200, { 'content-length': 99 }).write('{', () => response.socket?.destroy()),
      /cannot be reached/,
    ],
    ['silence', () => {}, /no answer in time/],
    ['an answer that never ends', (response) => void response.writeHead(200).write('{'), /no answer in time/],
  ])('%s', async (_what, answer, detail) => {
    const { url } = await serverOf(answer);
    const secret = { header: 'X-Api-Key', value: 'hunter2' };
    const placed = await hook(url, { timeoutMs: 300, secret }).place(someOrder());
    expect(placed).toMatchObject({ fault: { code: 'health.order-failed', detail: expect.stringMatching(detail) } });
    expect(JSON.stringify(placed)).not.toContain('hunter2');
  });

  it('a server that is not there', async () => {
    const { url, server } = await serverOf(json({}));
    server.close();
    await once(server, 'close');
    expect(await hook(url).place(someOrder())).toMatchObject({
      fault: { detail: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it.each([301, 302, 307, 308])('a redirect (%i), which is not followed', async (status) => {
    const other = await serverOf(json({ reference: 'stolen' }));
    const { url } = await serverOf((response) => response.writeHead(status, { location: other.url }).end());
    const placed = await hook(url, { secret: { header: 'X-Api-Key', value: 'hunter2' } }).place(someOrder());
    expect(placed).toMatchObject({ fault: { detail: expect.stringContaining(`${status}, a redirect`) } });
    expect(other.asked).toEqual([]);
  });

  it('a stream without an end, of which little is read', async () => {
    let sent = 0;
    const { url } = await serverOf((response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, 0x20))) sent += 16_384;
        if (!response.destroyed) response.once('drain', more);
      };
      response.writeHead(500);
      more();
    });
    expect(await hook(url).place(someOrder())).toMatchObject({ fault: { detail: expect.stringContaining('500') } });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });
});

it.each<[string, Partial<WebhookOptions>]>([
  ['no address', { url: 'cms.example' }],
  ['a file', { url: 'file:///etc/passwd' }],
  ['a password in the address', { url: 'https://user:hunter2@cms.example/' }],
  ['a header of two lines', { secret: { header: 'X-Key', value: 'hunter2\r\nX-More: 1' } }],
  ['a header without a name', { secret: { header: '', value: 'hunter2' } }],
])('is not configured with %s', (_what, options) => {
  const opened = WebhookWorkOrders.open({ name: 'hook', url: 'https://cms.example/', ...options });
  expect(opened).toMatchObject({ fault: { code: 'config.invalid' } });
  expect(JSON.stringify(opened)).not.toContain('hunter2');
});

it('makes one order of two attempts where the process dies between the order and its answer', async () => {
  const made = new Map<string, string>();
  let child: ReturnType<typeof spawn> | undefined;
  const { url, asked } = await serverOf((response, { headers }) => {
    const key = String(headers['idempotency-key']);
    made.set(key, made.get(key) ?? `WO-${made.size + 1}`);
    // The order is made, and whoever asked for it never hears of that.
    if (asked.length === 1) child?.kill('SIGKILL');
    else response.end(JSON.stringify({ reference: made.get(key) }));
  });
  const directory = temporaryDirectory();
  const program = fileURLToPath(new URL('testbed/orderOnce.ts', import.meta.url));
  child = spawn(process.execPath, [program, join(directory, 'health-cases.sqlite'), url], { stdio: 'inherit' });
  await once(child, 'exit');
  const { store, orders } = runningKeeper({ ports: [hook(url)], directory, now: NOW + DAY });
  expect(granted(store.outbox.waiting())).toMatchObject([{ attempts: 1, order: { key: '1-1' } }]);
  await orders.deliver();
  expect(granted(store.get(1)).orders).toMatchObject([{ reference: 'WO-1' }]);
  expect(granted(store.outbox.waiting())).toEqual([]);
  expect(asked.map(({ body }) => body)).toEqual([asked[0].body, asked[0].body]);
  expect(made.size).toBe(1);
}, 10_000);
