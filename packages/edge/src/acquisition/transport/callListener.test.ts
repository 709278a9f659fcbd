import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closedPort, openTestPeer } from '../testbed/testPeer.ts';
import type { ListenMedium, TlsFiles } from './medium.ts';
import { heard, LinkRig, opened, READ, valueIn } from './testbed/linkRig.ts';
import { TestAuthority } from './testbed/testCertificates.ts';

const NEVER = new AbortController().signal;
let rig = new LinkRig();

afterEach(async () => {
  await rig.close();
  rig = new LinkRig();
});

async function listenMedium(more: Partial<ListenMedium> = {}): Promise<ListenMedium> {
  return { kind: 'listen', host: '127.0.0.1', port: await closedPort(), allow: [], tls: undefined, ...more };
}

function kept<S extends Socket>(socket: S): S {
  rig.onClose(() => socket.destroy());
  socket.on('error', () => {});
  return socket;
}

/** Calls as soon as somebody listens. */
async function call({ port }: ListenMedium, localAddress = '127.0.0.1'): Promise<Socket> {
  return vi.waitFor(
    () =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, localAddress });
        socket.once('error', reject).once('connect', () => resolve(kept(socket)));
      }),
    { interval: 5 },
  );
}

const ended = (socket: Socket) => new Promise((resolve) => socket.resume().once('close', resolve));

describe('a line on which the device calls in', () => {
  it('waits for the call, and carries both directions', async () => {
    const medium = await listenMedium();
    const opening = opened(rig.link(medium));
    const device = await call(medium);
    const link = await opening;
    link.send(READ);
    const asked = await new Promise<Buffer>((resolve) => device.once('data', resolve));
    expect(asked).toEqual(Buffer.from(READ));
    device.write('unsolicited');
    expect(await heard(link, 11)).toBe('unsolicited');
  });

  it('takes the next call after the last is over', async () => {
    const medium = await listenMedium();
    const opener = rig.link(medium);
    const opening = opened(opener);
    (await call(medium)).end();
    expect(await (await opening).closed).toMatchObject({ detail: 'the device closed the connection' });
    const again = opened(opener);
    (await call(medium)).write('back');
    expect(await heard(await again, 4)).toBe('back');
  });

  it('takes the newer call where the device lost the line and we do not know yet', async () => {
    const medium = await listenMedium();
    const opener = rig.link(medium);
    const opening = opened(opener);
    const lost = await call(medium);
    const link = await opening;
    const waiting = link.receive(5_000);
    const newer = await call(medium);
    newer.write('I am back');
    const detail = 'the device called again, from 127.0.0.1';
    expect(await waiting).toEqual({ ok: false, fault: { code: 'link.closed', detail } });
    await ended(lost);
    expect(await heard(await opened(opener), 9)).toBe('I am back');
  });

  it('keeps one call waiting, the newest', async () => {
    const medium = await listenMedium();
    const opener = rig.link(medium);
    const opening = opened(opener);
    await call(medium);
    await opening;
    const [second, third] = [await call(medium), await call(medium)];
    await ended(second);
    third.write('third');
    expect(await heard(await opened(opener), 5)).toBe('third');
  });

  it('forgets a call that was over before anybody took it', async () => {
    const medium = await listenMedium();
    const opener = rig.link(medium);
    const opening = opened(opener);
    await call(medium);
    const link = await opening;
    const brief = await call(medium);
    await link.closed;
    brief.resetAndDestroy();
    await vi.waitFor(async () => {
      const stopping = new AbortController();
      const next = opener.open(stopping.signal);
      setImmediate(() => stopping.abort());
      expect(await next).toMatchObject({ ok: false });
    });
  });

  it('refuses calls from elsewhere, and says so once a minute', async () => {
    const clock = new ManualClock();
    const medium = await listenMedium({ allow: ['127.0.0.2', '127.1.0.0/16'] });
    const opening = opened(rig.link(medium, clock));
    for (let stranger = 0; stranger < 3; stranger++) await ended(await call(medium));
    const device = await call(medium, '127.1.2.3');
    device.write('known');
    expect(await heard(await opening, 5)).toBe('known');
    expect(rig.events).toMatchObject([
      { kind: 'line.call-refused', source: 'line-1', detail: '127.0.0.1 is not an address that may call in' },
    ]);
    await clock.advance(60_000);
    await ended(await call(medium));
    await vi.waitFor(() => expect(rig.events[1]?.detail).toContain('2 more were refused before it'));
  });

  it('gives up waiting when it is stopped, and then gives the port back', async () => {
    const medium = await listenMedium();
    const opener = rig.tap(medium);
    const stopping = new AbortController();
    const waiting = opener.open(stopping.signal);
    (await call(medium)).destroy();
    await valueIn(waiting);
    const again = opener.open(stopping.signal);
    stopping.abort();
    expect(await again).toMatchObject({ ok: false, fault: { code: 'link.connect' } });
    await opener.close();
    const successor = await openTestPeer(() => {}, medium.port);
    await successor.close();
  });

  it('closes its port while a link is open', async () => {
    const medium = await listenMedium();
    const opener = rig.link(medium);
    const opening = opened(opener);
    await call(medium);
    const link = await opening;
    await opener.close();
    expect(await link.closed).toMatchObject({ detail: 'the line is closed' });
  });

  it('says that another has the port', async () => {
    const peer = await openTestPeer(() => {});
    rig.onClose(() => peer.close());
    const medium = await listenMedium({ port: peer.port });
    const fault = { code: 'link.connect', detail: expect.stringContaining('another program, or another line') };
    expect(await rig.link(medium).open(NEVER)).toMatchObject({ ok: false, fault });
  });
});

