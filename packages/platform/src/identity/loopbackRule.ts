/**
 * The rule that stands in for users and roles until there are some: the server talks to its own machine only.
 *
 * A socket that listens on loopback keeps other machines out, but not a web page of another site that runs in a browser on
 * this machine and has rebound its own name to 127.0.0.1. Such a page cannot choose the Host header, which is why every
 * request must name a loopback host as well.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** 127.0.0.0/8 (RFC 1122, 3.2.1.3), also as an IPv4-mapped IPv6 address. */
const IPV4_LOOPBACK = /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i;
/** Host and optional port (RFC 9110, 7.2); an IPv6 address stands in brackets. */
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^:[\]@/]+)(?::\d{1,5})?$/i;

/** Success where `host` is an address that only this machine can reach; otherwise why it is refused. */
export function requireLoopback(host: string): Result<void> {
  if (isLoopbackHost(host)) return success(undefined);
  return failure(
    'identity.loopback-only',
    `The server was told to listen on "${host}", which other machines may reach. It has no users and roles yet, so it ` +
      'listens on 127.0.0.1, ::1 or localhost only.',
  );
}

/** Whether a host name or address, without brackets, means this machine whatever a name server says. */
export function isLoopbackHost(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '::1' || IPV4_LOOPBACK.test(host);
}

/**
 * Whether a browser says that a page of another site makes it ask (W3C Fetch Metadata). Such a page could not read the
 * answer, but it could keep the server busy. A link that a person follows is no such thing.
 */
export function isForeignPage(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
}

/** Whether the Host header of a request names this machine; a request without one does not. */
export function isLoopbackAuthority(authority: string | undefined): boolean {
  const match = AUTHORITY.exec(authority ?? '');
  return match !== null && isLoopbackHost(match[1].replace(/^\[|\]$/g, ''));
}
