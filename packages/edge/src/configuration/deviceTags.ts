/** The tags in which a gateway reports on its devices: the same for each of them, whatever its protocol. */

import { DEVICE_SIGNALS, type DeviceSignal, deviceSignalPath } from '@tidegate/core/sample/deviceSignal.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition, TagType } from '@tidegate/core/sample/tag.ts';
import type { TagRule } from '../conditioning/tagRule.ts';

/** The numbers of the tags that report on one device. */
export interface DeviceTags {
  readonly device: string;
  readonly numbers: Readonly<Record<DeviceSignal, number>>;
}

/** A figure that has not changed is kept again after this long, like every tag. */
const MAX_INTERVAL_MS = 600_000;

interface SignalTraits {
  readonly description: string;
  readonly type: TagType;
  readonly lane: Lane;
  /** UCUM code. */
  readonly unit: string;
  readonly stepped: boolean;
  readonly maxIntervalMs: number;
}

const figure = { type: 'number', lane: 'analytical', stepped: false, maxIntervalMs: MAX_INTERVAL_MS } as const;
const text = { type: 'string', lane: 'operational', unit: '', stepped: true, maxIntervalMs: MAX_INTERVAL_MS } as const;
const count = (unit: string, description: string) => ({ ...figure, stepped: true, unit: `{${unit}}`, description });
const milliseconds = (description: string) => ({ ...figure, unit: 'ms', description });
const share = (description: string) => ({ ...figure, unit: '1', description });

const TRAITS: Readonly<Record<DeviceSignal, SignalTraits>> = {
  state: {
    ...text,
    description: 'connecting, running, silent (it does not answer), quiet (nothing is asked) or stopped',
  },
  'state-duration': {
    ...figure,
    lane: 'operational',
    unit: 's',
    description: 'For how long it has been in this state',
  },
  fault: { ...text, description: 'What is wrong now; empty while all is well' },
  // The same error counts again when it has happened again, which its time tells.
  'last-error': { ...text, lane: 'analytical', maxIntervalMs: 1, description: 'What went wrong last, and when' },
  requests: count('request', 'Requests that it was sent since its line was started'),
  refusals: count('request', 'Requests that it refused, or answered with what is no answer'),
  timeouts: count('request', 'Requests that it did not answer in time'),
  failures: count('failure', 'Refusals, timeouts, and connections that were lost or did not come about'),
  'skipped-scans': count('scan', 'Scans left out because the one before was not finished'),
  'discarded-answers': count('answer', 'Answers that belonged to no question under way and were thrown away'),
  'round-trip-p50': milliseconds('Half of the answers of the last minute or two took no longer'),
  'round-trip-p99': milliseconds('99 of 100 answers of the last minute or two took no longer'),
  'scan-lateness-p99': milliseconds(
    '99 of 100 scans of the last minute or two began no later than this after their tick',
  ),
  'budget-used': share('How much of what it may be asked it was asked lately'),
  'line-budget-used': share('How much of what its line may be asked all devices on it were asked lately'),
  protocol: { ...text, lane: 'analytical', description: 'Its language' },
  line: { ...text, lane: 'analytical', description: 'The line that it is on' },
};

/** They go on to be true while the gateway does not run. */
const LASTING: readonly DeviceSignal[] = ['last-error', 'protocol', 'line'];

/** The ids of the tags of `devices`, in the order in which `numberDeviceTags` wants their numbers. */
export function deviceTagIds(gateway: string, devices: readonly string[]): string[] {
  return devices.flatMap((device) => DEVICE_SIGNALS.map((signal) => deviceSignalPath(gateway, device, signal)));
}

export interface NumberedDeviceTags {
  readonly definitions: readonly TagDefinition[];
  readonly rules: readonly TagRule[];
  readonly devices: readonly DeviceTags[];
  /** Numbers of those that go on to be true while the gateway does not run. */
  readonly lasting: ReadonlySet<number>;
}

export function numberDeviceTags(
  gateway: string,
  devices: readonly string[],
  numbers: readonly number[],
): NumberedDeviceTags {
  const numbered = devices.map((device, at) => ({
    device,
    numbers: Object.fromEntries(
      DEVICE_SIGNALS.map((signal, place) => [signal, numbers[at * DEVICE_SIGNALS.length + place]]),
    ) as Record<DeviceSignal, number>,
  }));
  const forEach = <T>(make: (signal: DeviceSignal, number: number, device: string) => T) =>
    numbered.flatMap(({ device, numbers }) => DEVICE_SIGNALS.map((signal) => make(signal, numbers[signal], device)));
  return {
    definitions: forEach((signal, number, device) =>
      definitionOf(number, deviceSignalPath(gateway, device, signal), TRAITS[signal]),
    ),
    rules: forEach((signal, number) => ruleOf(number, TRAITS[signal])),
    devices: numbered,
    lasting: new Set(numbered.flatMap(({ numbers }) => LASTING.map((signal) => numbers[signal]))),
  };
}

function definitionOf(number: number, path: string, { maxIntervalMs: _, ...traits }: SignalTraits): TagDefinition {
  return { ...traits, number, id: path, path, aliases: [] };
}

function ruleOf(number: number, { lane, stepped, maxIntervalMs }: SignalTraits): TagRule {
  return { number, lane, stepped, exception: { deviation: 0, maxIntervalMs } };
}
