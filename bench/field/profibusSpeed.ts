/** PROFIBUS: how much faster than the fastest bus its bytes go through the driver, with images, events and readings. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { success } from '@tidegate/core/fault/fault.ts';
import type { TaggedPoint } from '@tidegate/edge/acquisition/driver.ts';
import { profibusDriver } from '@tidegate/edge/acquisition/drivers/profibus/profibusDriver.ts';
import { RECORDED } from '@tidegate/edge/acquisition/drivers/profibus/testbed/recordedTelegrams.ts';
import { Readings } from '@tidegate/edge/acquisition/readings.ts';
import { type Contender, interleave, type Run, type Slice, type Slices, timed } from './interleaved.ts';

const BIT_RATE = 12_000_000;
/** A character has a start bit, 8 data bits, parity and a stop bit (IEC 61158-2, 22). */
const BUS_BYTES_PER_SECOND = BIT_RATE / 11;
/** As a serial server passes them on. */
const CHUNK_BYTES = 1_024;
const STATIONS = [8, 42, 77];
const SCAN_MS = 10;
const SCAN_BYTES = (BUS_BYTES_PER_SECOND * SCAN_MS) / 1_000;

/** A token, a request for the status of a station, and its answer: nothing on a bus has more telegrams for its bytes. */
const SHORTEST = ['dc0202', '100802495316', '100208000a16'].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

export async function measureTelegrams(run: Run, say: (line: string) => void) {
  say('profibus, telegrams of a recorded bus, and the shortest that there are');
  const recorded = RECORDED.map(({ bytes }) => bytes);
  const [ofRecorded, ofShortest] = await interleave([busContender(recorded), busContender(SHORTEST)], run);
  const figures = { recorded: figuresOf(ofRecorded, recorded), shortest: figuresOf(ofShortest, SHORTEST) };
  for (const [name, { telegramsPerSecond, megabytesPerSecond, timesBus }] of Object.entries(figures)) {
    const telegrams = telegramsPerSecond.toLocaleString('en');
    say(`  ${name.padEnd(22)} ${telegrams} telegrams/s, ${megabytesPerSecond} MB/s, ${timesBus} times 12 Mbit/s`);
  }
  return figures;
}

function figuresOf(slices: Slices, telegrams: readonly Uint8Array[]) {
  const bytesPerTelegram = Buffer.concat(telegrams).length / telegrams.length;
  const bytesPerSecond = slices.perSecond * bytesPerTelegram;
  return {
    telegramsPerSecond: Math.round(slices.perSecond),
    megabytesPerSecond: Math.round(bytesPerSecond / 1e5) / 10,
    timesBus: Math.round((bytesPerSecond / BUS_BYTES_PER_SECOND) * 10) / 10,
  };
}

/** A bus on which `telegrams` come again and again. Its clock goes as fast as its bytes come. */
function busContender(telegrams: readonly Uint8Array[]): Contender {
  const chunks = chunksOf(telegrams);
  let bytes = 0;
  let next = 0;
  const clock: Clock = {
    now: () => Math.round((bytes / BUS_BYTES_PER_SECOND) * 1e6) as Timestamp,
    elapsedMs: () => (bytes / BUS_BYTES_PER_SECOND) * 1_000,
    after: () => () => {},
  };
  let readings = 0;
  const ports = { clock, events: () => {}, readings: new Readings({ write: ({ count }) => (readings += count) }) };
  const line = profibusDriver.prepare(devices(), { ...ports, bitRate: BIT_RATE });
  const tap = {
    receivedBytes: 0,
    closed: new Promise<never>(() => {}),
    close() {},
    async receive() {
      const chunk = chunks[next++ % chunks.length];
      bytes += chunk.length;
      return success(chunk);
    },
  };
  line.connected(tap as never);
  const bytesPerTelegram = Buffer.concat(telegrams).length / telegrams.length;
  const listen = async (sliceMs: number): Promise<number> => {
    const before = bytes;
    const deadlineMs = performance.now() + sliceMs;
    while (performance.now() < deadlineMs) {
      for (const device of line.devices) device.groups[0].begin();
      await line.listen?.(SCAN_MS);
    }
    if (readings === 0) throw new Error('the bus has been read without a reading');
    return (bytes - before) / bytesPerTelegram;
  };
  return { measure: (sliceMs): Promise<Slice> => timed(() => listen(sliceMs)) };
}

/** A whole number of times the telegrams, cut regardless of where they end. */
function chunksOf(telegrams: readonly Uint8Array[]): Uint8Array[] {
  const once = Buffer.concat(telegrams);
  const stream = Buffer.concat(Array.from({ length: Math.ceil(SCAN_BYTES / once.length) }, () => once));
  const count = Math.ceil(stream.length / CHUNK_BYTES);
  return Array.from({ length: count }, (_, nth) => stream.subarray(nth * CHUNK_BYTES, (nth + 1) * CHUNK_BYTES));
}

function devices() {
  return STATIONS.map((station) => {
    const points = ['input:0', 'input:1', 'output:0'].map((address, index): TaggedPoint => {
      return { tag: station * 8 + index, address, dataType: 'uint8' };
    });
    const options = profibusDriver.options.parse({ station });
    return { name: `station-${station}`, options, timeoutMs: 1_000, classes: [{ intervalMs: SCAN_MS, points }] };
  });
}
