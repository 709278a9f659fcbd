/** A gateway at work: its parts wired together against the flow of the data, and stopped along with it. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus, GatewayStatus, LaneStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { LANES, type Lane, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import { Conditioner } from '@tidegate/edge/conditioning/conditioner.ts';
import { writeOutOfService } from '@tidegate/edge/conditioning/outOfService.ts';
import { watchTogether } from '@tidegate/edge/conditioning/readingWatcher.ts';
import { releaseOverdue } from '@tidegate/edge/conditioning/releaseOverdue.ts';
import type { TagRule } from '@tidegate/edge/conditioning/tagRule.ts';
import { DataDirectory } from '@tidegate/edge/configuration/dataDirectory.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import { type NumberedTags, numberTags, tagIds } from '@tidegate/edge/configuration/numberTags.ts';
import { TagRegistry } from '@tidegate/edge/configuration/tagRegistry.ts';
import type { DurableListener } from '@tidegate/edge/spool/durableBlock.ts';
import type { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { reportDevices } from '@tidegate/edge/supervision/deviceReports.ts';
import { type Supervised, supervise } from '@tidegate/edge/supervision/supervise.ts';
import { type SupervisedLine, superviseLine } from '@tidegate/edge/supervision/superviseLine.ts';
import type { WatchedIdentity } from '@tidegate/process/identity/watchedIdentity.ts';
import { AlarmDesk, type DeskAlarms } from './alarms/alarmDesk.ts';
import { openAlarms } from './alarms/openAlarms.ts';
import type { Forwarding } from './forwarding/forwarding.ts';
import { startForwarding } from './forwarding/startForwarding.ts';
import { watchGatewayIdentity } from './gatewayIdentity.ts';
import { GatewayLedger } from './gatewayLedger.ts';
import { type OpenHealth, openHealth, superviseHealth } from './health/openHealth.ts';
import { BoundaryTrend } from './live/boundaryTrend.ts';
import { startLive } from './live/live.ts';
import { LiveTags } from './live/liveTags.ts';
import { openSpools } from './openSpools.ts';

export interface GatewayPorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

export class Gateway {
  readonly #config: GatewayConfig;
  readonly #clock: Clock;
  readonly #directory: DataDirectory;
  readonly #spools: PerLane<LaneSpool>;
  readonly #forwarding: Forwarding;
  readonly #identity: WatchedIdentity;
  readonly #sink: Conditioner;
  readonly #tags: PerLane<readonly number[]>;
  readonly #lines: readonly SupervisedLine[];
  readonly #reports: Supervised;
  readonly #release: Supervised;
  readonly #alarms: DeskAlarms | undefined;
  readonly #watch: Supervised | undefined;
  readonly #health: OpenHealth | undefined;
  readonly #healthWorkers: readonly Supervised[];
  readonly #live: Supervised;
  readonly #ledger: GatewayLedger;

  private constructor(
    config: GatewayConfig,
    clock: Clock,
    ledger: GatewayLedger,
    trend: BoundaryTrend,
    directory: DataDirectory,
    spools: PerLane<LaneSpool>,
    forwarding: Forwarding,
    identity: WatchedIdentity,
    tags: NumberedTags,
    alarms: DeskAlarms | undefined,
    health: OpenHealth | undefined,
  ) {
    const { lines, rules, rates, lasting, devices, system } = tags;
    const { events } = ledger;
    this.#ledger = ledger;
    this.#config = config;
    this.#clock = clock;
    this.#directory = directory;
    this.#spools = spools;
    this.#forwarding = forwarding;
    this.#identity = identity;
    identity.start();
    this.#sink = new Conditioner(rules, spools, rates, watchTogether(alarms?.alarms, health?.health));
    this.#alarms = alarms;
    this.#health = health;
    const readings = rules.filter(({ number }) => !lasting.has(number));
    this.#tags = perLane((lane) => tagsOf(lane, readings));
    for (const lane of LANES) {
      const { interruptedAt } = spools[lane];
      if (interruptedAt !== undefined) writeOutOfService(this.#sink, this.#tags[lane], interruptedAt);
    }
    alarms?.alarms.attach(this.#sink);
    health?.health.attach(this.#sink);
    this.#lines = lines.map((line) => superviseLine(line, { clock, events, alarms: alarms?.alarms, sink: this.#sink }));
    const watch = (signal: AbortSignal) =>
      alarms?.keeper.run(alarms.alarms, clock, signal, this.#reportUnkept) ?? Promise.resolve();
    this.#watch = alarms && supervise('alarms', watch, { clock, events });
    this.#healthWorkers = health ? superviseHealth(health, { clock, events }) : [];
    const reports = { clock, sink: this.#sink, devices, statuses: () => this.#deviceStatuses() };
    this.#reports = supervise('device reports', (signal) => reportDevices(reports, signal), { clock, events });
    const release = (signal: AbortSignal) => releaseOverdue(this.#sink, clock, signal);
    this.#release = supervise('compression', release, { clock, events });
    this.#live = startLive({
      config,
      clock,
      events,
      trend,
      tags: new LiveTags(tags, this.#sink),
      alarms: new AlarmDesk(config.gateway, clock, alarms),
      spools,
      status: () => this.status(),
    });
    ledger.start({ sink: this.#sink, tags: system, spools, identity: () => identity.current() });
  }

  /**
   * Opens everything, and then starts to read the devices. Faults, after which nothing is left open: `gateway.*`, and
   * those of the spool's journal.
   */
  static async start(config: GatewayConfig, ports: GatewayPorts): Promise<Result<Gateway>> {
    const { clock } = ports;
    const { server, gateway } = config;
    const ledger = new GatewayLedger(config, ports);
    const { events } = ledger;
    const trend = new BoundaryTrend(clock);
    const identity = await watchGatewayIdentity(server.certificates, gateway, { clock, events });
    if (!identity.ok) return identity;
    const directory = await DataDirectory.open(config.dataDirectory);
    if (!directory.ok) return directory;
    const tags = await registerTags(directory.value, config);
    if (!tags.ok) {
      await directory.value.release();
      return tags;
    }
    const alarms = await openAlarms(directory.value.alarms, tags.value.alarms, clock);
    if (!alarms.ok) {
      await directory.value.release();
      return alarms;
    }
    const health = await openHealth(directory.value.health, tags.value.health, { clock, events });
    if (!health.ok) {
      await directory.value.release();
      return health;
    }
    await ledger.open(directory.value);
    const listener = (lane: Lane): DurableListener => {
      const account = ledger.listener(lane);
      return (block, bytes) => {
        account?.(block, bytes);
        trend.listener(block, bytes);
      };
    };
    const spools = await openSpools(directory.value, config, { clock, events, listener });
    if (!spools.ok) {
      await directory.value.release();
      return spools;
    }
    const { definitions } = tags.value;
    const forwarding = await startForwarding(config, {
      ...{ directory: directory.value, spools: spools.value, identity: identity.value },
      ...{ definitions, clock, events },
    });
    if (!forwarding.ok) {
      await Promise.all(LANES.map((lane) => spools.value[lane].close()));
      await directory.value.release();
      return forwarding;
    }
    return success(
      new Gateway(
        config,
        clock,
        ledger,
        trend,
        directory.value,
        spools.value,
        forwarding.value,
        identity.value,
        tags.value,
        alarms.value,
        health.value,
      ),
    );
  }

  status(): GatewayStatus {
    const { validUntil, daysLeft, revoked } = this.#identity.status();
    return {
      kind: 'gateway-status',
      at: this.#clock.now(),
      gateway: this.#config.gateway,
      lanes: perLane((lane) => this.#laneStatus(lane)),
      devices: this.#deviceStatuses(),
      certificate: { validUntil, daysLeft, revoked },
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /**
   * Stops the devices, says so in the data, writes what there is to disk, and lets the forwarders deliver it where `drain` says so and
   * until `hurry` aborts. What is not delivered stays in the spool. `status` goes on working.
   */
  async stop(drain: boolean, hurry: AbortSignal): Promise<void> {
    await Promise.all([this.#reports.stop(), this.#release.stop()]);
    await Promise.all(this.#lines.map((line) => line.stop()));
    await this.#stopHealth();
    await this.#stopAlarms();
    for (const lane of LANES) writeOutOfService(this.#sink, this.#tags[lane], this.#clock.now());
    this.#sink.release();
    await this.#ledger.finish();
    if (drain) await this.#forwarding.drain(hurry);
    await this.#live.stop();
    this.#identity.close();
    await this.#forwarding.stop();
    this.#ledger.close();
    await Promise.all(LANES.map((lane) => this.#spools[lane].close()));
    await this.#directory.release();
  }

  async #stopHealth(): Promise<void> {
    await Promise.all(this.#healthWorkers.map((worker) => worker.stop()));
    this.#health?.health.detach();
    await this.#health?.keeper.keep(this.#health.health);
  }

  /** What could not be kept is as it was when it was kept last. */
  async #stopAlarms(): Promise<void> {
    await this.#watch?.stop();
    if (!this.#alarms) return;
    this.#alarms.alarms.detach();
    await this.#alarms.keeper.keep(this.#alarms.alarms).catch((error: NodeJS.ErrnoException) => {
      if (error.code === undefined) throw error;
      this.#reportUnkept(`how the alarms stand could not be kept: ${error.message}`);
    });
  }

  readonly #reportUnkept = (detail: string): void => {
    this.#ledger.events({ at: this.#clock.now(), kind: 'worker.crashed', source: 'alarms', detail });
  };

  #deviceStatuses(): readonly DeviceStatus[] {
    return this.#lines.flatMap((line) => line.status());
  }

  #laneStatus(lane: Lane): LaneStatus {
    const spool = this.#spools[lane];
    const { connected, acknowledged } = this.#forwarding.status(lane);
    return { tally: spool.tally(), depth: spool.depth(), acknowledged, connected };
  }
}

function tagsOf(lane: Lane, rules: readonly TagRule[]): number[] {
  return rules.filter((rule) => rule.lane === lane).map(({ number }) => number);
}

async function registerTags(directory: DataDirectory, config: GatewayConfig): Promise<Result<NumberedTags>> {
  const registry = await TagRegistry.open(directory, config.gateway);
  if (!registry.ok) return registry;
  const numbers = await registry.value.assign(tagIds(config));
  return numbers.ok ? success(numberTags(config, numbers.value)) : numbers;
}
