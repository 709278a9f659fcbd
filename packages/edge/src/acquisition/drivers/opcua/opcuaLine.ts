/** The line of a connection to one server. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { DeviceSpec, DriverPorts, LineReader } from '../../driver.ts';
import type { Link } from '../../transport/link.ts';
import { OpcuaDevice } from './opcuaDevice.ts';
import type { OpcuaOptions } from './options.ts';

export class OpcuaLine implements LineReader {
  readonly devices: readonly [OpcuaDevice];

  /** Throws where there are several: behind one connection there is one server. */
  constructor(devices: readonly DeviceSpec<OpcuaOptions>[], ports: DriverPorts) {
    if (devices.length !== 1) throw new Error(`${devices.length} servers on one connection`);
    this.devices = [new OpcuaDevice(devices[0], ports)];
  }

  connected(link: Link): void {
    this.devices[0].linkBegan(link);
  }

  disconnected(): void {
    this.devices[0].linkEnded();
  }

  leave(): void {
    this.devices[0].leave();
  }

  listen(withinMs: number): Promise<Result<void>> {
    return this.devices[0].listen(withinMs);
  }
}
