/** Tells how the gateway is doing: each second to the process that started it, or each minute to the log. */

import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { ProcessLog } from '@tidegate/process/processLog.ts';

const TO_PARENT_MS = 1_000;
const TO_LOG_MS = 60_000;
/** A parent that is stopped in a debugger, or hangs, must not keep the gateway from ending. */
const LAST_REPORT_MS = 1_000;

export interface StatusReports {
  /** Ends the reports with one last, and resolves when it has been handed over, or cannot be. */
  finish(): Promise<void>;
}

/** The way to the parent process; `process` is one. */
export interface ParentChannel {
  readonly connected: boolean;
  send?(message: GatewayStatus, handle: undefined, options: undefined, sent: () => void): boolean;
}

/** Begins with a report at once. A parent that does not take its reports gets no more of them: they would wait in memory. */
export function reportStatus(
  status: () => GatewayStatus,
  log: ProcessLog,
  parent: ParentChannel = process,
): StatusReports {
  const toParent = parent.send !== undefined;
  let sending: Promise<void> | undefined;
  const report = () => {
    if (!parent.connected) writeToLog(status(), log);
    else {
      sending ??= sendTo(parent, status()).then(() => {
        sending = undefined;
      });
    }
  };
  const timer = setInterval(report, toParent ? TO_PARENT_MS : TO_LOG_MS);
  report();
  return {
    async finish() {
      clearInterval(timer);
      const limit = AbortSignal.timeout(LAST_REPORT_MS);
      const over = new Promise((resolve) => limit.addEventListener('abort', resolve, { once: true }));
      await Promise.race([sending, over]);
      report();
      await Promise.race([sending, over]);
    },
  };
}

/** Resolves as well where the parent has gone meanwhile: there is nobody left to tell. */
function sendTo(parent: ParentChannel, status: GatewayStatus): Promise<void> {
  return new Promise((resolve) => {
    parent.send?.(status, undefined, undefined, resolve);
  });
}

function writeToLog({ lanes, devices, certificate, residentBytes }: GatewayStatus, log: ProcessLog): void {
  const running = devices.filter((device) => device.state === 'running').length;
  log.info(
    {
      lanes,
      devicesRunning: running,
      devices: devices.length,
      certificateDaysLeft: certificate.daysLeft,
      residentBytes,
    },
    'status',
  );
}
