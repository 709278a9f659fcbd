/**
 * Certificates as they are made, in directories as they are read, over real TLS with the line between listened to: whoever
 * has a wrong one gets nothing and sends nothing, data waits, and crosses when the files are put right.
 */

import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { type RunningForwarder, startForwarder } from '@tidegate/oneway/forward/forwarder.ts';
import { type RunningReceiver, startReceiver } from '@tidegate/oneway/receive/receiver.ts';
import { MemorySink } from '@tidegate/oneway/testbed/memorySink.ts';
import { MemorySource } from '@tidegate/oneway/testbed/memorySource.ts';
import { until } from '@tidegate/oneway/testbed/until.ts';
import { IDENTITY_FILES, type Identity } from '@tidegate/process/identity/identity.ts';
import { WatchedIdentity } from '@tidegate/process/identity/watchedIdentity.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueAuthority, issueCredentials } from '../apps/tidegate/src/certificates/issueCertificate.ts';
import { issueRevocationList } from '../apps/tidegate/src/certificates/issueRevocationList.ts';
import { gatewaySubject, type Subject } from '../apps/tidegate/src/certificates/subject.ts';
import { inDays, validityOf } from '../apps/tidegate/src/certificates/validity.ts';
import { orThrow } from './rig/gatewayPipeline.ts';

const GATEWAY = 'north-seven';
const TAG_PATH = 'acme/secret-reactor/pressure';
const NOW = new Date();
const VALID = validityOf(NOW, 730);
const ENDED = validityOf(inDays(NOW, -800), 730);
const NOT_BEGUN = { notBefore: inDays(NOW, 1), notAfter: inDays(NOW, 730) };
const SERVER: Subject = { role: 'server', name: 'Acme server', hosts: ['localhost', '127.0.0.1'] };
const RELAY: Subject = { role: 'relay', name: 'dmz', hosts: ['localhost'] };

const OURS = await issueAuthority('Acme authority', validityOf(NOW, 3_650));
const THEIRS = await issueAuthority('Acme authority', validityOf(NOW, 3_650));

async function identity(subject: Subject, validity = VALID, by = OURS): Promise<Identity> {
  return { ...(await issueCredentials(by, subject, validity)), ca: by.cert };
}

const revoking = (...revoked: readonly Identity[]) =>
  issueRevocationList(
    OURS,
    revoked.map(({ cert }) => ({ serialNumber: new X509Certificate(cert).serialNumber, revocationDate: NOW })),
    { thisUpdate: NOW, nextUpdate: inDays(NOW, 30) },
  );

const GOOD_GATEWAY = await identity(gatewaySubject(GATEWAY));
const GOOD_SERVER = await identity(SERVER);

/** A line that remembers every byte that went over it, either way. */
class Wire {
  readonly #server: Server;
  readonly #heard: Buffer[] = [];
  readonly #sockets = new Set<Socket>();
  lines = 0;

