/** A bus as it is overheard: bytes go in; stations, the ring of masters, statistics and each telegram in its role come out. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { BusStatistics } from './busStatistics.ts';
import { Dialogue, type Request, type Role } from './dialogue.ts';
import { LineTime } from './lineTime.ts';
import { LiveList, type LiveListListener } from './liveList.ts';
import { NONE, STATIONS, type Telegram } from './telegram.ts';
import { TelegramReader } from './telegramReader.ts';
import { TokenRing, type TokenRingListener } from './tokenRing.ts';

/** The bytes of a telegram follow one another without a pause; a converter or a network may make one of this length. */
const BURST_END_MS = 200;
/** The longest target rotation that a bus is configured with is some seconds at 9600 bit/s. */
const TOKEN_LOST_MS = 3000;
const TOKEN_LOST_ROTATIONS = 5;

export interface BusListener extends LiveListListener, TokenRingListener {
  /** Any telegram but tokens. `request` is the telegram itself, or what it answers; it does not last either. */
  telegram(role: Role, telegram: Telegram, request: Request, at: Timestamp, elapsedMs: number): void;
  tokenLost(): void;
}

export class Bus {
  readonly stations: LiveList;
  readonly ring: TokenRing;
  readonly statistics: BusStatistics;
  readonly #clock: Clock;
  readonly #listener: BusListener;
  readonly #reader: TelegramReader;
  readonly #dialogue = new Dialogue();
  readonly #time: LineTime;
  #heardMs: number;
  #tokenMs: number;

  constructor(clock: Clock, bitRate: number | undefined, listener: BusListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#reader = new TelegramReader((telegram) => this.#take(telegram));
    this.#time = new LineTime(clock, bitRate);
    this.stations = new LiveList(listener);
    this.ring = new TokenRing(listener);
    this.statistics = new BusStatistics(clock, bitRate, this.#reader);
    this.#heardMs = clock.elapsedMs();
    this.#tokenMs = this.#heardMs;
  }

  /** A chunk has come, of any length. */
  push(chunk: Uint8Array): void {
    this.#endBurst();
    this.#heardMs = this.#clock.elapsedMs();
    this.#time.advance(chunk.length);
    this.#reader.push(chunk);
    this.statistics.advance(chunk.length);
    this.#watchToken();
  }

  /** Nothing has come for a while. */
  quiet(): void {
    this.#endBurst();
    this.statistics.advance(0);
    this.#watchToken();
  }

  /** Listening begins, perhaps again: what happened in between is not known. */
  resume(): void {
    this.#reader.endOfBurst();
    this.#heardMs = this.#clock.elapsedMs();
    this.#tokenMs = this.#heardMs;
  }

  #endBurst(): void {
    if (this.#clock.elapsedMs() - this.#heardMs >= BURST_END_MS) this.#reader.endOfBurst();
  }

  #watchToken(): void {
    if (this.ring.holder === NONE) return;
    const patienceMs = Math.max(TOKEN_LOST_MS, TOKEN_LOST_ROTATIONS * (this.ring.rotation?.maxMs ?? 0));
    if (this.#clock.elapsedMs() - this.#tokenMs < patienceMs) return;
    this.ring.dissolve();
    this.#listener.tokenLost();
  }

  #take(telegram: Telegram): void {
    const elapsedMs = this.#time.elapsedMsAt(telegram.endPosition);
    const role = this.#dialogue.take(telegram);
    const missing = this.#dialogue.unanswered;
    if (missing !== NONE && missing < STATIONS) {
      this.statistics.unanswered++;
      this.stations.unanswered(missing);
    }
    if (role === 'token') {
      this.#tokenMs = elapsedMs;
      this.stations.heard(telegram.source, elapsedMs);
      this.ring.passed(telegram.source, telegram.destination, elapsedMs);
      return;
    }
    if (role === 'repetition') this.statistics.retries++;
    if (telegram.source !== NONE) this.stations.heard(telegram.source, elapsedMs);
    else if (role === 'answer') this.stations.heard(this.#dialogue.request.station, elapsedMs);
    const at = this.#time.timestampAt(telegram.endPosition);
    this.#listener.telegram(role, telegram, this.#dialogue.request, at, elapsedMs);
  }
}
