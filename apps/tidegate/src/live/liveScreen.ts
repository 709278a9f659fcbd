/** The live view on a whole terminal, written anew each second; keys choose which tags are seen. */

import { once } from 'node:events';
import { emitKeypressEvents, type Key } from 'node:readline';
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { LiveView } from '@tidegate/core/port/liveView.ts';
import { formatFault } from '../reportFault.ts';
import { type LiveSource, livePattern } from './liveSource.ts';
import { liveHeader, liveTable, type Paint, shortened, UNPAINTED } from './liveText.ts';

/** The other screen of the terminal, without a cursor, and back (xterm, DECSET 1049 and DECTCEM). */
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
/** Moves to the upper left corner; clears what is behind a line, and below (ECMA-48, 8.3.21, 8.3.41 and 8.3.39). */
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

const RENEW_MS = 1_000;
const FALLBACK_SIZE = { columns: 80, rows: 24 };
const STYLES = { strong: 'bold', good: 'green', uncertain: 'yellow', bad: 'red' } as const;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class LiveScreen {
  readonly #source: LiveSource;
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #quit = new AbortController();
  #filter: string;
  /** What is being typed as a filter. */
  #typed: string | undefined;
  #from = 0;
  #rows = 1;
  #view: LiveView | undefined;
  #fault: Fault | undefined;
  #renewing: Promise<void> | undefined;

  constructor(source: LiveSource, filter: string, input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#source = source;
    this.#filter = filter;
    this.#input = input;
    this.#output = output;
  }

  /** Resolves when the user quits; the terminal is then as it was. */
  async run(): Promise<void> {
    const quit = () => this.#quit.abort();
    for (const name of SIGNALS) process.on(name, quit);
    emitKeypressEvents(this.#input);
    this.#input.setRawMode(true).resume().on('keypress', this.#press);
    this.#output.on('resize', this.#renew).write(ENTER);
    const timer = setInterval(this.#renew, RENEW_MS);
    try {
      this.#renew();
      await once(this.#quit.signal, 'abort');
      await this.#renewing;
    } finally {
      clearInterval(timer);
      this.#output.off('resize', this.#renew).write(LEAVE);
      this.#input.off('keypress', this.#press).setRawMode(false).pause();
      for (const name of SIGNALS) process.off(name, quit);
    }
  }

  readonly #renew = () => {
    this.#renewing ??= this.#look().finally(() => {
      this.#renewing = undefined;
    });
  };

  async #look(): Promise<void> {
    const asked = { pattern: livePattern(this.#filter), from: this.#from, count: this.#rows };
    const read: Result<LiveView> = await this.#source.read(asked);
    this.#fault = read.ok ? undefined : read.fault;
    if (read.ok) this.#view = read.value;
    this.#draw();
  }

  readonly #press = (text: string | undefined, key: Key) => {
    if (key.ctrl && (key.name === 'c' || key.name === 'd')) return this.#quit.abort();
    if (this.#typed !== undefined) this.#type(text, key);
    else if (key.name === 'q') return this.#quit.abort();
    else if (text === '/') this.#typed = '';
    else this.#scroll(key);
    this.#draw();
    this.#renew();
  };

  #type(text: string | undefined, { name }: Key): void {
    if (name === 'return' || name === 'enter') {
      this.#filter = this.#typed ?? '';
      this.#typed = undefined;
      this.#from = 0;
    } else if (name === 'escape') this.#typed = undefined;
    else if (name === 'backspace') this.#typed = this.#typed?.slice(0, -1);
    else if (text !== undefined && !/\p{Cc}/u.test(text)) this.#typed += text;
  }

  #scroll({ name }: Key): void {
    const last = Math.max(0, (this.#view?.matched ?? 0) - this.#rows);
    const places: Readonly<Record<string, number>> = {
      up: this.#from - 1,
      down: this.#from + 1,
      pageup: this.#from - this.#rows,
      pagedown: this.#from + this.#rows,
      home: 0,
      end: last,
    };
    this.#from = Math.max(0, Math.min(last, places[name ?? ''] ?? this.#from));
  }

  #draw(): void {
    if (this.#quit.signal.aborted) return;
    const { columns, rows } = this.#output.columns > 0 ? this.#output : FALLBACK_SIZE;
    const head = this.#view ? liveHeader(this.#view, this.#paint) : [];
    if (this.#fault)
      head.unshift(
        ...formatFault(this.#fault)
          .trimEnd()
          .split('\n')
          .map((line) => this.#paint(line, 'bad')),
      );
    const room = Math.max(1, rows - Math.min(head.length, rows - 4) - 3);
    if (room !== this.#rows) {
      this.#rows = room;
      queueMicrotask(this.#renew);
    }
    const table = this.#view ? liveTable(this.#view, columns, this.#paint) : [];
    const lines = [...head.slice(0, rows - 4), '', ...table.slice(0, room + 1)];
    const filled = [...lines, ...Array<string>(Math.max(0, rows - 1 - lines.length)).fill('')];
    const text = [...filled, this.#footer(columns)].map((line) => `${cut(line, columns)}${CLEAR_LINE}`).join('\r\n');
    this.#output.write(`${HOME}${text}${CLEAR_BELOW}`);
  }

  #footer(columns: number): string {
    if (this.#typed !== undefined) return `/${this.#typed}_   Enter: show these   Esc: as before`;
    const { matched = 0, from = 0, tags = [] } = this.#view ?? {};
    const shown = tags.length === 0 ? 'no tags' : `${from + 1}-${from + tags.length} of ${matched} tags`;
    const filter = this.#filter === '' ? '' : ` with ${this.#filter}`;
    return shortened(`${shown}${filter}   q quit   / filter   arrows, PgUp, PgDn scroll`, columns);
  }

  readonly #paint: Paint = (text, as) => {
    const { NO_COLOR } = process.env;
    const style = STYLES[as];
    return NO_COLOR ? UNPAINTED(text, as) : styleText(style, text, { validateStream: false });
  };
}

/** A line that is too wide loses its colours with its end. */
function cut(line: string, columns: number): string {
  const bare = stripVTControlCharacters(line);
  return [...bare].length <= columns ? line : shortened(bare, columns);
}