  constructor(targetPort: () => number) {
    this.#server = createServer((near) => {
      this.lines++;
      const far = connect(targetPort(), '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from
          .on('error', () => {})
          .on('data', (chunk: Buffer) => {
            this.#heard.push(chunk);
            to.write(chunk);
          });
        from.on('end', () => to.end()).on('close', () => to.destroySoon());
      }
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as { port: number }).port;
  }

  heard(): Buffer {
    return Buffer.concat(this.#heard);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

class Site {
  readonly events: PlantEvent[] = [];
  readonly serverEvents: PlantEvent[] = [];
  readonly source = new MemorySource(GATEWAY);
  readonly sink = new MemorySink();
  readonly wire: Wire = new Wire(() => this.receiver.port);
  receiver!: RunningReceiver;
  forwarder!: RunningForwarder;
  readonly #directory: string;
  readonly #watches: WatchedIdentity[] = [];

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Replaces the files of one end, as a person may who copies one after the other. */
  async put(end: 'gateway' | 'server', parts: Partial<Identity>): Promise<void> {
    for (const [part, text] of Object.entries(parts)) {
      const file = path.join(this.#directory, `${end}-${IDENTITY_FILES[part as keyof Identity]}`);
      await writeFile(file, text, { mode: 0o600 });
      await rename(file, path.join(this.#directory, end, IDENTITY_FILES[part as keyof Identity]));
    }
  }

  /** Wired as gateway and server wire them. */
  async start(gateway: Identity, server: Identity, serverName = 'localhost'): Promise<void> {
    for (const end of ['gateway', 'server']) await mkdir(path.join(this.#directory, end));
    await this.put('gateway', gateway);
    await this.put('server', server);
    const ports = { clock: systemClock };
    const ofServer = await this.#watch('server', this.serverEvents);
    const listening = { host: '127.0.0.1', port: 0, identity: ofServer.current(), sink: this.sink };
    const toServer = { ...ports, events: (event: PlantEvent) => this.serverEvents.push(event) };
    this.receiver = orThrow(await startReceiver({ ...listening, ...toServer }));
    ofServer.onChange(() => orThrow(this.receiver.useIdentity(ofServer.current())));
    const ofGateway = await this.#watch('gateway', this.events);
    const place = { host: '127.0.0.1', port: await this.wire.open(), serverName };
    this.forwarder = startForwarder({
      ...{ source: this.source, tags: () => [TAG], server: place, identity: () => ofGateway.current(), ...ports },
      events: (event) => this.events.push(event),
      backoff: { firstMs: 1, maxMs: 20 },
    });
    ofGateway.onChange(() => this.forwarder.identityChanged());
    for (const watch of this.#watches) watch.start();
  }

  async stop(): Promise<void> {
    for (const watch of this.#watches) watch.close();
    await this.forwarder?.stop();
    await this.receiver?.stop();
    this.wire.close();
  }

  expectNothingPlain(): void {
    for (const text of [GATEWAY, TAG_PATH]) expect(this.wire.heard().includes(text), text).toBe(false);
  }

  async #watch(end: 'gateway' | 'server', events: PlantEvent[]): Promise<WatchedIdentity> {
    const options = { directory: path.join(this.#directory, end), clock: systemClock, intervalMs: 10 };
    const fault = end === 'gateway' ? 'gateway.certificates' : 'server.certificates';
    const watched = orThrow(await WatchedIdentity.open({ ...options, fault, events: (event) => events.push(event) }));
    this.#watches.push(watched);
    return watched;
  }
}

const TAG: TagDefinition = {
  ...{ number: 0, id: TAG_PATH, path: TAG_PATH, type: 'number', lane: 'operational', unit: 'Pa', description: '' },
  ...{ stepped: false, aliases: [] },
};

let directory: string;
let site: Site;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidegate-ends-'));
  site = new Site(directory);
});
afterEach(async () => {
  await site.stop();
  await rm(directory, { recursive: true });
});

interface Pair {
  readonly gateway?: Identity;
  readonly server?: Identity;
}

const withList = async (end: Identity, ...revoked: readonly Identity[]) => ({
  ...end,
  crl: await revoking(...revoked),
});

const WRONG: Record<string, () => Promise<Pair>> = {
  'SR 1.9: the certificate of the gateway has ended': async () => ({
    gateway: await identity(gatewaySubject(GATEWAY), ENDED),
  }),
  'SR 1.9: the certificate of the gateway has not begun': async () => ({
    gateway: await identity(gatewaySubject(GATEWAY), NOT_BEGUN),
  }),
  'SR 1.8: the certificate of the gateway comes from another authority of the same name': async () => ({
    gateway: await identity(gatewaySubject(GATEWAY), VALID, THEIRS),
  }),
  'SR 1.8: the certificate of the gateway has been revoked': async () => ({
    server: await withList(GOOD_SERVER, GOOD_GATEWAY),
  }),
  'SR 1.2: the certificate of the gateway is made out to another': async () => ({
    gateway: await identity(gatewaySubject('south-eight')),
  }),
  'SR 1.2: the certificate of the gateway is one for servers': async () => ({
    gateway: await identity({ ...SERVER, name: GATEWAY }),
  }),
  'SR 1.9: the certificate of the server has ended': async () => ({ server: await identity(SERVER, ENDED) }),
  'SR 1.9: the certificate of the server has not begun': async () => ({ server: await identity(SERVER, NOT_BEGUN) }),
  'SR 1.8: the certificate of the server comes from another authority of the same name': async () => ({
    server: await identity(SERVER, VALID, THEIRS),
  }),
  'SR 1.8: the certificate of the server has been revoked': async () => ({
    gateway: await withList(GOOD_GATEWAY, GOOD_SERVER),
  }),
  'SR 1.2: the certificate of the server is made out to another host': async () => ({
    server: await identity({ ...SERVER, hosts: ['elsewhere.example'] }),
  }),
  'SR 1.2: the certificate of the server is one for gateways': async () => ({
    server: await identity(gatewaySubject('localhost')),
  }),
};

describe('SR 4.1, SR 4.3: data waits, and never crosses in plain text, where', () => {
  it.each(Object.entries(WRONG))('%s', async (_name, make) => {
    const { gateway = GOOD_GATEWAY, server = GOOD_SERVER } = await make();
    await site.start(gateway, server);
    site.source.seal(10);
    const said = () => [...site.events, ...site.serverEvents].map(({ kind, detail }) => `${kind} ${detail}`);
    await until(() => expect(said().join('\n')).toMatch(/boundary\.refused boundary\.(identity|revoked)/));
    await until(() => expect(site.wire.lines).toBeGreaterThan(2));
    expect(site.forwarder.status().connected).toBe(false);
    expect(site.source.depth().blocks).toBe(1);
    expect(site.sink.stored).toEqual([]);
    site.expectNothingPlain();
    // Both ends run on while their files are put right.
    await site.put('server', { ...(await identity(SERVER)), crl: await revoking() });
    await site.put('gateway', { ...(await identity(gatewaySubject(GATEWAY))), crl: await revoking() });
    await site.forwarder.drained();
    expect(site.sink.sequences()).toEqual([0]);
    site.expectNothingPlain();
  });

  it('SR 1.2: the gateway is told to find the server under a name that its certificate does not bear', async () => {
    await site.start(GOOD_GATEWAY, GOOD_SERVER, 'tidegate.example');
    site.source.seal();
    await until(() => expect(site.events.map(({ detail }) => detail).join()).toMatch(/boundary\.identity/));
    expect(site.source.depth().blocks).toBe(1);
    site.expectNothingPlain();
  });
});

describe('SR 1.5, SR 1.8: certificates are replaced in their directories', () => {
  it('of both ends, twenty times while data flows: everything crosses once and in order', async () => {
    await site.start(GOOD_GATEWAY, GOOD_SERVER);
    let sealed = 0;
    for (let round = 0; round < 20; round++) {
      const [end, subject] =
        round % 2 === 0 ? (['gateway', gatewaySubject(GATEWAY)] as const) : (['server', SERVER] as const);
      const changed = (end === 'gateway' ? site.events : site.serverEvents).length;
      const { key, cert } = await identity(subject);
      await site.put(end, { key, cert });
      await until(() => {
        for (let block = 0; block < 5; block++, sealed++) site.source.seal(20);
        const events = (end === 'gateway' ? site.events : site.serverEvents).slice(changed);
        expect(events.map(({ kind }) => kind)).toContain('certificate.changed');
      });
    }
    await site.forwarder.drained();
    expect(site.sink.sequences()).toEqual(Array.from({ length: sealed }, (_, sequence) => sequence));
    expect(site.events.map(({ kind }) => kind)).not.toContain('boundary.lost');
    expect(site.serverEvents.map(({ kind }) => kind)).not.toContain('boundary.refused');
    site.expectNothingPlain();
  });

  it('and revoked in them: whoever is connected with one is cut off within seconds', async () => {
    await site.start(GOOD_GATEWAY, GOOD_SERVER);
    await until(() => expect(site.forwarder.status().connected).toBe(true));
    await site.put('server', { crl: await revoking(GOOD_GATEWAY) });
    await until(() => expect(site.events.map(({ detail }) => detail).join()).toMatch(/boundary\.revoked/));
    site.source.seal();
    expect(site.receiver.connections()).toEqual([]);
    expect(site.sink.stored).toEqual([]);
    const { key, cert } = await identity(gatewaySubject(GATEWAY));
    await site.put('gateway', { key, cert });
    await site.forwarder.drained();
    expect(site.sink.sequences()).toEqual([0]);
  });

  it('SR 1.8: the certificate of a relay names its unit, and is good at both ends', async () => {
    const relay = new X509Certificate((await identity(RELAY)).cert);
    expect(relay.subject.split('\n').sort()).toEqual(['CN=dmz', 'OU=relay']);
    expect(relay.keyUsage.toSorted()).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });
});
