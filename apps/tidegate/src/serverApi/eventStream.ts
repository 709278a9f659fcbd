/** Reads server-sent events (WHATWG HTML, 9.2.6) from the pieces in which a network delivers them. */

/** One event whose `data` lines have been joined by line feeds. */
export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

const LINE_END = /\r\n|\n|\r/;

/** Takes a stream in pieces of any length and gives the events that each piece completes; never throws. */
export class EventStreamParser {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #event = '';
  #data: string[] = [];

  /** The events that end within `bytes`, in order. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    // A carriage return at the end may be half of a line end whose line feed comes with the next piece.
    const heldBack = this.#rest.endsWith('\r') ? '\r' : '';
    const lines = this.#rest.slice(0, this.#rest.length - heldBack.length).split(LINE_END);
    this.#rest = lines.pop() + heldBack;
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): ServerSentEvent[] {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return [];
  }

  #dispatch(): ServerSentEvent[] {
    const event = { event: this.#event || 'message', data: this.#data.join('\n') };
    const complete = this.#data.length > 0;
    this.#event = '';
    this.#data = [];
    return complete ? [event] : [];
  }
}
