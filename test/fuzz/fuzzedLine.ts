/** A line of a driver that is connected, greeted, scanned and listened to as its loop does, whatever comes. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { AnyDriver, DeviceReader, Exchange, LineReader } from '@tidegate/edge/acquisition/driver.ts';
import { Readings } from '@tidegate/edge/acquisition/readings.ts';
import { createWriteGuard } from '@tidegate/edge/acquisition/transport/writeGuard.ts';
import { HostileLink, type HostileParts } from './hostileLink.ts';
import { devicesOf, type FuzzSubject } from './subjects.ts';

const SCAN_MS = 1_000;
const LISTEN_MS = 40;
/** 2026-01-01: event times are compared with the time of their arrival. */
const START_US = 1_767_225_600_000_000 as Timestamp;
/** More than any scan of these devices takes: one that goes on has lost its way. */
const MAX_EXCHANGES_PER_SCAN = 1_000;
/** What is told to people is a sentence, however long the frame was. */
const MAX_DETAIL_CHARACTERS = 4_096;

export class FuzzedLine {
  readonly #driver: AnyDriver;
  readonly #reader: LineReader;
  readonly #link: () => HostileLink;
  readonly #clock = new ManualClock(START_US);
  /** Readings of each tag in the scan under way. */
  readonly #counts: Uint32Array;
  #exchanges = 0;
  /** How many readings there were, and how many of them had values: else nothing has been tried. */
  readings = 0;
  values = 0;

  constructor(driver: AnyDriver, subject: FuzzSubject, parts: Omit<HostileParts, 'clock' | 'guard'>) {
    this.#driver = driver;
    const devices = devicesOf(subject, (keys) => driver.options.parse(keys));
    this.#counts = new Uint32Array(devices.length * subject.points.length);
    const stations = devices.map(({ options }) => {
      return { station: driver.stationOf(options), options: driver.allowedBy?.(options) ?? [] };
    });
    const guard = createWriteGuard(driver.manifest, driver.dissect, stations);
    this.#link = () => new HostileLink({ ...parts, clock: this.#clock, guard });
    const readings = new Readings({ write: (block) => this.#take(block) });
    const events = ({ detail }: { readonly detail: string }) => expectSentence(detail);
    this.#reader = driver.prepare(devices, { clock: this.#clock, events, readings, bitRate: undefined });
    this.#reader.connected(this.#link());
  }

  /** One round: each device is greeted and scanned. Throws where a rule of the contract is broken. */
  async scan(): Promise<void> {
    this.#counts.fill(0);
    this.#exchanges = 0;
    for (const device of this.#reader.devices) for (const group of device.groups) group.begin();
    for (const device of this.#reader.devices) {
      const met = await this.#greet(device);
      if (met) await this.#scanDevice(device);
      else for (const group of device.groups) group.fail(STATUS.BadTimeout);
    }
    const heard = await this.#reader.listen?.(LISTEN_MS);
    if (heard?.ok === false) this.#reconnect();
    expectSentence(this.#reader.devices.map(({ defect }) => defect ?? '').join());
    this.#expectReadings();
    await this.#clock.advance(SCAN_MS);
  }

  async #greet(device: DeviceReader): Promise<boolean> {
    let exchange: Exchange | undefined;
    do {
      exchange = await device.greet?.();
      if (exchange && !this.#goesOn(exchange)) return false;
    } while (exchange?.goesOn);
    return true;
  }

  async #scanDevice(device: DeviceReader): Promise<void> {
    for (const group of device.groups) {
      while (group.pending > 0) {
        if (!this.#goesOn(await group.step(Number.POSITIVE_INFINITY))) group.fail(STATUS.BadTimeout);
      }
    }
  }

  /** False where the device cannot be asked anything for now. */
  #goesOn(exchange: Exchange): boolean {
    if (++this.#exchanges > MAX_EXCHANGES_PER_SCAN) throw new Error('a scan does not come to its end');
    if (exchange.outcome === 'answered') return true;
    const { outcome } = exchange;
    expectSentence(outcome === 'refused' ? exchange.detail : exchange.fault.detail);
    if (outcome === 'refused') return true;
    if (!(exchange.fault.code in FAULTS)) throw new Error(`${exchange.fault.code} is no fault`);
    if (outcome === 'lost') this.#reconnect();
    return false;
  }

  #reconnect(): void {
    this.#reader.disconnected();
    this.#reader.connected(this.#link());
  }

  #take({ count, tags, times, kinds, values }: SampleBlock): void {
    this.readings += count;
    for (let index = 0; index < count; index++) {
      this.#counts[tags[index]]++;
      if (kinds[index] !== ValueKind.none) this.values++;
      const wrong = kinds[index] === ValueKind.number && !Number.isFinite(values[index]);
      if (wrong || !Number.isSafeInteger(times[index]))
        throw new Error(`a reading of ${values[index]} at ${times[index]}`);
    }
  }

  #expectReadings(): void {
    if (this.#driver.manifest.reports !== 'every scan') return;
    const wrong = this.#counts.findIndex((count) => count !== 1);
    if (wrong >= 0) throw new Error(`tag ${wrong} has ${this.#counts[wrong]} readings in one scan`);
  }
}

function expectSentence(text: string): void {
  if (text.length > MAX_DETAIL_CHARACTERS)
    throw new Error(`a message of ${text.length} characters: ${text.slice(0, 200)}`);
}
