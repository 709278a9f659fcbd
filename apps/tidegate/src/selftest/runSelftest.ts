/** Asks each side what it can prove of itself, proves what needs the network, and gives the report. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { IDENTITY_FILES } from '@tidegate/process/identity/identity.ts';
import type { Check, Control, GatewayFacts, ServerFacts, SideReport } from '@tidegate/process/selftest/check.ts';
import { DOOR_CONTROLS, GATEWAY_CONTROLS, SERVER_CONTROLS } from '@tidegate/process/selftest/controls.ts';
import type { Credentials } from '../certificates/certificateFiles.ts';
import { PACKAGE_FILE, PROGRAMS } from '../repository.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import { proveServerAccount } from './serverAccount.ts';
import { REPORT_FORMAT, type SelftestReport } from './signedReport.ts';
import { type Door, type Known, proveStrangersRefused } from './strangers.ts';

export interface SelftestSides {
  readonly gatewayConfig?: string;
  readonly serverConfig?: string;
  /** Key and certificate of the authority of the site, where they are at hand. */
  readonly authority?: Credentials;
}

export interface SelftestOutcome {
  readonly report: SelftestReport;
  /** What it is signed with; `undefined` where it cannot be read. */
  readonly signer: Credentials | undefined;
}

const EVERY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const STRANGER = 'selftest';
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** `undefined` where a configuration is wrong, which its program has said on standard error. */
export async function runSelftest({
  gatewayConfig,
  serverConfig,
  authority,
}: SelftestSides): Promise<SelftestOutcome | undefined> {
  const [gateway, server] = await Promise.all([
    gatewayConfig === undefined ? undefined : askSide<GatewayFacts>(PROGRAMS.gateway, gatewayConfig),
    serverConfig === undefined ? undefined : askSide<ServerFacts>(PROGRAMS.server, serverConfig),
  ]);
  if ((gatewayConfig !== undefined && !gateway) || (serverConfig !== undefined && !server)) return undefined;
  const gatewayKey = gateway && (await readCredentials(gateway.facts.certificates));
  const serverKey = server && (await readCredentials(server.facts.certificates));
  const known: Known = {
    name: gateway?.facts.gateway ?? STRANGER,
    ...(gatewayKey && { gateway: gatewayKey }),
    ...(authority && { authority }),
  };
  const digests = {
    ...(gateway && { [gateway.facts.gateway]: gateway.facts.policy }),
    ...(server && { 'the configuration of the server': server.facts.policy }),
  };
  const { version }: { version: string } = JSON.parse(readFileSync(PACKAGE_FILE, 'utf8'));
  const door = doorOf(gateway?.facts, server?.facts);
  const report: SelftestReport = {
    format: REPORT_FORMAT,
    at: new Date().toISOString(),
    host: hostname(),
    version,
    gateway: gateway?.facts.gateway ?? null,
    server: server ? `${server.facts.host}:${server.facts.port}` : null,
    checks: [
      ...(gateway?.checks ?? Object.values(GATEWAY_CONTROLS).map((control) => elsewhere(control, '--gateway-config'))),
      ...(door
        ? await proveStrangersRefused(door, known)
        : Object.values(DOOR_CONTROLS).map((control) => elsewhere(control, '--server-config'))),
      ...(server?.checks ?? []),
      ...(server
        ? await proveServerAccount(new ServerApi(server.facts.console), digests)
        : Object.values(SERVER_CONTROLS).map((control) => elsewhere(control, '--server-config'))),
    ],
  };
  return { report, signer: gatewayKey ?? serverKey };
}

/** Where gateways knock: the gateway's way to it, where that is known. Behind a diode there is no door to knock at. */
function doorOf(gateway: GatewayFacts | undefined, server: ServerFacts | undefined): Door | undefined {
  if (gateway && !gateway.diode) return gateway;
  if (!server) return undefined;
  const address = EVERY_ADDRESS[server.host] ?? server.host;
  return { host: address, port: server.port, serverName: address };
}

function elsewhere(control: Control, option: string): Check {
  return { ...control, did: 'nothing', seen: `run it there with ${option}`, verdict: 'elsewhere' };
}

function askSide<Facts>(program: string, config: string): Promise<SideReport<Facts> | undefined> {
  return new Promise((resolve) => {
    const args = [program, 'selftest', '--config', config];
    execFile(process.execPath, args, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
      process.stderr.write(stderr);
      resolve(error ? undefined : (JSON.parse(stdout) as SideReport<Facts>));
    });
  });
}

async function readCredentials(directory: string): Promise<Credentials | undefined> {
  try {
    const [key, cert] = await Promise.all(
      [IDENTITY_FILES.key, IDENTITY_FILES.cert].map((file) => readFile(join(directory, file), 'utf8')),
    );
    return { key, cert };
  } catch {
    return undefined;
  }
}
