/** The history of tags as edits have left it, or as it was known at an earlier time: what every query reads. */

import type { Archive, ArchiveScan } from '../archive/archive.ts';
import { knownBefore, lastKnown } from '../archive/receipts.ts';
import type { SampleRun } from '../archive/sampleRun.ts';
import type { ScanDirection } from '../archive/scan/scanSources.ts';
import type { TakePart } from '../archive/scan/segmentSource.ts';
import { editedScan } from '../archive/versions/editedScan.ts';
import type { EditLog } from '../archive/versions/editLog.ts';
import type { TagIndex } from '../ingest/storedTag.ts';

export interface HistoryRange {
  /** First moment, itself included, and end, itself not included, in microseconds. */
  readonly start: number;
  readonly end: number;
  /** Only what was known then (µs; taken as the whole second that it lies in). All that is known where it is left out. */
  readonly knownAt?: number | undefined;
  /**
   * Whether the reader takes a summary in place of the samples of a chunk whose first and last have these times. A tag
   * that was edited there gives samples all the same.
   */
  readonly wantsWhole?: ((firstTime: number, lastTime: number, statusBits: number) => boolean) | undefined;
  /** As `ScanRange.inBlocks` and `ScanRange.take`. */
  readonly inBlocks?: boolean | undefined;
  readonly take?: TakePart | undefined;
}

export class History {
  readonly #archive: Archive;
  readonly #edits: EditLog;

  constructor(archive: Archive, edits: EditLog) {
    this.#archive = archive;
    this.#edits = edits;
  }

  /** What came in `start <= time < end` (µs), each sample with when it was received, whatever edits did to it. */
  base(tag: TagIndex, start: number, end: number, knownAt?: number): AsyncIterable<SampleRun> {
    const receivedBefore = knownAt === undefined ? undefined : knownBefore(knownAt);
    return readBase(this.#archive, tag, start, end, 'forward', receivedBefore);
  }

  /** The samples of `tag`, in batches of ascending time that go on in `direction`. Throws where edits cannot be read. */
  scan(tag: TagIndex, range: HistoryRange, direction: ScanDirection = 'forward'): ArchiveScan {
    const { start, end, knownAt, wantsWhole, inBlocks, take } = range;
    const receivedBefore = knownAt === undefined ? undefined : knownBefore(knownAt);
    if (!this.#edits.touches(tag, start, end)) {
      return this.#archive.scan(tag, { start, end, receivedBefore, wantsWhole, inBlocks, take }, direction);
    }
    const edits = this.#edits.read(tag, start, end);
    if (!edits.ok) throw new Error(`${edits.fault.code}: ${edits.fault.detail}`);
    const base = readBase(this.#archive, tag, start, end, direction, receivedBefore);
    const lastEdit = knownAt === undefined ? Number.POSITIVE_INFINITY : lastKnown(knownAt);
    return editedScan(base, edits.value, { start, end, direction, knownAt: lastEdit });
  }
}

/** What came, each sample with when it was received. */
export async function* readBase(
  archive: Archive,
  tag: TagIndex,
  start: number,
  end: number,
  direction: ScanDirection = 'forward',
  receivedBefore?: number,
): AsyncGenerator<SampleRun, void, undefined> {
  for await (const run of archive.scan(tag, { start, end, withReceived: true, receivedBefore }, direction)) {
    if ('times' in run) yield run;
  }
}
