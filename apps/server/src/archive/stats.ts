/** `archive stats`: how much an archive holds, and what it costs. */

import { success } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { ArchiveCommand } from './commandRun.ts';
import { ArchiveClient } from './control/archiveClient.ts';
import type { ArchiveOverview } from './control/controlMessage.ts';
import { DATA_OPTION } from './dataOption.ts';
import { formatAmount, formatBytes, formatCount } from './figures.ts';

export const STATS: ArchiveCommand<typeof DATA_OPTION> = {
  name: 'archive stats',
  options: DATA_OPTION,
  async run({ values }, { print, events }) {
    const opened = await ArchiveClient.open(values.data, events);
    if (!opened.ok) return opened;
    const client = opened.value;
    const overview = await client.overview().finally(() => client.close());
    if (!overview.ok) return overview;
    const { directory, isServed } = client;
    const place = `${directory}, ${isServed ? 'in use by a server' : 'not in use'}`;
    print(formatOverview(place, overview.value), { directory, isServed, ...overview.value });
    return success(EXIT.ok);
  },
};

export function formatOverview(place: string, overview: ArchiveOverview): string {
  const { statistics, freeDiskBytes, evidence, streams } = overview;
  const { samples, hotSamples, tags, segments, segmentBytes, logBytes, expired, damage } = statistics;
  const inSegments = samples - hotSamples;
  const perSample = inSegments > 0 ? `, ${(segmentBytes / inSegments).toFixed(2)} bytes for each` : '';
  const rows = [
    ['archive', place],
    ['samples', `${formatCount(samples)} of ${formatAmount(tags, 'tag')}`],
    [
      'segments',
      `${formatCount(segments)} with ${formatCount(inSegments)} samples in ${formatBytes(segmentBytes)}${perSample}`,
    ],
    ['memory', `${formatCount(hotSamples)} samples, which are in the log, too`],
    ['log', formatBytes(logBytes)],
    ['evidence', evidence === null ? 'none is kept' : `${formatBytes(evidence.bytes)} of the log, as it came`],
    ['disk', freeDiskBytes === null ? 'free space unknown' : `${formatBytes(freeDiskBytes)} free`],
    ['expired', `${formatCount(expired)} samples since the start`],
    [
      'damage',
      damage === 0 ? 'none found since the start' : `${damage} places found since the start: tidegate archive verify`,
    ],
    ...streams.map(({ gateway, lane, stored, lost }) => [
      'stream',
      `${gateway} ${lane}: ${formatCount(stored)} stored, ${formatCount(lost)} lost`,
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}
