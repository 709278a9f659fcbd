/** What a configuration will ask of the plant, for the engineer who answers for its controllers. */

import { type DeviceConfig, readLoadOf } from '@tidegate/edge/acquisition/device.ts';

/** A line for each device, a warning for each that is asked for more than it may be, and the totals. */
export function formatReadPlan(devices: readonly DeviceConfig[]): string {
  const loads = devices.map((device) => ({ device, ...readLoadOf(device) }));
  const rows = loads.map(({ device, requestsPerSecond, readingsPerSecond }) => [
    device.name,
    `${device.protocol} ${addressOf(device)}`,
    `unit ${device.unit}`,
    count(device.points.length, 'tag'),
    `${formatRate(requestsPerSecond)} requests/s`,
    `${formatRate(readingsPerSecond)} readings/s`,
  ]);
  const warnings = loads
    .filter(({ requestsPerSecond, allowedPerSecond }) => requestsPerSecond > allowedPerSecond)
    .map(({ device, requestsPerSecond, allowedPerSecond }) => {
      const rates = `needs ${formatRate(requestsPerSecond)} requests/s and is allowed ${formatRate(allowedPerSecond)}`;
      return `warning: ${device.name} ${rates}: scans will be skipped. Scan less often, or allow more.`;
    });
  const sum = (rates: readonly number[]) => formatRate(rates.reduce((total, rate) => total + rate, 0));
  const totals = [
    count(devices.length, 'device'),
    count(devices.flatMap(({ points }) => points).length, 'tag'),
    `${sum(loads.map((load) => load.requestsPerSecond))} requests/s`,
    `${sum(loads.map((load) => load.readingsPerSecond))} readings/s`,
  ];
  return [...aligned(rows), ...warnings, `ok: ${totals.join(', ')}`, ''].join('\n');
}

function addressOf({ host, port }: DeviceConfig): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Three digits tell a load; whole numbers are not rounded. */
function formatRate(perSecond: number): string {
  const digits = perSecond >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return perSecond.toLocaleString('en', { ...digits, useGrouping: false });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Columns with two spaces between them; the numbers of a column stand with their ends below each other. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (/^\d/.test(cell) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