describe('with TLS', () => {
  const cleanUps: TestAuthority[] = [];
  afterEach(() => {
    for (const authority of cleanUps.splice(0)) authority.remove();
  });

  async function authority(name = 'plant'): Promise<TestAuthority> {
    const made = await TestAuthority.create(name);
    cleanUps.push(made);
    return made;
  }

  /** `files` as undefined shows no certificate. */
  async function secureCall(medium: ListenMedium, files: TlsFiles | undefined) {
    const plain = await call(medium);
    const pem = files ? { cert: readFileSync(files.cert), key: readFileSync(files.key) } : {};
    return kept(connectTls({ socket: plain, ...pem, rejectUnauthorized: false }));
  }

  it('takes a device with a certificate, and none without', async () => {
    const ours = await authority();
    const theirs = await authority('elsewhere');
    const impostor = await authority();
    const medium = await listenMedium({ tls: { ...(await ours.issue('gateway-1')), serverName: 'rtu-7' } });
    const clock = new ManualClock();
    const opening = opened(rig.link(medium, clock));
    const strangers: [TlsFiles | undefined, string][] = [
      [undefined, 'shows no certificate'],
      [await theirs.issue('rtu-7'), 'an authority that is not ours'],
      [await impostor.issue('rtu-7'), 'only bears the name of ours'],
      [await ours.issue('rtu-7', true), 'has expired'],
      [await ours.issue('rtu-8'), 'for another name'],
    ];
    for (const [index, [files, reason]] of strangers.entries()) {
      await ended(await secureCall(medium, files));
      await vi.waitFor(() => expect(rig.events[index]?.detail).toMatch(/^127.0.0.1 shows/));
      expect(rig.events[index].detail).toContain(reason);
      await clock.advance(60_000);
    }
    const device = await secureCall(medium, await ours.issue('rtu-7'));
    device.write('here I am');
    expect(await heard(await opening, 9)).toBe('here I am');
    expect(rig.events).toHaveLength(strangers.length);
  });

  it('lets no crowd of silent callers keep the device out', async () => {
    const ours = await authority();
    const medium = await listenMedium({ tls: await ours.issue('gateway-1') });
    const opening = opened(rig.link(medium));
    const [first] = [await call(medium), ...(await Promise.all(Array.from({ length: 8 }, () => call(medium))))];
    await ended(first);
    const device = await secureCall(medium, await ours.issue('rtu-7'));
    device.write('here I am');
    expect(await heard(await opening, 9)).toBe('here I am');
  });
});
