import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, it } from 'vitest';
import type { AnyDriver, DeviceReader, Exchange, LineReader } from '../../driver.ts';
import { Readings } from '../../readings.ts';
import { asciiFraming } from './framing/asciiFraming.ts';
import { rtuFraming } from './framing/rtuFraming.ts';
import { encodeTcpFrame } from './framing/tcpFraming.ts';
import { modbusAsciiDriver, modbusRtuDriver, modbusTcpDriver } from './modbusDrivers.ts';
import { during } from './testbed/clockedLink.ts';
import { LateSlaves, type LateWire } from './testbed/lateSlaves.ts';

const TIMEOUT_MS = 200;
const READS = 6_000;

/** What each unit is read for; the last two leave nothing to narrow. */
const UNITS: readonly (readonly (readonly [address: string, dataType: string])[])[] = [
  [
    ['holding:100', 'uint32'],
    ['holding:104', 'uint32'],
    ['holding:200', 'uint32'],
    ['input:100', 'uint32'],
  ],
  [
    ['holding:100', 'uint32'],
    ['holding:300', 'uint32'],
  ],
  [['holding:101', 'uint16']],
  [['coil:0', 'bool']],
];

/** Mulberry32: the same run each time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const rtu: LateWire = {
  unwrap: (frame) => frame.subarray(0, -2),
  wrap: rtuFraming.encode,
  noisy: true,
};
const ascii: LateWire = {
  unwrap: (frame) => Uint8Array.from(Buffer.from(Buffer.from(frame.subarray(1, -4)).toString('latin1'), 'hex')),
  wrap: asciiFraming.encode,
  noisy: true,
};
const tcp: LateWire = {
  unwrap: (frame) => frame.subarray(6),
  wrap: (unit, answer, asked) => encodeTcpFrame((asked[0] << 8) | asked[1], unit, answer),
  noisy: false,
};

interface Setting {
  readonly driver: AnyDriver;
  readonly wire: LateWire;
  readonly bitRate: number | undefined;
  readonly echo?: boolean;
}

/** Reads the units in turn as a line does, over links that break now and then, and checks every value. */
class LateRun {
  readonly clock = new ManualClock();
  readonly slaves: LateSlaves;
  readonly random: () => number;
  readonly wrong: string[] = [];
  good = 0;
  silent = 0;
  reads = 0;
  readonly #line: LineReader;
  readonly #points: string[] = [];
  readonly #up = new Set<DeviceReader>();
  /** Until when a device that was silent is left alone. */
  readonly #backoffMs = new Map<DeviceReader, number>();

  constructor({ driver, wire, bitRate, echo = false }: Setting, seed: number) {
    const { clock } = this;
    this.random = randomFrom(seed);
    this.slaves = new LateSlaves({ clock, wire, random: this.random, timeoutMs: TIMEOUT_MS, echo });
    const devices = UNITS.map((points, index) => ({
      name: `unit-${index + 1}`,
      options: driver.options.parse({ unit: index + 1 }),
      timeoutMs: TIMEOUT_MS,
      classes: [
        {
          intervalMs: 1000,
          points: points.map(([address, dataType]) => {
            const tag = this.#points.push(address) - 1;
            return { tag, address, dataType };
          }),
        },
      ],
    }));
    const readings = new Readings({ write: (block) => this.#check(block) });
    this.#line = driver.prepare(devices, { clock, events: () => {}, readings, bitRate });
    this.#line.connected(this.slaves.open());
  }

  get discarded(): number {
    return this.#line.devices.reduce((sum, { discardedAnswers }) => sum + discardedAnswers, 0);
  }

  async play(reads: number): Promise<void> {
    while (this.reads < reads) for (const device of this.#line.devices) await this.#visit(device);
  }

  async #visit(device: DeviceReader): Promise<void> {
    if (!this.#up.has(device)) {
      if (this.clock.elapsedMs() < (this.#backoffMs.get(device) ?? 0)) {
        await this.clock.advance(10);
        return;
      }
      const exchange = await during(this.clock, device.greet!(), 5);
      if (!this.#took(device, exchange) || exchange.goesOn) return;
      this.#up.add(device);
    }
    if (this.random() < 0.01) this.#reconnect();
    const [group] = device.groups;
    group.begin();
    while (group.pending > 0) {
      this.reads++;
      if (!this.#took(device, await during(this.clock, group.step(1), 5))) group.fail(STATUS.BadTimeout);
    }
    await this.clock.advance(this.random() * 3);
  }

  #took(device: DeviceReader, { outcome }: Exchange): boolean {
    if (outcome === 'answered' || outcome === 'refused') return true;
    this.silent++;
    this.#backoffMs.set(device, this.clock.elapsedMs() + this.random() * 5 * TIMEOUT_MS);
    this.#up.delete(device);
    if (outcome === 'lost') this.#reconnect();
    return false;
  }

  #reconnect(): void {
    this.#line.disconnected();
    this.#line.connected(this.slaves.open());
    this.#up.clear();
  }

  #check({ count, tags, values, statuses }: SampleBlock): void {
    for (let index = 0; index < count; index++) {
      if (statuses[index] !== STATUS.Good) continue;
      this.good++;
      const address = this.#points[tags[index]];
      const expected = expectedValue(address, this.slaves.asked);
      if (values[index] !== expected) this.wrong.push(`${address} is ${values[index]} and not ${expected}`);
    }
  }
}

function expectedValue(address: string, asked: number): number {
  const [table, number] = address.split(':');
  if (table === 'coil') return asked & 1;
  const sequence = asked & 0xffff;
  return Number(number) % 2 === 1 ? sequence : Number(number) * 65_536 + sequence;
}

describe('a late answer is never taken for another', () => {
  it.each<[string, Setting]>([
    ['RTU over a serial port', { driver: modbusRtuDriver, wire: rtu, bitRate: 115_200 }],
    ['RTU over an adapter that echoes', { driver: modbusRtuDriver, wire: rtu, bitRate: 115_200, echo: true }],
    ['RTU behind a serial server', { driver: modbusRtuDriver, wire: rtu, bitRate: undefined }],
    ['ASCII over a serial port', { driver: modbusAsciiDriver, wire: ascii, bitRate: 115_200 }],
    ['TCP, to units behind a gateway', { driver: modbusTcpDriver, wire: tcp, bitRate: undefined }],
  ])('%s', { timeout: 60_000 }, async (_, setting) => {
    const run = new LateRun(setting, 1);
    await run.play(READS);
    expect(run.wrong).toEqual([]);
    // The run is worth something only if much came late and much was read all the same.
    expect(run.good).toBeGreaterThan(READS / 2);
    expect(run.silent).toBeGreaterThan(READS / 20);
    expect(run.discarded).toBeGreaterThan(READS / 20);
  });
});
