/** Which devices are listed, and in which order: what a person must look at comes first. */

import type { Device, DeviceState } from '@tidegate/platform/northbound/contract/device.ts';

/** `all`, those with which something is wrong, or those in one state. */
export type DeviceFilter = 'all' | 'sick' | DeviceState;

const STATE_ORDER: readonly DeviceState[] = ['unknown', 'silent', 'connecting', 'stopped', 'running', 'quiet'];

/** Numbers within names sort by their size, so that `plc-2` stands before `plc-10`. */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export const isSick = ({ problem }: Device) => problem !== null;

export const deviceKey = ({ gateway, name }: Device) => `${gateway}/${name}`;

/** The devices of `filter` that hold every word of `text` in a name, the protocol, or what is wrong with them. */
export function listDevices(devices: readonly Device[], filter: DeviceFilter, text: string): Device[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return devices
    .filter((device) => passes(device, filter) && words.every((word) => textOf(device).includes(word)))
    .sort(
      (a, b) =>
        Number(isSick(b)) - Number(isSick(a)) ||
        STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state) ||
        byName.compare(a.gateway, b.gateway) ||
        byName.compare(a.name, b.name),
    );
}

/** The filters that make a difference, each with how many devices pass it. */
export function filterCounts(devices: readonly Device[]): readonly (readonly [DeviceFilter, number])[] {
  const filters: readonly DeviceFilter[] = ['all', 'sick', ...STATE_ORDER];
  return filters
    .map((filter) => [filter, devices.filter((device) => passes(device, filter)).length] as const)
    .filter(([filter, count]) => filter === 'all' || filter === 'sick' || count > 0);
}

function passes(device: Device, filter: DeviceFilter): boolean {
  if (filter === 'all') return true;
  return filter === 'sick' ? isSick(device) : device.state === filter;
}

function textOf({ gateway, name, line, protocol, problem, lastError }: Device): string {
  return [gateway, name, line, protocol, problem, lastError?.text].join('\n').toLowerCase();
}
