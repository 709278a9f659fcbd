/** Certificates that are replaced and revoked while both ends are at work, over real TLS on the loopback. */

import { X509Certificate } from 'node:crypto';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ForwarderIdentity } from '../forward/dial.ts';
import { Boundary } from './boundary.ts';
import { TestAuthority, type TestIdentity } from './certificates.ts';
import { MemorySource } from './memorySource.ts';
import { until } from './until.ts';

let boundary: Boundary;
beforeEach(() => {
  boundary = new Boundary();
});
afterEach(() => boundary.stop());

/** What revokes these certificates and no others. */
function revoking(...identities: readonly TestIdentity[]) {
  const serials = new Set(identities.map(({ cert }) => new X509Certificate(cert).serialNumber));
  return { isRevoked: ({ serialNumber }: X509Certificate) => serials.has(serialNumber) };
}

/** A gateway that is connected, and whose identity may be replaced. */
async function connectedGateway(port: number, source = new MemorySource()) {
  let identity: ForwarderIdentity = boundary.gateways.north;
  const forwarder = boundary.forwarder(port, { source, identity: () => identity });
  await until(() => expect(forwarder.status().connected).toBe(true));
  const use = (next: ForwarderIdentity) => {
    identity = next;
    forwarder.identityChanged();
  };
  return { source, forwarder, use };
}

const upTo = (count: number) => Array.from({ length: count }, (_, sequence) => sequence);
const details = (events: readonly { kind: string; detail: string }[], kind: string) =>
  events.filter((event) => event.kind === kind).map(({ detail }) => detail);

describe('SR 1.5, SR 1.8: certificates are replaced without a gap', () => {
  it('of both ends by turns, under load: every block crosses once and in order', async () => {
    const receiver = await boundary.receiver();
    const { source, forwarder, use } = await connectedGateway(receiver.port);
    for (const round of upTo(12)) {
      for (let block = 0; block < 20; block++) source.seal(10);
      if (round % 2 === 0) use(await boundary.authority.gateway('north'));
      else expect(receiver.useIdentity(await boundary.authority.server())).toEqual({ ok: true, value: undefined });
      for (let block = 0; block < 20; block++) source.seal(10);
      const connections = Math.floor(round / 2) + 2;
      await until(() => expect(details(boundary.gatewayEvents, 'boundary.connected')).toHaveLength(connections));
    }
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual(upTo(480));
    expect(details(boundary.gatewayEvents, 'boundary.refused')).toEqual([]);
    expect(details(boundary.gatewayEvents, 'boundary.lost')).toEqual([]);
  });

  it('of both ends and of the authority, one after the other, while the two authorities overlap', async () => {
    const receiver = await boundary.receiver();
    const { source, forwarder, use } = await connectedGateway(receiver.port);
    const next = await TestAuthority.create('Next authority');
    const ca = `${boundary.authority.ca}\n${next.ca}`;
    const steps = [
      () => receiver.useIdentity({ ...boundary.server, ca }),
      () => use({ ...boundary.gateways.north, ca }),
      async () => receiver.useIdentity({ ...(await next.server()), ca }),
      async () => use({ ...(await next.gateway('north')), ca: next.ca }),
    ];
    for (const step of steps) {
      await step();
      source.seal();
      await forwarder.drained();
    }
    await until(() => expect(details(boundary.gatewayEvents, 'boundary.connected')).toHaveLength(3));
    expect(boundary.sink.sequences()).toEqual(upTo(4));
    expect(details(boundary.gatewayEvents, 'boundary.refused')).toEqual([]);
  });

  it('a new certificate that the server does not trust costs nothing: the connection in use goes on', async () => {
    const { port } = await boundary.receiver();
    const { source, forwarder, use } = await connectedGateway(port);
    const foreign = await (await TestAuthority.create()).gateway('north');
    use(foreign);
    await until(() => expect(details(boundary.gatewayEvents, 'boundary.refused')).toHaveLength(1));
    source.seal();
    await forwarder.drained();
    expect(forwarder.status().connected).toBe(true);
    expect(boundary.sink.sequences()).toEqual([0]);
  });

  it('what is no key and no certificate is refused by a running receiver, which goes on', async () => {
    const receiver = await boundary.receiver();
    const rubbish = { key: 'none', cert: 'none', ca: 'none' };
    expect(receiver.useIdentity(rubbish)).toMatchObject({ ok: false, fault: { code: 'boundary.credentials' } });
    const { source, forwarder } = await connectedGateway(receiver.port);
    source.seal();
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual([0]);
  });
});

describe('SR 1.8, SR 1.9: a revoked certificate', () => {
  it('of a gateway is refused, also where it is connected; its blocks wait, and cross with a new one', async () => {
    const receiver = await boundary.receiver();
    const { source, forwarder, use } = await connectedGateway(receiver.port);
    const revoked = { ...boundary.server, ...revoking(boundary.gateways.north) };
    expect(receiver.useIdentity(revoked).ok).toBe(true);
    await until(() => expect(details(boundary.gatewayEvents, 'boundary.refused')[0]).toMatch(/^boundary.revoked/));
    source.seal();
    await until(() => expect(details(boundary.serverEvents, 'boundary.refused').length).toBeGreaterThan(2));
    expect(forwarder.status().connected).toBe(false);
    expect(receiver.connections()).toEqual([]);
    expect(source.depth().blocks).toBe(1);
    expect(boundary.sink.log.filter((line) => line.startsWith('block'))).toEqual([]);
    use(await boundary.authority.gateway('north'));
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual([0]);
  });

  it('of a server is left at once, and not sent to again', async () => {
    const { port } = await boundary.receiver();
    const { source, forwarder, use } = await connectedGateway(port);
    use({ ...boundary.gateways.north, ...revoking(boundary.server) });
    await until(() => expect(details(boundary.gatewayEvents, 'boundary.refused')[0]).toMatch(/^boundary.revoked/));
    source.seal();
    await until(() => expect(details(boundary.serverEvents, 'boundary.lost').length).toBeGreaterThan(0));
    expect(forwarder.status().connected).toBe(false);
    expect(boundary.sink.log.filter((line) => line.startsWith('block'))).toEqual([]);
    use(boundary.gateways.north);
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual([0]);
  });
});

describe('SR 1.9: a certificate of a server that ends while a gateway is connected', () => {
  it('ends the connection; blocks wait, and cross when it has a new one', async () => {
    let shiftUs = 0;
    const clock = { ...systemClock, now: () => (systemClock.now() + shiftUs) as Timestamp };
    const { port } = await boundary.receiver();
    const source = new MemorySource();
    const forwarder = boundary.forwarder(port, { source, clock });
    source.seal();
    await forwarder.drained();
    shiftUs = 2 * 3_600 * US_PER_S;
    const ended = ['boundary.identity: the certificate of the server has ended'];
    await until(() => expect(details(boundary.gatewayEvents, 'boundary.refused')).toEqual(ended));
    source.seal();
    await until(() => expect(forwarder.status().connected).toBe(false));
    expect(source.depth().blocks).toBe(1);
    expect(boundary.sink.sequences()).toEqual([0]);
    shiftUs = 0;
    await forwarder.drained();
    expect(boundary.sink.sequences()).toEqual([0, 1]);
    expect(details(boundary.gatewayEvents, 'boundary.refused')).toEqual(ended);
  });
});
