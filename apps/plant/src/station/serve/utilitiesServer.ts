/** Utilities, substation and weather as an OPC UA server of node-opcua, which can only be read. */

import {
  AccessLevelFlag,
  DataType,
  MessageSecurityMode,
  makeEUInformation,
  type Namespace,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  type UAObject,
  type UAObjectsFolder,
  type UAVariable,
} from 'node-opcua';
import { SENSOR_GOOD } from '../signals/sensor.ts';
import { SIGNALS, type Signal } from '../signals/signalCatalogue.ts';

/** Loopback only: the server lets anybody in, and this plant is for one machine. */
const HOST = '127.0.0.1';
const STATION_NAMESPACE = 'urn:acme:north:station';
/** Common codes of UNECE Recommendation 20, which EngineeringUnits want (OPC UA Part 8, 5.6.4.3). */
const UNIT_CODES: Readonly<Record<string, string>> = {
  Cel: 'CEL',
  kPa: 'KPA',
  kW: 'KWT',
  V: 'VLT',
  A: 'AMP',
  'm3/h': 'MQH',
  '%': 'P1',
};

/** Limits of the exclusive level alarms (OPC UA Part 9, 5.8.14), in the unit of the variable they watch. */
const ALARMS = [
  { name: 'bus-undervoltage', input: 'substation/bus-voltage', lowLow: 21.6, low: 23.1, high: 25.5, highHigh: 27 },
  ...[1, 2].map((number) => ({
    name: `power-supply-${number}-failure`,
    input: `substation/power-supply-${number}/output-voltage`,
    lowLow: 20,
    low: 22,
    high: 25.5,
    highHigh: 27,
  })),
] as const;

/** Of a signal that this server has, `substation/bus-voltage`; `undefined` of those of the trains. */
export function nodeNameOf({ path }: Signal): string | undefined {
  if (path.startsWith('compression/')) return undefined;
  return path.replace(/^utilities\//, '');
}

export interface UtilitiesOptions {
  readonly port: number;
  /** Where keys and certificates are kept, and made where there are none. */
  readonly certificates: string;
}

interface Point {
  readonly variable: UAVariable;
  readonly dataType: DataType;
  /** Among `SIGNALS`. */
  readonly index: number;
}

export class UtilitiesServer {
  readonly #server: OPCUAServer;
  readonly #points: readonly Point[];

  private constructor(server: OPCUAServer, points: readonly Point[]) {
    this.#server = server;
    this.#points = points;
  }

  /** Listens on the loopback address; rejects with the error of `listen`. */
  static async start({ port, certificates }: UtilitiesOptions): Promise<UtilitiesServer> {
    const manager = new OPCUACertificateManager({
      rootFolder: certificates,
      automaticallyAcceptUnknownCertificate: true,
    });
    const server = new OPCUAServer({
      host: HOST,
      hostname: HOST,
      port,
      nodeset_filename: [nodesets.standard],
      serverInfo: { applicationUri: STATION_NAMESPACE, applicationName: { text: 'Compressor station North' } },
      serverCertificateManager: manager,
      userCertificateManager: manager,
      securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
      securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
      allowAnonymous: true,
    });
    await server.initialize();
    const { addressSpace } = server.engine;
    if (addressSpace === null) throw new Error('the OPC UA server has no address space');
    const namespace = addressSpace.registerNamespace(`${STATION_NAMESPACE}:signals`);
    addressSpace.installAlarmsAndConditionsService();
    const points = addPoints(namespace, addressSpace.rootFolder.objects);
    await server.start();
    return new UtilitiesServer(server, points);
  }

  get sessions(): number {
    return this.#server.currentSessionCount;
  }

  /** `values` and `statuses` in the order of `SIGNALS`. */
  publish(values: Float64Array, statuses: Uint32Array): void {
    const now = new Date();
    for (const { variable, dataType, index } of this.#points) {
      const isGood = statuses[index] === SENSOR_GOOD;
      const value = dataType === DataType.Boolean ? values[index] === 1 : isGood ? values[index] : 0;
      variable.setValueFromSource({ dataType, value }, isGood ? StatusCodes.Good : StatusCodes.BadSensorFailure, now);
    }
  }

  async stop(): Promise<void> {
    await this.#server.shutdown(0);
    this.#server.dispose();
  }
}

function addPoints(namespace: Namespace, objects: UAObjectsFolder): Point[] {
  const folders = new Map<string, UAObject>();
  const folderOf = (name: string): UAObject => {
    const known = folders.get(name);
    if (known) return known;
    const folder = namespace.addObject({
      browseName: name.slice(name.lastIndexOf('/') + 1),
      nodeId: `s=${name}`,
      ...(name.includes('/')
        ? { componentOf: folderOf(parentOf(name)) }
        : { organizedBy: objects, eventSourceOf: objects.server }),
      eventNotifier: 1,
    });
    folders.set(name, folder);
    return folder;
  };
  const points = SIGNALS.flatMap((signal, index) => {
    const name = nodeNameOf(signal);
    return name === undefined ? [] : [addPoint(namespace, folderOf(parentOf(name)), name, signal, index)];
  });
  addAlarms(namespace, folderOf('substation'), points);
  return points;
}

function addPoint(namespace: Namespace, folder: UAObject, name: string, signal: Signal, index: number): Point {
  const dataType = signal.kind === 'boolean' ? DataType.Boolean : DataType.Double;
  const node = {
    componentOf: folder,
    browseName: name.slice(name.lastIndexOf('/') + 1),
    nodeId: `s=${name}`,
    description: signal.description,
    dataType,
    accessLevel: AccessLevelFlag.CurrentRead,
    userAccessLevel: AccessLevelFlag.CurrentRead,
    minimumSamplingInterval: 100,
  };
  const variable =
    signal.kind === 'boolean'
      ? namespace.addVariable(node)
      : namespace.addAnalogDataItem({
          ...node,
          engineeringUnitsRange: { low: signal.low, high: signal.high },
          engineeringUnits: makeEUInformation(UNIT_CODES[signal.unit], signal.unit, signal.unit),
        });
  return { variable, dataType, index };
}

function addAlarms(namespace: Namespace, source: UAObject, points: readonly Point[]): void {
  for (const { name, input, lowLow, low, high, highHigh } of ALARMS) {
    const point = points.find(({ variable }) => variable.nodeId.value === input);
    if (point === undefined) throw new Error(`there is no variable ${input} for the alarm ${name}`);
    const alarm = namespace.instantiateExclusiveLimitAlarm('ExclusiveLevelAlarmType', {
      browseName: name,
      nodeId: `s=substation/alarms/${name}`,
      componentOf: source,
      conditionSource: source,
      inputNode: point.variable,
      conditionName: name,
      lowLowLimit: lowLow,
      lowLimit: low,
      highLimit: high,
      highHighLimit: highHigh,
    });
    alarm.setEnabledState(true);
  }
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}
