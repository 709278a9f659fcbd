/** One start of a sender: its key and its streams. */

import type { KeyObject } from 'node:crypto';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type DatagramHeader, DatagramKind } from '../../frame/diode/datagramLayout.ts';
import { openDatagram } from '../../frame/diode/datagramSeal.ts';
import { decodeStreamBeat } from '../../frame/diode/streamBeat.ts';
import { DiodeStream, type DiodeStreamOptions } from './diodeStream.ts';
import type { StreamFloor } from './sessionFile.ts';

/** What became of one datagram. */
export type Reception = 'taken' | 'unauthenticated' | 'replayed';

export interface SenderSessionOptions extends DiodeStreamOptions {
  readonly session: number;
  readonly key: KeyObject;
  readonly since: Timestamp;
  /** Of a session that was under way when the receiver was last stopped. */
  readonly floors: readonly StreamFloor[];
}

export class SenderSession {
  readonly session: number;
  readonly since: Timestamp;
  readonly #options: SenderSessionOptions;
  readonly #streams: (DiodeStream | undefined)[] = [];
  /** The number after that of the newest beat of each stream. */
  readonly #beats: number[] = [];

  constructor(options: SenderSessionOptions) {
    this.#options = options;
    this.session = options.session;
    this.since = options.since;
  }

  get streams(): readonly DiodeStream[] {
    return this.#streams.filter((stream) => stream !== undefined);
  }

  /** The next group and the next beat of each stream by its number, those of streams that are not heard yet among them. */
  get floors(): StreamFloor[] {
    const { floors } = this.#options;
    return Array.from({ length: Math.max(this.#streams.length, this.#beats.length, floors.length) }, (_, number) => ({
      group: this.#streams[number]?.floor ?? floors[number]?.group,
      beat: this.#nextBeat(number),
    }));
  }

  take(header: DatagramHeader, datagram: Uint8Array): Reception {
    const payload = openDatagram(this.#options.key, header, datagram);
    if (!payload) return 'unauthenticated';
    if (header.kind === DatagramKind.symbol) {
      this.#stream(header.stream).take(header, payload);
      return 'taken';
    }
    if (header.group < this.#nextBeat(header.stream)) return 'replayed';
    this.#beats[header.stream] = header.group + 1;
    const beat = decodeStreamBeat(payload);
    if (!beat.ok) this.#options.onFault(undefined, beat.fault);
    else if (beat.value.gateway === this.#options.gateway) this.#stream(header.stream).beat(header, beat.value);
    else this.#options.onFault(undefined, { code: 'boundary.identity', detail: `a beat of ${beat.value.gateway}` });
    return 'taken';
  }

  tick(): void {
    for (const stream of this.streams) stream.tick();
  }

  async finish(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.finish()));
  }

  #nextBeat(number: number): number {
    return this.#beats[number] ?? this.#options.floors[number]?.beat ?? 0;
  }

  #stream(number: number): DiodeStream {
    const known = this.#streams[number];
    if (known) return known;
    const stream = new DiodeStream(this.#options, this.#options.floors[number]?.group);
    this.#streams[number] = stream;
    return stream;
  }
}
