/** An OPC UA server that others wrote, node-opcua, in this process: one folder of variables, and a machine that reports events. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DataType,
  MessageSecurityMode,
  type Namespace,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type UAObject,
  type UAVariable,
  VariantArrayType,
} from 'node-opcua';

export interface PlantServer {
  readonly server: OPCUAServer;
  readonly port: number;
  readonly namespace: Namespace;
  readonly machine: UAObject;
  /** A variable `ns=1;s=<name>`. */
  add(name: string, value: PlantValue): UAVariable;
  stop(): Promise<void>;
}

export interface PlantValue {
  readonly dataType: keyof typeof DataType;
  readonly value: unknown;
  readonly arrayType?: VariantArrayType;
}

export interface PlantServerOptions {
  /** The one that is free where absent. */
  readonly port?: number;
  readonly maxNodesPerRead?: number;
  readonly maxMonitoredItemsPerCall?: number;
  readonly anonymous?: boolean;
}

/** Keys that nobody uses: without security none are wanted. */
const KEYS = join(tmpdir(), 'tidegate-test-opcua-keys');

export async function startPlantServer(options: PlantServerOptions = {}): Promise<PlantServer> {
  const serverCertificateManager = new OPCUACertificateManager({
    rootFolder: KEYS,
    automaticallyAcceptUnknownCertificate: true,
  });
  const server = new OPCUAServer({
    port: options.port ?? 0,
    hostname: '127.0.0.1',
    nodeset_filename: [nodesets.standard],
    serverCertificateManager,
    securityModes: [MessageSecurityMode.None],
    securityPolicies: [SecurityPolicy.None],
    allowAnonymous: options.anonymous ?? true,
    isAuditing: false,
    serverCapabilities: {
      maxSubscriptionsPerSession: 10,
      operationLimits: {
        maxNodesPerRead: options.maxNodesPerRead ?? 0,
        maxMonitoredItemsPerCall: options.maxMonitoredItemsPerCall ?? 0,
      },
    },
  });
  await server.initialize();
  const { addressSpace } = server.engine;
  if (!addressSpace) throw new Error('the server has no address space');
  const namespace = addressSpace.getOwnNamespace();
  const machine = namespace.addObject({
    browseName: 'Machine',
    organizedBy: addressSpace.rootFolder.objects,
    eventSourceOf: addressSpace.rootFolder.objects.server,
    eventNotifier: 1,
  });
  await server.start();
  return {
    server,
    port: server.endpoints[0].port,
    namespace,
    machine,
    add(name, { dataType, value, arrayType }) {
      const variant = { dataType: DataType[dataType], value, ...(arrayType === undefined ? {} : { arrayType }) };
      return namespace.addVariable({
        componentOf: machine,
        browseName: name,
        nodeId: `s=${name}`,
        dataType: DataType[dataType],
        ...(arrayType === VariantArrayType.Array ? { valueRank: 1 } : {}),
        value: variant as never,
      });
    },
    stop: () => server.shutdown(0),
  };
}
