/** The example's configurations with the ports and directories of one run, every other line and comment as it was. */

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { type Document, isScalar, parseDocument, visit } from 'yaml';
import { EXAMPLE, STATION_EXAMPLE } from '../repository.ts';
import type { LaunchOptions } from './launchOptions.ts';
import type { RuntimeDirectory } from './runtimeDirectory.ts';

/** The keys of the examples that name a file beside them. */
const FILE_KEYS: readonly string[] = ['tags', 'recording', 'policy', 'model'];

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
export async function writePlantGateway(
  directory: RuntimeDirectory,
  options: LaunchOptions,
  certificates: Readonly<Record<string, string>>,
): Promise<string> {
  const document = await readExample(EXAMPLE.gateway);
  document.setIn(['dataDirectory'], directory.gatewayData);
  for (const [index, port] of options.plantPorts.entries()) document.setIn(['devices', index, 'port'], port);
  // One policy holds for the server and all of its gateways.
  document.setIn(['policy'], await policyOf(options));
  return await writeGateway(document, options, certificates, join(directory.path, 'gateway.yaml'));
}

/** As `writePlantGateway`, for the station: its trains are behind a line, its utilities the device behind them. */
export async function writeStationGateway(
  directory: RuntimeDirectory,
  options: LaunchOptions,
  certificates: Readonly<Record<string, string>>,
): Promise<string> {
  const [modbusPort, opcUaPort] = options.stationPorts;
  const document = await readExample(STATION_EXAMPLE.gateway);
  document.setIn(['dataDirectory'], directory.stationGatewayData);
  document.setIn(['lines', 0, 'port'], modbusPort);
  const devices = document.toJS().devices as { readonly protocol: string }[];
  const utilities = devices.findIndex(({ protocol }) => protocol === 'opc-ua');
  document.setIn(['devices', utilities, 'port'], opcUaPort);
  return await writeGateway(document, options, certificates, join(directory.path, 'station-gateway.yaml'));
}

/** The server goes by the policy of the gateways that will be started, if they have one. Gives the file that was written. */
export async function writeServerConfiguration(
  directory: RuntimeDirectory,
  options: LaunchOptions,
  certificates: string,
): Promise<string> {
  const document = await readExample(startsStation(options) ? STATION_EXAMPLE.server : EXAMPLE.server);
  document.setIn(['dataDirectory'], directory.serverData);
  document.setIn(['boundary', 'port'], options.boundaryPort);
  document.setIn(['boundary', 'certificates'], certificates);
  document.setIn(['console', 'port'], options.consolePort);
  const policy = await policyOf(options);
  if (policy === undefined) document.deleteIn(['boundary', 'policy']);
  else document.setIn(['boundary', 'policy'], policy);
  return await write(document, join(directory.path, 'server.yaml'));
}

export function startsStation({ stationPorts }: LaunchOptions): boolean {
  return stationPorts.length > 0;
}

async function policyOf(options: LaunchOptions): Promise<string | undefined> {
  const gateway = startsStation(options) ? STATION_EXAMPLE.gateway : (options.gatewayConfig ?? EXAMPLE.gateway);
  const policy = await readText(gateway, 'policy');
  return policy === undefined ? undefined : resolve(dirname(gateway), policy);
}

/** What lies beside the example, such as tag lists and recordings, does not lie beside the copy. */
async function readExample(file: string): Promise<Document> {
  const document = parseDocument(await readFile(file, 'utf8'));
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !FILE_KEYS.includes(String(key.value)) || !isScalar(value)) return;
      value.value = resolve(dirname(file), String(value.value));
    },
  });
  return document;
}

async function writeGateway(
  document: Document,
  { boundaryPort }: LaunchOptions,
  certificates: Readonly<Record<string, string>>,
  file: string,
): Promise<string> {
  document.setIn(['server', 'port'], boundaryPort);
  document.setIn(['server', 'certificates'], certificates[String(document.get('gateway'))]);
  return await write(document, file);
}

async function write(document: Document, file: string): Promise<string> {
  await writeFile(file, document.toString());
  return file;
}
