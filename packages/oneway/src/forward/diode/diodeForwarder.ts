/**
 * The OT end of a data diode: takes the blocks of every lane from the spool and sends them as datagrams, to where nothing
 * ever comes back from.
 *
 *     source -> laneReader -> groupSet -> laneQueue -+
 *     source -> laneReader -> groupSet -> laneQueue -+-> pacer -> silentSocket
 *     heartbeat of each lane ------------------------+
 *
 * Invariant: no receive call is made on the socket, and nothing that arrives for it has any effect.
 * Invariant: a datagram of a lane goes before every datagram of the lanes behind it, heartbeats before all.
 * Invariant: a block is acknowledged to its source when all of its group has been sent for the last time: nobody can say
 * whether it arrived.
 */

import type { KeyObject } from 'node:crypto';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSource } from '@tidegate/core/port/blockSource.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import {
  DATAGRAM_OVERHEAD_BYTES,
  DatagramKind,
  MAX_SET_GROUPS,
  MAX_STREAMS,
  maxSymbolBytes,
  NO_RECORD,
  PACKET_OVERHEAD_BYTES,
} from '../../frame/diode/datagramLayout.ts';
import { sealDatagram } from '../../frame/diode/datagramSeal.ts';
import { ErasureCode, MAX_SYMBOLS } from '../../frame/diode/erasureCode.ts';
import type { PresharedKey } from '../../frame/diode/presharedKey.ts';
import { encodeStreamBeat } from '../../frame/diode/streamBeat.ts';
import { GroupSetBuilder, type GroupShape } from './groupSet.ts';
import { LaneQueue } from './laneQueue.ts';
import { LaneReader } from './laneReader.ts';
import { Pacer } from './pacer.ts';
import { type DiodeTarget, openSilentSocket, type SilentSocket } from './silentSocket.ts';

export { type PresharedKey, parsePresharedKey } from '../../frame/diode/presharedKey.ts';

export interface DiodeForwarderOptions {
  /** The lanes of one gateway, those that go first before the others. */
  readonly sources: readonly BlockSource[];
  /** The complete tag list as it is now. */
  readonly tags: () => readonly TagDefinition[];
  readonly target: DiodeTarget;
  readonly key: PresharedKey;
  /**
   * Greater than that of every start before, or the receiver refuses all, and the key of a session is used twice: the time
   * of the start in microseconds, or one more than the last session where the clock has been set back.
   */
  readonly session: number;
  /** SHA-256 of the gateway's configuration. */
  readonly configurationDigest: () => Uint8Array;
  /** The digest of the conduit policy, as heartbeats have it; absent where there is no policy. */
  readonly policy?: () => string | undefined;
  readonly clock: Clock;
  readonly events: EventSink;
  /** What the diode and the receiver can bear, headers of IP and UDP included. */
  readonly bytesPerSecond: number;
  /** Data and parity symbols of a full group; 64 and 16 where absent. */
  readonly k?: number;
  readonly m?: number;
  /** Groups whose symbols are sent in turn; 16 where absent, and fewer where they would take longer than half a second. */
  readonly interleave?: number;
  /** The longest IP packet; 1500 where absent, 9000 with jumbo frames. */
  readonly mtu?: number;
  readonly heartbeatMs?: number;
  /** How long a block may wait to be packed with others; 5 ms where absent, 50 ms in the analytical lane. */
  readonly flushMs?: Partial<Record<Lane, number>>;
  /** How much later a lane is sent a second time, at most 25 s, 0 for never; 5 s for audit, never for others, where absent. */
  readonly repeatMs?: Partial<Record<Lane, number>>;
  /** How often the tag list is sent again although it has not changed; 60 s where absent. */
  readonly tagsMs?: number;
}

export interface DiodeLaneStatus {
  readonly lane: Lane;
  /** The last block that has been sent as often as it will be. */
  readonly acknowledged: BlockPosition | undefined;
  readonly groups: number;
  readonly datagrams: number;
}

export interface DiodeForwarderStatus {
  readonly lanes: readonly DiodeLaneStatus[];
  /** Datagrams that the kernel refused to send. */
  readonly failures: number;
}

export interface RunningDiodeForwarder {
  /** Sends nothing more; what is not acknowledged stays in the sources. */
  stop(): Promise<void>;
  /** Resolves when all that the sources hold has been sent and acknowledged, or when the forwarder is stopped. */
  drained(): Promise<void>;
  status(): DiodeForwarderStatus;
  /** Sends the tag list again, before any block that the sources give from now on. */
  tagsChanged(): void;
}

