/** Modbus: the driver as its line sees it. */

import { success } from '@tidegate/core/fault/fault.ts';
import { dissectModbusTcpRequest } from '@tidegate/dissect/modbus/dissectModbus.ts';
import type {
  DeviceReader,
  DeviceSpec,
  Driver,
  DriverPorts,
  Exchange,
  LineReader,
  TaggedPoint,
} from '../../driver.ts';
import type { Link } from '../../transport/link.ts';
import type { ReadRange } from './frame.ts';
import { manifest } from './manifest.ts';
import { type ModbusOptions, optionsSchema } from './options.ts';
import { DEFAULT_MAX_GAP, MAX_REGISTERS, type PlannedPoint } from './plan.ts';
import { type DataType, parsePointWithin } from './points.ts';
import { PollGroup } from './pollGroup.ts';
import { ModbusSession, type ReadOutcome } from './session.ts';

export const modbusDriver: Driver<ModbusOptions> = {
  manifest,
  options: optionsSchema,
  dissect: dissectModbusTcpRequest,
  stationOf: ({ unit }) => unit,
  checkPoint(spec, { maxRegisters }) {
    const point = parsePointWithin(spec, maxRegisters);
    return point.ok ? success({ type: typeOf(point.value.dataType) }) : point;
  },
  prepare: (devices, ports) => new ModbusLine(devices, ports),
};

function typeOf(dataType: DataType) {
  if (dataType === 'bool') return 'boolean';
  return dataType === 'string' ? 'string' : 'number';
}

class ModbusLine implements LineReader {
  readonly devices: readonly ModbusUnit[];
  readonly #ports: DriverPorts;
  #session: ModbusSession | undefined;
  /** Goes on from connection to connection. */
  #transaction = 0;

  constructor(devices: readonly DeviceSpec<ModbusOptions>[], ports: DriverPorts) {
    this.#ports = ports;
    this.devices = devices.map((device) => new ModbusUnit(device, ports, () => this.#currentSession()));
  }

  connected(link: Link): void {
    this.#session = new ModbusSession(link, this.#ports.clock, this.#transaction);
  }

  disconnected(): void {
    this.#transaction = this.#session?.transaction ?? this.#transaction;
    this.#session = undefined;
  }

  #currentSession(): ModbusSession {
    if (!this.#session) throw new Error('a read without a connection');
    return this.#session;
  }
}

class ModbusUnit implements DeviceReader {
  readonly groups: readonly PollGroup[];
  readonly #read: (range: ReadRange) => Promise<ReadOutcome>;
  /** Counts up to the block with which the device is greeted. */
  #greeting = 0;
  #discarded = 0;

  constructor(device: DeviceSpec<ModbusOptions>, ports: DriverPorts, session: () => ModbusSession) {
    const { name, options, timeoutMs } = device;
    this.#read = async (range) => {
      const current = session();
      const before = current.discarded;
      const outcome = await current.read({ unit: options.unit, timeoutMs }, range);
      this.#discarded += current.discarded - before;
      return outcome;
    };
    const planLimits = {
      maxGap: options.maxGap ?? DEFAULT_MAX_GAP,
      maxRegisters: Math.min(options.maxRegisters ?? MAX_REGISTERS, MAX_REGISTERS),
    };
    this.groups = device.classes.map(({ points }) => {
      const planned = points.map((point) => plannedPoint(point, planLimits.maxRegisters));
      return new PollGroup(planned, planLimits, { device: name, ...ports, read: this.#read });
    });
  }

  get discardedAnswers(): number {
    return this.#discarded;
  }

  get defect(): string | undefined {
    return this.groups.find((group) => group.defect !== undefined)?.defect;
  }

  /**
   * Modbus has no greeting: a block is read and forgotten. A refusal shows as well that the device is there. Some devices
   * meet what they do not know with silence, so after a failure it is the turn of another block.
   */
  async greet(): Promise<Exchange> {
    const blocks = this.groups.flatMap((group) => group.blocks);
    if (blocks.length === 0) return { outcome: 'answered' };
    const outcome = await this.#read(blocks[this.#greeting % blocks.length]);
    if (outcome.kind === 'data' || outcome.kind === 'exception') return { outcome: 'answered' };
    this.#greeting++;
    return { outcome: outcome.kind, fault: outcome.fault };
  }
}

function plannedPoint(point: TaggedPoint, maxRegisters: number): PlannedPoint {
  const parsed = parsePointWithin(point, maxRegisters);
  if (!parsed.ok) throw new Error(`point ${point.address} was not checked: ${parsed.fault.detail}`);
  return { ...parsed.value, tag: point.tag };
}
