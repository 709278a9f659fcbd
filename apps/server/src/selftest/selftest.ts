/** `main.ts selftest --config FILE`: what of a server's controls can be proved on its own machine, as JSON. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { LOG_DIRECTORY } from '@tidegate/platform/historian/archive/archiveFiles.ts';
import { isLoopbackHost } from '@tidegate/platform/identity/loopbackRule.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { IDENTITY_FILES } from '@tidegate/process/identity/identity.ts';
import {
  type Check,
  failed,
  proved,
  type ServerFacts,
  type SideReport,
  unchecked,
} from '@tidegate/process/selftest/check.ts';
import { SERVER_CONTROLS } from '@tidegate/process/selftest/controls.ts';
import { fileRights } from '@tidegate/process/selftest/fileRights.ts';
import { type LockHolder, lockHolder } from '@tidegate/process/selftest/lockHolder.ts';
import { formatAddress, socketsOrLack } from '@tidegate/process/selftest/processSockets.ts';
import { loadServerConfig, type ServerConfig } from '../serverConfig.ts';

const KEY_FILES = SERVER_CONTROLS.keyFiles;
const LISTENERS = SERVER_CONTROLS.loopback;

/** Gives the status to end with, whatever was found. */
export async function selftest(args: readonly string[]): Promise<number> {
  const { config: file = '' } = parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values;
  const loaded = await loadServerConfig(file);
  if (!loaded.ok) {
    process.stderr.write(formatReport(loaded.defects, process.stderr));
    return EXIT.refused;
  }
  const config = loaded.value;
  const { boundary, console, dataDirectory } = config;
  const holder = serverOf(dataDirectory);
  const consoleHost = console.host.includes(':') ? `[${console.host}]` : console.host;
  const report: SideReport<ServerFacts> = {
    facts: {
      ...{ host: boundary.host, port: boundary.port, certificates: boundary.certificates },
      ...{ policy: boundary.policy?.digest ?? null, console: `http://${consoleHost}:${console.port}` },
    },
    checks: [proveKeyFiles(config, holder?.uid ?? process.getuid?.() ?? 0), proveLoopback(config, holder)],
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return EXIT.ok;
}

/** A generation of the log is held by whoever writes to it. */
function serverOf(dataDirectory: string): LockHolder | undefined {
  const log = join(dataDirectory, LOG_DIRECTORY);
  const generations = existsSync(log) ? readdirSync(log) : [];
  for (const generation of generations) {
    const holder = lockHolder(join(log, generation));
    if (holder) return holder;
  }
  return undefined;
}

function proveKeyFiles({ boundary }: ServerConfig, owner: number): Check {
  const path = (name: string) => join(boundary.certificates, name);
  const { rights, defects } = fileRights(
    [
      { path: path(IDENTITY_FILES.key), need: 'private' },
      { path: path(IDENTITY_FILES.cert), need: 'unchanged' },
      { path: path(IDENTITY_FILES.ca), need: 'unchanged' },
      { path: path(IDENTITY_FILES.crl), need: 'unchanged', optional: true },
    ],
    owner,
  );
  const did = `looked at modes and owners; the server is of user ${owner}`;
  return defects.length > 0 ? failed(KEY_FILES, did, defects.join('; ')) : proved(KEY_FILES, did, rights.join('; '));
}

function proveLoopback({ boundary, dataDirectory }: ServerConfig, holder: LockHolder | undefined): Check {
  if (!holder) return unchecked(LISTENERS, `no server runs with the data directory ${dataDirectory}`);
  const found = socketsOrLack(holder.pid);
  if ('lack' in found) return unchecked(LISTENERS, found.lack);
  const { sockets } = found;
  const did = `looked at the sockets of process ${holder.pid}, which holds ${dataDirectory}`;
  const listening = sockets.filter(({ state }) => state === 'LISTEN').map(({ local }) => local);
  const inner = listening.filter(({ port }) => port !== boundary.port);
  const open = inner.filter(({ host }) => !isLoopbackHost(host) && host !== '0:0:0:0:0:0:0:1');
  if (open.length > 0) return failed(LISTENERS, did, `it listens at ${open.map(formatAddress).join(', ')}`);
  return proved(LISTENERS, did, `it listens at ${listening.map(formatAddress).join(', ')}`);
}