const DEFAULTS = { k: 64, m: 16, interleave: 16, mtu: 1_500, heartbeatMs: 500, tagsMs: 60_000 };
const FLUSH_MS: Readonly<Record<string, number>> = { analytical: 50 };
const OTHER_FLUSH_MS = 5;
const REPEAT_MS: Readonly<Record<string, number>> = { audit: 5_000 };
/** What a `repeat` of one byte can say. */
const MAX_REPEAT_MS = 25_500;
const MAX_SET_SECONDS = 0.5;
const MIN_MTU = 576;
const MAX_MTU = 9_216;
/** What may wait in this process for the kernel: as little as keeps the line busy, so that the order of lanes holds. */
const MAX_QUEUED_BYTES = 64 * 1024;

/**
 * Starts to send at once. Fault: `boundary.unreachable` where no socket can be opened. Throws on options that configuration
 * has refused before, see `diodeDefect`.
 */
export async function startDiodeForwarder(options: DiodeForwarderOptions): Promise<Result<RunningDiodeForwarder>> {
  const defect = diodeDefect(options);
  if (defect !== undefined) throw new RangeError(defect);
  const socket = await openSilentSocket(options.target);
  return socket.ok ? success(new DiodeForwarder({ ...DEFAULTS, ...options }, socket.value)) : socket;
}

/** What is wrong with the numbers that an operator may choose; one sentence. */
export function diodeDefect(
  options: Pick<DiodeForwarderOptions, 'bytesPerSecond' | 'k' | 'm' | 'interleave' | 'mtu' | 'sources' | 'repeatMs'>,
): string | undefined {
  const { k, m, interleave, mtu, bytesPerSecond, sources, repeatMs } = { ...DEFAULTS, ...options };
  const outside = (value: number, min: number, max: number) => !Number.isInteger(value) || value < min || value > max;
  if (outside(k, 1, MAX_SYMBOLS - 2)) return `k is a whole number from 1 to ${MAX_SYMBOLS - 2}`;
  if (outside(m, 2, MAX_SYMBOLS - k)) return `m is a whole number from 2 to ${MAX_SYMBOLS} - k`;
  if (outside(interleave, 1, MAX_SET_GROUPS)) return `interleave is a whole number from 1 to ${MAX_SET_GROUPS}`;
  if (outside(mtu, MIN_MTU, MAX_MTU)) return `mtu is a whole number from ${MIN_MTU} to ${MAX_MTU}`;
  if (!(bytesPerSecond >= 10_000)) return 'the rate is at least 10,000 bytes a second';
  if (sources.length < 1 || sources.length > MAX_STREAMS) return `a diode carries 1 to ${MAX_STREAMS} lanes`;
  const repeats = Object.values(repeatMs ?? {});
  return repeats.some((ms) => !(ms >= 0 && ms <= MAX_REPEAT_MS)) ? `repeatMs is 0 to ${MAX_REPEAT_MS}` : undefined;
}

/** One source with the stages behind it. */
interface DiodeLane {
  readonly source: BlockSource;
  readonly stream: number;
  readonly reader: LaneReader;
  readonly queue: LaneQueue;
  acknowledged: BlockPosition | undefined;
}

class DiodeForwarder implements RunningDiodeForwarder {
  readonly #options: DiodeForwarderOptions & typeof DEFAULTS;
  readonly #socket: SilentSocket;
  readonly #key: KeyObject;
  readonly #lanes: readonly DiodeLane[];
  readonly #pacer: Pacer;
  readonly #readers: Promise<unknown>;
  /** Heartbeats that wait for the pacer, sealed. */
  #beats: Uint8Array[][] = [];
  #beatNumber = 0;
  /** The kernel took every datagram since the last beat; `undefined` before the first. */
  #sending: boolean | undefined;
  #failures = 0;
  #settleWaiters: (() => void)[] = [];
  #stopped = false;
  #cancelBeat: CancelTimer = () => {};
  #cancelTags: CancelTimer = () => {};

