/** OT, DMZ and IT on hosts of their own, joined by two wires: nothing of the IT host ever gets to the OT host. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelaySite } from '../rig/relaySite.ts';
import { Host, lackOfHosts } from './host.ts';
import { Program } from './program.ts';
import { until } from './until.ts';
import { Capture, Wire } from './wire.ts';

interface Ledger {
  readonly total: { readonly stored: number; readonly lost: number; readonly balanced: boolean };
}

interface GateStatus {
  readonly kind: 'gate-status';
  readonly streams: readonly { readonly depth: { readonly blocks: number } }[];
}

/** How many seconds the traffic goes on, the outages and the restarts included; and whether there must be hosts. */
const { BOUNDARY_SECONDS = '600', CI_NETNS } = process.env;
const SECONDS = Number(BOUNDARY_SECONDS);
const BOUNDARY_PORT = 7420;
const CONSOLE_PORT = 8420;
const FETCH_PORT = 7421;
const DEVICE_PORT = 15_020;
const SYN_ALONE = 'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn';
const lack = lackOfHosts();
if (lack && CI_NETNS === 'required') throw new Error(lack);

const MODES = [
  ['connects to the server', 'connect'],
  ['lets the server fetch', 'fetch'],
] as const;

describe.skipIf(lack).each(MODES)(`gateway -> relay in the DMZ, which %s${lack ? ` (${lack})` : ''}`, (_name, mode) => {
  let ot: Host;
  let dmz: Host;
  let it_: Host;
  let inner: Wire;
  let outer: Wire;
  let site: RelaySite;
  let gateway: Program;
  let gate: Program;
  let server: Program;
  let atOt: Capture;
  let fromOt: Capture;
  let atDmz: Capture;
  let intoIt: Capture;

  beforeAll(async () => {
    [ot, dmz, it_] = ['ot', 'dmz', 'it'].map((name) => new Host(name));
    inner = new Wire(ot, dmz, '10.78.1');
    outer = new Wire(dmz, it_, '10.78.2');
    // A host with two wires and no forwarding is what keeps the zones apart.
    dmz.run('sysctl', '-qw', 'net.ipv4.ip_forward=0');
    layRoutes();
    const [relay, history] = [inner.right.address, outer.right.address];
    site = await RelaySite.create({ relay: [relay], server: [history] });
    atOt = await Capture.start(inner.left, site.directory);
    fromOt = await Capture.start(inner.right, site.directory);
    atDmz = await Capture.start(outer.left, site.directory);
    intoIt = await Capture.start(outer.right, site.directory);
    const place = (host: string) => ({ host, port: BOUNDARY_PORT });
    const deliver =
      mode === 'connect'
        ? `{ mode: connect, host: ${history}, port: ${BOUNDARY_PORT} }`
        : `{ mode: fetch, host: ${outer.left.address}, port: ${FETCH_PORT}, serverName: ${history} }`;
    const fetch = mode === 'fetch' ? `fetch: [{ host: ${outer.left.address}, port: ${FETCH_PORT} }]` : '';
    const run = (host: Host, app: string, file: string) =>
      new Program(host, `apps/${app}/src/main.ts`, '--config', file);
    server = run(it_, 'server', site.serverFile(place(history), CONSOLE_PORT, fetch));
    gate = run(dmz, 'gate', site.gateFile(place(relay), deliver));
    gateway = run(ot, 'gateway', site.gatewayFile(place(relay), DEVICE_PORT));
    new Program(ot, 'apps/plant/src/main.ts', ...site.plantArguments(DEVICE_PORT)).start();
    for (const each of [server, gate, gateway]) each.start();
  });

  afterAll(() => {
    for (const host of [ot, dmz, it_]) host?.remove();
    site?.remove();
  });

  const logs = () => [gateway, gate, server].map(({ log }) => log).join('\n');
  const total = () => it_.fetchJson<Ledger>(`http://127.0.0.1:${CONSOLE_PORT}/api/v1/ledger`).total;
  const moreThan = (count: number) => until('samples are stored', () => total().stored > count, logs);

  /** The wrong turn that somebody will take one day: both ends know a way to each other. A wire that is cut takes it along. */
  function layRoutes(): void {
    ot.run('ip', 'route', 'replace', '10.78.2.0/24', 'via', inner.right.address);
    it_.run('ip', 'route', 'replace', '10.78.1.0/24', 'via', outer.left.address);
  }

  async function cut(wire: Wire): Promise<void> {
    wire.cut();
    await seconds(3);
    wire.mend();
  }

  async function restart(program: Program): Promise<void> {
    await program.end();
    await seconds(1);
    program.start();
  }

  it('SR 5.2, SR 7.4: through outages and kills at every place all of it arrives, once', async () => {
    await moreThan(0);
    const endsAtMs = Date.now() + SECONDS * 1_000;
    const faults = [() => cut(inner), () => cut(outer), () => restart(gate), () => restart(server)];
    for (let turn = 0; Date.now() < endsAtMs || turn < faults.length; turn++) {
      await seconds(SECONDS / 8);
      await faults[turn % faults.length]();
    }
    const status = () => gate.message<GateStatus>('gate-status');
    await until('nothing waits in the relay', () => isEmpty(status()), logs);
    await moreThan(total().stored + 50);
    await gateway.end('SIGTERM');
    await until('all is delivered', () => isEmpty(status()) && total().balanced, logs);
    expect(total()).toMatchObject({ lost: 0, balanced: true });
  });

  it('SR 5.2 RE 1: from the IT host nobody reaches the OT host, although there are routes', () => {
    layRoutes();
    const reach = (host: Host, address: string, port: number) =>
      host.succeeds('bash', '-c', `timeout 2 bash -c '</dev/tcp/${address}/${port}'`);
    expect(it_.succeeds('ping', '-c', '1', '-W', '1', inner.left.address)).toBe(false);
    for (const port of [BOUNDARY_PORT, DEVICE_PORT]) expect(reach(it_, inner.left.address, port)).toBe(false);
    // The address of the relay on the inner wire is a host of the DMZ like any other; there it does not listen for us.
    expect(reach(it_, outer.left.address, BOUNDARY_PORT)).toBe(false);
    expect(reach(dmz, inner.left.address, DEVICE_PORT)).toBe(false);
  });

  it('SR 5.2: on the wires there is nothing but the connections that were opened outwards', async () => {
    for (const capture of [atOt, fromOt, atDmz, intoIt]) await capture.stop();
    const [otAddress, relay] = [inner.left.address, inner.right.address];
    const [relayOutside, history] = [outer.left.address, outer.right.address];
    expect(atOt.frames(`src host ${history} or src net 10.78.2.0/24`)).toEqual([]);
    expect(atOt.frames(SYN_ALONE).filter((line) => !line.includes(`${otAddress}.${DEVICE_PORT}: `))).toEqual([]);
    const answers = `tcp and src host ${relay} and src port ${BOUNDARY_PORT}`;
    expect(atOt.frames(answers).length).toBeGreaterThan(100);
    expect(fromOt.frames(SYN_ALONE).length).toBeGreaterThan(2);
    // The OT host refuses the probe of the test above, and says nothing else of its own accord.
    const refusal = `src port ${DEVICE_PORT} and tcp[tcpflags] & tcp-rst != 0`;
    const toRelay = `tcp and dst host ${relay} and dst port ${BOUNDARY_PORT}`;
    expect(fromOt.frames(`ip and not (${toRelay}) and not (${refusal})`)).toEqual([]);
    // Into the DMZ: the probes of the test above, and what belongs to the one kind of session that there may be.
    const probes = `dst net 10.78.1.0/24 or dst port ${BOUNDARY_PORT} or icmp`;
    const fetched = `src host ${history} and dst host ${relayOutside} and dst port ${FETCH_PORT}`;
    const connected = `src host ${history} and src port ${BOUNDARY_PORT} and dst host ${relayOutside}`;
    const session = mode === 'fetch' ? fetched : connected;
    expect(atDmz.frames(`tcp and ${session}`).length).toBeGreaterThan(100);
    expect(atDmz.frames(`ip and not (tcp and ${session}) and not (${probes})`)).toEqual([]);
    const opened = atDmz.frames(`${SYN_ALONE} and not (${probes})`).length;
    if (mode === 'connect') expect(opened).toBe(0);
    else expect(opened).toBeGreaterThan(2);
    // Into the IT host: the relay opens connections there only where it is to.
    const syns = intoIt.frames(SYN_ALONE).length;
    if (mode === 'fetch') expect(syns).toBe(0);
    else expect(syns).toBeGreaterThan(2);
  });
});

function isEmpty(status: GateStatus | undefined): boolean {
  return status?.streams.every(({ depth }) => depth.blocks === 0) ?? false;
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}
