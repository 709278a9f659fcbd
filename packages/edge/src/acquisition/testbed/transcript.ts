/**
 * Plays a transcript against a driver: a wire script that says what is sent, what comes, and what is read from it.
 *
 *     protocol modbus-tcp                         under which of the folder's protocols it is played; all where absent
 *     device pump unit=1 timeoutMs=1000 maxGap=4  a device with its options; points that follow are its
 *     point 0 holding:100 float32 CDAB            tag, address, data type, word order
 *     connect                                     a link opens; each device is greeted
 *     greet pump                                  a device that was silent is greeted again
 *     scan                                        all points are due; `scan pump` where only those of one device are
 *     listen 1000                                 the driver listens, until what follows on the wire has come
 *     > 0001 0000 0006 01 03 0064 0002            the gateway sends
 *     < 0001 0000 0007 01 03 04 0000 41c8         a device sends
 *     silence                                     nothing comes in time
 *     close                                       the other side closes the link
 *     = 0 25 Good                                 a reading: tag, value (- for none), status
 *     = 0 25 Good @1700000000000                  the same with its time, in milliseconds
 *     ! device.address-refused                    an event
 *     silent link.timeout                         the device did not answer; its pending points fail with BadTimeout
 *     lost device.answer                          the link is of no use any more; all pending points fail
 *     wait 600000                                 virtual milliseconds
 */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode, statusName } from '@tidegate/core/sample/statusCode.ts';
import type { AnyDriver, DeviceReader, DeviceSpec, Exchange, LineReader, TaggedPoint } from '../driver.ts';
import { Readings } from '../readings.ts';
import { createWriteGuard } from '../transport/writeGuard.ts';
import { ScriptedLink, type WireLine } from './scriptedLink.ts';

