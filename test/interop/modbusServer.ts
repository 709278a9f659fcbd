/** The Modbus servers of other people, and what our driver ought to make of what stands in them. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
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

/** What `pymodbusServer` has beside its tables. */
export interface ModbusExtras {
  /** Objects by their ids. */
  readonly identity: Readonly<Record<number, string>>;
  readonly queue: { readonly address: number; readonly values: readonly number[] };
  readonly file: { readonly number: number; readonly records: readonly number[] };
}

export type ModbusTransport = 'tcp' | 'tls' | 'rtu' | 'ascii' | 'rtu-tcp' | 'ascii-tcp';

/** The protocol in our configuration for each transport of a server. */
const PROTOCOL_OF: Readonly<Record<ModbusTransport, string>> = {
  tcp: 'modbus-tcp',
  tls: 'modbus-tcp',
  rtu: 'modbus-rtu',
  ascii: 'modbus-ascii',
  'rtu-tcp': 'modbus-rtu',
  'ascii-tcp': 'modbus-ascii',
};

/** Registers from here on hold their own address plus 1000 times the unit, in every unit of `pymodbusServer`. */
export const OWN_START = 2_000;
const LOOK_MS = 10;

export class ModbusServer {
  readonly medium: Medium;
  readonly protocol: string;
  readonly #peer: Peer<Ready & ModbusExtras>;
  /** The serial line between it and us. */
  readonly line: PtyPair | undefined;

  private constructor(peer: Peer<Ready & ModbusExtras>, transport: ModbusTransport, line: PtyPair | undefined) {
    this.#peer = peer;
    this.line = line;
    this.protocol = PROTOCOL_OF[transport];
    this.medium = line ? serial(this.path) : tcp(this.port);
  }

  static async start(program: string, transport: ModbusTransport, settings: object): Promise<ModbusServer> {
    const line = transport === 'rtu' || transport === 'ascii' ? await PtyPair.start() : undefined;
    const peer = await Peer.start<Ready & ModbusExtras>(program, { transport, path: line?.ends[0], ...settings });
    return new ModbusServer(peer, transport, line);
  }

  /** Of a server over TCP. */
  get port(): number {
    return this.#peer.ready.port!;
  }

  /** The device file of a serial server's line. */
  get path(): string {
    return this.line!.ends[1];
  }

  get extras(): ModbusExtras {
    return this.#peer.ready;
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

  /** Resolves when the server has taken `count` requests in all. */
  async requested(count: number): Promise<void> {
    while ((await this.requests()) < count) await sleep(LOOK_MS);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#peer.stop(), this.line?.stop()]);
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
export function expectedOf({ type, value }: ServedPoint): { value: SampleValue; status: string } {
  if (type === 'string') return { value, status: 'Good' };
  // Devices write these where they have no number, and they would spoil every mean they enter.
  if (value === 'nan') return { value: null, status: 'BadNoData' };
  if (value.endsWith('inf')) return { value: null, status: 'BadOutOfRange' };
  const number = Number(value);
  // A double does not hold every integer beyond 2^53: the nearest one comes, and its status says so.
  const isRounded = type.endsWith('int64') && !Number.isSafeInteger(number);
  return { value: number, status: isRounded ? 'UncertainDataSubNormal' : 'Good' };
}
