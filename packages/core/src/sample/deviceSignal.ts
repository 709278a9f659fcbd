/**
 * What a gateway reports of each of its devices. The boundary carries samples of tags and nothing else, so each figure is a
 * tag of its own: `<gateway>/_devices/<device>/<signal>`, written at one end and recognised by this name at the other.
 */

/** A report comes this often, and at once when a device changes its state. */
export const DEVICE_REPORT_MS = 10_000;

const FOLDER = '_devices';

export const DEVICE_SIGNALS = [
  /** A `DeviceState`. */
  'state',
  /** Seconds; new in each report, so that its time is that of the last one. */
  'state-duration',
  /** What is wrong now, in plain words; empty while all is well. */
  'fault',
  /** What went wrong last, at the time when it did. */
  'last-error',
  'requests',
  'refusals',
  'timeouts',
  'failures',
  'skipped-scans',
  'discarded-answers',
  'round-trip-p50',
  'round-trip-p99',
  'scan-lateness-p99',
  'budget-used',
  'line-budget-used',
  'protocol',
  'line',
] as const;

export type DeviceSignal = (typeof DEVICE_SIGNALS)[number];

export function deviceSignalPath(gateway: string, device: string, signal: DeviceSignal): string {
  return `${gateway}/${FOLDER}/${device}/${signal}`;
}

/** Which device of `gateway` a tag reports on, and what it says; `undefined` for every other tag. */
export function parseDeviceSignalPath(
  gateway: string,
  path: string,
): { readonly device: string; readonly signal: DeviceSignal } | undefined {
  const start = `${gateway}/${FOLDER}/`;
  if (!path.startsWith(start)) return undefined;
  const [device, name, ...more] = path.slice(start.length).split('/');
  const signal = DEVICE_SIGNALS.find((known) => known === name);
  return signal && more.length === 0 ? { device, signal } : undefined;
}
