/** A server at work: its parts wired together in the order of the data, and taken apart in the same order. */

import { fileURLToPath } from 'node:url';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { RunningReceiver } from '@tidegate/oneway/receive/receiver.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import {
  type NorthboundOptions,
  type RunningNorthbound,
  startNorthbound,
} from '@tidegate/platform/northbound/northbound.ts';
import { RecentEvents } from '@tidegate/platform/northbound/sql/recentEvents.ts';
import { PolicyWatch } from '@tidegate/policy/policyWatch.ts';
import { WatchedIdentity } from '@tidegate/process/identity/watchedIdentity.ts';
import { Analytics } from './analytics.ts';
import { ControlServer } from './archive/control/controlServer.ts';
import type { ServedArchive } from './archive/control/serveControl.ts';
import { BoundaryLinks } from './boundaryLinks.ts';
import { receiveOverDiode } from './diodeReceiving.ts';
import { openMeaning } from './meaning.ts';
import type { ServerConfig } from './serverConfig.ts';
import { receiveOverTls } from './tlsReceiving.ts';

export interface ServerSurroundings {
  readonly clock: Clock;
  readonly events: EventSink;
  readonly log: NorthboundOptions['log'];
}

/** Where `npm run build` puts the console. */
const WEB_ROOT = fileURLToPath(new URL('../../../packages/web/dist', import.meta.url));

interface ServerParts {
  /** All that was started, to be stopped in the reverse order. */
  readonly running: AsyncDisposableStack;
  readonly receiver: RunningReceiver;
  readonly northbound: RunningNorthbound;
}

export class Server {
  readonly #running: AsyncDisposableStack;
  readonly #receiver: RunningReceiver;
  readonly #northbound: RunningNorthbound;

  private constructor({ running, receiver, northbound }: ServerParts) {
    this.#running = running;
    this.#receiver = receiver;
    this.#northbound = northbound;
  }

  /**
   * Resolves when gateways and people can connect. Faults: `server.certificates`, and those of the historian, the
   * receiver and the northbound doors; what was started before is stopped again.
   */
  static async start(config: ServerConfig, surroundings: ServerSurroundings): Promise<Result<Server>> {
    const { clock, log } = surroundings;
    // What was started is stopped again where something after it cannot be.
    await using begun = new AsyncDisposableStack();
    const recentEvents = new RecentEvents();
    const events: EventSink = (event) => {
      recentEvents.record(event);
      surroundings.events(event);
    };
    const directory = config.boundary.certificates;
    const identity = await WatchedIdentity.open({ directory, fault: 'server.certificates', clock, events });
    if (!identity.ok) return identity;
    const { sharedPaths } = config.boundary;
    const policy = new PolicyWatch(config.boundary.policy, clock, events);
    const opened = await Historian.open({
      ...{ directory: config.dataDirectory, clock, events, ...config.historian },
      admission: policy,
      isShared: (path) => sharedPaths.some((pattern) => pattern.matches(path)),
      authorities: () => identity.value.current().ca,
    });
    if (!opened.ok) return opened;
    const historian = opened.value;
    begun.defer(() => historian.close());
    await recentEvents.follow(historian);
    const { dataDirectory } = config;
    const { model: first, health: healthConfig } = config;
    const meaning = { dataDirectory, directory: first, health: healthConfig, historian, clock, events };
    const meant = await openMeaning(meaning, begun);
    if (!meant.ok) return meant;
    const { model, twins, alarming, health, ...frames } = meant.value;
    const received = await receiveOverTls(config.boundary, {
      ...{ clock, events, sink: historian.sink },
      identity: identity.value.current(),
    });
    if (!received.ok) return received;
    const receiver = received.value;
    begun.defer(() => receiver.stop());
    const { sink } = historian;
    const behindDiode = await receiveOverDiode(config, { sink, clock, events });
    if (!behindDiode.ok) return behindDiode;
    const diode = behindDiode.value;
    begun.defer(() => diode?.stop());
    const connections = new BoundaryLinks({
      ...{ receiver, diode, policy: config.boundary.policy },
      identity: () => identity.value.status(),
    });
    const analytics = new Analytics(config, { historian, clock, events, recentEvents, meaning: meant.value });
    const { sql } = analytics;
    const doors = {
      ...{ ...config.console, historian, connections, policy, recentEvents, clock, webRoot: WEB_ROOT, log },
      ...(sql && { sql }),
      ...{ model: model.store, twins: twins.engine, alarms: alarming, frames, health },
    };
    begun.defer(() => analytics.close());
    const served = await startNorthbound(doors);
    if (!served.ok) return served;
    begun.defer(() => served.value.stop());
    const control = await startControl({ historian, directory: dataDirectory }, { clock, events, log });
    begun.defer(() => control?.stop());
    analytics.start();
    watchIdentity(identity.value, receiver, { clock, events });
    begun.defer(() => identity.value.close());
    const running = begun.move();
    return success(new Server({ running, receiver, northbound: served.value }));
  }

  /** Where the console and the REST interface are. */
  get url(): string {
    return this.#northbound.url;
  }

  get boundaryPort(): number {
    return this.#receiver.port;
  }

  /** Closes the doors, acknowledges to gateways what is durable, then closes the rest, the historian last. */
  stop(): Promise<void> {
    return this.#running.disposeAsync();
  }
}

/** Gives the receiver whatever lies in the directory of its certificates from now on. */
function watchIdentity(
  identity: WatchedIdentity,
  receiver: RunningReceiver,
  { clock, events }: Pick<ServerSurroundings, 'clock' | 'events'>,
): void {
  identity.onChange(() => {
    const used = receiver.useIdentity(identity.current());
    if (used.ok) return;
    const detail = `${used.fault.code}: ${used.fault.detail}; the certificate before it stays in use`;
    events({ at: clock.now(), kind: 'certificate.unusable', source: 'boundary', detail });
  });
  identity.start();
}

/** Without the socket everything but the commands for the archive works: no reason not to start. */
async function startControl(archive: ServedArchive, { clock, events, log }: ServerSurroundings) {
  const onBug = ({ message, stack = message }: Error) =>
    events({ at: clock.now(), kind: 'worker.crashed', source: 'control', detail: stack });
  return ControlServer.start(archive, onBug).catch(({ message }: Error) => {
    log.warn(`\`tidegate archive\` cannot reach this server: ${message}`);
    return undefined;
  });
}