/** Throws with the line at fault where the driver does not do what the transcript says. */
export async function playTranscript(driver: AnyDriver, text: string): Promise<void> {
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

function formatTimedReadings(block: SampleBlock): string[] {
  return formatReadings(block).map((line, index) => `${line} @${block.times[index] / US_PER_MS}`);
}

interface ScriptedDevice {
  readonly name: string;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly points: TaggedPoint[];
}

/** A device that a transcript does not describe. */
const DEFAULT_DEVICE = 'device';
const DEFAULT_TIMEOUT_MS = 1_000;
const SCAN_INTERVAL_MS = 1_000;

class TranscriptPlayer {
  readonly #driver: AnyDriver;
  readonly #lines: readonly string[];
  readonly #clock = new ManualClock();
  readonly #devices: ScriptedDevice[] = [];
  #reader: LineReader | undefined;
  #at = 0;
  #readings: string[] = [];
  #events: string[] = [];
  #failures: string[] = [];

  constructor(driver: AnyDriver, text: string) {
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
      case 'protocol':
        break;
      case 'device':
        this.#devices.push(readDevice(words));
        break;
      case 'point':
        this.#points().push(readPoint(words));
        break;
      case 'connect':
        await this.#connect();
        break;
      case 'greet':
        await this.#greet(words[0]);
        break;
      case 'scan':
        await this.#scan(words[0]);
        break;
      case 'listen':
        await this.#listen(Number(words[0]));
        break;
      case 'wait':
        await this.#clock.advance(Number(words[0]));
        break;
      default:
        this.#expect(verb, words);
    }
  }

  #expect(verb: string, words: readonly string[]): void {
    switch (verb) {
      case '=':
        expectReading(this.#readings.shift(), words);
        break;
      case '!':
        expectNext('event', this.#events.shift(), words[0]);
        break;
      case 'silent':
      case 'lost':
        expectNext('failure', this.#failures.shift(), `${verb} ${words[0]}`);
        break;
      default:
        throw new Error(`the driver did not come to "${[verb, ...words].join(' ')}"`);
    }
  }

  async #connect(): Promise<void> {
    const reader = this.#lineReader();
    reader.disconnected();
    reader.connected(this.#openLink());
    for (const { name } of this.#devices) if (!(await this.#greet(name))) return;
  }

  #openLink(): ScriptedLink {
    const { manifest, dissect, stationOf, allowedBy } = this.#driver;
    const stations = this.#devices.map(({ keys }) => {
      const options = this.#driver.options.parse(keys);
      return { station: stationOf(options), options: allowedBy?.(options) ?? [] };
    });
    return new ScriptedLink(() => this.#wireLine(), createWriteGuard(manifest, dissect, stations));
  }

  /** False where the link was lost. */
  async #greet(name: string): Promise<boolean> {
    const device = this.#deviceReader(name);
    let exchange: Exchange | undefined;
    do exchange = await device.greet?.();
    while (exchange?.outcome === 'answered' && exchange.goesOn);
    return this.#took(device, exchange ?? { outcome: 'answered' });
  }

  async #scan(name: string | undefined): Promise<void> {
    this.#expectNothingLeft();
    const devices = this.#lineReader().devices.filter((_, index) => !name || this.#devices[index].name === name);
    for (const device of devices) for (const group of device.groups) group.begin();
    for (const device of devices) {
      for (const group of device.groups) {
        while (group.pending > 0) if (!this.#took(device, await group.step(Number.POSITIVE_INFINITY))) return;
      }
    }
  }

  async #listen(withinMs: number): Promise<void> {
    const reader = this.#lineReader();
    if (!reader.listen) throw new Error('this driver does not listen');
    const heard = await reader.listen(withinMs);
    if (!heard.ok) this.#lose(heard.fault.code);
  }

  #took(device: DeviceReader, exchange: Exchange): boolean {
    if (exchange.outcome === 'lost') this.#lose(exchange.fault.code);
    if (exchange.outcome !== 'silent') return exchange.outcome !== 'lost';
    this.#failures.push(`silent ${exchange.fault.code}`);
    for (const group of device.groups) group.fail(STATUS.BadTimeout);
    return true;
  }

  #lose(code: string): void {
    this.#failures.push(`lost ${code}`);
    const reader = this.#lineReader();
    reader.disconnected();
    const status = code === 'link.timeout' ? STATUS.BadTimeout : STATUS.BadCommunicationError;
    for (const device of reader.devices) for (const group of device.groups) group.fail(status);
  }

  #points(): TaggedPoint[] {
    if (this.#devices.length === 0) this.#devices.push(readDevice([DEFAULT_DEVICE]));
    return this.#devices[this.#devices.length - 1].points;
  }

  #deviceReader(name: string): DeviceReader {
    const index = this.#devices.findIndex((device) => device.name === name);
    if (index < 0) throw new Error(`there is no device ${name}`);
    return this.#lineReader().devices[index];
  }

  #lineReader(): LineReader {
    this.#reader ??= this.#driver.prepare(
      this.#devices.map((device) => specOf(this.#driver, device)),
      {
        clock: this.#clock,
        events: (event) => this.#events.push(event.kind),
        readings: new Readings({ write: (block) => this.#readings.push(...formatTimedReadings(block)) }),
        bitRate: undefined,
      },
    );
    return this.#reader;
  }

  #take(): string | undefined {
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at++];
      if (line !== '') return line;
    }
    return undefined;
  }

  /** The next line if it is one of the wire; what a listener is not told of is silence to it. */
  #wireLine(): WireLine | undefined {
    const before = this.#at;
    const line = this.#take() ?? '';
    if (line.startsWith('>')) return { kind: 'sent', bytes: bytesOf(line.slice(1)) };
    if (line.startsWith('<')) return { kind: 'received', bytes: bytesOf(line.slice(1)) };
    if (line === 'silence' || line === 'close') return { kind: line };
    this.#at = before;
    return undefined;
  }

  #expectNothingLeft(): void {
    const left = [...this.#readings, ...this.#events, ...this.#failures];
    if (left.length > 0) throw new Error(`the transcript does not expect ${left.join(', ')}`);
  }
}

function specOf(driver: AnyDriver, { name, keys, timeoutMs, points }: ScriptedDevice): DeviceSpec<unknown> {
  return { name, options: driver.options.parse(keys), timeoutMs, classes: [{ intervalMs: SCAN_INTERVAL_MS, points }] };
}

/** Times are compared where the transcript names one. */
function expectReading(actual: string | undefined, words: readonly string[]): void {
  const timed = words.some((word) => word.startsWith('@'));
  expectNext('reading', timed ? actual : actual?.replace(/ @\S+$/, ''), words.join(' '));
}

function expectNext(what: string, actual: string | undefined, expected: string): void {
  if (actual !== expected) throw new Error(`${what} is "${actual}" where the transcript has "${expected}"`);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

/** `pump unit=1 confirm=true classes=[1,2]`. */
function readDevice([name, ...words]: readonly string[]): ScriptedDevice {
  const keys = Object.fromEntries(
    words.map((word) => {
      const [key, text] = word.split('=');
      return [key, toldValue(text)];
    }),
  );
  const { timeoutMs = DEFAULT_TIMEOUT_MS, ...options } = keys;
  return { name, keys: options, timeoutMs: Number(timeoutMs), points: [] };
}

/** A number, a truth or a list is what it looks like; everything else is a text. */
function toldValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readPoint([tag, address, dataType, wordOrder]: string[]): TaggedPoint {
  return { tag: Number(tag), address, dataType, ...(wordOrder === undefined ? {} : { wordOrder }) };
}
