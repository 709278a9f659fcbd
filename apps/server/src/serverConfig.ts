/** The YAML file of a server: its keys, what they may hold, and what holds where they are left out. */

import { dirname, resolve } from 'node:path';
import { loadDocument } from '@tidegate/config/configDocument.ts';
import type { ConfigResult } from '@tidegate/config/defect.ts';
import { filePath, host } from '@tidegate/config/fields.ts';
import { isLoopbackHost } from '@tidegate/platform/identity/loopbackRule.ts';
import { z } from 'zod';

export interface ServerConfig {
  /** Absolute, like every path here. */
  readonly dataDirectory: string;
  readonly boundary: {
    readonly host: string;
    readonly port: number;
    /** Holds `key.pem`, `cert.pem` and `ca.pem`. */
    readonly certificates: string;
  };
  readonly console: {
    readonly host: string;
    readonly port: number;
  };
}

const THIS_MACHINE = '127.0.0.1';
const BOUNDARY_PORT = 7420;
const CONSOLE_PORT = 8420;

const file = filePath();
const listenPort = z.int().min(0).max(65_535).describe('a port number from 1 to 65535, or 0 for any that is free');

const loopbackHost = host().superRefine((name, context) => {
  if (isLoopbackHost(name)) return;
  context.issues.push({
    code: 'custom',
    message: `other machines may reach ${JSON.stringify(name)}, and the server has no users and roles yet`,
    input: name,
    params: { hint: `use ${THIS_MACHINE}; from another machine, forward the port over SSH` },
  });
});

const serverSchema = z
  .strictObject({
    dataDirectory: file,
    boundary: z.strictObject({
      host: host().default(THIS_MACHINE),
      port: listenPort.default(BOUNDARY_PORT),
      certificates: file,
    }),
    console: z
      .strictObject({ host: loopbackHost.default(THIS_MACHINE), port: listenPort.default(CONSOLE_PORT) })
      .prefault({}),
  })
  .superRefine((document, context) => {
    const { port } = document.boundary;
    if (port === 0 || port !== document.console.port) return;
    context.issues.push({
      code: 'custom',
      message: `the console cannot have port ${port}, which is the boundary's`,
      input: port,
      path: ['console', 'port'],
      params: { hint: `the usual ones are ${CONSOLE_PORT} and ${BOUNDARY_PORT}` },
    });
  });

/** The configuration in `file`; relative paths in it start from its folder. Never throws. */
export async function loadServerConfig(file: string): Promise<ConfigResult<ServerConfig>> {
  const loaded = await loadDocument(file, serverSchema);
  if (!loaded.ok) return loaded;
  const { dataDirectory, boundary, console } = loaded.value;
  const absolute = (path: string) => resolve(dirname(file), path);
  return {
    ok: true,
    value: {
      dataDirectory: absolute(dataDirectory),
      boundary: { ...boundary, certificates: absolute(boundary.certificates) },
      console,
    },
  };
}
