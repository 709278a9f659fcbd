/** The YAML file of a relay: its keys, what they may hold, and what holds where they are left out. */

import { dirname, resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { ConfigResult } from '@tidegate/config/defect.ts';
import { byteSize, filePath, host, port } from '@tidegate/config/fields.ts';
import { loadPolicy } from '@tidegate/policy/loadPolicy.ts';
import { z } from 'zod';

/** To whom the relay gives what it holds: it connects to a server at `host`, or listens there and lets the server fetch. */
interface Delivery {
  readonly mode: 'connect' | 'fetch';
  readonly host: string;
  readonly port: number;
  /** The name that the certificate of the server must bear. */
  readonly serverName: string;
}

export interface GateConfig {
  readonly relay: string;
  /** Absolute, like every path here. */
  readonly dataDirectory: string;
  /** Holds `key.pem`, `cert.pem` and `ca.pem`. */
  readonly certificates: string;
  /** Where gateways connect. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The gateways that may. */
  readonly gateways: readonly string[];
  readonly deliver: Delivery;
  /** Of everything that the relay holds. */
  readonly maxBytes: number;
}

const BOUNDARY_PORT = 7420;
const DELIVERY_PORT = 7421;
const MIN_SPOOL_BYTES = 16 * 1024 * 1024;
const DEFAULT_SIZE = '8 GiB';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const file = filePath();
const name = z
  .string()
  .regex(NAME, 'it may have letters, digits, dots, hyphens and underscores, at most 63')
  .describe('a name such as dmz-1, as its certificate has it');
const listenPort = z.int().min(0).max(65_535).describe('a port number from 1 to 65535, or 0 for any that is free');

const gateSchema = z
  .strictObject({
    relay: name,
    dataDirectory: file,
    certificates: file,
    listen: z.strictObject({ host: host(), port: listenPort.default(BOUNDARY_PORT) }),
    gateways: z.array(name).min(1).optional(),
    policy: file.optional(),
    deliver: z.discriminatedUnion('mode', [
      z.strictObject({
        mode: z.literal('connect'),
        host: host(),
        port: port().default(BOUNDARY_PORT),
        serverName: host().optional(),
      }),
      z.strictObject({
        mode: z.literal('fetch'),
        host: host(),
        port: listenPort.default(DELIVERY_PORT),
        serverName: host(),
      }),
    ]),
    spool: z.strictObject({ size: byteSize(MIN_SPOOL_BYTES).prefault(DEFAULT_SIZE) }).prefault({}),
  })
  .superRefine(({ gateways, policy }, context) => {
    if ((gateways === undefined) !== (policy === undefined)) return;
    const message = gateways ? 'has both gateways and a policy' : 'does not say which gateways may connect';
    const hint = 'either `policy`, whose conduits lead `via` this relay, or `gateways: [north-1]`';
    context.issues.push({ code: 'custom', message, input: gateways, path: ['gateways'], params: { hint } });
  });

/** The configuration in `file`; relative paths in it start from its folder. Never throws. */
export async function loadGateConfig(file: string): Promise<ConfigResult<GateConfig>> {
  const document = await ConfigDocument.read(file);
  const validated = document.validate(gateSchema);
  if (!validated.ok) return validated;
  const { relay, dataDirectory, certificates, listen, deliver, spool, ...rest } = validated.value;
  const absolute = (path: string) => resolve(dirname(file), path);
  let gateways: readonly string[] = rest.gateways ?? [];
  if (rest.policy !== undefined) {
    const policy = await loadPolicy(absolute(rest.policy));
    if (!policy.ok) return policy;
    gateways = policy.value.gatewaysVia(relay);
    if (gateways.length === 0) {
      const hint = `a conduit with \`via: ${relay}\``;
      return { ok: false, defects: [document.defect(['policy'], `no conduit leads over the relay ${relay}`, hint)] };
    }
  }
  return {
    ok: true,
    value: {
      ...{ relay, listen, gateways },
      deliver: { ...deliver, serverName: deliver.serverName ?? deliver.host },
      dataDirectory: absolute(dataDirectory),
      certificates: absolute(certificates),
      maxBytes: spool.size,
    },
  };
}
