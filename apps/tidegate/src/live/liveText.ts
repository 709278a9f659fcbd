/** What a gateway shows of itself, as lines for people: how it and its boundary are doing, and its tags as a table. */

import { formatTimestamp, type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { LiveLane, LiveSpool, LiveTag, LiveView } from '@tidegate/core/port/liveView.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { type Severity, severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import { formatSpan } from '../devices/spanText.ts';

/** Paints a text for a severity; texts without one stand out. */
export type Paint = (text: string, as: Severity | 'strong') => string;

export const UNPAINTED: Paint = (text) => text;

const GAP = '  ';
const MIN_PATH_WIDTH = 16;
const MAX_VALUE_WIDTH = 32;
const MEASURED_DIGITS = 7;
const MS_PER_S = 1_000;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** The lines above the table. */
export function liveHeader(view: LiveView, paint: Paint): string[] {
  const { at, gateway, startedAt, lanes, spool, devices, certificateDaysLeft } = view;
  const runs = `runs for ${agoText(startedAt, at)}`;
  const days = `certificate ${certificateDaysLeft < 0 ? 'has ended' : `holds ${certificateDaysLeft} d`}`;
  const names = LANES.map((lane) => lane.padEnd(Math.max(...LANES.map(({ length }) => length))));
  return [
    `${paint(plain(gateway), 'strong')}${GAP}${runs}${GAP}${certificateDaysLeft < 7 ? paint(days, 'bad') : days}`,
    paint(boundaryText(view), LANES.every((lane) => lanes[lane].connected) ? 'good' : 'bad'),
    ...LANES.map((lane, index) => `  ${names[index]}${GAP}${laneText(lanes[lane], at)}`),
    `  ${spoolText(spool, isCut(view))}`,
    `${devices.length} ${devices.length === 1 ? 'device' : 'devices'}: ${deviceStates(view)}`,
    ...devices.flatMap(({ name, lastFault }) =>
      lastFault === undefined ? [] : [paint(`  ! ${plain(name)}: ${plain(lastFault)}`, 'bad')],
    ),
  ];
}

/** `the boundary is cut: everything waits in the spool`. */
export function boundaryText(view: LiveView): string {
  const cut = LANES.filter((lane) => !view.lanes[lane].connected);
  if (cut.length === 0) return 'the boundary is connected';
  return isCut(view)
    ? 'the boundary is cut: the gateway goes on reading, and everything waits in the spool'
    : `the boundary is cut for the lane ${cut.join(', ')}`;
}

function laneText({ connected, since, waiting }: LiveLane, at: Timestamp): string {
  const link = `${connected ? 'connected' : 'cut'} since ${clockText(since)} (${agoText(since, at)})`;
  const { blocks, samples, bytes } = waiting;
  return `${link}, ${samples} samples wait${blocks === 0 ? '' : ` in ${blocks} blocks, ${bytesText(bytes)}`}`;
}

export function spoolText({ usedBytes, maxBytes, bytesPerSecond, lastsSeconds }: LiveSpool, cut: boolean): string {
  const used = `spool ${bytesText(usedBytes)} of ${bytesText(maxBytes)}`;
  if (usedBytes >= maxBytes) return `${used}: full, the oldest of the least important is given up`;
  if (bytesPerSecond === undefined || lastsSeconds === undefined) return used;
  const lasts = formatSpan(lastsSeconds * MS_PER_S);
  const rate = `at ${bytesText(bytesPerSecond)}/s`;
  return cut ? `${used}: lasts another ${lasts} ${rate}` : `${used}: would last ${lasts} ${rate}`;
}

/** The head of the table and a line for each tag, none wider than `width`. */
export function liveTable(view: LiveView, width: number, paint: Paint): string[] {
  const rows = view.tags.map((tag) => [plain(tag.path), valueText(tag), statusText(tag), ageText(tag, view.at)]);
  const heads = ['tag', 'value', 'status', 'age'];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => widthOf(row[column]))));
  widths[1] = Math.min(widths[1], MAX_VALUE_WIDTH);
  const others = widths[1] + widths[2] + widths[3] + 3 * GAP.length;
  widths[0] = Math.min(widths[0], Math.max(MIN_PATH_WIDTH, width - others));
  const line = ([path, value, status, age]: readonly string[], as?: Severity) => {
    const paddedStatus = status.padEnd(widths[2]);
    return [
      padded(shortenedLeft(path, widths[0]), widths[0]),
      padded(shortened(value, widths[1]), widths[1], 'toRight'),
      as === undefined || as === 'good' ? paddedStatus : paint(paddedStatus, as),
      age.padStart(widths[3]),
    ].join(GAP);
  };
  return [line(heads), ...rows.map((row, index) => line(row, severityOfTag(view.tags[index])))];
}

/** One line of its own: what it is, and nothing that only the eye puts together. */
export function tagSentence(tag: LiveTag): string {
  const time = tag.time === undefined ? 'not read yet' : clockText(tag.time);
  const words = [time, plain(tag.path), valueText(tag), statusText(tag)].filter((text) => text !== '');
  return words.join(' ');
}

/** `running (1)`, `true`, `12.5 m3/h`, `a text`; empty where there is no value. */
export function valueText({ value, type, unit, states }: LiveTag): string {
  if (value === undefined) return '';
  const state = states?.find(({ code }) => code === value);
  if (state) return `${plain(state.name)} (${value})`;
  if (type === 'boolean' && typeof value === 'number') return String(value !== 0);
  return plain(`${typeof value === 'number' ? numberText(value) : value}${unit === '' ? '' : ` ${unit}`}`);
}

/** No more digits than a 32-bit device measures; counters have all of theirs. */
function numberText(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(MEASURED_DIGITS)));
}

/** Cut to a width that is not enough for it. */
export function shortened(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** A tag is told from its neighbours by the end of its path. */
function shortenedLeft(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `…${characters.slice(characters.length - width + 1).join('')}`;
}

function padded(text: string, width: number, toRight?: 'toRight'): string {
  const padding = ' '.repeat(Math.max(0, width - widthOf(text)));
  return toRight ? padding + text : text + padding;
}

/** In characters: an emoji of two units of UTF-16 is one. */
function widthOf(text: string): number {
  return [...text].length;
}

function statusText({ status, crosses }: LiveTag): string {
  const name = status === undefined ? '-' : statusName(status);
  return crosses ? name : `${name}, does not cross`;
}

function severityOfTag({ status }: LiveTag): Severity {
  return status === undefined ? 'uncertain' : severityOf(status);
}

function ageText({ time }: LiveTag, at: Timestamp): string {
  return time === undefined ? '-' : agoText(time, at);
}

function deviceStates({ devices }: LiveView): string {
  const states = Map.groupBy(devices, ({ state }) => state);
  return Array.from(states, ([state, { length }]) => `${length} ${state}`).join(', ') || '-';
}

function isCut({ lanes }: LiveView): boolean {
  return LANES.every((lane) => !lanes[lane].connected);
}

function agoText(time: Timestamp, at: Timestamp): string {
  return formatSpan((at - time) / US_PER_MS);
}

/** `2026-01-31 12:00:00Z`. */
function clockText(time: Timestamp): string {
  return `${formatTimestamp(time).slice(0, 19).replace('T', ' ')}Z`;
}

function bytesText(bytes: number): string {
  const unit = Math.min(BYTE_UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 2 ** (10 * unit);
  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** What a device has said must not steer the terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\ufffd');
}
