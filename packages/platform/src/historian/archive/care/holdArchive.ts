/** Takes hold of an archive that is in use, so that it can be copied and checked as it is at this moment. */

import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { copyDatabase } from '../../ingest/durableDatabase.ts';
import type { EvidenceStore } from '../../ingest/ledger/evidenceStore.ts';
import { LOG_START } from '../../ingest/logPosition.ts';
import type { MetadataDatabase } from '../../ingest/metadataDatabase.ts';
import type { TagCatalogue } from '../../ingest/tagCatalogue.ts';
import type { Archive } from '../archive.ts';
import { BESIDE_FILES, type BesideFile, EVIDENCE_DIRECTORY, PHOTO_DIRECTORY, PHOTO_NAME } from '../archiveFiles.ts';
import type { HeldArchive } from './heldArchive.ts';

export interface HeldParts {
  readonly archive: Pick<Archive, 'directory' | 'seal' | 'lease'>;
  readonly metadata: Pick<MetadataDatabase, 'copyTo'>;
  readonly catalogue: Pick<TagCatalogue, 'tags'>;
  readonly accounted: { readonly evidence: Pick<EvidenceStore, 'hold'> | undefined };
  /** Of all that the historian has. */
  readonly directory: string;
}

export interface ArchiveHold {
  readonly held: HeldArchive;
  /** The segments may be merged away now, and the oldest evidence deleted. The copy of the metadata stays. */
  release(): void;
}

/**
 * Writes what is in memory as a segment, takes a lease of all of them, and writes a copy of the metadata to the path
 * `metadataCopy`. The copy is younger than the segments, so that it has every tag of theirs. Faults: `archive.full`,
 * `archive.unwritable`.
 */
export async function holdArchive(
  { archive, metadata, catalogue, accounted, directory }: HeldParts,
  metadataCopy: string,
): Promise<Result<ArchiveHold>> {
  const sealed = await archive.seal();
  if (!sealed.ok) return sealed;
  const { segments, release: releaseSegments } = archive.lease();
  const evidence = accounted.evidence?.hold();
  const release = () => {
    releaseSegments();
    evidence?.release();
  };
  const newest = segments.at(-1);
  const ledgers = newest?.ledgers ?? [];
  const copied = await metadata.copyTo(metadataCopy);
  const beside = copied.ok ? await copyBeside(directory, metadataCopy) : copied;
  if (!beside.ok) {
    release();
    return beside;
  }
  const head = newest?.head;
  const photoDirectory = join(directory, PHOTO_DIRECTORY);
  const held: HeldArchive = {
    directory: archive.directory,
    segments: segments.map(({ path }) => basename(path)),
    evidenceDirectory: join(directory, EVIDENCE_DIRECTORY),
    evidence: evidence?.names ?? [],
    metadata: metadataCopy,
    beside: beside.value,
    photoDirectory,
    photos: await photosIn(photoDirectory),
    covered: head ? { generation: head.generation, record: head.end } : LOG_START,
    receivedUntil: head && Number.isFinite(head.received.last) ? head.received.last : null,
    samples: segments.reduce((sum, segment) => sum + segment.samples, 0),
    tags: catalogue.tags.length,
    ledgers,
  };
  return success({ held, release });
}

/** A photo has its file before a case has the photo. */
async function photosIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => PHOTO_NAME.test(name)).sort();
}

/** The copies lie beside that of the metadata, with its name behind theirs. */
async function copyBeside(directory: string, metadataCopy: string): Promise<Result<HeldArchive['beside']>> {
  const beside: { name: BesideFile; copy: string }[] = [];
  for (const name of BESIDE_FILES) {
    const copy = join(dirname(metadataCopy), `${name}-${basename(metadataCopy)}`);
    const copied = await copyDatabase(join(directory, name), copy);
    if (!copied.ok) return copied;
    if (copied.value) beside.push({ name, copy });
  }
  return success(beside);
}
