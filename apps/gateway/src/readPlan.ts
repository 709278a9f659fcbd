/** What a configuration will ask of the plant, for the engineer who answers for its controllers. */

import type { LineConfig } from '@tidegate/edge/acquisition/line/line.ts';
import { type LineLoad, readLoadOf } from '@tidegate/edge/acquisition/line/readLoad.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { alignedColumns } from './alignedColumns.ts';

/** A line for each device, a warning for each budget that is asked for more than it allows, `notes`, and the totals. */
export function formatReadPlan(lines: readonly LineConfig[], notes: readonly string[] = []): string {
  const loads = lines.map((line) => ({ line, load: readLoadOf(line) }));
  const devices = loads.flatMap(({ line, load }) =>
    load.devices.map((device, index) => ({ line, tags: line.devices[index].points.length, index, ...device })),
  );
  const rows = devices.map(({ line, tags, index, name, requestsPerSecond, readingsPerSecond }) => [
    name,
    `${line.driver.manifest.protocol} ${placeOf(line.medium)}`,
    `station ${line.driver.stationOf(line.devices[index].options)}`,
    count(tags, 'tag'),
    `${formatRate(requestsPerSecond)} requests/s`,
    `${formatRate(readingsPerSecond)} readings/s`,
  ]);
  const warnings = [...loads.flatMap(({ load }) => budgetWarnings(load)), ...connectionWarnings(lines)];
  const sum = (rates: readonly number[]) => rates.reduce((total, rate) => total + rate, 0);
  const totals = [
    count(devices.length, 'device'),
    count(sum(devices.map(({ tags }) => tags)), 'tag'),
    `${formatRate(sum(devices.map((device) => device.requestsPerSecond)))} requests/s`,
    `${formatRate(sum(devices.map((device) => device.readingsPerSecond)))} readings/s`,
  ];
  return [
    ...alignedColumns(rows),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...notes,
    `ok: ${totals.join(', ')}`,
    '',
  ].join('\n');
}

/** What is more than a device, or a line, may be asked, or can be. */
function budgetWarnings({ name, devices, busShare = 0, allowedBusShare, ...line }: LineLoad): string[] {
  const consequence = 'scans will be skipped. Scan less often, or allow more.';
  const warnings = [...devices, { ...line, name: `the line ${name}` }]
    .filter(({ requestsPerSecond, allowedPerSecond }) => requestsPerSecond > allowedPerSecond)
    .map((asked) => {
      const rates = [asked.requestsPerSecond, asked.allowedPerSecond].map(formatRate);
      return `${asked.name} needs ${rates[0]} requests/s and is allowed ${rates[1]}: ${consequence}`;
    });
  if (busShare <= allowedBusShare) return warnings;
  const shares = [busShare, allowedBusShare].map((share) => `${Math.ceil(share * 100)} %`);
  if (allowedBusShare < 1) {
    return [...warnings, `the line ${name} needs ${shares[0]} of its time and is allowed ${shares[1]}: ${consequence}`];
  }
  const remedy = 'scans will be skipped. Scan less often, or raise the baud rate.';
  return [...warnings, `the line ${name} would be busy for ${shares[0]} of the time: ${remedy}`];
}

/** Lines with the same other end: it may take one connection only. */
function connectionWarnings(lines: readonly LineConfig[]): string[] {
  const asking = lines.filter(({ medium }) => medium.kind !== 'recording');
  return [...Map.groupBy(asking, ({ medium }) => placeOf(medium))]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([place, sharing]) => {
      const names = sharing.map(({ name }) => name).join(', ');
      return `${names} each open ${place} for themselves, which many devices do not take. Put them on one line.`;
    });
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
