/** Whom a certificate is for, and what each of them may be called. */

import { isIP } from 'node:net';
import { type Fault, failure } from '@tidegate/core/fault/fault.ts';

export const ROLES = ['gateway', 'relay', 'server'] as const;
export type Role = (typeof ROLES)[number];

export interface Subject {
  readonly role: Role;
  /** The common name; gateways and relays are known by it at the other end. */
  readonly name: string;
  /** Host names and addresses under which others connect to it; a gateway has none, for it listens on nothing. */
  readonly hosts: readonly string[];
}

/** As the configuration of a gateway has it: a name is part of paths. */
export const GATEWAY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** The common name of a server is shown and not compared: its hosts are. A character that controls terminals is none. */
const SERVER_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u;
const HOST = /^[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}$/;

export const gatewaySubject = (name: string): Subject => ({ role: 'gateway', name, hosts: [] });

/** An IPv6 address in the one form that certificates are read in, whatever form it was given in; other hosts as they are. */
export function plainHost(host: string): string {
  return isIP(host) === 6 ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host;
}

/** The fault `certificate.name` where there can be no such subject. */
export function subjectFault({ role, name, hosts }: Subject): Fault | undefined {
  const wrong = (detail: string) => failure('certificate.name', detail).fault;
  if (!(role === 'server' ? SERVER_NAME : GATEWAY_NAME).test(name)) {
    return wrong(`${JSON.stringify(name)} is not the name of a ${role}`);
  }
  const host = hosts.find((one) => !HOST.test(one));
  if (host !== undefined) return wrong(`${JSON.stringify(host)} is neither a host name nor an address`);
  if (role === 'gateway' && hosts.length > 0) return wrong(`${name} is a gateway, and nobody connects to a gateway`);
  if (role === 'server' && hosts.length === 0) return wrong(`${name} needs the host names that gateways reach it by`);
  return undefined;
}
