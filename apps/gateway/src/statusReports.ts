/** Tells how the gateway is doing: each second to the process that started it, or each minute to the log. */

import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { ProcessLog } from '@tidegate/process/processLog.ts';

const TO_PARENT_MS = 1_000;
const TO_LOG_MS = 60_000;

export interface StatusReports {
  /** Ends the reports with one last, and resolves when it has been handed over. */
  finish(): Promise<void>;
}

/** Begins with a report at once. */
export function reportStatus(status: () => GatewayStatus, log: ProcessLog): StatusReports {
  const toParent = process.send !== undefined;
  const report = () => (process.connected ? sendToParent(status()) : Promise.resolve(writeToLog(status(), log)));
  const timer = setInterval(report, toParent ? TO_PARENT_MS : TO_LOG_MS);
  void report();
  return {
    finish() {
      clearInterval(timer);
      return report();
    },
  };
}

/** Resolves as well where the parent has gone meanwhile: there is nobody left to tell. */
function sendToParent(status: GatewayStatus): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(status, undefined, undefined, () => resolve());
  });
}

function writeToLog({ lanes, devices, residentBytes }: GatewayStatus, log: ProcessLog): void {
  const running = devices.filter((device) => device.state === 'running').length;
  log.info({ lanes, devicesRunning: running, devices: devices.length, residentBytes }, 'status');
}
