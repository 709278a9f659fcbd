/** The devices of all gateways, put together from the tags in which their gateways report on them. */

import { type Timestamp, timestampToMs, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { DEVICE_REPORT_MS, type DeviceSignal, parseDeviceSignalPath } from '@tidegate/core/sample/deviceSignal.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { HistorianReader, TagIndex } from '../../historian/query/historianReader.ts';
import { type Device, type DeviceList, DeviceState } from '../contract/device.ts';

/** A gateway that has left out this many reports does not report. */
const MISSED_REPORTS = 3;
const STALE_MS = MISSED_REPORTS * DEVICE_REPORT_MS;

type Signals = Partial<Record<DeviceSignal, TagIndex>>;

/** What is known of a device. */
interface Known {
  readonly gateway: string;
  readonly name: string;
  readonly tags: Signals;
  readonly latest: (signal: DeviceSignal) => Sample | undefined;
  /** Time of its last report, `undefined` where none has come. */
  readonly reportedAt: Timestamp | undefined;
}

export function deviceListJson(historian: HistorianReader, now: Timestamp): DeviceList {
  const known = knownDevices(historian);
  const reported = new Map<string, number>();
  for (const { gateway, reportedAt } of known) {
    reported.set(gateway, Math.max(reported.get(gateway) ?? 0, reportedAt ?? 0));
  }
  const devices = known.filter((device) => isConfigured(device, reported.get(device.gateway)!));
  return { at: now, devices: devices.sort(byName).map((device) => deviceJson(device, now)) };
}

/** The tags of a device outlive it. One that is missing in the later reports of its gateway was taken out of service. */
function isConfigured({ reportedAt }: Known, gatewayReportedAt: number): boolean {
  return reportedAt === undefined || timestampToMs((gatewayReportedAt - reportedAt) as Timestamp) < STALE_MS;
}

function knownDevices(historian: HistorianReader): Known[] {
  const found = new Map<string, { gateway: string; name: string; tags: Signals }>();
  for (const { gateway, path, index } of historian.tags()) {
    const parsed = parseDeviceSignalPath(gateway, path);
    if (!parsed) continue;
    const key = `${gateway}/${parsed.device}`;
    const device = found.get(key) ?? { gateway, name: parsed.device, tags: {} };
    device.tags[parsed.signal] = index;
    found.set(key, device);
  }
  return [...found.values()].map(({ gateway, name, tags }) => {
    const latest = (signal: DeviceSignal) => {
      const index = tags[signal];
      return index === undefined ? undefined : historian.latest(index);
    };
    return { gateway, name, tags, latest, reportedAt: latest('state-duration')?.time };
  });
}

function byName(a: Known, b: Known): number {
  if (a.gateway !== b.gateway) return a.gateway < b.gateway ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

function deviceJson({ gateway, name, tags, latest, reportedAt }: Known, now: Timestamp): Device {
  const reportAgeMs = reportedAt === undefined ? null : Math.max(0, timestampToMs((now - reportedAt) as Timestamp));
  const silence = silenceOf(gateway, latest('state-duration'), reportAgeMs);
  const number = (signal: DeviceSignal) => {
    const value = latest(signal)?.value;
    return silence === undefined && typeof value === 'number' ? value : null;
  };
  const text = (signal: DeviceSignal) => {
    const value = latest(signal)?.value;
    return typeof value === 'string' ? value : null;
  };
  const state = silence === undefined ? stateOf(text('state')) : 'unknown';
  const durationS = number('state-duration');
  const error = latest('last-error');
  return {
    gateway,
    name,
    protocol: text('protocol'),
    line: text('line'),
    state,
    since: durationS === null || reportedAt === undefined ? null : Math.round(reportedAt - durationS * US_PER_S),
    problem: silence ?? (text('fault') || PROBLEMS[state]),
    lastError: typeof error?.value === 'string' ? { at: error.time, text: error.value } : null,
    reportedAt: reportedAt ?? null,
    reportAgeMs,
    requests: number('requests'),
    refusals: number('refusals'),
    timeouts: number('timeouts'),
    failures: number('failures'),
    skippedScans: number('skipped-scans'),
    discardedAnswers: number('discarded-answers'),
    roundTripP50Ms: number('round-trip-p50'),
    roundTripP99Ms: number('round-trip-p99'),
    scanLatenessP99Ms: number('scan-lateness-p99'),
    budgetUsed: number('budget-used'),
    lineBudgetUsed: number('line-budget-used'),
    tags: { ...tags },
  };
}

/** Why nothing is known of the devices of a gateway at this moment; `undefined` while it reports. */
function silenceOf(gateway: string, last: Sample | undefined, ageMs: number | null): string | undefined {
  if (last === undefined || ageMs === null) return `Gateway ${gateway} has not reported on it yet.`;
  const ago = `${spanText(ageMs)} ago`;
  if (last.status === STATUS.BadOutOfService) return `Gateway ${gateway} was stopped ${ago}.`;
  return ageMs < STALE_MS ? undefined : `Gateway ${gateway} does not report: it last did ${ago}.`;
}

function spanText(ms: number): string {
  const unit = SPANS.find(({ fromMs }) => ms >= fromMs) ?? SPANS[3];
  return `${Math.round(ms / unit.ms)} ${unit.name}`;
}

/** Each unit from two of it on, so that nothing is rounded by half. */
const SPANS = [
  { name: 'd', ms: 86_400_000, fromMs: 172_800_000 },
  { name: 'h', ms: 3_600_000, fromMs: 7_200_000 },
  { name: 'min', ms: 60_000, fromMs: 120_000 },
  { name: 's', ms: 1_000, fromMs: 0 },
] as const;

/** A newer gateway may know states that this server does not. */
function stateOf(text: string | null): DeviceState {
  return DeviceState.safeParse(text).data ?? 'unknown';
}

/** What is wrong with a device in this state where the gateway gives no reason. */
const PROBLEMS: Readonly<Record<DeviceState, string | null>> = {
  connecting: 'It has not been reached yet.',
  running: null,
  silent: 'It does not answer.',
  quiet: null,
  stopped: 'Its line is not in operation.',
  unknown: 'Its gateway gives it a state that this server does not know.',
};
