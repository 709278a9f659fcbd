import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from './contract/problem.ts';
import { startNorthbound } from './northbound.ts';
import { MemoryHistorian } from './testbed/memoryHistorian.ts';
import { RunningDoor, silentLog } from './testbed/runningDoor.ts';

function start(host: string, port: number) {
  return startNorthbound({ host, port, historian: new MemoryHistorian([]), clock: systemClock, log: silentLog([]) });
}

describe('starting', () => {
  test.each(['0.0.0.0', '::', '192.168.7.7', 'plant-server'])('%s is refused: others may reach it', async (host) => {
    expect(await start(host, 0)).toMatchObject({ ok: false, fault: { code: 'identity.loopback-only' } });
  });

  test.each(['127.0.0.1', '::1', 'localhost'])('%s is served, and the URL says where', async (host) => {
    const door = await RunningDoor.open({ host });
    expect((await door.get('/status')).status).toBe(200);
    await door.stop();
  });

  test('a port that is taken is a fault with the address in it, and no exception', async () => {
    const first = await RunningDoor.open();
    const port = Number(new URL(first.url).port);
    const second = await start('127.0.0.1', port);
    expect(second).toMatchObject({ ok: false, fault: { code: 'northbound.port' } });
    expect(second.ok ? '' : second.fault.detail).toBe(
      `The address 127.0.0.1:${port} cannot be taken: another program holds it.`,
    );
    await first.stop();
    const third = await start('127.0.0.1', port);
    expect(third.ok).toBe(true);
    if (third.ok) await third.value.stop();
  });
});

