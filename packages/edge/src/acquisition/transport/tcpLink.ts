/** The TCP connection to a device: the only code on the OT side that holds a socket, which nothing else ever sees. */

import { connect, type Socket } from 'node:net';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Link } from '../driver.ts';
import type { GuardedFrame, WriteGuard } from './writeGuard.ts';

export interface TcpTarget {
  /** The device, as events name it. */
  readonly device: string;
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
}

export interface LinkPorts {
  readonly clock: Clock;
  readonly events: EventSink;
  readonly guard: WriteGuard;
}

/** The first probe of an idle connection; the operating system sends it, so a pulled cable is noticed between scans. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A device that sends more than this without being read floods us: it is cut off. */
const MAX_WAITING_BYTES = 1024 * 1024;

type Waiter = (result: Result<Uint8Array>) => void;

/** Why a connection did not come about, as half a sentence. A name with several addresses gives an error without message. */
export function connectDefect(error: NodeJS.ErrnoException): string {
  const { code, message } = error;
  switch (code) {
    case 'ECONNREFUSED':
      return `takes no connection (${code}): nothing listens on this port, or a firewall refuses it`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `cannot be reached (${code})`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `is a name that cannot be resolved (${code})`;
    default:
      return `cannot be connected to (${message || code})`;
  }
}

/** Faults: `link.connect` (refused, unreachable, unknown name, no answer in time, or `signal` aborted). */
export function openTcpLink(target: TcpTarget, ports: LinkPorts, signal?: AbortSignal): Promise<Result<Link>> {
  const where = `${target.host}:${target.port}`;
  if (signal?.aborted) return Promise.resolve(failure('link.connect', `stopped before connecting to ${where}`));
  return new Promise((resolve) => {
    const socket = connect({ host: target.host, port: target.port, noDelay: true });
    socket.setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
    const settle = (result: Result<Link>) => {
      cancelTimeout();
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('connect', onConnect);
      if (!result.ok) {
        socket.on('error', () => {});
        socket.destroy();
      }
      resolve(result);
    };
    const onAbort = () => settle(failure('link.connect', `stopped while connecting to ${where}`));
    const onError = (error: Error) => settle(failure('link.connect', `${where} ${connectDefect(error)}`));
    const onConnect = () => settle(success(new TcpLink(socket, target, ports)));
    const cancelTimeout = ports.clock.after(target.connectTimeoutMs, () => {
      settle(failure('link.connect', `${where} did not answer within ${target.connectTimeoutMs} ms`));
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('connect', onConnect);
  });
}

class TcpLink implements Link {
  readonly closed: Promise<Fault>;
  readonly #socket: Socket;
  readonly #target: TcpTarget;
  readonly #ports: LinkPorts;
  readonly #resolveClosed: (fault: Fault) => void;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #waiter: Waiter | undefined;
  #cancelTimer: CancelTimer | undefined;
  #end: Fault | undefined;

  constructor(socket: Socket, target: TcpTarget, ports: LinkPorts) {
    this.#socket = socket;
    this.#target = target;
    this.#ports = ports;
    const { promise, resolve } = Promise.withResolvers<Fault>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    socket.on('data', (bytes: Buffer) => this.#arrived(bytes));
    socket.on('error', (error) => this.#finish(`the connection failed: ${error.message}`));
    socket.on('end', () => this.#finish('the device closed the connection'));
    socket.on('close', () => this.#finish('the connection closed'));
  }

  send(frame: Uint8Array): Result<void> {
    if (this.#end) return { ok: false, fault: this.#end };
    const guarded = this.#ports.guard.check(frame);
    if (!guarded.ok) {
      this.#finish('the guard refused a frame');
      const { clock, events } = this.#ports;
      const { device } = this.#target;
      events({ at: clock.now(), kind: 'guard.refused', source: device, detail: guarded.fault.detail });
      return guarded;
    }
    this.#write(guarded.value);
    return success(undefined);
  }

  receive(withinMs: number): Promise<Result<Uint8Array>> {
    if (this.#waiter) throw new Error('two readers of one link');
    if (this.#waiting.length > 0) return Promise.resolve(success(this.#takeWaiting()));
    if (this.#end) return Promise.resolve({ ok: false, fault: this.#end });
    const { promise, resolve } = Promise.withResolvers<Result<Uint8Array>>();
    this.#waiter = resolve;
    this.#cancelTimer = this.#ports.clock.after(withinMs, () => {
      this.#answer(failure('link.timeout', `no answer within ${Math.round(withinMs)} ms`));
    });
    return promise;
  }

  close(): void {
    this.#finish('closed by the gateway');
  }

  /** The only write to a device medium in the gateway. */
  #write(frame: GuardedFrame): void {
    this.#socket.write(frame);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.#end) return;
    if (this.#waiter) {
      this.#answer(success(bytes));
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#finish('the device sends what nobody asked for');
  }

  #takeWaiting(): Uint8Array {
    const bytes = this.#waiting.length === 1 ? this.#waiting[0] : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return bytes;
  }

  #answer(result: Result<Uint8Array>): void {
    const waiter = this.#waiter;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#waiter = undefined;
    waiter?.(result);
  }

  /** The socket is destroyed and not ended: nothing that is still unsent, or arrives late, may have any effect. */
  #finish(detail: string): void {
    if (this.#end) return;
    this.#end = { code: 'link.closed', detail };
    this.#socket.destroy();
    this.#answer({ ok: false, fault: this.#end });
    this.#resolveClosed(this.#end);
  }
}
