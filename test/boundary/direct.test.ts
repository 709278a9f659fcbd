/** Gateway and server on hosts of their own, joined by one wire: what comes back over it, and what does not. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, lackOfHosts } from './host.ts';
import { BOUNDARY_PORT, CONSOLE_PORT, GATEWAY, PlantSite } from './plantSite.ts';
import type { Program } from './program.ts';
import { until } from './until.ts';
import { Capture, Wire } from './wire.ts';

interface Ledger {
  readonly total: { readonly stored: number; readonly lost: number; readonly balanced: boolean };
}

/** How many seconds the traffic goes on, the outage and the restarts included; and whether there must be hosts. */
const { BOUNDARY_SECONDS = '120', CI_NETNS } = process.env;
const SECONDS = Number(BOUNDARY_SECONDS);
const lack = lackOfHosts();
if (lack && CI_NETNS === 'required') throw new Error(lack);

describe.skipIf(lack)(`gateway -> server over TLS${lack ? ` (${lack})` : ''}`, () => {
  let ot: Host;
  let it_: Host;
  let wire: Wire;
  let site: PlantSite;
  let capture: Capture;
  let gateway: Program;
  let server: Program;

  beforeAll(async () => {
    ot = new Host('ot');
    it_ = new Host('it');
    wire = new Wire(ot, it_, '10.77.1');
    site = await PlantSite.create(wire.right.address);
    capture = await Capture.start(wire.left, site.directory);
    site.plant(ot).start();
    server = site.server(it_, wire.right.address);
    gateway = site.gateway(ot, wire.right.address);
    server.start();
    gateway.start();
  });

  afterAll(async () => {
    ot?.remove();
    it_?.remove();
    site?.remove();
  });

  const ledger = () => it_.fetchJson<Ledger>(`http://127.0.0.1:${CONSOLE_PORT}/api/v1/ledger`);

  it('SR 5.2: in traffic, outage and restarts the OT host is sent nothing but answers in connections that it opened', async () => {
    await until(
      'samples are stored',
      () => ledger().total.stored > 0,
      () => server.log + gateway.log,
    );
    const endsAtMs = Date.now() + SECONDS * 1_000;
    while (Date.now() < endsAtMs) {
      await seconds(SECONDS / 6);
      wire.cut();
      await seconds(3);
      wire.mend();
      await seconds(SECONDS / 6);
      await server.end();
      server.start();
      await seconds(SECONDS / 6);
      // What an intruder in the IT zone would try; nothing of it may be answered or heard by a program of ours.
      it_.succeeds('ping', '-c', '1', '-W', '1', wire.left.address);
    }
    const stored = ledger().total.stored;
    await until(
      'the backlog is delivered',
      () => ledger().total.stored > stored,
      () => server.log + gateway.log,
    );
    expect(ledger().total).toMatchObject({ lost: 0, balanced: true });
    await capture.stop();
    const fromServer = `src host ${wire.right.address} and src port ${BOUNDARY_PORT}`;
    const answers = capture.frames(`tcp and ${fromServer}`);
    const opening = capture.frames('tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn');
    const others = capture.frames(`not (tcp and ${fromServer}) and not arp and not icmp`);
    expect(answers.length).toBeGreaterThan(100);
    expect(opening).toEqual([]);
    expect(others).toEqual([]);
  });

  it('SR 7.7: the OT host offers no port to the wire', () => {
    const listening = ot.run('ss', '-Hltn').trim().split('\n');
    const open = listening.filter((line) => line !== '' && !/\s127\.0\.0\.1:/.test(line));
    expect(open).toEqual([]);
    expect(ot.run('ss', '-Hlun').trim()).toBe('');
  });

  it(`the samples of ${GATEWAY} are all there, each once`, () => {
    expect(ledger().total.balanced).toBe(true);
  });
});

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}
