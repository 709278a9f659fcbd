/** A serial port: opened for this process alone, and given up as soon as it is unplugged. */

import type { Duplex } from 'node:stream';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SerialPort } from 'serialport';
import type { SerialMedium } from './medium.ts';
import type { MediumOpener, OpenMedium } from './openMedium.ts';
import { serialDefect } from './serialDefect.ts';

/** Within this time an unplugged adapter is noticed. */
const PRESENCE_CHECK_MS = 1_000;

export class SerialLine implements MediumOpener<Duplex> {
  readonly #medium: SerialMedium;
  readonly #clock: Clock;
  readonly #purpose: 'ask' | 'listen';
  /** The last port is locked until it has been closed altogether. */
  #closed: Promise<void> = Promise.resolve();
  #end: (reason: string) => void = () => {};

  constructor(medium: SerialMedium, clock: Clock, purpose: 'ask' | 'listen') {
    this.#medium = medium;
    this.#clock = clock;
    this.#purpose = purpose;
  }

  async open(): Promise<Result<OpenMedium<Duplex>>> {
    await this.#closed;
    const { path, baudRate, dataBits, parity, stopBits } = this.#medium;
    // The library is native code: a gateway without a serial line never loads it.
    const { SerialPort } = await import('serialport');
    const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits, lock: true, autoOpen: false });
    const error = await new Promise<Error | null>((resolve) => port.open(resolve));
    if (error) return failure('link.connect', `${path} ${await serialDefect(error, this.#medium, SerialPort.list)}`);
    if (this.#purpose === 'listen') await silenceTransmitter(port);
    return success(this.#opened(port, await controlLines(port)));
  }

  close(): Promise<void> {
    this.#end('the line is closed');
    return this.#closed;
  }

  #opened(port: SerialPort, usual: string): OpenMedium<Duplex> {
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<void>();
    this.#closed = closed;
    this.#end = resolve;
    const gone = (reason: string) => resolve(`the serial port is gone (${reason})`);
    keepAwake(port);
    const stopWatching = watchPresence(port, usual, this.#clock, gone);
    port.on('error', (error) => gone(error.message));
    port.on('close', (error?: Error) => {
      gone(error?.message ?? 'closed');
      resolveClosed();
    });
    const release = () => {
      stopWatching();
      // What has not been sent is thrown away first: otherwise the operating system would send it while it closes the port.
      port.flush(() => port.close(() => resolveClosed()));
    };
    return { stream: port, ended, release };
  }
}

/**
 * Many RS-485 adapters switch their transmitter on by RTS, which every system raises when it opens a port: on a line that
 * is only overheard it would hold the bus. A port without control lines refuses, and has no such switch.
 */
function silenceTransmitter(port: SerialPort): Promise<void> {
  return new Promise((resolve) => port.set({ rts: false }, () => resolve()));
}

/**
 * The native part of the library calls back without letting promises go on (serialport/bindings-cpp#239): since Node.js
 * 26.4 a part of what comes would lie there until something else happens. An empty turn of the event loop is enough.
 */
function keepAwake({ port: binding }: SerialPort): void {
  if (!binding || !('poller' in binding)) return;
  const wake = () => setImmediate(() => {});
  binding.poller.on('readable', wake).on('writable', wake);
}

/**
 * Notices an unplugged adapter on a line on which nothing is sent. The library does not always: it may take the end that
 * the operating system then reports for silence, and ask again without pause. A port that is there answers the question
 * for its control lines as it did at first, if only by saying that it has none; one that is gone says something else.
 */
function watchPresence(port: SerialPort, usual: string, clock: Clock, gone: (reason: string) => void): CancelTimer {
  let watching = true;
  let cancel: CancelTimer = () => {};
  const watch = () => {
    cancel = clock.after(PRESENCE_CHECK_MS, async () => {
      const answer = await controlLines(port);
      if (answer !== usual) gone(answer);
      else if (watching) watch();
    });
  };
  watch();
  return () => {
    watching = false;
    cancel();
  };
}

/** What a port says when it is asked for its control lines: why it does not know, or nothing. */
function controlLines(port: SerialPort): Promise<string> {
  return new Promise((resolve) => port.get((error) => resolve(error?.message ?? '')));
}
