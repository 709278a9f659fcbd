/** What tests of media need: a guard that lets Modbus reads pass, lines that are closed afterwards, and what they reported. */

import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { dissectModbusTcpRequest } from '@tidegate/dissect/modbus/dissectModbus.ts';
import type { LineOpener, Link, Tap } from '../link.ts';
import type { Medium } from '../medium.ts';
import { guardedOpener, tapOpener } from '../openLine.ts';
import { createWriteGuard } from '../writeGuard.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
export const READ = bytesOf('000100000006010300000001');
export const OTHER_READ = bytesOf('000200000006010400100002');
export const WRITE = bytesOf('000100000006010600000001');

/** Lets two of the reads pass, to unit 1. */
export const readGuard = createWriteGuard(
  {
    protocol: 'modbus-tcp',
    title: 'Modbus TCP',
    media: ['tcp', 'listen', 'serial'],
    defaultPort: 502,
    outbound: [
      { service: 'read holding registers', effect: 'read' },
      { service: 'read input registers', effect: 'read' },
    ],
    reports: 'every scan',
  },
  dissectModbusTcpRequest,
  [{ station: 1, options: [] }],
);

export class LinkRig {
  readonly events: PlantEvent[] = [];
  readonly #closers: (() => unknown)[] = [];

  /** Run in the opposite order by `close`. */
  onClose(close: () => unknown): void {
    this.#closers.push(close);
  }

  link(medium: Medium, clock: Clock = systemClock): LineOpener<Link> {
    return this.#kept(guardedOpener('line-1', medium, readGuard, this.#ports(clock)));
  }

  tap(medium: Medium, clock: Clock = systemClock): LineOpener<Tap> {
    return this.#kept(tapOpener('line-1', medium, this.#ports(clock)));
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  #ports(clock: Clock) {
    return { clock, events: (event: PlantEvent) => this.events.push(event) };
  }

  #kept<L extends Tap>(opener: LineOpener<L>): LineOpener<L> {
    this.onClose(() => opener.close());
    return {
      open: async (signal) => {
        const opened = await opener.open(signal);
        if (opened.ok) this.onClose(() => opened.value.close());
        return opened;
      },
      close: () => opener.close(),
    };
  }
}

/** The value, where it is certain that there is one. */
export async function valueIn<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(`${settled.fault.code}: ${settled.fault.detail}`);
  return settled.value;
}

/** Opens a line that can be opened. */
export function opened<L extends Tap>(opener: LineOpener<L>): Promise<L> {
  return valueIn(opener.open(new AbortController().signal));
}

/** All that comes until `length` bytes are there, as text of single bytes. */
export async function heard(tap: Tap, length: number): Promise<string> {
  let text = '';
  while (text.length < length) text += Buffer.from(await valueIn(tap.receive(5_000))).toString('latin1');
  return text;
}
