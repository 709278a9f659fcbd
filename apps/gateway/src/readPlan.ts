/** What a configuration will ask of the plant, for the engineer who answers for its controllers. */

import { type LineConfig, readLoadsOf } from '@tidegate/edge/acquisition/line.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';

/** A line for each device, a warning for each that is asked for more than it may be, and the totals. */
export function formatReadPlan(lines: readonly LineConfig[]): string {
  const loads = lines.flatMap((line) => readLoadsOf(line).map((load, index) => ({ line, index, ...load })));
  const rows = loads.map(({ line, index, device, requestsPerSecond, readingsPerSecond }) => [
    device,
    `${line.driver.manifest.protocol} ${placeOf(line.medium)}`,
    `station ${line.driver.stationOf(line.devices[index].options)}`,
    count(line.devices[index].points.length, 'tag'),
    `${formatRate(requestsPerSecond)} requests/s`,
    `${formatRate(readingsPerSecond)} readings/s`,
  ]);
  const warnings = loads
    .filter(({ requestsPerSecond, allowedPerSecond }) => requestsPerSecond > allowedPerSecond)
    .map(({ device, requestsPerSecond, allowedPerSecond }) => {
      const rates = `needs ${formatRate(requestsPerSecond)} requests/s and is allowed ${formatRate(allowedPerSecond)}`;
      return `warning: ${device} ${rates}: scans will be skipped. Scan less often, or allow more.`;
    });
  const sum = (rates: readonly number[]) => formatRate(rates.reduce((total, rate) => total + rate, 0));
  const totals = [
    count(loads.length, 'device'),
    count(
      loads.reduce((tags, { line, index }) => tags + line.devices[index].points.length, 0),
      'tag',
    ),
    `${sum(loads.map((load) => load.requestsPerSecond))} requests/s`,
    `${sum(loads.map((load) => load.readingsPerSecond))} readings/s`,
  ];
  return [...aligned(rows), ...warnings, `ok: ${totals.join(', ')}`, ''].join('\n');
}

function placeOf(medium: Medium): string {
  if (medium.kind === 'serial' || medium.kind === 'recording') return medium.path;
  const { host, port } = medium;
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
