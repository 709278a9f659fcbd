/** Takes turns on a connection: each end says one line of JSON, and waits for that of the other. */

import { createHmac } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@tidegate/core/clock/clock.ts';

export type Line = Readonly<Record<string, unknown>>;

const MAX_BYTES = 65_536;
const BINDING = { bytes: 32, label: 'EXPORTER-tidegate-enrolment' } as const;

export class LineSocket {
  readonly #socket: TLSSocket;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #received = Buffer.alloc(0);
  #wake: () => void = () => {};
  #ended = false;

  constructor(socket: TLSSocket, clock: Clock, timeoutMs: number) {
    this.#socket = socket;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on('error', end).on('end', end).on('close', end);
    socket.on('data', (chunk: Uint8Array) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      if (this.#received.length > MAX_BYTES) socket.destroy();
      this.#wake();
    });
  }

  /**
   * Shows that this end has `secret`, to the other end of this very connection (RFC 9266): of no use on another, whoever
   * hears it.
   */
  proof(secret: Uint8Array): Buffer {
    const binding = this.#socket.exportKeyingMaterial(BINDING.bytes, BINDING.label, Buffer.alloc(0));
    return createHmac('sha256', secret).update(binding).digest();
  }

  say(line: Line): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(line)}\n`);
  }

  /** `undefined` where the connection ends first, where too much comes or nothing in time, or what comes is no object. */
  async hear(): Promise<Line | undefined> {
    const cancel = this.#clock.after(this.#timeoutMs, () => this.#socket.destroy());
    try {
      for (;;) {
        const end = this.#received.indexOf('\n');
        if (end >= 0) {
          const text = this.#received.subarray(0, end).toString('utf8');
          this.#received = this.#received.subarray(end + 1);
          return objectOf(text);
        }
        if (this.#ended) return undefined;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      cancel();
    }
  }

  /** Sends what was said, and then closes. */
  end(): void {
    if (this.#socket.destroyed) return;
    const cancel = this.#clock.after(this.#timeoutMs, () => this.#socket.destroy());
    this.#socket.once('close', cancel).end();
  }
}

function objectOf(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}
