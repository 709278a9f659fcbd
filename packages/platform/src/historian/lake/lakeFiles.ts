/** Every name on disk below the directory of the lake, in one place. */

export const MANIFEST_FILE = 'manifest.json';
/** Ends the name of what is being written; found at start, it is the rest of a publication that was cut short. */
export const TEMPORARY_SUFFIX = '.tmp';

const DAY_DIRECTORY = /^day=\d{4}-\d\d-\d\d$/;
const LAKE_FILE = /^(?:day=\d{4}-\d\d-\d\d\/part-\d{4}-r\d{8}|tags-r\d{8})\.parquet$/;

/** `2026-01-31` in UTC. */
export type UtcDay = string;

/** Hive's way to name a partition, which readers know: `day=2026-01-31`. */
export function dayDirectory(day: UtcDay): string {
  return `day=${day}`;
}

/** A part is never written twice: a later revision of the day has names of its own. */
export function partFile(day: UtcDay, part: number, revision: number): string {
  return `${dayDirectory(day)}/part-${digits(part, 4)}-r${digits(revision, 8)}.parquet`;
}

export function tagsFile(revision: number): string {
  return `tags-r${digits(revision, 8)}.parquet`;
}

/** Whether `path`, below the lake's directory, is a name that the lake gives: no other is ever read or removed. */
export function isLakeFile(path: string): boolean {
  return LAKE_FILE.test(path);
}

export function isDayDirectory(name: string): boolean {
  return DAY_DIRECTORY.test(name);
}

/** The first microsecond of a day; `undefined` where there is no such day. */
export function dayStart(day: UtcDay): number | undefined {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(ms) || dayOf(ms * 1000) !== day ? undefined : ms * 1000;
}

export function dayOf(time: number): UtcDay {
  return new Date(Math.floor(time / 1000)).toISOString().slice(0, 10);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
