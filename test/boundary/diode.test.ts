/**
 * A gateway that sends over a data diode. The wire of this test could carry frames back, as a real diode cannot: whatever
 * comes back over it is a fault of ours, or of the firewall rules and neighbours that we tell people to set up.
 */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { hostFirewall } from '@tidegate/policy/generate/firewall.ts';
import { readPolicy } from '@tidegate/policy/loadPolicy.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, lackOfHosts } from './host.ts';
import { CONSOLE_PORT, GATEWAY, PlantSite } from './plantSite.ts';
import type { Program } from './program.ts';
import { until } from './until.ts';
import { Capture, Wire, type WireEnd } from './wire.ts';

interface Ledger {
  readonly total: { readonly stored: number; readonly lost: number; readonly balanced: boolean };
}

/** How many seconds the traffic goes on, the restarts included; and whether there must be hosts. */
const { BOUNDARY_SECONDS = '600', CI_NETNS } = process.env;
const SECONDS = Number(BOUNDARY_SECONDS);
const DIODE_PORT = 7430;
const lack = lackOfHosts();
if (lack && CI_NETNS === 'required') throw new Error(lack);

describe.skipIf(lack)(`gateway => diode => server${lack ? ` (${lack})` : ''}`, () => {
  let ot: Host;
  let it_: Host;
  let wire: Wire;
  let site: PlantSite;
  let gateway: Program;
  let server: Program;
  let capture: Capture;
  let framesBefore: number;

  beforeAll(async () => {
    ot = new Host('ot');
    it_ = new Host('it');
    wire = new Wire(ot, it_, '10.79.1');
    site = await PlantSite.create(wire.right.address);
    introduce(wire.left, wire.right);
    introduce(wire.right, wire.left);
    const policy = policyOf(wire);
    ot.feed(hostFirewall(policy, GATEWAY) ?? '', 'nft', '-f', '-');
    it_.feed(hostFirewall(policy, 'history') ?? '', 'nft', '-f', '-');
    const key = site.secret('diode.key');
    const diode = `diode: { host: ${wire.right.address}, port: ${DIODE_PORT}, keys: { ${GATEWAY}: ${key} } }`;
    server = site.server(it_, '127.0.0.1', `, ${diode}`);
    gateway = site.gateway(ot, `${wire.right.address}`, `, diode: { key: ${key}, rate: 5 MiB }`, DIODE_PORT);
    capture = await Capture.start(wire.left, site.directory);
    framesBefore = ot.framesIn(wire.left.device);
    site.plant(ot).start();
    // Without anybody who would receive: what is sent now is lost, and nothing may answer.
    gateway.start();
  });

  afterAll(() => {
    ot?.remove();
    it_?.remove();
    site?.remove();
  });

  const ledger = () => it_.fetchJson<Ledger>(`http://127.0.0.1:${CONSOLE_PORT}/api/v1/ledger`).total;
  const logs = () => server.log + gateway.log;

  it('SR 5.2: not a frame comes back, whether the receiver is down, up, killed or restarted', async () => {
    await seconds(3);
    server.start();
    await until('samples are stored', () => ledger().stored > 0, logs);
    const endsAtMs = Date.now() + SECONDS * 1_000;
    while (Date.now() < endsAtMs) {
      await seconds(SECONDS / 4);
      await server.end();
      await seconds(2);
      server.start();
      await until('the server is back', () => ledger().stored > 0, logs);
      // What an intruder would try who has taken the server: the rules let nothing out.
      it_.succeeds('ping', '-c', '1', '-W', '1', wire.left.address);
      it_.succeeds('arping', '-c', '1', '-w', '1', '-I', wire.right.device, wire.left.address);
    }
    await capture.stop();
    expect(capture.frames('')).toEqual([]);
    expect(ot.framesIn(wire.left.device) - framesBefore).toBe(0);
  });

  it('what crossed while the server ran is stored, what did not is lost with its reason, and the ledger balances', async () => {
    await gateway.end('SIGTERM');
    await until('the ledger balances', () => ledger().balanced, logs);
    const { stored, lost } = ledger();
    expect(stored).toBeGreaterThan(SECONDS * 5);
    // Three seconds without a receiver come before the first block that it ever got: they are none of its business.
    expect(lost).toBeGreaterThan(0);
    const { streams } = it_.fetchJson<{ streams: { lane: string; losses: { reason: string; samples: number }[] }[] }>(
      `http://127.0.0.1:${CONSOLE_PORT}/api/v1/boundary`,
    );
    const losses = streams.flatMap((stream) => stream.losses);
    expect(losses.length).toBeGreaterThan(0);
    expect(new Set(losses.map(({ reason }) => reason))).toEqual(new Set(['diode']));
    expect(losses.reduce((sum, { samples }) => sum + samples, 0)).toBe(lost);
  });
});

/** Tells `own` the hardware address of `other`, as `packages/oneway/src/forward/diode/README.md` has it. */
function introduce({ host, device }: WireEnd, other: WireEnd): void {
  const hardware = other.host.run('cat', `/sys/class/net/${other.device}/address`).trim();
  host.run('ip', 'neigh', 'replace', other.address, 'lladdr', hardware, 'dev', device, 'nud', 'permanent');
}

function policyOf({ left, right }: Wire) {
  const read = readPolicy(
    ConfigDocument.parse(
      'policy.yaml',
      `zones:
  - name: plant
    kind: ot
    securityLevel: 3
    addresses: [${left.address}/32]
    gateways: { ${GATEWAY}: { address: ${left.address}, diode: ${left.device} } }
  - name: office
    kind: it
    securityLevel: 1
    addresses: [${right.address}/32]
    servers: { history: { address: ${right.address}, diode: ${right.device} } }
conduits:
  - name: out
    from: plant
    to: office
    via: diode
    port: ${DIODE_PORT}
    securityLevel: 3
    flows: [{ name: everything, tags: ["**"], purpose: test }]
`,
    ),
  );
  if (!read.ok) throw new Error(read.defects.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return read.value;
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}
