/** A device under supervision: a bug in a driver costs its device a restart and nobody else anything. */

import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { type DeviceConfig, type DevicePorts, type RunningDevice, startDevice } from '../acquisition/device.ts';
import { supervise } from './supervise.ts';

export interface SupervisedDevice {
  stop(): Promise<void>;
  /** Counts begin anew when the device is started again after a crash. */
  status(): DeviceStatus;
}

/** Starts the device, and starts it again whenever it crashes. */
export function superviseDevice(
  config: DeviceConfig,
  ports: DevicePorts,
  start: (config: DeviceConfig, ports: DevicePorts) => RunningDevice = startDevice,
): SupervisedDevice {
  let running: RunningDevice | undefined;
  const supervised = supervise(
    `device ${config.name}`,
    async (signal) => {
      const device = start(config, ports);
      running = device;
      const stop = () => device.stop().catch(() => {});
      signal.addEventListener('abort', stop, { once: true });
      await device.finished.finally(() => signal.removeEventListener('abort', stop));
    },
    ports,
  );
  return {
    stop: () => supervised.stop(),
    status: () => running?.status() ?? notStarted(config.name),
  };
}

function notStarted(name: string): DeviceStatus {
  return { name, state: 'stopped', requests: 0, failures: 0, lastFault: 'the device could not be started' };
}
