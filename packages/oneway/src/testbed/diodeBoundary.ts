/** Both ends of a diode on this machine with a link between them, and everything a test wants to get hold of. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import {
  type DiodeForwarderOptions,
  type RunningDiodeForwarder,
  startDiodeForwarder,
} from '../forward/diode/diodeForwarder.ts';
import { type PresharedKey, parsePresharedKey } from '../frame/diode/presharedKey.ts';
import {
  type DiodeReceiverOptions,
  type RunningDiodeReceiver,
  startDiodeReceiver,
} from '../receive/diode/diodeReceiver.ts';
import type { DiodeGap } from '../receive/diode/gapTracker.ts';
import { TAG } from './boundary.ts';
import { DiodeLink } from './diodeLink.ts';
import { DiodeSink } from './diodeSink.ts';
import { DiodeSource } from './diodeSource.ts';

export function newKey(): PresharedKey {
  return keyOf(randomBytes(32));
}

export function keyOf(secret: Uint8Array): PresharedKey {
  const key = parsePresharedKey(secret);
  if (!key.ok) throw new Error(key.fault.detail);
  return key.value;
}

/** Parts that a test starts and that are all stopped by `stop`, last first. */
export class DiodeBoundary {
  readonly key = newKey();
  readonly sink = new DiodeSink();
  readonly events: PlantEvent[] = [];
  readonly gaps: DiodeGap[] = [];
  readonly link: DiodeLink;
  readonly directory = mkdtempSync(path.join(tmpdir(), 'tidegate-diode-'));
  readonly #stops: (() => Promise<void>)[] = [];
  #session = 1_000;

  private constructor(link: DiodeLink) {
    this.link = link;
  }

  static async open(): Promise<DiodeBoundary> {
    return new DiodeBoundary(await DiodeLink.open());
  }

  async receiver(options: Partial<DiodeReceiverOptions> = {}): Promise<RunningDiodeReceiver> {
    const started = await startDiodeReceiver({
      ...{ host: '127.0.0.1', port: 0, keys: new Map([['north', this.key]]), sink: this.sink, clock: systemClock },
      events: (event) => this.events.push(event),
      onGap: (gap) => this.gaps.push(gap),
      sessionFile: path.join(this.directory, 'sessions.json'),
      ...options,
    });
    if (!started.ok) throw new Error(`${started.fault.code}: ${started.fault.detail}`);
    this.link.to = started.value.port;
    this.#stops.push(() => started.value.stop());
    return started.value;
  }

  /** Quick in everything that a test would otherwise wait for. */
  async forwarder(options: Partial<DiodeForwarderOptions> = {}): Promise<RunningDiodeForwarder> {
    const started = await startDiodeForwarder({
      ...{ sources: [new DiodeSource()], tags: () => [TAG], target: { host: '127.0.0.1', port: this.link.port } },
      ...{ key: this.key, session: this.#session++, configurationDigest: () => new Uint8Array(32).fill(7) },
      ...{ clock: systemClock, events: (event: PlantEvent) => this.events.push(event) },
      ...{ bytesPerSecond: 20_000_000, heartbeatMs: 100 },
      ...options,
    });
    if (!started.ok) throw new Error(`${started.fault.code}: ${started.fault.detail}`);
    this.#stops.push(() => started.value.stop());
    return started.value;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop().catch(() => {});
    this.link.close();
    rmSync(this.directory, { recursive: true });
  }
}
