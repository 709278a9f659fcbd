import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Link } from './link.ts';
import type { TlsFiles } from './medium.ts';
import { heard, LinkRig, OTHER_READ, opened, READ } from './testbed/linkRig.ts';
import { TestAuthority } from './testbed/testCertificates.ts';

const NEVER = new AbortController().signal;
let ours: TestAuthority;
let theirs: TestAuthority;
let gateway: TlsFiles;
let rig = new LinkRig();

beforeAll(async () => {
  [ours, theirs] = await Promise.all([TestAuthority.create('plant'), TestAuthority.create('elsewhere')]);
  gateway = { ...(await ours.issue('gateway-1')), serverName: 'rtu-7' };
});

afterAll(() => {
  ours.remove();
  theirs.remove();
});

afterEach(async () => {
  await rig.close();
  rig = new LinkRig();
});

/** A device that wants a certificate of `trusts` and echoes what it is asked; its port. */
async function device(files: TlsFiles, trusts: TlsFiles, more: TlsOptions = {}): Promise<number> {
  const pem = { ca: readFileSync(trusts.ca), cert: readFileSync(files.cert), key: readFileSync(files.key) };
  const server = createServer({ ...pem, requestCert: true, ...more }, (socket) => socket.pipe(socket));
  return listening(server.on('tlsClientError', () => {}));
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  server.on('secureConnection', (socket: TLSSocket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rig.onClose(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

const dial = (port: number, tls = gateway) =>
  rig.link({ kind: 'tcp', host: '127.0.0.1', port, connectTimeoutMs: 5_000, tls });

/** Why there is no link; in TLS 1.3 a device refuses a certificate only after the gateway has seen the link open. */
async function faultOf(port: number, tls = gateway) {
  const result = await dial(port, tls).open(NEVER);
  return result.ok ? (result.value satisfies Link).closed : result.fault;
}

describe('a link over TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'carries a request over %s, between two that know each other',
    async (version) => {
      const port = await device(await ours.issue('rtu-7'), gateway, { maxVersion: version });
      const link = await opened(dial(port));
      link.send(READ, OTHER_READ);
      expect(await heard(link, 24)).toBe(Buffer.concat([READ, OTHER_READ]).toString('latin1'));
      expect([link.sentBytes, link.receivedBytes]).toEqual([24, 24]);
    },
  );

  it.each<[string, (port?: number) => Promise<number>, string]>([
    [
      'has expired',
      async () => device(await ours.issue('rtu-7', true), gateway),
      'shows a certificate that has expired',
    ],
    ['bears another name', async () => device(await ours.issue('rtu-8'), gateway), 'certificate for another name'],
    [
      'is of another authority',
      async () => device(await theirs.issue('rtu-7'), gateway),
      'an authority that is not ours',
    ],
  ])('does not come about with a certificate that %s', async (_, start, detail) => {
    const port = await start();
    expect(await faultOf(port)).toEqual({ code: 'link.identity', detail: expect.stringContaining(detail) });
    expect(await faultOf(port)).toEqual({
      code: 'link.identity',
      detail: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });

  it('does not trust everybody where the environment asks Node.js to', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      const port = await device(await theirs.issue('rtu-7'), gateway);
      expect(await faultOf(port)).toMatchObject({ code: 'link.identity' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('checks the name of the host where no other is configured', async () => {
    const port = await device(await ours.issue('rtu-7'), gateway);
    expect(await faultOf(port, { ...gateway, serverName: undefined })).toMatchObject({ code: 'link.identity' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is closed where the device refuses our certificate, over %s',
    async (version) => {
      const port = await device(await ours.issue('rtu-7'), await theirs.issue('x'), { maxVersion: version });
      const fault = await faultOf(port);
      expect(fault.detail).toMatch(/refuses our certificate|broke the connection off|closed the connection/);
    },
  );

  it('does not come about with TLS older than 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const port = await device(await ours.issue('rtu-7'), gateway, old);
    expect(await faultOf(port)).toEqual({
      code: 'link.identity',
      detail: expect.stringContaining('no version of TLS'),
    });
  });

  it('does not come about where the device speaks no TLS', async () => {
    const talker = await listening(createTcpServer((socket) => socket.end('220 welcome\r\n')));
    expect(await faultOf(talker)).toEqual({
      code: 'link.connect',
      detail: expect.stringContaining('does not speak TLS'),
    });
    const mute = await listening(createTcpServer((socket) => socket.destroy()));
    expect(await faultOf(mute)).toEqual({
      code: 'link.connect',
      detail: expect.stringContaining('broke the TLS handshake off'),
    });
  });
});

describe('our own files', () => {
  it.each<[string, (files: TlsFiles) => TlsFiles | Promise<TlsFiles>, string]>([
    ['missing', (files) => ({ ...files, key: '/nowhere/key.pem' }), '/nowhere/key.pem is missing'],
    ['unreadable', (files) => ({ ...files, ca: '/' }), '/ cannot be read'],
    ['no authority', (files) => ({ ...files, ca: files.key }), 'holds no certificate'],
    ['no key', (files) => ({ ...files, key: files.cert }), 'holds no private key'],
    ['of two people', async (files) => ({ ...files, key: (await ours.issue('b')).key }), 'cannot be used together'],
  ])('are named where they are %s', async (_, spoil, detail) => {
    const fault = await faultOf(1, await spoil(gateway));
    expect(fault).toEqual({ code: 'link.credentials', detail: expect.stringContaining(detail) });
  });

  it('are read anew for each connection', async () => {
    const port = await device(await ours.issue('rtu-7'), gateway);
    const renewed = { ...(await ours.issue('gateway-1')), serverName: 'rtu-7' };
    const cert = readFileSync(renewed.cert);
    writeFileSync(renewed.cert, '');
    const opener = dial(port, renewed);
    expect(await opener.open(NEVER)).toMatchObject({ ok: false, fault: { code: 'link.credentials' } });
    writeFileSync(renewed.cert, cert);
    expect(await opener.open(NEVER)).toMatchObject({ ok: true });
  });
});
