/** The kinds of values that configurations of all programs share: durations, sizes, hosts, ports. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { z } from 'zod';

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
const BYTE_SIZE = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/;
/** Labels of letters, digits, hyphens (RFC 1123, 2.1) and underscores, which plant networks use all the same. */
const HOST_NAME = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?$/;
const MAX_HOST_NAME = 253;

/** Refuses `input` within a transform, with what is wrong and what would be right. */
function refusing(input: unknown, context: z.core.$RefinementCtx) {
  return (message: string, hint: string) => {
    context.issues.push({ code: 'custom', message, input, params: { hint } });
    return z.NEVER;
  };
}

/** A length of time with its unit, `250ms` or `1s`, as milliseconds; at least `minMs`, which is above 0. */
export function durationMs(minMs = 0.001, maxMs = Number.POSITIVE_INFINITY) {
  return z
    .union([z.string(), z.number()])
    .transform((input, context) => {
      const refuse = refusing(input, context);
      if (typeof input === 'number') {
        return refuse(`${input} is a length of time without a unit`, `did you mean "${input}s" or "${input}ms"?`);
      }
      const ms = parseDurationMs(input);
      const show = JSON.stringify(input);
      if (ms === undefined) return refuse(`${show} is not a length of time`, 'such as 250ms, 1s, 10min, 8h or 1d');
      if (ms < minMs) return refuse(`${show} is too short`, `at least ${minMs}ms`);
      if (ms > maxMs) return refuse(`${show} is too long`, `at most ${maxMs}ms`);
      return ms;
    })
    .describe('a length of time such as 250ms, 1s or 10min');
}

/** An amount of data with its unit, `256 MB` or `1 GiB`, or a bare number of bytes; as bytes. */
export function byteSize(minBytes = 1) {
  return z
    .union([z.string(), z.number()])
    .transform((input, context) => {
      const refuse = refusing(input, context);
      const bytes = typeof input === 'number' ? input : parseByteSize(input);
      const show = JSON.stringify(input);
      if (bytes === undefined) return refuse(`${show} is not an amount of data`, 'such as 256 MB or 1 GiB');
      if (!Number.isSafeInteger(bytes)) return refuse(`${show} is not a whole number of bytes`, 'such as 256 MB');
      if (bytes < minBytes) return refuse(`${show} is too little`, `at least ${minBytes} B`);
      return bytes;
    })
    .describe('an amount of data such as 256 MB or 1 GiB');
}

/** Bytes, or `undefined`. Units count by 1000 (kB, MB, GB) or by 1024 (KiB, MiB, GiB), in whatever letter case. */
export function parseByteSize(text: string): number | undefined {
  const match = BYTE_SIZE.exec(text.trim());
  if (!match) return undefined;
  const unit = Object.keys(BYTES_PER_UNIT).find((name) => name.toLowerCase() === match[2].toLowerCase());
  return unit === undefined ? undefined : Math.round(Number(match[1]) * BYTES_PER_UNIT[unit]);
}

/** A host name or an address, IPv4 or IPv6, without a scheme and without a port. */
export function host() {
  return z
    .string()
    .transform((input, context) => {
      const text = input.trim();
      if (isHost(text)) return text;
      const bare = text.replace(/^[a-z+.-]+:\/\//i, '').replace(/[:/].*$/, '');
      const hint =
        bare !== text && isHost(bare) ? `write only the host: ${bare}` : 'such as plc-1.example or 192.168.0.10';
      return refusing(input, context)(`${JSON.stringify(input)} is not a host`, hint);
    })
    .describe('a host name or address such as plc-1.example or 192.168.0.10');
}

function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text)) return z.ipv4().safeParse(text).success;
  if (text.includes(':')) return z.ipv6().safeParse(text).success;
  return text.length <= MAX_HOST_NAME && HOST_NAME.test(text);
}

/** A TCP or UDP port. */
export function port() {
  return z.int().min(1).max(65_535).describe('a port number from 1 to 65535');
}

/** The path of a file or directory. */
export function filePath() {
  return z.string().min(1).describe('a path; a relative one starts from the folder of this file');
}
