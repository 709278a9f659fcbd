/** One connection from a gateway: checks each frame, hands blocks to the sink, acknowledges what is durable. */

import type { TLSSocket } from 'node:tls';
import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { type CancelTimer, type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { BlockSink, Role, StreamName } from '@tidegate/core/port/blockSink.ts';
import { type Answer, encodeAnswer } from '../frame/answer.ts';
import { FrameKind } from '../frame/frameLayout.ts';
import { type Frame, FrameReader } from '../frame/frameReader.ts';
import { decodeHeartbeat } from '../frame/heartbeat.ts';
import { decodeHello, type Hello } from '../frame/hello.ts';
import { refusalFor } from '../frame/refusal.ts';
import { TagListReader } from '../frame/tagList.ts';
import { AppendQueue } from './appendQueue.ts';
import { peerAddress } from './handshakes.ts';

export interface ConnectionOptions {
  readonly sink: BlockSink;
  readonly clock: Clock;
  readonly idleTimeoutMs: number;
  readonly pendingBytes: number;
  /** When the certificate of the peer ends; it is not heard any longer than that. */
  readonly validUntil: Timestamp;
  /** How long to read nothing more after a tag list that took so much work, see `TagListPace`. */
  readonly tagListPauseMs: (gateway: string, workMs: number) => number;
  /** Whether the holder of the certificate may bring the streams of a gateway. */
  readonly speaksFor: (gateway: string) => boolean;
  /**
   * The gateway has said which stream it brings, and in which role; resolves when every earlier connection of that stream
   * and role has finished, so that its blocks reach the sink before those of this one, and says whether they may.
   */
  readonly onHello: (connection: Connection, hello: Hello) => Promise<Result<void>>;
  /** The gateway has been welcomed. */
  readonly onOpen: (connection: Connection, held: BlockPosition | undefined) => void;
  /** The connection takes nothing more; `fault` says why. */
  readonly onClose: (connection: Connection, fault: Fault) => void;
}

/** What a connection looks like from outside. */
export interface ConnectionStatus extends StreamName {
  /** The name in the certificate: the gateway, or the relay that brings the stream. */
  readonly holder: string;
  /** When the certificate ends. */
  readonly validUntil: Timestamp;
  readonly role: Role;
  readonly peer: string;
  readonly since: Timestamp;
  /** Blocks and their bytes received on this connection. */
  readonly blocks: number;
  readonly bytes: number;
  /** Bytes that wait for the sink. */
  readonly pendingBytes: number;
}

/** A peer that leaves more answers than this unread is not one of ours. */
const MAX_UNREAD_ANSWER_BYTES = 64 * 1024;
/** While one long frame is under way, this much in each `idleTimeoutMs` counts as a sign of life. */
const SLOWEST_LINE_BYTES = 64 * 1024;
/** Between two acknowledgements: each costs a record of TLS and two calls of the system, here and at the gateway. */
const ACK_INTERVAL_MS = 4;
/** How long a refused peer may take to read why. */
const FAREWELL_MS = 1_000;

export class Connection {
  /** The name in the certificate: a gateway, which speaks for itself, or a relay. */
  readonly holder: string;
  readonly peer: string;
  readonly since: Timestamp;
  readonly #socket: TLSSocket;
  readonly #options: ConnectionOptions;
  readonly #frames = new FrameReader();
  readonly #tagList = new TagListReader();
  readonly #appends = new AppendQueue();
  readonly #finished = Promise.withResolvers<void>();
  readonly #closing = new AbortController();
  readonly #settleWaiters: (() => void)[] = [];
  #hello: Hello | undefined;
  /** What must be over before this connection counts as finished: its admission, and the connections of the stream before it. */
  #before: Promise<void> = Promise.resolve();
  #held: BlockPosition | undefined;
  #open = false;
  #closed = false;
  /** Frames behind the one in work must wait. */
  #busy = false;
  /** No frame is taken any more. */
  #retiring = false;
  /** The sink has refused a block: those behind it must not be acknowledged, whatever becomes of them. */
  #failed = false;
  #ackScheduled = false;
  #acknowledgedAtMs = Number.NEGATIVE_INFINITY;
  #cancelAck: CancelTimer = () => {};
  #blocks = 0;
  #bytes = 0;
  #aliveAtMs: number;
  #bytesSinceAlive = 0;
  #cancelIdle: CancelTimer = () => {};

  constructor(socket: TLSSocket, holder: string, options: ConnectionOptions) {
    this.holder = holder;
    this.peer = peerAddress(socket);
    this.since = options.clock.now();
    this.#socket = socket;
    this.#options = options;
    this.#aliveAtMs = options.clock.elapsedMs();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Uint8Array) => this.#read(chunk));
    socket.on('error', (error) => this.#end({ code: 'boundary.unreachable', detail: error.message }));
    socket.on('close', () => this.#end({ code: 'boundary.unreachable', detail: 'the gateway closed the connection' }));
    this.#watchIdle();
  }

  /** Resolves when the connection is closed and all that it brought is durable or has failed. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** It has been welcomed, whether or not it is closed by now. */
  get opened(): boolean {
    return this.#open;
  }

  /** `gateway/lane`, or the holder of the certificate before HELLO. */
  get name(): string {
    return this.#hello ? `${this.#hello.gateway}/${this.#hello.lane}` : this.holder;
  }

  /** `undefined` before HELLO. */
  get role(): Role | undefined {
    return this.#hello?.role;
  }

  status(): ConnectionStatus | undefined {
    if (!this.#hello || !this.#open || this.#closed) return undefined;
    const { gateway, lane, role } = this.#hello;
    const { holder, peer, since } = this;
    const { validUntil } = this.#options;
    const counts = { blocks: this.#blocks, bytes: this.#bytes, pendingBytes: this.#appends.bytes };
    return { gateway, lane, role, holder, validUntil, peer, since, ...counts };
  }

  /** Tells the gateway why and closes; blocks that the sink has already been given still finish. */
  refuse(code: FaultCode, detail: string): void {
    if (this.#closed) return;
    this.#end({ code, detail });
    this.#socket.end(encodeAnswer({ kind: 'refuse', refusal: refusalFor(code) }));
    const cancel = this.#options.clock.after(FAREWELL_MS, () => this.#socket.destroy());
    this.#socket.once('close', cancel);
    // What still comes is thrown away unread, so that the end of the stream is seen.
    this.#socket.resume();
  }

  /** Takes nothing more, waits until what came is durable, acknowledges it, and then refuses. */
  async retire(code: FaultCode, detail: string): Promise<void> {
    this.#retiring = true;
    this.#flow();
    while (!this.#closed && !this.#appends.empty) {
      await new Promise<void>((resolve) => this.#settleWaiters.push(resolve));
    }
    if (this.#ackScheduled) this.#acknowledge();
    this.refuse(code, detail);
    await this.finished;
  }

  #end(fault: Fault): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing.abort();
    this.#cancelIdle();
    this.#cancelAck();
    this.#options.onClose(this, fault);
    this.#finishIfSettled();
  }

  #finishIfSettled(): void {
    for (const wake of this.#settleWaiters.splice(0)) wake();
    if (this.#closed && this.#appends.empty) this.#before.then(this.#finished.resolve);
  }

  #read(chunk: Uint8Array): void {
    if (this.#closed) return;
    this.#bytesSinceAlive += chunk.length;
    this.#frames.push(chunk);
    this.#process();
  }

  #process(): void {
    while (!this.#closed && !this.#busy && !this.#retiring) {
      const next = this.#frames.next();
      if (next.ok && !next.value) break;
      const fault = next.ok ? this.#take(next.value as Frame) : next.fault;
      if (fault) this.refuse(fault.code, fault.detail);
    }
    this.#flow();
  }

  /** Judges one frame and does what it asks for; the fault for which the connection must end. */
  #take({ kind, payload }: Frame): Fault | undefined {
    this.#markAlive();
    if (!this.#hello) return this.#takeHello(payload);
    if (kind === FrameKind.block) return this.#takeBlock(this.#hello, payload);
    return kind === FrameKind.heartbeat
      ? this.#takeHeartbeat(this.#hello, payload)
      : this.#takeTags(this.#hello, payload);
  }

  #takeHello(payload: Uint8Array): Fault | undefined {
    const hello = decodeHello(payload);
    if (!hello.ok) return hello.fault;
    const { gateway } = hello.value;
    if (!this.#options.speaksFor(gateway)) {
      return { code: 'boundary.identity', detail: `it speaks for ${gateway}, its certificate is for ${this.holder}` };
    }
    this.#hello = hello.value;
    const admission = this.#options.onHello(this, hello.value);
    this.#before = admission.then(() => {});
    this.#hold(this.#welcome(hello.value, admission));
    return undefined;
  }

  async #welcome(hello: Hello, admission: Promise<Result<void>>): Promise<void> {
    const admitted = await admission;
    if (this.#closed) return;
    if (!admitted.ok) return this.refuse(admitted.fault.code, admitted.fault.detail);
    this.#open = true;
    this.#held = this.#options.sink.position(hello, hello.first, hello.role);
    this.#answer({ kind: 'welcome', position: this.#held });
    this.#options.onOpen(this, this.#held);
  }

  #takeTags({ gateway }: Hello, payload: Uint8Array): Fault | undefined {
    const beganMs = performance.now();
    const list = this.#tagList.read(payload);
    if (!list.ok) return list.fault;
    const tags = list.value;
    if (!tags) return undefined;
    // What others do while this list waits for the disk is no work of its own.
    const workMs = performance.now() - beganMs;
    const define = async () => {
      const defined = await this.#options.sink.defineTags(gateway, tags);
      if (!defined.ok) this.refuse('boundary.not-stored', `tag list: ${defined.fault.code}, ${defined.fault.detail}`);
      const pauseMs = this.#options.tagListPauseMs(gateway, workMs);
      if (pauseMs > 0 && !this.#closed) await delay(this.#options.clock, pauseMs, this.#closing.signal);
    };
    this.#hold(define());
    return undefined;
  }

  #takeHeartbeat({ gateway, lane }: Hello, payload: Uint8Array): Fault | undefined {
    const heartbeat = decodeHeartbeat(payload);
    if (!heartbeat.ok) return heartbeat.fault;
    this.#options.sink.heartbeat({ gateway, lane }, heartbeat.value);
    this.#scheduleAck();
    return undefined;
  }

  #takeBlock({ gateway, lane }: Hello, payload: Uint8Array): Fault | undefined {
    const checked = checkBlock(payload, crc32);
    if (!checked.ok) return checked.fault;
    const header = checked.value;
    if (header.gateway !== gateway || header.lane !== lane) {
      const detail = `a block of ${header.gateway}/${header.lane} on the connection of ${gateway}/${lane}`;
      return { code: 'boundary.identity', detail };
    }
    this.#blocks++;
    this.#bytes += payload.length;
    void this.#append(header, payload);
    return undefined;
  }

  async #append(header: BlockHeader, bytes: Uint8Array): Promise<void> {
    const append = this.#appends.add(header, bytes.length);
    const appended = await this.#options.sink.append(header, bytes);
    if (appended.ok) {
      const position = this.#appends.settle(append);
      // After a refusal the sender learns of durable blocks from the next WELCOME.
      if (position && !this.#failed) {
        this.#held = position;
        this.#scheduleAck();
      }
    } else {
      this.#failed = true;
      this.#appends.drop(append);
      const { code, detail } = appended.fault;
      this.refuse(code, `block ${header.epoch}/${header.sequence}: ${detail}`);
    }
    this.#finishIfSettled();
    this.#flow();
  }

  /** Reads no further frame until `work` is done. */
  #hold(work: Promise<void>): void {
    this.#busy = true;
    void work.then(() => {
      this.#busy = false;
      this.#markAlive();
      this.#process();
    });
  }

  /** Stops reading from the socket while frames must wait, or while too much waits for the sink. */
  #flow(): void {
    if (this.#closed) return;
    const read = !this.#busy && !this.#retiring && this.#appends.bytes < this.#options.pendingBytes;
    if (read === !this.#socket.isPaused()) return;
    this.#markAlive();
    if (read) this.#socket.resume();
    else this.#socket.pause();
  }

  /** One answer for all that became durable in this turn of the event loop, and in a flood in a few milliseconds. */
  #scheduleAck(): void {
    if (this.#ackScheduled || this.#closed) return;
    this.#ackScheduled = true;
    const { clock } = this.#options;
    const waitMs = this.#acknowledgedAtMs + ACK_INTERVAL_MS - clock.elapsedMs();
    const acknowledge = () => {
      if (this.#ackScheduled && !this.#closed) this.#acknowledge();
    };
    if (waitMs > 0) this.#cancelAck = clock.after(Math.ceil(waitMs), acknowledge);
    else setImmediate(acknowledge);
  }

  #acknowledge(): void {
    this.#ackScheduled = false;
    this.#acknowledgedAtMs = this.#options.clock.elapsedMs();
    this.#cancelAck();
    this.#answer({ kind: 'ack', position: this.#held });
  }

  #answer(answer: Answer): void {
    this.#socket.write(encodeAnswer(answer));
    if (this.#socket.writableLength > MAX_UNREAD_ANSWER_BYTES) {
      this.#end({ code: 'boundary.unanswered', detail: 'the gateway does not read its answers' });
      this.#socket.destroy();
    }
  }

  #markAlive(): void {
    this.#aliveAtMs = this.#options.clock.elapsedMs();
    this.#bytesSinceAlive = 0;
  }

  /**
   * A gateway sends a heartbeat every second, unless one long frame on a slow line is under way or we do not read. Whoever
   * stays connected is looked at here, too: TLS asks for the certificate only once.
   */
  #watchIdle(): void {
    const { clock, idleTimeoutMs, validUntil } = this.#options;
    if (clock.now() > validUntil) {
      this.refuse('boundary.identity', `the certificate of ${this.holder} has ended`);
      return;
    }
    if (this.#socket.isPaused() || this.#bytesSinceAlive >= SLOWEST_LINE_BYTES) this.#markAlive();
    const remainingMs = this.#aliveAtMs + idleTimeoutMs - clock.elapsedMs();
    if (remainingMs <= 0) this.refuse('boundary.unanswered', `no whole frame within ${idleTimeoutMs} ms`);
    else this.#cancelIdle = clock.after(Math.ceil(remainingMs), () => this.#watchIdle());
  }
}
