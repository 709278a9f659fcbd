/** The devices of one bus: a tap goes in, readings and events come out. There is nothing here that could send. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { DeviceReader, DeviceSpec, DriverPorts, LineReader } from '../../driver.ts';
import type { Tap } from '../../transport/link.ts';
import { BusEvents } from './busEvents.ts';
import { DpMonitor } from './dp/dpMonitor.ts';
import { EventPace } from './eventPace.ts';
import { Bus } from './fdl/bus.ts';
import type { ProfibusOptions } from './options.ts';
import { PointGroup } from './pointGroup.ts';
import { Station } from './station.ts';

/** A line that is quiet is looked at this often, for telegrams that will never end and tokens that do not come. */
const QUIET_MS = 250;

export class ProfibusLine implements LineReader<Tap> {
  readonly devices: readonly StationReader[];
  readonly #ports: DriverPorts;
  readonly #pace: EventPace;
  readonly #bus: Bus;
  #tap: Tap | undefined;
  #listeningSinceMs: number | undefined;

  constructor(specs: readonly DeviceSpec<ProfibusOptions>[], ports: DriverPorts) {
    this.#ports = ports;
    const { clock } = ports;
    this.#pace = new EventPace(clock, ports.events);
    const stationAt = (address: number) => this.devices.find(({ station }) => station.address === address)?.station;
    const events = new BusEvents(
      `the bus of ${specs[0]?.name}`,
      this.#pace,
      stationAt,
      () => this.#bus.ring.rotation !== undefined,
    );
    const dp = new DpMonitor(events);
    this.#bus = new Bus(clock, ports.bitRate, {
      telegram: (role, telegram, request, at, elapsedMs) => dp.take(role, telegram, request, at, elapsedMs),
      stationLost: (station) => {
        dp.lost(station);
        events.stationLost(station);
      },
      stationReturned: (station) => events.stationReturned(station),
      masterJoined: (station) => events.masterJoined(station),
      masterLeft: (station) => events.masterLeft(station),
      tokenLost: () => events.tokenLost(),
    });
    this.devices = specs.map((spec) => {
      const slave = () => dp.slaveAt(spec.options.station);
      const listeningSinceMs = () => this.#listeningSinceMs;
      const station = new Station(spec, { clock, bus: this.#bus, slave, listeningSinceMs });
      const groups = spec.classes.map((scanClass) => new PointGroup(station, scanClass, ports.readings));
      return new StationReader(station, groups);
    });
  }

  connected(tap: Tap): void {
    this.#tap = tap;
    this.#listeningSinceMs = this.#ports.clock.elapsedMs();
    this.#bus.resume();
  }

  disconnected(): void {
    this.#tap = undefined;
    this.#listeningSinceMs = undefined;
  }

  async listen(withinMs: number): Promise<Result<void>> {
    const tap = this.#tap;
    if (!tap) throw new Error('listening without a line');
    const { clock } = this.#ports;
    const untilMs = clock.elapsedMs() + withinMs;
    do {
      const heard = await tap.receive(Math.max(0, Math.min(untilMs - clock.elapsedMs(), QUIET_MS)));
      if (heard.ok) this.#bus.push(heard.value);
      else if (heard.fault.code === 'link.timeout') this.#bus.quiet();
      else return heard;
      this.#pace.flush();
      if (!heard.ok) break;
    } while (clock.elapsedMs() < untilMs);
    return success(undefined);
  }
}

class StationReader implements DeviceReader {
  readonly station: Station;
  readonly groups: readonly PointGroup[];
  /** Nothing is asked, so nothing is answered to us. */
  readonly discardedAnswers = 0;

  constructor(station: Station, groups: readonly PointGroup[]) {
    this.station = station;
    this.groups = groups;
  }

  get heard(): boolean | undefined {
    return this.station.heard;
  }

  get defect(): string | undefined {
    return this.station.defect ?? this.groups.find(({ defect }) => defect !== undefined)?.defect;
  }
}
