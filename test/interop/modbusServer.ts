/** The Modbus servers of other people, and what our driver ought to make of what stands in them. */

import { STATUS, statusName } from '@tidegate/core/sample/statusCode.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { Peer } from './peer.ts';
import { PtyPair } from './ptyPair.ts';
import { serial, type TestedDevice, tcp } from './testedLine.ts';

/** What a server has put at an address. Numbers are told as text, because JSON has no 64-bit integers. */
export interface ServedPoint {
  readonly address: string;
  readonly type: string;
  readonly order?: string;
  readonly value: string;
}

interface Ready {
  readonly port: number | null;
  readonly points: Readonly<Record<string, readonly ServedPoint[]>>;
}

export type ModbusTransport = 'tcp' | 'rtu' | 'ascii' | 'rtu-tcp' | 'ascii-tcp';

/** The protocol in our configuration for each transport of a server. */
const PROTOCOL_OF: Readonly<Record<ModbusTransport, string>> = {
  tcp: 'modbus-tcp',
  rtu: 'modbus-rtu',
  ascii: 'modbus-ascii',
  'rtu-tcp': 'modbus-rtu',
  'ascii-tcp': 'modbus-ascii',
};

/** Registers from here on hold their own address plus 1000 times the unit, in every unit of `pymodbusServer`. */
export const OWN_START = 2_000;

export class ModbusServer {
  readonly medium: Medium;
  readonly protocol: string;
  readonly #peer: Peer<Ready>;
  readonly #line: PtyPair | undefined;

  private constructor(peer: Peer<Ready>, transport: ModbusTransport, line: PtyPair | undefined) {
    this.#peer = peer;
    this.#line = line;
    this.protocol = PROTOCOL_OF[transport];
    this.medium = line ? serial(line.ends[1]) : tcp(peer.ready.port!);
  }

  static async start(program: string, transport: ModbusTransport, settings: object): Promise<ModbusServer> {
    const line = transport === 'rtu' || transport === 'ascii' ? await PtyPair.start() : undefined;
    const peer = await Peer.start<Ready>(program, { transport, path: line?.ends[0], ...settings });
    return new ModbusServer(peer, transport, line);
  }

  /** What stands in a unit. */
  points(unit: number): readonly ServedPoint[] {
    return this.#peer.ready.points[unit];
  }

  async delay(ms: number): Promise<void> {
    await this.#peer.ask('delay', { ms });
  }

  /** With what exception reads by `fc` that touch `address` are answered from now on. */
  async refuse(unit: number, fc: number, address: number, code: number | null): Promise<void> {
    await this.#peer.ask('refuse', { unit, function: fc, address, code });
  }

  requests(): Promise<number> {
    return this.#peer.ask<number>('requests');
  }

  async stop(): Promise<void> {
    await Promise.all([this.#peer.stop(), this.#line?.stop()]);
  }
}

/** Reads all that stands in a unit. */
export function unitDevice(unit: number, points: readonly ServedPoint[]): TestedDevice {
  return {
    name: `unit-${unit}`,
    options: { unit },
    points: points.map(({ address, type, order }) => ({
      address,
      dataType: type,
      ...(order === undefined ? {} : { wordOrder: order }),
    })),
  };
}

/** The value and the status that a point must get: that of the server, to the last bit. */
export function expectedOf({ type, value }: ServedPoint): { value: number | string; status: string } {
  if (type === 'string') return { value, status: statusName(STATUS.Good) };
  const number = Number(value);
  // A double holds no integer beyond 2^53 for certain: the nearest one comes, and its status says so.
  const isRounded = type.endsWith('int64') && !Number.isSafeInteger(number);
  return { value: number, status: statusName(isRounded ? STATUS.UncertainDataSubNormal : STATUS.Good) };
}
