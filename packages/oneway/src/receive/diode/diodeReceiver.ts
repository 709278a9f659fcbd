/**
 * The IT end of a data diode: takes datagrams from gateways, restores what was lost on the way, and hands blocks to a sink.
 *
 *     receivingSocket -> senderSession -> diodeStream: groupWindow -> records -> gapTracker -> blockDelivery -> sink
 *
 * Invariant: nothing is sent, to anybody.
 * Invariant: a datagram has an effect only where its tag proves that the holder of the gateway's key made it, in the newest
 * session that was ever accepted; a stranger costs the check of a tag, and no memory.
 * Invariant: blocks of a stream reach the sink in the order in which they were sent. What is lost in one stream delays that
 * stream for a bounded time and no other.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { decodeDatagramHeader } from '../../frame/diode/datagramLayout.ts';
import { ErasureCode } from '../../frame/diode/erasureCode.ts';
import type { PresharedKey } from '../../frame/diode/presharedKey.ts';
import { RefusalLog } from '../refusalLog.ts';
import { DiodeSender, type DiodeSenderStatus } from './diodeSender.ts';
import type { DiodeGap } from './gapTracker.ts';
import { openReceivingSocket, type ReceivingSocket } from './receivingSocket.ts';
import { SessionFile } from './sessionFile.ts';

export { type PresharedKey, parsePresharedKey } from '../../frame/diode/presharedKey.ts';

export interface DiodeReceiverOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The key of each gateway. */
  readonly keys: ReadonlyMap<string, PresharedKey>;
  readonly sink: BlockSink;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Where the sessions that were accepted are noted, so that recordings of them are refused after a restart too. */
  readonly sessionFile: string;
  /** Told of each gap besides the event. */
  readonly onGap?: (gap: DiodeGap) => void;
  /** Buffer of the socket, for as long as this process is busy with something else; 16 MiB where absent. */
  readonly bufferBytes?: number;
  /** How long a datagram may be overtaken by others; 250 ms where absent. */
  readonly reorderMs?: number;
  /** The most bytes of one stream that wait for the sink; 64 MiB where absent. */
  readonly pendingBytes?: number;
}

export interface DiodeReceiverStatus {
  readonly gateways: readonly DiodeSenderStatus[];
  /** Datagrams in all. */
  readonly datagrams: number;
  /** Datagrams that no sender of ours can have made, whatever its key. */
  readonly malformed: number;
  /** Datagrams under an unknown key, or that were changed on the way. */
  readonly unauthenticated: number;
  /** Datagrams of sessions that are over. */
  readonly replayed: number;
  /** Datagrams for which the socket's buffer had no room; `undefined` where the system does not tell. */
  readonly kernelDrops: number | undefined;
  readonly bufferAskedBytes: number;
  readonly bufferBytes: number;
}

export interface RunningDiodeReceiver {
  readonly port: number;
  status(): DiodeReceiverStatus;
  /** Takes nothing more; resolves when the sink holds all it was given. */
  stop(): Promise<void>;
}

const DEFAULTS = { bufferBytes: 16 * 1024 * 1024, reorderMs: 250, pendingBytes: 64 * 1024 * 1024 };
const REFUSALS_PER_MINUTE = 20;
const REFUSED = {
  unauthenticated: 'a datagram was unauthenticated',
  replayed: 'a datagram was replayed: it was recorded, or two senders run with one key',
};
const TICK_MS = 50;
const TICKS_PER_SAVE = 200;

/** Listens. Faults: `boundary.port`, `boundary.replay-state`, `boundary.key` where two gateways have the same key. */
export async function startDiodeReceiver(options: DiodeReceiverOptions): Promise<Result<RunningDiodeReceiver>> {
  const all = { ...DEFAULTS, ...options };
  const sessions = SessionFile.open(options.sessionFile);
  if (!sessions.ok) return sessions;
  if (new Set([...options.keys.values()].map(({ id }) => id)).size < options.keys.size) {
    return failure('boundary.key', 'two gateways have the same key');
  }
  const receiver = new DiodeReceiver(all, sessions.value);
  const { host, port, bufferBytes } = all;
  const onDatagram = (datagram: Uint8Array, from: string) => receiver.take(datagram, from);
  const socket = await openReceivingSocket({ host, port, bufferBytes, onDatagram });
  if (!socket.ok) return socket;
  receiver.start(socket.value);
  return success(receiver);
}

/** What is behind the socket: `take` is its datagram handler. Made by `startDiodeReceiver`. */
export class DiodeReceiver implements RunningDiodeReceiver {
  readonly #options: DiodeReceiverOptions & typeof DEFAULTS;
  readonly #sessions: SessionFile;
  readonly #senders = new Map<number, DiodeSender>();
  /** Strangers have a log of their own: however much they send, what is wrong with those that we know is told. */
  readonly #strangers: RefusalLog;
  readonly #refusals: RefusalLog;
  #socket: ReceivingSocket | undefined;
  #stopped = false;
  #ticks = 0;
  #drops = 0;
  #cancelTick = () => {};
  #datagrams = 0;
  #malformed = 0;
  #unauthenticated = 0;
  #replayed = 0;

