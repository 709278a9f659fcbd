/**
 * A hardened unit of systemd for a host of a policy: a user of its own, nothing writable but its data, no address but those
 * that the policy names, and no privilege (IEC 62443-3-3, SR 2.1, SR 5.2, SR 7.6; systemd.exec(5), systemd.resource-control(5)).
 */

import { isLoopback, parseRange } from '../address.ts';
import type { ConduitPolicy } from '../conduitPolicy.ts';
import { type HostRole, hostsOf, type PolicyHost } from '../policyHosts.ts';
import { hopsOf } from './hop.ts';

export interface UnitOptions {
  /** The program `tidegate`. */
  readonly program: string;
  /** Serial ports that the gateway reads. */
  readonly serialPorts: readonly string[];
}

/** Where a server serves people and programs, on its own machine. */
const CONSOLE_PORT = 8420;

/** What the process of a role is called, and what it may take. */
const ROLES: Readonly<Record<HostRole, { readonly command: string; readonly memory: string; readonly what: string }>> =
  {
    gateway: { command: 'gateway', memory: '1G', what: 'reads devices and sends what the policy declares' },
    relay: { command: 'gate', memory: '1G', what: 'takes blocks from the inner zone and hands them on' },
    server: { command: 'server', memory: '4G', what: 'keeps what gateways send, and serves it' },
  };

/** The unit of a host, or `undefined` where the policy names none of that name. */
export function hostUnit(policy: ConduitPolicy, name: string, options: UnitOptions): string | undefined {
  const host = hostsOf(policy.document).find((candidate) => candidate.name === name);
  if (!host) return undefined;
  const { command, memory, what } = ROLES[host.role];
  const service = `tidegate-${command}`;
  return `# /etc/systemd/system/${service}.service of ${name}, zone ${host.zone.name}: made by \`tidegate policy units\` from the policy
# with the digest ${policy.digest}.
# Its user:           useradd --system --shell /usr/sbin/nologin ${service}
# Its configuration:  /etc/${service}/${command}.yaml, with dataDirectory: /var/lib/${service}
# Its key:            chown -R ${service}: /etc/${service} && chmod -R go= /etc/${service}
[Unit]
Description=Tidegate ${command} ${name}: ${what}
After=network.target

[Service]
ExecStart=${options.program} ${command} --config /etc/${service}/${command}.yaml
User=${service}
Group=${service}
Restart=always
RestartSec=2
TimeoutStopSec=60

# Files: the system cannot be written, and of the data of others nothing is seen.
StateDirectory=${service}
StateDirectoryMode=0700
UMask=0077
ProtectSystem=strict
ReadWritePaths=/var/lib/${service}
ReadOnlyPaths=/etc/${service}
ProtectHome=yes
PrivateTmp=yes
${devicesOf(options.serialPorts)}

# Network: the addresses of the policy, and no others.
${networkOf(policy, host).join('\n')}

# Privileges: none.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
SystemCallArchitectures=native
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible

# What it may take.
MemoryMax=${memory}
TasksMax=256
LimitNOFILE=65536
LimitCORE=0

[Install]
WantedBy=multi-user.target
`;
}

function networkOf(policy: ConduitPolicy, host: PolicyHost): string[] {
  return [
    'IPAddressDeny=any',
    ...allowedAddresses(policy, host).map((address) => `IPAddressAllow=${address}`),
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
    'SocketBindDeny=ipv4:tcp',
    'SocketBindDeny=ipv6:tcp',
    ...listenPorts(policy, host).map((port) => `SocketBindAllow=tcp:${port}`),
  ];
}

/** The other ends of its conduits; of a gateway its own zone, where the devices are; of a server its console. */
function allowedAddresses(policy: ConduitPolicy, { name, role, zone }: PolicyHost): readonly string[] {
  const hops = hopsOf(policy);
  const peers = [
    ...hops.filter(({ from }) => from.name === name).map(({ to }) => to.address.text),
    ...hops.filter(({ to }) => to.name === name).map(({ from }) => from.address.text),
  ];
  const own = role === 'gateway' ? zone.addresses : role === 'server' ? ['localhost'] : [];
  const known = [...own, ...peers];
  const isLocal = (address: string) => address === 'localhost' || isLoopback(parseRange(address));
  return [...new Set(known.map((address) => (isLocal(address) ? 'localhost' : address)))];
}

/** A gateway listens nowhere but where devices call in. */
function listenPorts(policy: ConduitPolicy, { name, role, listen }: PolicyHost): readonly number[] {
  const conduits = hopsOf(policy).filter(({ to, protocol }) => to.name === name && protocol === 'tcp');
  const own = role === 'server' ? [CONSOLE_PORT] : listen;
  return [...new Set([...conduits.map(({ port }) => port), ...own])];
}

/** Serial ports are devices; everything else below /dev is none of its business. */
function devicesOf(serialPorts: readonly string[]): string {
  if (serialPorts.length === 0) return 'PrivateDevices=yes';
  const allowed = serialPorts.map((port) => `DeviceAllow=${port} rw`);
  return ['DevicePolicy=closed', ...allowed, 'SupplementaryGroups=dialout'].join('\n');
}
