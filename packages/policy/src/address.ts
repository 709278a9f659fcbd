/** Addresses and networks, IPv4 and IPv6, as ranges of one line of numbers (RFC 4291, 2.5.5.2 maps the one into the other). */

/** First and last address of a network. */
export interface AddressRange {
  readonly text: string;
  readonly isIpv6: boolean;
  readonly first: bigint;
  readonly last: bigint;
}

const IPV4_IN_IPV6 = 0xffff_0000_0000n;
const IPV4_BITS = 32;
const IPV6_BITS = 128;
const IPV6_GROUPS = 8;

/** `text` is an address or a network in CIDR notation (RFC 4632, 3.1), already checked; bits beyond the prefix do not matter. */
export function parseRange(text: string): AddressRange {
  const [address, prefix] = text.split('/');
  const isIpv6 = address.includes(':');
  const number = isIpv6 ? parseIpv6(address) : IPV4_IN_IPV6 + parseIpv4(address);
  const bits = isIpv6 ? IPV6_BITS : IPV4_BITS;
  const free = (1n << BigInt(bits - Number(prefix ?? bits))) - 1n;
  return { text, isIpv6, first: number - (number & free), last: number | free };
}

export function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.first >= outer.first && inner.last <= outer.last;
}

const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseRange);

/** Every machine has these for itself: they belong to no zone. */
export function isLoopback(range: AddressRange): boolean {
  return LOOPBACK.some((network) => isWithin(range, network));
}

function parseIpv4(text: string): bigint {
  return text.split('.').reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint {
  // The last 32 bits may be written as an IPv4 address (RFC 4291, 2.2).
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const low = parseIpv4(dotted[2]);
    return parseIpv6(`${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const [head, tail] = text.split('::');
  const groupsOf = (part: string | undefined) => (part ? part.split(':') : []);
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const missing = Array<string>(IPV6_GROUPS - before.length - after.length).fill('0');
  return [...before, ...missing, ...after].reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n);
}