  constructor(options: DiodeForwarderOptions & typeof DEFAULTS, socket: SilentSocket) {
    this.#options = options;
    this.#socket = socket;
    this.#key = options.key.sessionKey(options.session);
    const { clock, bytesPerSecond, mtu } = options;
    this.#pacer = new Pacer({
      ...{ clock, bytesPerSecond, packetBytes: mtu },
      send: () => this.#sendNext(),
      blocked: () => socket.queuedBytes > MAX_QUEUED_BYTES,
    });
    const shape = shapeOf(options);
    const code = new ErasureCode();
    this.#lanes = options.sources.map((source, stream) => this.#openLane(source, stream, shape, code));
    this.#beat();
    this.#repeatTags();
    this.#readers = Promise.all(this.#lanes.map(({ reader }) => reader.run()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelBeat();
    this.#cancelTags();
    this.#pacer.stop();
    for (const { reader, queue } of this.#lanes) {
      reader.stop();
      queue.close();
    }
    this.#wakeSettleWaiters();
    await this.#readers;
    await this.#socket.close();
  }

  async drained(): Promise<void> {
    while (!this.#stopped && this.#lanes.some(({ source }) => source.oldest() !== undefined)) {
      await new Promise<void>((resolve) => this.#settleWaiters.push(resolve));
    }
  }

  status(): DiodeForwarderStatus {
    const lanes = this.#lanes.map(({ source, queue, acknowledged }) => {
      return { lane: source.lane, acknowledged, groups: queue.sent.groups, datagrams: queue.datagrams };
    });
    return { lanes, failures: this.#socket.failures };
  }

  tagsChanged(): void {
    for (const { reader } of this.#lanes) reader.tagsChanged();
  }

  #openLane(source: BlockSource, stream: number, shape: GroupShape, code: ErasureCode): DiodeLane {
    const { clock, session, key, tags, flushMs, repeatMs } = this.#options;
    const builder = new GroupSetBuilder(shape, code);
    const queue = new LaneQueue({
      ...{ key: this.#key, keyId: key.id, session, stream, clock },
      repeatMs: repeatMs?.[source.lane] ?? REPEAT_MS[source.lane] ?? 0,
      wake: () => this.#pacer.wake(),
      onSettled: ({ first, last }) => {
        lane.acknowledged = last.position;
        source.acknowledge(first, last.position);
        this.#wakeSettleWaiters();
      },
    });
    const laneFlushMs = flushMs?.[source.lane] ?? FLUSH_MS[source.lane] ?? OTHER_FLUSH_MS;
    const reader = new LaneReader({ source, tags, clock, builder, queue, flushMs: laneFlushMs });
    const lane: DiodeLane = { source, stream, reader, queue, acknowledged: undefined };
    return lane;
  }

  #sendNext(): number {
    let datagram = this.#beats.shift();
    for (let index = 0; !datagram && index < this.#lanes.length; index++) datagram = this.#lanes[index].queue.next();
    if (!datagram) return 0;
    this.#socket.send(datagram);
    return datagram.reduce((bytes, part) => bytes + part.length, PACKET_OVERHEAD_BYTES);
  }

  #beat(): void {
    const { clock, session, key, heartbeatMs, configurationDigest, policy } = this.#options;
    // Where the line takes nothing, what is old is of no use.
    this.#beats = this.#lanes.map(({ source, stream, queue }) => {
      const { gateway, lane } = source;
      const { groups, mark } = queue.sent;
      const heartbeat = {
        ...{ at: clock.now(), head: source.head(), oldest: source.oldest(), policy: policy?.() },
        ...{ depth: source.depth(), tally: source.tally() },
      };
      const beat = { gateway, lane, groups, sent: mark, configurationDigest: configurationDigest(), heartbeat };
      const header = {
        ...{ kind: DatagramKind.beat, keyId: key.id, session, stream, group: this.#beatNumber, sending: 0 },
        ...{
          symbol: 0,
          k: 0,
          m: 0,
          repeat: queue.repeat,
          groupBytes: 0,
          firstRecord: NO_RECORD,
          place: 0,
          setGroups: 0,
        },
      };
      return sealDatagram(this.#key, header, encodeStreamBeat(beat));
    });
    this.#beatNumber++;
    this.#reportFailures();
    this.#pacer.wake();
    this.#cancelBeat = clock.after(heartbeatMs, () => this.#beat());
  }

  /** A cable that is drawn shows here, if at all: nothing else comes back. */
  #reportFailures(): void {
    const { clock, events, sources, target, session } = this.#options;
    const failed = this.#socket.failures - this.#failures;
    this.#failures += failed;
    if (this.#sending === (failed === 0)) return;
    this.#sending = failed === 0;
    const address = `${target.host}:${target.port}`;
    const lost = `${failed} datagrams to ${address} could not be sent: no route, or no cable`;
    const detail = this.#sending ? `session ${session} is being sent to ${address}` : lost;
    const kind = this.#sending ? 'boundary.connected' : 'boundary.lost';
    events({ at: clock.now(), kind, source: sources[0].gateway, detail });
  }

  /** One lane suffices: it is for what was lost, and for a receiver that has just started. */
  #repeatTags(): void {
    const { clock, tagsMs } = this.#options;
    this.#cancelTags = clock.after(tagsMs, () => {
      this.#lanes[0].reader.tagsChanged();
      this.#repeatTags();
    });
  }

  #wakeSettleWaiters(): void {
    const waiters = this.#settleWaiters;
    this.#settleWaiters = [];
    for (const wake of waiters) wake();
  }
}

function shapeOf({ k, m, interleave, mtu, bytesPerSecond }: DiodeForwarderOptions & typeof DEFAULTS): GroupShape {
  const symbolBytes = maxSymbolBytes(mtu);
  const groupSeconds = ((k + m) * (symbolBytes + DATAGRAM_OVERHEAD_BYTES + PACKET_OVERHEAD_BYTES)) / bytesPerSecond;
  const setGroups = Math.max(1, Math.min(interleave, Math.floor(MAX_SET_SECONDS / groupSeconds)));
  return { k, m, symbolBytes, setGroups };
}