  constructor(options: DiodeReceiverOptions, sessions: SessionFile) {
    this.#options = { ...DEFAULTS, ...options };
    this.#sessions = sessions;
    const { keys, sink, clock, events, reorderMs, pendingBytes } = this.#options;
    this.#strangers = new RefusalLog(clock, events, REFUSALS_PER_MINUTE);
    this.#refusals = new RefusalLog(clock, events, REFUSALS_PER_MINUTE);
    const code = new ErasureCode();
    for (const [gateway, key] of keys) {
      const sender = new DiodeSender({
        ...{ gateway, key, sink, clock, code, reorderMs, pendingBytes, accepted: sessions.get(gateway) },
        onGap: (gap) => this.#takeGap(gap),
        onFault: (stream, { code: fault, detail }) =>
          this.#refusals.refuse(stream ? `${stream.gateway}/${stream.lane}` : gateway, `${fault}: ${detail}`),
        onSession: () => this.#save(),
        onEvent: (kind, detail) => this.#emit(kind, gateway, detail),
      });
      this.#senders.set(key.id, sender);
    }
  }

  get port(): number {
    return this.#socket?.port ?? 0;
  }

  start(socket: ReceivingSocket): void {
    this.#socket = socket;
    const asked = this.#options.bufferBytes;
    if (socket.bufferBytes < asked) {
      const detail = `the kernel gave a buffer of ${socket.bufferBytes} bytes: sysctl -w net.core.rmem_max=${asked}`;
      this.#emit('boundary.advice', 'diode', detail);
    }
    this.#tick();
  }

  take(datagram: Uint8Array, from: string): void {
    if (this.#stopped) return;
    this.#datagrams++;
    const header = decodeDatagramHeader(datagram);
    if (!header) {
      this.#malformed++;
      this.#strangers.refuse(from, 'boundary.malformed: no datagram of ours');
      return;
    }
    const reception = this.#senders.get(header.keyId)?.take(header, datagram) ?? 'unauthenticated';
    if (reception === 'taken') return;
    if (reception === 'replayed') this.#replayed++;
    else this.#unauthenticated++;
    this.#strangers.refuse(from, `boundary.identity: ${REFUSED[reception]}`);
  }

  status(): DiodeReceiverStatus {
    const drops = this.#socket?.kernelDrops;
    return {
      gateways: [...this.#senders.values()].map((sender) => sender.status(drops ?? 0)),
      ...{ datagrams: this.#datagrams, malformed: this.#malformed, unauthenticated: this.#unauthenticated },
      ...{ replayed: this.#replayed, kernelDrops: drops },
      ...{ bufferAskedBytes: this.#options.bufferBytes, bufferBytes: this.#socket?.bufferBytes ?? 0 },
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTick();
    await this.#socket?.close();
    this.#save();
    await Promise.all([...this.#senders.values()].map((sender) => sender.finish()));
  }

  #tick(): void {
    for (const sender of this.#senders.values()) sender.tick();
    if (++this.#ticks % TICKS_PER_SAVE === 0) {
      this.#save();
      this.#watchDrops();
    }
    this.#cancelTick = this.#options.clock.after(TICK_MS, () => this.#tick());
  }

  #watchDrops(): void {
    const drops = this.#socket?.kernelDrops ?? 0;
    if (drops > this.#drops) {
      const count = drops - this.#drops;
      const detail = `${count} datagrams found the receiver's buffer full: lower the rate, or raise net.core.rmem_max`;
      this.#emit('boundary.advice', 'diode', detail);
    }
    this.#drops = drops;
  }

  /** Where this fails, what was accepted is known until the process ends, and data still flows. */
  #save(): void {
    const accepted = new Map([...this.#senders.values()].flatMap((sender) => sender.accepted ?? []));
    if (accepted.size === 0) return;
    const saved = this.#sessions.put(accepted);
    if (!saved.ok) this.#refusals.refuse('diode', `${saved.fault.code}: ${saved.fault.detail}`);
  }

  #takeGap(gap: DiodeGap): void {
    const { gateway, lane, from, to, samples } = gap;
    const blocks = to.sequence - from.sequence + 1;
    const count = samples === undefined ? 'an unknown number of samples' : `${samples} samples`;
    const detail = `${blocks} blocks lost on the diode, ${from.epoch}/${from.sequence} to ${to.epoch}/${to.sequence}: ${count}`;
    this.#emit('boundary.gap', `${gateway}/${lane}`, detail);
    this.#options.onGap?.(gap);
  }

  #emit(kind: EventKind, source: string, detail: string): void {
    this.#options.events({ at: this.#options.clock.now() as Timestamp, kind, source, detail });
  }
}
