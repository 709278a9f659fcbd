/**
 * Cuts a stream of bytes into telegrams, through noise, damage and hostility, and without allocating anything for one.
 *
 * Every byte at which no good telegram begins is noise, and the search goes on at the next one: a false start can hide
 * nothing that has an FCS. A token and a short acknowledgement have none. Right behind a good telegram they are believed;
 * after noise only where they lead up to a telegram that is checked, since every 256th byte of noise looks like one.
 */

import { INCOMPLETE, isChecked, measureTelegram, NOISE } from './measureTelegram.ts';
import { DELIMITER, NONE, type Telegram } from './telegram.ts';

/** More than the longest look ahead: two telegrams of 255 bytes and a chain of tokens between them. */
const BUFFER_BYTES = 8192;
/** So many unchecked telegrams in a row, each in its form, are no noise any more. */
const CHAIN_LINKS = 4;
const EXTENSION = 0x80;
const ADDRESS = 0x7f;
/** An extension byte is a SAP, or with this bit the address of a segment (IEC 61158-4-3, 4.7.4). */
const SEGMENT = 0x40;
const SAP = 0x3f;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export class TelegramReader {
  readonly #onTelegram: (telegram: Telegram) => void;
  readonly #bytes = new Uint8Array(BUFFER_BYTES);
  readonly #telegram: Writable<Telegram> = {
    delimiter: 0,
    destination: NONE,
    source: NONE,
    control: 0,
    destinationSap: NONE,
    sourceSap: NONE,
    bytes: this.#bytes,
    dataStart: 0,
    dataEnd: 0,
    endPosition: 0,
    afterNoise: true,
  };
  /** The bytes that are held, from the start of the buffer on. */
  #held = 0;
  /** How many bytes of the stream lie before the buffer. */
  #passed = 0;
  /** Whether the byte before was the last of a good telegram. */
  #synchronised = false;
  /** Where the last damaged telegram ended, as a position of the stream: of its inside, only what is checked is believed. */
  #damagedUntil = 0;
  /** Whether nothing follows that belongs to what is held. */
  #ended = false;
  #telegrams = 0;
  #noiseBytes = 0;
  #checkErrors = 0;

  /** `onTelegram` must not keep what it is given, nor push. */
  constructor(onTelegram: (telegram: Telegram) => void) {
    this.#onTelegram = onTelegram;
  }

  /** Good telegrams so far. */
  get telegrams(): number {
    return this.#telegrams;
  }

  /** Bytes that were part of no good telegram. */
  get noiseBytes(): number {
    return this.#noiseBytes;
  }

  /** Telegrams that were whole but for their FCS. */
  get checkErrors(): number {
    return this.#checkErrors;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + BUFFER_BYTES - this.#held);
      this.#bytes.set(piece, this.#held);
      this.#held += piece.length;
      at += piece.length;
      this.#read();
    }
  }

  /** The line has been quiet: the bytes of a telegram follow one another without a pause, so what is begun is noise. */
  endOfBurst(): void {
    this.#ended = true;
    this.#read();
    this.#ended = false;
  }

  #read(): void {
    const end = this.#held;
    let at = 0;
    while (at < end) {
      const length = this.#lengthAt(at, end);
      if (length > 0) {
        this.#deliver(at, length);
        at += length;
      } else if (length === INCOMPLETE && !this.#ended) {
        break;
      } else {
        if (length < NOISE) this.#noteDamage(at, -length);
        this.#synchronised = false;
        this.#noiseBytes++;
        at++;
      }
    }
    this.#bytes.copyWithin(0, at, end);
    this.#held = end - at;
    this.#passed += at;
  }

  /** As `measureTelegram`, with what the bytes around say of a telegram that has no FCS. */
  #lengthAt(at: number, end: number): number {
    const length = measureTelegram(this.#bytes, at, end);
    if (length <= 0 || isChecked(this.#bytes[at])) return length;
    if (this.#bytes[at] === DELIMITER.token) {
      const hidden = this.#hiddenBehind(at, end);
      if (hidden > 0) return NOISE;
      if (hidden === INCOMPLETE && !this.#ended) return INCOMPLETE;
    } else if (this.#synchronised && this.#telegram.delimiter === DELIMITER.acknowledgement) {
      return NOISE;
    }
    if (this.#synchronised) return length;
    if (this.#passed + at < this.#damagedUntil) return NOISE;
    const proof = this.#chainAt(at, end);
    return proof > 0 ? length : proof;
  }

  /** The start delimiters 10 and 68 are possible addresses of a token: whether one begins a good telegram instead. */
  #hiddenBehind(at: number, end: number): number {
    for (let inside = at + 1; inside <= at + 2; inside++) {
      if (!isChecked(this.#bytes[inside])) continue;
      const length = measureTelegram(this.#bytes, inside, end);
      if (length >= INCOMPLETE) return length;
    }
    return NOISE;
  }

  /** Whether what begins at `at` leads up to a checked telegram; positive where it does. */
  #chainAt(at: number, end: number): number {
    let before = 0;
    for (let links = 0; links < CHAIN_LINKS; links++) {
      if (at >= end) return INCOMPLETE;
      const delimiter = this.#bytes[at];
      const length = measureTelegram(this.#bytes, at, end);
      if (length === INCOMPLETE) return INCOMPLETE;
      if (length < 0) return NOISE;
      if (isChecked(delimiter)) return length;
      // An acknowledgement answers a request: two in a row do not occur.
      if (delimiter === DELIMITER.acknowledgement && before === delimiter) return NOISE;
      before = delimiter;
      at += length;
    }
    return CHAIN_LINKS;
  }

  /**
   * A telegram is whole but for its FCS. What else is damaged inside it is counted with it, and what is not checked there is
   * not believed. Only the variable form, whose start has four bytes, says so much of what is behind it.
   */
  #noteDamage(at: number, length: number): void {
    if (this.#passed + at < this.#damagedUntil) return;
    this.#checkErrors++;
    if (this.#bytes[at] === DELIMITER.variable) this.#damagedUntil = this.#passed + at + length;
  }

  #deliver(at: number, length: number): void {
    const telegram = this.#telegram;
    telegram.afterNoise = !this.#synchronised;
    telegram.delimiter = this.#bytes[at];
    telegram.endPosition = this.#passed + at + length;
    this.#synchronised = true;
    this.#telegrams++;
    if (this.#fill(at, length)) this.#onTelegram(telegram);
  }

  /** False where the FCS is good and the address extensions make no sense; nobody on the line would take it either. */
  #fill(at: number, length: number): boolean {
    const telegram = this.#telegram;
    const bytes = this.#bytes;
    telegram.control = 0;
    telegram.destinationSap = NONE;
    telegram.sourceSap = NONE;
    telegram.destination = NONE;
    telegram.source = NONE;
    telegram.dataStart = at;
    telegram.dataEnd = at;
    if (telegram.delimiter === DELIMITER.acknowledgement) return true;
    const body = telegram.delimiter === DELIMITER.variable ? at + 4 : at + 1;
    telegram.destination = bytes[body] & ADDRESS;
    telegram.source = bytes[body + 1] & ADDRESS;
    if (telegram.delimiter === DELIMITER.token) return true;
    telegram.control = bytes[body + 2];
    telegram.dataStart = body + 3;
    telegram.dataEnd = at + length - 2;
    if ((bytes[body] & EXTENSION) !== 0) telegram.destinationSap = this.#takeSap();
    if ((bytes[body + 1] & EXTENSION) !== 0) telegram.sourceSap = this.#takeSap();
    return telegram.dataStart <= telegram.dataEnd;
  }

  /** Takes one address extension off the data: up to two bytes, of which the SAP counts. */
  #takeSap(): number {
    const telegram = this.#telegram;
    let sap = NONE;
    for (let more = true, count = 0; more && count < 2; count++) {
      const byte = telegram.bytes[telegram.dataStart++];
      more = (byte & EXTENSION) !== 0;
      if ((byte & SEGMENT) === 0) sap = byte & SAP;
    }
    return sap;
  }
}
