/** One connection of a forwarder, from HELLO to its end: sends a stretch of what the source has, takes the answers. */

import type { TLSSocket } from 'node:tls';
import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { BlockSource, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { type Answer, AnswerReader } from '../frame/answer.ts';
import { encodeFrame, FRAME_HEADER_BYTES, FrameKind, writeFrameHeader } from '../frame/frameLayout.ts';
import { encodeHeartbeat } from '../frame/heartbeat.ts';
import { encodeHello } from '../frame/hello.ts';
import { formatPosition } from '../frame/position.ts';
import type { Refusal } from '../frame/refusal.ts';
import { encodeTagList } from '../frame/tagList.ts';
import { connectionFault } from './dial.ts';
import { SendWindow, type WindowLimits } from './sendWindow.ts';

/** Which blocks a connection carries: the newest run from `first` on, or what waits from there to `before`. */
export type Stretch =
  | { readonly role: 'live'; readonly first: BlockPosition }
  | { readonly role: 'backlog'; readonly first: BlockPosition; readonly before: BlockPosition };

export interface SessionOptions {
  readonly source: BlockSource;
  readonly stretch: Stretch;
  /** When the certificate of the server ends; nothing is sent to it any longer than that. */
  readonly validUntil: Timestamp;
  readonly tags: () => readonly TagDefinition[];
  readonly policy: () => string | undefined;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly ackTimeoutMs: number;
  readonly window: WindowLimits;
  readonly readBytes: number;
  /**
   * The server holds everything from the first block of the stretch up to `position`: told once for WELCOME, then for each
   * block acknowledged.
   */
  readonly onPosition: (position: BlockPosition | undefined, welcome: boolean) => void;
}

/** A line slower than 256 kbit/s is taken for a dead one; a block has this much time on top of `ackTimeoutMs`. */
const SLOWEST_LINE_BYTES_PER_MS = 32;
/** A server that answers, and for so many times `ackTimeoutMs` acknowledges nothing of what is under way, is given up too. */
const STALLED_TIMEOUTS = 6;
/** How a gateway sees a path that lets small packets through and swallows large ones. */
const OUR_FRAMES_LOST =
  'the server got no whole frame from us in its time: the line is too slow, or loses large packets (MTU)';
const NOT_OURS = 'the server takes blocks of another gateway under our name; ours wait here';
const REFUSAL_DETAILS: { readonly [refusal in Refusal]?: string } = {
  'boundary.unanswered': OUR_FRAMES_LOST,
  'boundary.twin': NOT_OURS,
};

/**
 * Invariant: every byte that goes to the socket belongs to a whole frame written in one turn, so that the heartbeat may
 * come between any two frames. A tag list goes before every block that was read after the list changed.
 */
export class ForwardSession {
  readonly #socket: TLSSocket;
  readonly #options: SessionOptions;
  readonly #window: SendWindow;
  readonly #answers = new AnswerReader();
  /** Of the spool that the connection carries blocks of. */
  readonly #instance: string;
  readonly #ended = Promise.withResolvers<Fault | undefined>();
  #over = false;
  #welcomed = false;
  #held: BlockPosition | undefined;
  #tagsPending = true;
  #tagsRevision = 0;
  #answeredAtMs: number;
  /** When the server last acknowledged a block, or the first after it was sent. */
  #progressAtMs = 0;
  /** Ends the source's wait; a new one for each wait. */
  #interrupt = new AbortController();
  /** Continues the sending once the socket has drained, the window has room, or all is over. */
  #resume: (() => void) | undefined;
  #cancelHeartbeat: CancelTimer = () => {};
  #cancelDeadline: CancelTimer = () => {};

  constructor(socket: TLSSocket, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#window = new SendWindow(options.window);
    this.#instance = options.source.instance;
    this.#answeredAtMs = options.clock.elapsedMs();
  }

  /**
   * Resolves with the reason when the connection has ended, or with nothing when all of a backlog has been acknowledged;
   * rejects where the source threw, which is a bug.
   */
  run(): Promise<Fault | undefined> {
    const socket = this.#socket;
    const { gateway, lane } = this.#options.source;
    const { role, first } = this.#options.stretch;
    const oldest = this.#options.source.oldest() ?? first;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Uint8Array) => this.#read(chunk));
    socket.on('drain', () => this.#continue());
    socket.on('error', (error) => this.#endWith(connectionFault(error, 'the connection').fault));
    socket.on('close', () => this.#end('boundary.unreachable', 'the server closed the connection'));
    if (socket.destroyed) this.#end('boundary.unreachable', 'the server closed the connection');
    else if (this.#isOfTheServer())
      socket.write(
        encodeFrame(FrameKind.hello, encodeHello({ gateway, lane, role, first, oldest, instance: this.#instance })),
      );
    this.#watchDeadline();
    return this.#ended.promise;
  }

  tagsChanged(): void {
    this.#tagsPending = true;
    this.#interrupt.abort();
  }

  close(code: FaultCode = 'boundary.unreachable', detail = 'stopped'): void {
    this.#end(code, detail);
  }

  #end(code: FaultCode, detail: string): void {
    this.#endWith({ code, detail });
  }

  #endWith(fault: Fault | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelHeartbeat();
    this.#cancelDeadline();
    this.#interrupt.abort();
    this.#socket.destroy();
    this.#continue();
    this.#ended.resolve(fault);
  }

  #read(chunk: Uint8Array): void {
    if (this.#over) return;
    const read = this.#answers.read(chunk, (answer) => {
      this.#take(answer);
      return !this.#over;
    });
    if (!read.ok) this.#endWith(read.fault);
  }

  #take(answer: Answer): void {
    this.#answeredAtMs = this.#options.clock.elapsedMs();
    if (answer.kind === 'refuse') this.#end(answer.refusal, REFUSAL_DETAILS[answer.refusal] ?? 'the server refused');
    else if ((answer.kind === 'welcome') === this.#welcomed)
      this.#end('boundary.malformed', `${answer.kind} unasked for`);
    else if (answer.kind === 'welcome') this.#takeWelcome(answer.position);
    else this.#takeAck(answer.position);
  }

  #takeWelcome(position: BlockPosition | undefined): void {
    this.#welcomed = true;
    this.#held = position;
    if (this.#serverIsAhead()) return;
    this.#options.onPosition(position, true);
    this.#beat();
    this.#send().catch((error: unknown) => {
      this.#over = true;
      this.#socket.destroy();
      this.#ended.reject(error);
    });
  }

  /** An answer to a heartbeat repeats the position; any other position must be that of a block under way. */
  #takeAck(position: BlockPosition | undefined): void {
    if (position?.epoch === this.#held?.epoch && position?.sequence === this.#held?.sequence) return;
    const nowMs = this.#options.clock.elapsedMs();
    if (!position || !this.#window.acknowledge(position, nowMs)) {
      this.#end('boundary.malformed', `ACK of ${formatPosition(position)}, which is not under way`);
      return;
    }
    this.#held = position;
    this.#progressAtMs = nowMs;
    this.#options.onPosition(position, false);
    this.#continue();
  }

  /**
   * Live blocks at or before the server's position would be taken for repetitions and lost: end, and say so. Where none
   * waits, the source learns of the position and can go on behind it.
   */
  #serverIsAhead(): boolean {
    const { source } = this.#options;
    const head = source.head();
    const held = this.#held;
    if (
      this.#options.stretch.role === 'backlog' ||
      !head ||
      !held ||
      comparePositions(held, head) <= 0 ||
      source.depth().blocks === 0
    )
      return false;
    this.#end('boundary.ahead', `the server holds ${formatPosition(held)}, the spool ends at ${formatPosition(head)}`);
    return true;
  }

  /** A relay has begun to take the stream from another spool: the server must hear of that before it gets a block. */
  #carriesAnother(): boolean {
    if (this.#options.source.instance === this.#instance) return false;
    this.#end('boundary.replaced', 'the stream comes from another spool from now on');
    return true;
  }

  #beat(): void {
    if (this.#over || !this.#isOfTheServer() || this.#serverIsAhead() || this.#carriesAnother()) return;
    const { source, policy, clock, heartbeatMs } = this.#options;
    const waiting = { head: source.head(), oldest: source.oldest(), depth: source.depth() };
    const heartbeat = { at: source.toldAt?.() ?? clock.now(), ...waiting, tally: source.tally(), policy: policy() };
    this.#socket.write(encodeFrame(FrameKind.heartbeat, encodeHeartbeat(heartbeat)));
    this.#cancelHeartbeat = clock.after(heartbeatMs, () => this.#beat());
  }

  /** TLS asks for a certificate only once: whoever stays connected is looked at here. */
  #isOfTheServer(): boolean {
    const { clock, validUntil } = this.#options;
    if (clock.now() <= validUntil) return true;
    this.#end('boundary.identity', 'the certificate of the server has ended');
    return false;
  }

  /** A live server answers each heartbeat, so that a connection that is open at one end only shows in silence. */
  #watchDeadline(): void {
    if (this.#over) return;
    const { clock, ackTimeoutMs } = this.#options;
    const lineMs = this.#window.oldestBytes / SLOWEST_LINE_BYTES_PER_MS;
    const allowedMs = Math.round(ackTimeoutMs + lineMs);
    const stalledMs = Math.round(ackTimeoutMs * STALLED_TIMEOUTS + lineMs);
    const nowMs = clock.elapsedMs();
    const silentAtMs = this.#answeredAtMs + allowedMs;
    const stalledAtMs = this.#window.bytes > 0 ? this.#progressAtMs + stalledMs : Number.POSITIVE_INFINITY;
    if (nowMs >= silentAtMs) this.#end('boundary.unanswered', `no answer within ${allowedMs} ms`);
    else if (nowMs >= stalledAtMs)
      this.#end('boundary.unanswered', `the server answers, and has acknowledged no block for ${stalledMs} ms`);
    else
      this.#cancelDeadline = clock.after(Math.ceil(Math.min(silentAtMs, stalledAtMs) - nowMs), () =>
        this.#watchDeadline(),
      );
  }

  async #send(): Promise<void> {
    const { source, readBytes, stretch } = this.#options;
    const before = stretch.role === 'backlog' ? stretch.before : undefined;
    let after = this.#held ?? placeBefore(stretch.first);
    while (!this.#over) {
      await this.#sendTags();
      this.#interrupt = new AbortController();
      if (this.#tagsPending) continue;
      // The next blocks are read while the socket still drains those before them.
      const blocks = await source.read(after, readBytes, before);
      if (this.#carriesAnother()) return;
      if (blocks.length === 0) {
        if (before) return this.#finish();
        const { signal } = this.#interrupt;
        if (!signal.aborted && !this.#over) await source.wait(after, signal);
        continue;
      }
      await this.#sendTags();
      await this.#room(blocks);
      if (this.#over) return;
      this.#write(blocks);
      after = blocks[blocks.length - 1];
    }
  }

  /** Ends when everything that was sent has been acknowledged. */
  async #finish(): Promise<void> {
    while (!this.#over && this.#window.bytes > 0) await this.#change();
    this.#endWith(undefined);
  }

  #write(blocks: readonly SpooledBlock[]): void {
    const nowMs = this.#options.clock.elapsedMs();
    if (this.#window.bytes === 0) this.#progressAtMs = nowMs;
    const headers = new Uint8Array(blocks.length * FRAME_HEADER_BYTES);
    this.#socket.cork();
    for (const [index, block] of blocks.entries()) {
      const at = index * FRAME_HEADER_BYTES;
      writeFrameHeader(headers, at, FrameKind.block, block.bytes.length);
      this.#socket.write(headers.subarray(at, at + FRAME_HEADER_BYTES));
      this.#socket.write(block.bytes);
      this.#window.add(block, nowMs);
    }
    this.#socket.uncork();
  }

  async #sendTags(): Promise<void> {
    while (this.#tagsPending && !this.#over) {
      this.#tagsPending = false;
      for (const part of encodeTagList(this.#options.tags(), this.#tagsRevision++)) {
        if (this.#over) return;
        if (!this.#socket.write(encodeFrame(FrameKind.tags, part))) await this.#change();
      }
    }
  }

  /** Waits until the socket has drained and `blocks` fit into the window, or all is over. */
  async #room(blocks: readonly SpooledBlock[]): Promise<void> {
    let bytes = 0;
    for (const block of blocks) bytes += block.bytes.length;
    const mustWait = () => this.#socket.writableNeedDrain || !this.#window.hasRoom(bytes);
    while (!this.#over && mustWait()) await this.#change();
  }

  #change(): Promise<void> {
    return this.#over ? Promise.resolve() : new Promise((resolve) => (this.#resume = resolve));
  }

  #continue(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }
}

function placeBefore({ epoch, sequence }: BlockPosition): BlockPosition {
  return { epoch, sequence: sequence - 1 };
}
