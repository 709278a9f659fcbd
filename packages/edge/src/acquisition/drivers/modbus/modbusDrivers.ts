/** Modbus TCP, RTU and ASCII: three drivers, which differ in how a question is wrapped and its answer recognised. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import {
  dissectModbusAsciiRequest,
  dissectModbusRtuRequest,
  dissectModbusTcpRequest,
} from '@tidegate/dissect/modbus/dissectModbus.ts';
import type { DeviceSpec, Driver, DriverPorts, LineReader, PointSpec, PointTraits } from '../../driver.ts';
import type { Link } from '../../transport/link.ts';
import { asciiFraming } from './framing/asciiFraming.ts';
import type { LineFraming } from './framing/framing.ts';
import { rtuFraming } from './framing/rtuFraming.ts';
import { tcpFrameBytes } from './framing/tcpFraming.ts';
import { LineTime, networkRequestCostBytes } from './lineTime.ts';
import { asciiManifest, rtuManifest, tcpManifest } from './manifest.ts';
import { ModbusUnit } from './modbusUnit.ts';
import { type ModbusOptions, type SerialOptions, serialOptions, type TcpOptions, tcpOptions } from './options.ts';
import { BITS_PER_REGISTER, MAX_BITS, type PlanLimits } from './plan.ts';
import { parsePointWithin } from './points.ts';
import { SerialSession } from './serialSession.ts';
import type { ModbusSession } from './session.ts';
import { Station } from './station.ts';
import { TcpSession } from './tcpSession.ts';

export const modbusTcpDriver: Driver<TcpOptions> = {
  manifest: tcpManifest,
  options: tcpOptions,
  dissect: dissectModbusTcpRequest,
  stationOf: ({ unit }) => unit,
  checkPoint,
  prepare(devices, ports) {
    const session = new TcpSession(ports.clock);
    const frameBytes = tcpFrameBytes;
    const units = devices.map((device) => {
      const { pipeline } = device.options;
      const limits = limitsOf(device.options, networkRequestCostBytes(pipeline), false);
      return new ModbusUnit({ device, ports, station: stationOf(device), session, limits, pipeline, frameBytes });
    });
    return new ModbusLine(units, session);
  },
};

export const modbusRtuDriver: Driver<SerialOptions> = {
  manifest: rtuManifest,
  options: serialOptions,
  dissect: dissectModbusRtuRequest,
  stationOf: ({ unit }) => unit,
  checkPoint,
  prepare: (devices, ports) => prepareSerial(devices, ports, rtuFraming),
};

export const modbusAsciiDriver: Driver<SerialOptions> = {
  ...modbusRtuDriver,
  manifest: asciiManifest,
  dissect: dissectModbusAsciiRequest,
  prepare: (devices, ports) => prepareSerial(devices, ports, asciiFraming),
};

class ModbusLine implements LineReader {
  readonly devices: readonly ModbusUnit[];
  readonly #session: ModbusSession;

  constructor(units: readonly ModbusUnit[], session: ModbusSession) {
    this.devices = units;
    this.#session = session;
  }

  connected(link: Link): void {
    this.#session.connected(link);
    for (const unit of this.devices) unit.connected();
  }

  disconnected(): void {
    this.#session.disconnected();
  }
}

function prepareSerial(
  devices: readonly DeviceSpec<SerialOptions>[],
  ports: DriverPorts,
  framing: LineFraming,
): LineReader {
  const { clock, bitRate } = ports;
  const time = new LineTime(framing, bitRate);
  const stations = devices.map(stationOf);
  // The device that needs the longest pause sets it for all, as each hears what is sent to the others.
  const turnaroundMs = Math.max(0, ...devices.map(({ options }) => options.turnaround));
  const ownPort = bitRate !== undefined;
  const session = new SerialSession({ clock, framing, time, stations, turnaroundMs, ownPort });
  const frameBytes = framing.characters;
  const units = devices.map((device, index) => {
    const limits = limitsOf(device.options, time.requestCostBytes, true);
    return new ModbusUnit({ device, ports, station: stations[index], session, limits, pipeline: 1, frameBytes });
  });
  return new ModbusLine(units, session);
}

function stationOf({ options, timeoutMs }: DeviceSpec<ModbusOptions>): Station {
  return new Station({ unit: options.unit, timeoutMs });
}

/** A device that takes few registers takes no more bytes of coils, unless it says so. */
function limitsOf(options: ModbusOptions, requestCostBytes: number, echoes: boolean): PlanLimits {
  const { maxGap = Number.POSITIVE_INFINITY, maxRegisters, maxCoils, merge } = options;
  const maxBits = maxCoils ?? Math.min(MAX_BITS, maxRegisters * BITS_PER_REGISTER);
  return { maxGap, maxRegisters, maxBits, merge, requestCostBytes, echoes };
}

function checkPoint(spec: PointSpec, { maxRegisters }: ModbusOptions): Result<PointTraits> {
  const point = parsePointWithin(spec, maxRegisters);
  if (!point.ok) return point;
  const { dataType } = point.value;
  const type: TagType = dataType === 'bool' ? 'boolean' : dataType === 'string' ? 'string' : 'number';
  return success({ type });
}
