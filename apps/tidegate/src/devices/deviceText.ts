/** How the devices are doing, as a table for people: the sick ones first, and under each what is wrong with it. */

import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { Device, DeviceList } from '../serverApi/answers.ts';
import { formatSpan } from './spanText.ts';

interface Column {
  readonly head: string;
  readonly cell: (device: Device, at: number) => string;
  /** Numbers stand to the right, so that their sizes can be compared at a glance. */
  readonly toRight?: true;
  /** Left out of the table where this holds of no device. */
  readonly needs?: (device: Device, all: readonly Device[]) => boolean;
}

const COLUMNS: readonly Column[] = [
  { head: 'gateway', cell: ({ gateway }) => gateway, needs: ({ gateway }, all) => gateway !== all[0].gateway },
  { head: 'device', cell: ({ name }) => name },
  { head: 'state', cell: ({ state }) => state },
  { head: 'for', cell: ({ since }, at) => (since === null ? '-' : agoText(since, at)), toRight: true },
  { head: 'requests', cell: ({ requests }) => countText(requests), toRight: true },
  { head: 'refused', cell: ({ refusals }) => countText(refusals), toRight: true },
  { head: 'timeouts', cell: ({ timeouts }) => countText(timeouts), toRight: true },
  {
    head: 'skipped',
    cell: ({ skippedScans }) => countText(skippedScans),
    toRight: true,
    needs: ({ skippedScans }) => (skippedScans ?? 0) > 0,
  },
  { head: 'p50', cell: ({ roundTripP50Ms }) => msText(roundTripP50Ms), toRight: true },
  { head: 'p99', cell: ({ roundTripP99Ms }) => msText(roundTripP99Ms), toRight: true },
  { head: 'late p99', cell: ({ scanLatenessP99Ms }) => msText(scanLatenessP99Ms), toRight: true },
  {
    head: 'budget',
    cell: ({ budgetUsed }) => shareText(budgetUsed),
    toRight: true,
    needs: ({ budgetUsed }) => budgetUsed !== null,
  },
  {
    head: 'of line',
    cell: ({ lineBudgetUsed }) => shareText(lineBudgetUsed),
    toRight: true,
    needs: ({ lineBudgetUsed }) => lineBudgetUsed !== null,
  },
  { head: 'protocol', cell: ({ protocol }) => protocol ?? '-' },
  { head: 'line', cell: ({ line }) => line ?? '-', needs: ({ name, line }) => line !== null && line !== name },
];

/** What a person must look at first comes first. */
const STATE_ORDER = ['unknown', 'silent', 'connecting', 'stopped', 'running', 'quiet'];

/** Ends with a line feed. */
export function formatDevices({ at, devices }: DeviceList): string {
  if (devices.length === 0) return 'No devices: no gateway has reported on any yet.\n';
  const sorted = devices.toSorted(bySickness);
  const columns = COLUMNS.filter(({ needs }) => !needs || devices.some((device) => needs(device, devices)));
  const rows = [
    columns.map(({ head }) => head),
    ...sorted.map((device) => columns.map((column) => plain(column.cell(device, at)))),
  ];
  const widths = columns.map((_, place) => Math.max(...rows.map((row) => row[place].length)));
  const [head, ...lines] = rows.map((row) =>
    row
      .map((cell, place) => (columns[place].toRight ? cell.padStart(widths[place]) : cell.padEnd(widths[place])))
      .join('  ')
      .trimEnd(),
  );
  const table = lines.flatMap((line, row) => [line, ...notesOn(sorted[row], at)]);
  return `${[summaryOf(sorted), '', head, ...table].join('\n')}\n`;
}

function bySickness(a: Device, b: Device): number {
  const sick = Number(a.problem === null) - Number(b.problem === null);
  return sick || STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state);
}

/** `12 devices: 1 silent, 11 running`. */
function summaryOf(sorted: readonly Device[]): string {
  const states = Map.groupBy(sorted, ({ state }) => state);
  const counts = [...states].map(([state, { length }]) => `${length} ${state}`);
  return `${sorted.length} ${sorted.length === 1 ? 'device' : 'devices'}: ${counts.join(', ')}`;
}

function notesOn({ problem, lastError }: Device, at: number): string[] {
  const notes = problem === null ? [] : [`  ! ${plain(problem)}`];
  if (lastError && lastError.text !== problem) {
    notes.push(`    last error ${agoText(lastError.at, at)} ago: ${plain(lastError.text)}`);
  }
  return notes;
}

function agoText(time: number, at: number): string {
  return formatSpan((at - time) / US_PER_MS);
}

function countText(count: number | null): string {
  return count === null ? '-' : String(count);
}

function msText(ms: number | null): string {
  if (ms === null) return '-';
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function shareText(share: number | null): string {
  return share === null ? '-' : `${Math.round(share * 100)} %`;
}

/** What a device has said may be quoted in an error, and must not steer the terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\ufffd');
}
