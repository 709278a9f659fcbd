/** The example's configurations with the ports and directories of one run, every other line and comment as it was. */

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { type Document, isScalar, parseDocument, visit } from 'yaml';
import { EXAMPLE } from '../repository.ts';
import type { LaunchOptions } from './launchOptions.ts';
import type { RuntimeDirectory } from './runtimeDirectory.ts';

/** The keys of the example that name a file beside it. */
const FILE_KEYS: readonly string[] = ['tags', 'recording', 'policy'];

/** The name that a gateway's configuration gives it; `undefined` where the file is not one, which the gateway will say. */
export async function readGatewayName(file: string): Promise<string | undefined> {
  return readText(file, 'gateway');
}

async function readText(file: string, key: string): Promise<string | undefined> {
  const { data } = await ConfigDocument.read(file);
  const value = (data as Readonly<Record<string, unknown>> | undefined)?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** `certificates` are directories by the name of a gateway. Gives the file that was written. */
export async function writeGatewayConfiguration(
  directory: RuntimeDirectory,
  { boundaryPort, plantPorts }: LaunchOptions,
  certificates: Readonly<Record<string, string>>,
): Promise<string> {
  const document = parseDocument(await readFile(EXAMPLE.gateway, 'utf8'));
  document.setIn(['dataDirectory'], directory.gatewayData);
  document.setIn(['server', 'port'], boundaryPort);
  document.setIn(['server', 'certificates'], certificates[String(document.get('gateway'))]);
  for (const [index, port] of plantPorts.entries()) document.setIn(['devices', index, 'port'], port);
  // Tag lists, recordings and the policy lie beside the example, which the copy does not.
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !FILE_KEYS.includes(String(key.value)) || !isScalar(value)) return;
      value.value = resolve(dirname(EXAMPLE.gateway), String(value.value));
    },
  });
  return await write(document, join(directory.path, 'gateway.yaml'));
}

/** The server goes by the policy of the gateway that will be started, if that has one. Gives the file that was written. */
export async function writeServerConfiguration(
  directory: RuntimeDirectory,
  { boundaryPort, consolePort, gatewayConfig = EXAMPLE.gateway }: LaunchOptions,
  certificates: string,
): Promise<string> {
  const document = parseDocument(await readFile(EXAMPLE.server, 'utf8'));
  document.setIn(['dataDirectory'], directory.serverData);
  document.setIn(['boundary', 'port'], boundaryPort);
  document.setIn(['boundary', 'certificates'], certificates);
  document.setIn(['console', 'port'], consolePort);
  const policy = await readText(gatewayConfig, 'policy');
  if (policy === undefined) document.deleteIn(['boundary', 'policy']);
  else document.setIn(['boundary', 'policy'], resolve(dirname(gatewayConfig), policy));
  return await write(document, join(directory.path, 'server.yaml'));
}

async function write(document: Document, file: string): Promise<string> {
  await writeFile(file, document.toString());
  return file;
}
