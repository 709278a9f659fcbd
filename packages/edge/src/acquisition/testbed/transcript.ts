/**
 * Plays a transcript against a driver: a wire script that says what is sent, what comes, and what is read from it.
 *
 *     limits unit=1 timeoutMs=1000 maxGap=4       how the device is read
 *     point 0 holding:100 float32 CDAB            tag, address, data type, word order
 *     connect                                     a link opens; the greeting follows
 *     scan                                        all points are due
 *     > 0001 0000 0006 01 03 0064 0002            the gateway sends
 *     < 0001 0000 0007 01 03 04 0000 41c8         the device answers
 *     silence                                     the device does not answer in time
 *     close                                       the device closes the connection
 *     = 0 25 Good                                 a reading: tag, value (- for none), status
 *     ! device.address-refused                    an event
 *     lost link.timeout                           the link is of no use any more; pending points fail with BadTimeout
 *     wait 600000                                 virtual milliseconds
 */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { STATUS, type StatusCode, statusName } from '@tidegate/core/sample/statusCode.ts';
import type { DeviceReader, Driver, ReadLimits, TaggedPoint } from '../driver.ts';
import { Readings } from '../readings.ts';
import { createWriteGuard } from '../transport/writeGuard.ts';
import { ScriptedLink, type WireLine } from './scriptedLink.ts';

/** Throws with the line at fault where the driver does not do what the transcript says. */
export async function playTranscript(driver: Driver, text: string): Promise<void> {
  const player = new TranscriptPlayer(driver, text);
  try {
    await player.play();
  } catch (error) {
    throw new Error(`line ${player.lineNumber}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** What a block holds, one line for each sample, as transcripts write it. */
export function formatReadings(block: SampleBlock): string[] {
  return Array.from({ length: block.count }, (_, index) => {
    const value = block.values[index];
    const text = block.kinds[index] === ValueKind.string ? JSON.stringify(block.strings[value]) : String(value);
    const shown = block.kinds[index] === ValueKind.none ? '-' : text;
    return `${block.tags[index]} ${shown} ${statusName(block.statuses[index] as StatusCode)}`;
  });
}

class TranscriptPlayer {
  readonly #driver: Driver;
  readonly #lines: readonly string[];
  readonly #clock = new ManualClock();
  readonly #points: TaggedPoint[] = [];
  #limits: ReadLimits = { unit: 1, timeoutMs: 1000, maxGap: undefined, maxRegisters: undefined };
  #reader: DeviceReader | undefined;
  #at = 0;
  #readings: string[] = [];
  #events: string[] = [];
  #lost: string[] = [];

  constructor(driver: Driver, text: string) {
    this.#driver = driver;
    this.#lines = text.split('\n').map((line) => line.replace(/#.*$/, '').trim());
  }

  get lineNumber(): number {
    return this.#at;
  }

  async play(): Promise<void> {
    for (let line = this.#take(); line !== undefined; line = this.#take()) await this.#obey(line);
    this.#expectNothingLeft();
  }

  async #obey(line: string): Promise<void> {
    const [verb, ...words] = line.split(/\s+/);
    switch (verb) {
      case 'limits':
        this.#limits = { ...this.#limits, ...Object.fromEntries(words.map(readLimit)) };
        break;
      case 'point':
        this.#points.push(readPoint(words));
        break;
      case 'connect':
        await this.#connect();
        break;
      case 'scan':
        await this.#scan();
        break;
      case 'wait':
        await this.#clock.advance(Number(words[0]));
        break;
      case '=':
        expectNext('reading', this.#readings.shift(), line.slice(1).trim());
        break;
      case '!':
        expectNext('event', this.#events.shift(), words[0]);
        break;
      case 'lost':
        expectNext('fault', this.#lost.shift(), words[0]);
        break;
      default:
        throw new Error(`the driver did not come to "${line}"`);
    }
  }

  async #connect(): Promise<void> {
    const link = new ScriptedLink(() => this.#wireLine(), createWriteGuard(this.#driver.manifest));
    const greeted = await this.#deviceReader().connected(link);
    if (!greeted.ok) this.#lose(greeted.fault.code);
  }

  async #scan(): Promise<void> {
    this.#expectNothingLeft();
    const [group] = this.#deviceReader().groups;
    group.begin();
    while (group.pending) {
      const exchange = await group.step();
      if (exchange.outcome !== 'lost') continue;
      this.#lose(exchange.fault.code);
      group.fail(exchange.fault.code === 'link.timeout' ? STATUS.BadTimeout : STATUS.BadCommunicationError);
    }
  }

  #lose(code: string): void {
    this.#lost.push(code);
    this.#deviceReader().disconnected();
  }

  #deviceReader(): DeviceReader {
    this.#reader ??= this.#driver.prepare('device', [this.#points], this.#limits, {
      clock: this.#clock,
      events: (event) => this.#events.push(event.kind),
      readings: new Readings({ write: (block) => this.#readings.push(...formatReadings(block)) }),
    });
    return this.#reader;
  }

  #take(): string | undefined {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at++];
      if (line !== '') return line;
    }
    return undefined;
  }

  #wireLine(): WireLine | undefined {
    const line = this.#take() ?? '';
    if (line.startsWith('>')) return { kind: 'sent', bytes: bytesOf(line.slice(1)) };
    if (line.startsWith('<')) return { kind: 'received', bytes: bytesOf(line.slice(1)) };
    return line === 'silence' || line === 'close' ? { kind: line } : undefined;
  }

  #expectNothingLeft(): void {
    const left = [...this.#readings, ...this.#events, ...this.#lost];
    if (left.length > 0) throw new Error(`the transcript does not expect ${left.join(', ')}`);
  }
}

function expectNext(what: string, actual: string | undefined, expected: string): void {
  if (actual !== expected) throw new Error(`${what} is "${actual}" where the transcript has "${expected}"`);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

function readLimit(word: string): [string, number] {
  const [name, value] = word.split('=');
  return [name, Number(value)];
}

function readPoint([tag, address, dataType, wordOrder]: string[]): TaggedPoint {
  return { tag: Number(tag), address, dataType, ...(wordOrder === undefined ? {} : { wordOrder }) };
}
