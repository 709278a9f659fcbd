/** Every name on disk below the historian's data directory, in one place. */

/** The write-ahead log: one journal directory for each generation below it. */
export const LOG_DIRECTORY = 'log';
/** Files of the log that the archive needs no more, kept as the bytes that gateways signed for. */
export const EVIDENCE_DIRECTORY = 'evidence';
/** Holds the segment files. */
export const SEGMENT_DIRECTORY = 'segments';
/** The tag catalogue; its lock keeps a second process out of the whole directory. */
export const METADATA_FILE = 'metadata.sqlite';
/** What other stages keep beside the samples: versions of the model, the journal of alarms, event frames. */
export const BESIDE_FILES = [
  'model.sqlite',
  'alarms.sqlite',
  'events.sqlite',
  'health-models.sqlite',
  'health-scoring.sqlite',
  'health-cases.sqlite',
  'health-lives.sqlite',
] as const;
export type BesideFile = (typeof BESIDE_FILES)[number];
/** Photos of health cases: a file has the name of its bytes, and never changes. */
export const PHOTO_DIRECTORY = 'health-cases-photos';
/** `<SHA-256 in hex>.<jpg|png|webp>`. */
export const PHOTO_NAME = /^[0-9a-f]{64}\.(jpg|png|webp)$/;

/** Only its owner may enter it: the socket by which the running server is asked, and copies that it makes for who asks. */
export const CONTROL_DIRECTORY = 'control';
export const CONTROL_SOCKET = 'socket';

/** A segment that is being written; one that is found at start was cut short by a crash and holds nothing of value. */
export const TEMPORARY_SUFFIX = '.tmp';
/** A segment that could not be read at all; it is kept for the person who wants to look at it. */
export const DAMAGED_SUFFIX = '.damaged';

const SEGMENT_SUFFIX = '.segment';
const SEGMENT_NAME = /^(\d{6})-(\d{16})-(\d{16})-(\d{4})\.segment$/;

/** The records of the log whose samples a segment holds, from `from` to before `end`, and how often it was written anew. */
export interface SegmentRange {
  readonly generation: number;
  readonly from: number;
  readonly end: number;
  /** From 0; the same samples, less those that have expired, are in the file of the greatest revision. */
  readonly revision: number;
}

/** Names sort in the order in which the samples arrived. */
export function segmentFileName({ generation, from, end, revision }: SegmentRange): string {
  return `${digits(generation, 6)}-${digits(from, 16)}-${digits(end, 16)}-${digits(revision, 4)}${SEGMENT_SUFFIX}`;
}

/** `undefined` where `name` is not the name of a segment. */
export function parseSegmentFileName(name: string): SegmentRange | undefined {
  const match = SEGMENT_NAME.exec(name);
  if (!match) return undefined;
  const [generation, from, end, revision] = match.slice(1).map(Number);
  return { generation, from, end, revision };
}

/** Whether a segment of range `a` holds everything that one of range `b` holds, so that `b` is a leftover. */
export function supersedes(a: SegmentRange, b: SegmentRange): boolean {
  if (a.generation !== b.generation || a.from > b.from || a.end < b.end) return false;
  return a.from < b.from || a.end > b.end || a.revision > b.revision;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
