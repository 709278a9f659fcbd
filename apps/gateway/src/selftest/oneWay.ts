/** Proves, of the running gateway, that it listens on no network and speaks with nobody but its devices and its server. */

import { lookup } from 'node:dns/promises';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import { type Check, failed, proved, unchecked } from '@tidegate/process/selftest/check.ts';
import { GATEWAY_CONTROLS } from '@tidegate/process/selftest/controls.ts';
import type { LockHolder } from '@tidegate/process/selftest/lockHolder.ts';
import { formatAddress, type NetworkSocket, socketsOrLack } from '@tidegate/process/selftest/processSockets.ts';

const CONTROL = GATEWAY_CONTROLS.oneWay;
/** Names are resolved over it. */
const DNS_PORT = 53;

/** Whom a gateway may speak with, and at which of its own ports devices may call in. */
interface Peers {
  /** `host:port`. */
  readonly called: ReadonlySet<string>;
  readonly callIns: ReadonlySet<number>;
  /** Over a diode: by a socket that is not connected, because a connected one is told of what cannot be delivered. */
  readonly sendsDatagrams: boolean;
}

export async function proveOneWay(config: GatewayConfig, holder: LockHolder | undefined): Promise<Check> {
  if (!holder) return unchecked(CONTROL, `no gateway runs with the data directory ${config.dataDirectory}`);
  const did = `looked at the sockets of process ${holder.pid}, which holds ${config.dataDirectory}`;
  const found = socketsOrLack(holder.pid);
  if ('lack' in found) return unchecked(CONTROL, found.lack);
  const { sockets } = found;
  const peers = await peersOf(config);
  const strange = sockets.flatMap((socket) => strangenessOf(socket, peers) ?? []);
  if (strange.length > 0) return failed(CONTROL, did, strange.join('; '));
  const remotes = sockets.filter(({ state }) => state !== 'LISTEN').map(({ remote }) => formatAddress(remote));
  const callIns =
    peers.callIns.size === 0
      ? 'nothing listens'
      : `devices call in at port ${[...peers.callIns].join(', ')}, and nothing else listens`;
  return proved(
    CONTROL,
    did,
    `${callIns}; connections to ${[...new Set(remotes)].join(', ') || 'nobody'}, all configured`,
  );
}

/** What is wrong with a socket. */
function strangenessOf(
  { protocol, state, local, remote }: NetworkSocket,
  { called, callIns, sendsDatagrams }: Peers,
): string | undefined {
  if (state === 'LISTEN') {
    return callIns.has(local.port) ? undefined : `it listens at ${protocol} ${formatAddress(local)}`;
  }
  if (protocol === 'udp') {
    if (remote.port === DNS_PORT || (sendsDatagrams && remote.port === 0)) return undefined;
    return `it has the socket udp ${formatAddress(local)} to ${formatAddress(remote)}`;
  }
  if (called.has(formatAddress(remote)) || callIns.has(local.port)) return undefined;
  return `it is connected to ${formatAddress(remote)}, which is neither a device nor the server`;
}

async function peersOf({ lines, server }: GatewayConfig): Promise<Peers> {
  const called = new Set(await addressesOf(server.host, server.port));
  const callIns = new Set<number>();
  for (const { medium } of lines) {
    if (medium.kind === 'tcp') for (const address of await addressesOf(medium.host, medium.port)) called.add(address);
    if (medium.kind === 'listen') callIns.add(medium.port);
  }
  return { called, callIns, sendsDatagrams: server.diode !== undefined };
}

/** A name may stand for several, and a name that stands for none now for no connection either. */
async function addressesOf(host: string, port: number): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address, family }) => formatAddress({ host: family === 6 ? groupsOf(address) : address, port }));
}

/** All eight groups, as the kernel's tables have them. */
function groupsOf(address: string): string {
  const [head, tail] = address.replace(/%.*/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before.map(plainGroup).join(':');
  const after = tail === '' ? [] : tail.split(':');
  const between = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...between, ...after].map(plainGroup).join(':');
}

function plainGroup(group: string): string {
  return Number.parseInt(group, 16).toString(16);
}