describe('who may ask, and how', () => {
  let door: RunningDoor;
  beforeAll(async () => {
    door = await RunningDoor.open();
  });
  afterAll(() => door.stop());

  test.each(['evil.example', 'evil.example:80', '192.168.1.5', 'localhost.evil.example'])(
    'a request for the host %s is misdirected, whatever it asks for',
    async (host) => {
      for (const address of ['/api/v1/status', '/', '/api/v1/live', '/nothing']) {
        const refused = await door.raw('GET', address, { host });
        expect(refused.status).toBe(421);
        expect(Problem.parse(JSON.parse(refused.body))).toMatchObject({ code: 'identity.host' });
      }
    },
  );

  test.each(['localhost', '127.0.0.1:9', '[::1]:8080'])('a request for the host %s is answered', async (host) => {
    expect((await door.raw('GET', '/api/v1/status', { host })).status).toBe(200);
  });

  test('a page of another site is refused', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    const refused = await door.raw('GET', '/api/v1/tags', headers);
    expect(refused.status).toBe(403);
    expect(Problem.parse(JSON.parse(refused.body))).toMatchObject({ code: 'identity.foreign-page' });
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])(
    '%s is refused at every address',
    async (method) => {
      for (const address of ['/api/v1/tags', '/api/v1/live', '/', '/nothing']) {
        const refused = await door.raw(method, address);
        expect(refused.status).toBe(405);
        expect(refused.headers.allow).toBe('GET, HEAD');
        expect(Problem.parse(JSON.parse(refused.body))).toMatchObject({ code: 'request.method' });
      }
    },
  );

  test.each(['/api/v1/status', '/api/v1/tags', '/api/v1/live', '/api/v1/openapi.json'])(
    'HEAD %s has no body',
    async (address) => {
      const head = await door.raw('HEAD', address);
      expect(head).toMatchObject({ status: 200, body: '' });
      expect(head.headers['content-type']).toMatch(/json|event-stream/);
    },
  );

  test.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a request without a host', 'GET /api/v1/status HTTP/1.1\r\n\r\n'],
    ['a broken percent-encoding', 'GET /api/v1/tags/%E0%A4%A HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'],
    ['an address that is no URL', 'GET // HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'],
    ['an upgrade', 'GET /x HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n'],
  ])('%s is a problem, and the server goes on', async (_, bytes) => {
    const said = await exchange(door.url, bytes);
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await door.get('/status')).status).toBe(200);
  });

  test('what is not served is a problem that names what is near', async () => {
    const answer = await door.get('/ledgers');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem = Problem.parse(await answer.json());
    expect(problem).toMatchObject({ code: 'request.route-unknown', type: 'urn:tidegate:fault:request.route-unknown' });
    expect(problem.suggestions?.[0]).toBe('/api/v1/ledger');
  });

  test('every answer forbids a browser to share, frame or guess', async () => {
    for (const address of ['/api/v1/status', '/api/v1/nothing', '/']) {
      const { headers } = await fetch(`${door.url}${address}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('a bug behind the door is answered without its details, and logged', async () => {
    const historian = new MemoryHistorian([]);
    historian.statistics = () => {
      throw new Error('secret detail');
    };
    const sick = await RunningDoor.open({ historian });
    const answer = await sick.get('/status');
    const body = await answer.text();
    expect(answer.status).toBe(500);
    expect(Problem.parse(JSON.parse(body))).toMatchObject({ code: 'server.bug' });
    expect(body).not.toContain('secret detail');
    expect(sick.logged).toEqual(['GET /api/v1/status failed']);
    await sick.stop();
  });
});

describe('the web console', () => {
  let webRoot: string;
  let door: RunningDoor;
  beforeAll(async () => {
    webRoot = await mkdtemp(path.join(tmpdir(), 'tidegate-console-'));
    await mkdir(path.join(webRoot, 'assets'));
    await writeFile(path.join(webRoot, 'index.html'), '<!doctype html><html><head><title>T</title></head></html>');
    await writeFile(path.join(webRoot, 'assets', 'index-Ab12Cd34.js'), 'export {};');
    await writeFile(path.join(webRoot, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await writeFile(path.join(path.dirname(webRoot), `${path.basename(webRoot)}.secret`), 'secret');
    door = await RunningDoor.open({ webRoot });
  });
  afterAll(async () => {
    await door.stop();
    await rm(webRoot, { recursive: true });
    await rm(`${webRoot}.secret`);
  });

  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/assets/index-Ab12Cd34.js', 'application/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/icon.svg', 'image/svg+xml', 'no-cache'],
  ])('%s is %s and %s', async (address, type, cacheControl) => {
    const answer = await fetch(`${door.url}${address}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toBe(cacheControl);
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
  });

  test('the policy lets the page take nothing but files of this server, and the page is given out as it was built', async () => {
    const answer = await fetch(door.url);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const sources = policy.split('; ').filter((directive) => directive.includes('-src '));
    expect(sources.length).toBeGreaterThan(3);
    for (const directive of sources) expect(directive).toMatch(/^[a-z]+-src '(self|none)'$/);
    expect(await answer.text()).toBe(await readFile(path.join(webRoot, 'index.html'), 'utf8'));
  });

  test('a view of the console is its page, and a file that is missing is not', async () => {
    const accept = { headers: { accept: 'text/html,*/*' } };
    expect((await fetch(`${door.url}/trends/acme`, accept)).headers.get('content-type')).toContain('text/html');
    expect((await fetch(`${door.url}/assets/gone-Ab12Cd34.js`, accept)).status).toBe(404);
    expect((await fetch(`${door.url}/api/v1/gone`, accept)).status).toBe(404);
  });

  test.each(['/../', '/..%2f', '/assets/..%2f..%2f', '/%2e%2e/', '/assets/../../'])(
    'nothing outside is reached by %s',
    async (climb) => {
      const answer = await door.raw('GET', `${climb}${path.basename(webRoot)}.secret`);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body).not.toBe('secret');
    },
  );

  test('without a build the interface is served and the page says what to do', async () => {
    const bare = await RunningDoor.open({ webRoot: path.join(webRoot, 'nowhere') });
    expect(bare.logged.join()).toContain('There is no console');
    const answer = await fetch(bare.url, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(404);
    expect(Problem.parse(await answer.json()).remedy).toContain('npm run build');
    expect((await bare.get('/status')).status).toBe(200);
    await bare.stop();
  });
});

function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      said += part;
    });
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}
