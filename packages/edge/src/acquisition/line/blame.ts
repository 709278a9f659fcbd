/**
 * Whose fault it is that nobody answers: that of a device, or of the line that it shares with others. The log of a line
 * that is cut has one loss, and not one for each of its devices.
 *
 * A device that fails is lost only when others answer before it and after it; otherwise it may be the line.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { DevicePresence } from './devicePresence.ts';

export interface BlamePorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

export class Blame {
  readonly #devices: ReadonlyMap<string, DevicePresence>;
  /** Absent where the line has one device only: then the line is the device. */
  readonly #line: DevicePresence | undefined;
  /** Devices that have failed, and what is said of them when it was not the line. */
  readonly #accused = new Map<string, string>();
  /** Nobody has answered since the line failed. */
  #lineLost = false;

  constructor(line: string, devices: readonly string[], ports: BlamePorts) {
    this.#devices = new Map(devices.map((device) => [device, new DevicePresence(device, ports)]));
    if (devices.length > 1) this.#line = new DevicePresence(line, ports, 'line');
  }

  answered(device: string): void {
    this.#lineLost = false;
    this.#line?.answered();
    this.#devices.get(device)!.answered();
    if (this.#accused.size === 0) return;
    this.#accused.delete(device);
    for (const [other, detail] of this.#accused) this.#devices.get(other)!.failed(detail);
    this.#accused.clear();
  }

  deviceFailed(device: string, detail: string): void {
    if (!this.#line) this.#devices.get(device)!.failed(detail);
    else if (!this.#lineLost) this.#accused.set(device, detail);
  }

  /** `culprit` is the device that was asked meanwhile: it may be the one who makes the line fail. */
  lineFailed(detail: string, culprit?: string): void {
    if (!this.#line) for (const presence of this.#devices.values()) presence.failed(detail);
    this.#line?.failed(detail);
    this.#accused.clear();
    if (culprit !== undefined) this.deviceFailed(culprit, detail);
    this.#lineLost = true;
  }
}
