import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ServerApi } from '../serverApi/serverApi.ts';
import { readSeries } from './seriesReader.ts';

/** A server that gives one answer after the other, and what it was asked. */
async function serve(...answers: { readonly status: number; readonly body: unknown }[]) {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').searchParams);
    const { status, body } = answers[asked.length - 1];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { asked, api: new ServerApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) };
}

const page = (times: number[], next: string | null) => {
  const series = { path: 'a/b', valueType: 'number', unit: '', times, values: times, statuses: times.map(() => 0) };
  return { status: 200, body: { series: [series], next } };
};

it('asks for the newest samples, page by page, and gives them in order of time', async () => {
  const { api, asked } = await serve(page([6, 5, 4], 'older'), page([3, 2], 'oldest'));
  const read = await readSeries(api, 'a/b', { start: 't', mode: 'raw' }, 5);
  expect(read).toMatchObject({ ok: true, value: { times: [2, 3, 4, 5, 6], values: [2, 3, 4, 5, 6], hasMore: true } });
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const question = { tag: 'a/b', start: '*-1us', end: 't-1us', timeZone };
  expect(Object.fromEntries(asked[0])).toEqual({ ...question, limit: '5' });
  expect(Object.fromEntries(asked[1])).toEqual({ ...question, limit: '2', cursor: 'older' });
});

it('gives the last of the interpolated values', async () => {
  const { api, asked } = await serve(page([1, 2, 3], null));
  const read = await readSeries(api, 'a/b', { start: 't', end: '*', mode: 'interpolated', interval: '1s' }, 2);
  expect(read).toMatchObject({ ok: true, value: { times: [2, 3], hasMore: true } });
  expect(Object.fromEntries(asked[0])).toMatchObject({ tag: 'a/b', start: 't', end: '*', interval: '1s' });
});

it('says once what the server finds wrong', async () => {
  const errors = [{ field: 'start', detail: 'must be a time' }];
  const body = { code: 'request.invalid', detail: 'start must be a time.', errors };
  const { api } = await serve({ status: 400, body });
  const fault = { code: 'request.invalid', detail: 'start must be a time.' };
  expect(await readSeries(api, 'a/b', { start: 'soon', mode: 'raw' }, 5)).toEqual({ ok: false, fault });
});
