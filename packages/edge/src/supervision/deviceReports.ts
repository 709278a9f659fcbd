/**
 * Says in the data itself how each device is doing: every ten seconds, at once when its state changes, and again
 * a second later.
 *
 * A figure that there is not is not written; where it was there before, one sample without a value ends it.
 */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { DEVICE_REPORT_MS, DEVICE_SIGNALS, type DeviceSignal } from '@tidegate/core/sample/deviceSignal.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { Readings } from '../acquisition/readings.ts';
import type { DeviceTags } from '../configuration/deviceTags.ts';

/** A change of state is seen within this time: at once, to a person. */
const LOOK_MS = 250;
/** What comes with a change of state, such as the first answer, is known by then. */
const AFTER_CHANGE_MS = 1_000;
const MS_PER_S = 1_000;

export interface DeviceReportParts {
  readonly clock: Clock;
  readonly sink: SampleSink;
  /** The statuses of the same devices, in the same order. */
  readonly devices: readonly DeviceTags[];
  readonly statuses: () => readonly DeviceStatus[];
}

/** Reports until `signal` aborts; a worker for `supervise`. */
export async function reportDevices(parts: DeviceReportParts, signal: AbortSignal): Promise<void> {
  const reports = new DeviceReports(parts);
  while (!signal.aborted) {
    reports.look();
    await delay(parts.clock, LOOK_MS, signal);
  }
}

/** What was said of a device. */
interface Said {
  state?: DeviceStatus['state'];
  stateSinceMs: number;
  /** When the next report is due. */
  dueMs: number;
  /** Signals that had a value. */
  readonly present: Set<DeviceSignal>;
}

class DeviceReports {
  readonly #parts: DeviceReportParts;
  readonly #readings: Readings;
  readonly #said: readonly Said[];

  constructor(parts: DeviceReportParts) {
    this.#parts = parts;
    this.#readings = new Readings(parts.sink);
    this.#said = parts.devices.map(() => ({ stateSinceMs: 0, dueMs: 0, present: new Set() }));
  }

  /** Reports on the devices whose report is due, and on those whose state has changed. */
  look(): void {
    const nowMs = this.#parts.clock.elapsedMs();
    for (const [index, status] of this.#parts.statuses().entries()) {
      const said = this.#said[index];
      const changed = status.state !== said.state;
      if (!changed && nowMs < said.dueMs) continue;
      if (changed) Object.assign(said, { state: status.state, stateSinceMs: nowMs });
      said.dueMs = nowMs + (changed ? AFTER_CHANGE_MS : DEVICE_REPORT_MS);
      this.#report(this.#parts.devices[index], status, said, nowMs);
    }
    this.#readings.flush();
  }

  #report({ numbers }: DeviceTags, status: DeviceStatus, said: Said, nowMs: number): void {
    const now = this.#parts.clock.now();
    const values = valuesOf(status, Math.round(nowMs - said.stateSinceMs) / MS_PER_S);
    for (const signal of DEVICE_SIGNALS) {
      const value = values[signal];
      const time = signal === 'last-error' ? (status.lastFailure?.at ?? now) : now;
      if (typeof value === 'number') this.#readings.number(numbers[signal], time, value, STATUS.Good);
      else if (value !== undefined) this.#readings.text(numbers[signal], time, value, STATUS.Good);
      else if (said.present.delete(signal)) this.#readings.none(numbers[signal], time, STATUS.BadNoData);
      // What went wrong last stays true where nothing has gone wrong since.
      if (value !== undefined && signal !== 'last-error') said.present.add(signal);
    }
  }
}

function valuesOf(status: DeviceStatus, stateDurationS: number): Record<DeviceSignal, number | string | undefined> {
  return {
    state: status.state,
    'state-duration': stateDurationS,
    fault: status.lastFault ?? '',
    'last-error': status.lastFailure?.detail,
    requests: status.requests,
    refusals: status.refusals,
    timeouts: status.timeouts,
    failures: status.failures,
    'skipped-scans': status.skippedScans,
    'discarded-answers': status.discardedAnswers,
    'round-trip-p50': status.roundTrips?.p50Ms,
    'round-trip-p99': status.roundTrips?.p99Ms,
    'scan-lateness-p99': status.scanLatenessP99Ms,
    'budget-used': status.budgetUsed,
    'line-budget-used': status.lineBudgetUsed,
    protocol: status.protocol,
    line: status.line,
  };
}
