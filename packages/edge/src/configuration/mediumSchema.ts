/** Where a line is: the keys that say so, of a line and of a device that is alone on its own, and what they amount to. */

import { durationMs, filePath, host, port } from '@tidegate/config/fields.ts';
import { z } from 'zod';
import type { DriverManifest } from '../acquisition/driver.ts';
import type { Medium, MediumKind } from '../acquisition/transport/medium.ts';

const SECOND = 1_000;
const CONNECT_TIMEOUT_MS = 3 * SECOND;
const FORMAT = /^([78])([NEO])([12])$/;
const PARITY = { N: 'none', E: 'even', O: 'odd' } as const;

const file = filePath();

const tls = z.strictObject({
  ca: file,
  certificate: file,
  key: file,
  serverName: host().optional(),
});

const network = z
  .string()
  .refine((text) => z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).safeParse(text).success)
  .describe('an address or a network, such as 10.1.0.7 or 10.1.0.0/16');

const listen = z.strictObject({
  port: port(),
  host: host().default('0.0.0.0'),
  allow: z.array(network).default([]),
});

/** All optional: which of them belong together is checked by `mediumDefect`. */
export const mediumShape = {
  host: host().optional(),
  port: port().optional(),
  connectTimeout: durationMs(10, 60 * SECOND).optional(),
  tls: tls.optional(),
  listen: listen.optional(),
  serial: z.string().min(1).optional().describe('a serial port such as /dev/ttyUSB0 or COM3'),
  baudRate: z.int().min(50).max(12_000_000).optional().describe('bits per second, such as 19200'),
  format: z.string().regex(FORMAT).optional().describe('data bits, parity and stop bits: 8E1, 8N1, 8N2, 7E1 and so on'),
  recording: file.optional(),
  repeat: z.boolean().optional(),
} as const;

export type MediumKeys = z.output<z.ZodObject<typeof mediumShape>>;
export type MediumKey = keyof MediumKeys;

/** The key that names each kind of medium, and the keys that may stand beside it. */
const KEYS: Readonly<Record<MediumKind, { readonly of: MediumKey; readonly beside: readonly MediumKey[] }>> = {
  tcp: { of: 'host', beside: ['port', 'connectTimeout', 'tls'] },
  listen: { of: 'listen', beside: ['tls'] },
  serial: { of: 'serial', beside: ['baudRate', 'format'] },
  recording: { of: 'recording', beside: ['baudRate', 'repeat'] },
};
const KINDS = Object.keys(KEYS) as MediumKind[];

/** A key that is wrong beside the others, or missing; the hint says what would be right. */
export interface MediumDefect {
  readonly key: MediumKey | undefined;
  readonly message: string;
  readonly hint: string;
}

function kindsNamed(keys: MediumKeys): MediumKind[] {
  return KINDS.filter((kind) => keys[KEYS[kind].of] !== undefined);
}

/** What is wrong with the keys together; `undefined` where they name one medium that the driver can use. */
export function mediumDefect(keys: MediumKeys, { media, title }: DriverManifest): MediumDefect | undefined {
  const usable = media.map((kind) => KEYS[kind].of);
  const [kind, second] = kindsNamed(keys);
  if (kind === undefined) {
    return { key: undefined, message: 'nothing says where it is', hint: `name one of: ${usable.join(', ')}` };
  }
  const { of, beside } = KEYS[kind];
  if (second) {
    const message = `"${KEYS[second].of}" stands beside "${of}"`;
    return { key: KEYS[second].of, message, hint: 'a line has one medium: remove one of the two' };
  }
  if (!media.includes(kind)) {
    return { key: of, message: `${title} is not spoken over "${of}"`, hint: `name one of: ${usable.join(', ')}` };
  }
  const stray = (Object.keys(mediumShape) as MediumKey[]).find(
    (key) => key !== of && keys[key] !== undefined && !beside.includes(key),
  );
  if (stray) return { key: stray, message: `"${stray}" means nothing beside "${of}"`, hint: 'remove it' };
  if (kind === 'listen' && !keys.tls && keys.listen?.allow.length === 0) {
    const message = 'whoever calls would be taken for the device';
    return { key: of, message, hint: 'name its address or network under "allow", such as 10.1.0.0/16, or use "tls"' };
  }
  if (beside.includes('baudRate') && keys.baudRate === undefined) {
    return { key: of, message: '"baudRate" is missing', hint: 'baudRate: bits per second, such as 19200' };
  }
  return undefined;
}

/** The medium of keys in which `mediumDefect` finds nothing; `absolute` places the files that they name. */
export function mediumOf(keys: MediumKeys, manifest: DriverManifest, absolute: (path: string) => string): Medium {
  const [kind] = kindsNamed(keys);
  const { baudRate = 0 } = keys;
  const tlsFiles = keys.tls && {
    ca: absolute(keys.tls.ca),
    cert: absolute(keys.tls.certificate),
    key: absolute(keys.tls.key),
    serverName: keys.tls.serverName,
  };
  switch (kind) {
    case 'serial': {
      const [, dataBits, parity, stopBits] = FORMAT.exec(keys.format ?? manifest.serialFormat ?? '8N1')!;
      return {
        kind,
        path: keys.serial!,
        baudRate,
        dataBits: dataBits === '7' ? 7 : 8,
        parity: PARITY[parity as keyof typeof PARITY],
        stopBits: stopBits === '1' ? 1 : 2,
      };
    }
    case 'recording':
      return { kind, path: absolute(keys.recording!), baudRate, repeat: keys.repeat ?? false };
    case 'listen':
      return { kind, ...keys.listen!, tls: tlsFiles };
    default: {
      const { host: name = '', port: number = manifest.defaultPort, connectTimeout = CONNECT_TIMEOUT_MS } = keys;
      return { kind: 'tcp', host: name, port: number, connectTimeoutMs: connectTimeout, tls: tlsFiles };
    }
  }
}
