/** Modbus TCP: the driver as the device sees it. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { DeviceReader, Driver, DriverPorts, Link, ReadLimits, TaggedPoint } from '../../driver.ts';
import { manifest } from './manifest.ts';
import { DEFAULT_MAX_GAP, MAX_REGISTERS, type PlannedPoint } from './plan.ts';
import { type DataType, parsePointWithin } from './points.ts';
import { PollGroup } from './pollGroup.ts';
import { ModbusSession } from './session.ts';

export const modbusDriver: Driver = {
  manifest,
  checkPoint(spec, limits) {
    const point = parsePointWithin(spec, limits?.maxRegisters);
    return point.ok ? success({ type: typeOf(point.value.dataType) }) : point;
  },
  prepare(device, classes, limits, ports) {
    return new ModbusReader(device, classes, limits, ports);
  },
};

function typeOf(dataType: DataType) {
  if (dataType === 'bool') return 'boolean';
  return dataType === 'string' ? 'string' : 'number';
}

class ModbusReader implements DeviceReader {
  readonly groups: readonly PollGroup[];
  readonly #limits: ReadLimits;
  readonly #ports: DriverPorts;
  #session: ModbusSession | undefined;
  #transaction = 0;
  /** Counts up to the block with which the device is greeted. */
  #greeting = 0;
  #discardedBefore = 0;

  constructor(device: string, classes: readonly (readonly TaggedPoint[])[], limits: ReadLimits, ports: DriverPorts) {
    this.#limits = limits;
    this.#ports = ports;
    const planLimits = {
      maxGap: limits.maxGap ?? DEFAULT_MAX_GAP,
      maxRegisters: Math.min(limits.maxRegisters ?? MAX_REGISTERS, MAX_REGISTERS),
    };
    const session = () => this.#currentSession();
    this.groups = classes.map((points) => {
      const planned = points.map((point) => plannedPoint(point, planLimits.maxRegisters));
      return new PollGroup(planned, planLimits, { device, ...ports, session });
    });
  }

  get discardedAnswers(): number {
    return this.#discardedBefore + (this.#session?.discarded ?? 0);
  }

  get defect(): string | undefined {
    return this.groups.find((group) => group.defect !== undefined)?.defect;
  }

  /**
   * Modbus has no greeting: a block is read and forgotten. A refusal shows as well that the device is there. Some devices
   * meet what they do not know with silence, so after a failure it is the turn of another block.
   */
  async connected(link: Link): Promise<Result<void>> {
    const { unit, timeoutMs } = this.#limits;
    const session = new ModbusSession(link, unit, timeoutMs, this.#ports.clock, this.#transaction);
    this.#session = session;
    const blocks = this.groups.flatMap((group) => group.blocks);
    if (blocks.length === 0) return success(undefined);
    const outcome = await session.read(blocks[this.#greeting % blocks.length]);
    if (outcome.kind !== 'lost') return success(undefined);
    this.#greeting++;
    return { ok: false, fault: outcome.fault };
  }

  disconnected(): void {
    if (!this.#session) return;
    this.#transaction = this.#session.transaction;
    this.#discardedBefore += this.#session.discarded;
    this.#session = undefined;
  }

  #currentSession(): ModbusSession {
    if (!this.#session) throw new Error('a read without a connection');
    return this.#session;
  }
}

function plannedPoint(point: TaggedPoint, maxRegisters: number): PlannedPoint {
  const parsed = parsePointWithin(point, maxRegisters);
  if (!parsed.ok) throw new Error(`point ${point.address} was not checked: ${parsed.fault.detail}`);
  return { ...parsed.value, tag: point.tag };
}
