/** A line under supervision: a bug in a driver costs its line a restart and nobody else anything. */

import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { type LineConfig, type LinePorts, type RunningLine, startLine } from '../acquisition/line/line.ts';
import { supervise } from './supervise.ts';

export interface SupervisedLine {
  stop(): Promise<void>;
  /** Counts begin anew when the line is started again after a crash. */
  status(): readonly DeviceStatus[];
}

/** Starts the line, and starts it again whenever it crashes. */
export function superviseLine(
  config: LineConfig,
  ports: LinePorts,
  start: (config: LineConfig, ports: LinePorts) => RunningLine = startLine,
): SupervisedLine {
  let running: RunningLine | undefined;
  const supervised = supervise(
    `line ${config.name}`,
    async (signal) => {
      const line = start(config, ports);
      running = line;
      const stop = () => line.stop().catch(() => {});
      signal.addEventListener('abort', stop, { once: true });
      await line.finished.finally(() => signal.removeEventListener('abort', stop));
    },
    ports,
  );
  return {
    stop: () => supervised.stop(),
    status: () => running?.status() ?? config.devices.map(({ name }) => notStarted(name, config)),
  };
}

function notStarted(name: string, { name: line, driver }: LineConfig): DeviceStatus {
  return {
    name,
    line,
    protocol: driver.manifest.protocol,
    state: 'stopped',
    requests: 0,
    refusals: 0,
    timeouts: 0,
    failures: 0,
    lastFault: 'the device could not be started',
    skippedScans: 0,
    discardedAnswers: 0,
  };
}
