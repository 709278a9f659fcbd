/** One start of a sender: its key and its streams. */

import type { KeyObject } from 'node:crypto';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type DatagramHeader, DatagramKind } from '../../frame/diode/datagramLayout.ts';
import { openDatagram } from '../../frame/diode/datagramSeal.ts';
import { decodeStreamBeat } from '../../frame/diode/streamBeat.ts';
import { DiodeStream, type DiodeStreamOptions } from './diodeStream.ts';

/** What became of one datagram. */
export type Reception = 'taken' | 'unauthenticated' | 'replayed';

export interface SenderSessionOptions extends DiodeStreamOptions {
  readonly session: number;
  readonly key: KeyObject;
  readonly since: Timestamp;
  /** The next group of each stream, of a session that was under way when the receiver was last stopped. */
  readonly floors: readonly (number | undefined)[];
}

export class SenderSession {
  readonly session: number;
  readonly since: Timestamp;
  readonly #options: SenderSessionOptions;
  readonly #streams: (DiodeStream | undefined)[] = [];
  /** The newest beat of each stream. */
  readonly #beats: number[] = [];

  constructor(options: SenderSessionOptions) {
    this.#options = options;
    this.session = options.session;
    this.since = options.since;
  }

  get streams(): readonly DiodeStream[] {
    return this.#streams.filter((stream) => stream !== undefined);
  }

  /** The next group of each stream by its number. */
  get floors(): (number | undefined)[] {
    return Array.from(this.#streams, (stream, number) => stream?.floor ?? this.#options.floors[number]);
  }

  take(header: DatagramHeader, datagram: Uint8Array): Reception {
    const payload = openDatagram(this.#options.key, header, datagram);
    if (!payload) return 'unauthenticated';
    if (header.kind === DatagramKind.symbol) {
      this.#stream(header.stream).take(header, payload);
      return 'taken';
    }
    if (header.group <= (this.#beats[header.stream] ?? -1)) return 'replayed';
    this.#beats[header.stream] = header.group;
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

  #stream(number: number): DiodeStream {
    const known = this.#streams[number];
    if (known) return known;
    const stream = new DiodeStream(this.#options, this.#options.floors[number]);
    this.#streams[number] = stream;
    return stream;
  }
}
