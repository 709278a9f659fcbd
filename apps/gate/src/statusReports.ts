/** Tells how the relay is doing: each second to the process that started it, or each minute to the log. */

import type { ProcessLog } from '@tidegate/process/processLog.ts';
import type { GateStatus } from './gate.ts';

const TO_PARENT_MS = 1_000;
const TO_LOG_MS = 60_000;

/** Begins with a report at once; gives what ends them. A parent that does not take its reports gets no more of them. */
export function reportStatus(status: () => GateStatus, log: ProcessLog): () => void {
  let isSending = false;
  const report = () => {
    if (!process.send || !process.connected) {
      const { streams, diskBytes, residentBytes } = status();
      log.info({ streams, diskBytes, residentBytes }, 'status');
    } else if (!isSending) {
      isSending = true;
      process.send(status(), undefined, undefined, () => {
        isSending = false;
      });
    }
  };
  const timer = setInterval(report, process.send ? TO_PARENT_MS : TO_LOG_MS);
  report();
  return () => clearInterval(timer);
}
