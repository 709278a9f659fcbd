/** `archive verify`: everything that an archive or a backup has on disk is read, and what is wrong with it is named. */

import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { METADATA_FILE } from '@tidegate/platform/historian/archive/archiveFiles.ts';
import { BACKUP_MANIFEST } from '@tidegate/platform/historian/archive/care/backupManifest.ts';
import type { Finding } from '@tidegate/platform/historian/archive/care/finding.ts';
import {
  type VerifyOptions,
  type VerifyOutcome,
  verifyArchive,
  verifyBackup,
} from '@tidegate/platform/historian/archive/care/verifyArchive.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { ArchiveCommand } from './commandRun.ts';
import { connectToServer, locateArchive } from './control/archiveClient.ts';
import { DATA_OPTION } from './dataOption.ts';
import { formatAmount, formatBytes, formatSpan } from './figures.ts';

/** A database that was not closed has what was written last in a file of its own (https://www.sqlite.org/wal.html). */
const DATABASE_PARTS = ['', '-wal'] as const;

export const VERIFY: ArchiveCommand<typeof DATA_OPTION> = {
  name: 'archive verify',
  options: DATA_OPTION,
  async run({ values }, { signal, json, progress, print, note }) {
    const findings: Finding[] = [];
    const line = progress('verifying', 'bytes');
    const options: VerifyOptions = {
      signal,
      onProgress: ({ doneBytes, totalBytes }) => line.update(doneBytes, totalBytes),
      onFinding(finding) {
        findings.push(finding);
        if (!json) note(formatFinding(finding));
      },
    };
    const copies = await mkdtemp(join(tmpdir(), 'tidegate-verify-'));
    const outcome = await verify(values.data, copies, options).finally(() => rm(copies, { recursive: true }));
    if (!outcome.ok) return outcome;
    print(formatOutcome(outcome.value, line.elapsedMs), {
      directory: resolve(values.data),
      ...outcome.value,
      findings,
    });
    return success(findings.length === 0 ? EXIT.ok : EXIT.failed);
  },
};

async function verify(data: string, copies: string, options: VerifyOptions): Promise<Result<VerifyOutcome>> {
  const copyMetadata = async (path: string) => {
    const copy = join(copies, 'metadata.sqlite');
    for (const part of DATABASE_PARTS) {
      const isThere = await stat(path + part).catch(() => undefined);
      if (isThere || part === '') await copyFile(path + part, copy + part);
    }
    return copy;
  };
  if (await stat(join(data, BACKUP_MANIFEST)).catch(() => undefined)) {
    return success(await verifyBackup(resolve(data), copyMetadata, options));
  }
  const located = await locateArchive(data);
  if (!located.ok) return located;
  const directory = located.value;
  const server = await connectToServer(directory);
  if (!server.ok) return server;
  if (!server.value) {
    return success(await verifyArchive(directory, await copyMetadata(join(directory, METADATA_FILE)), options));
  }
  // Nothing of what the server holds for us is merged away, and its copy of the database is whole.
  return server.value.hold(async ({ metadata, segments }) => {
    return success(await verifyArchive(directory, await copyMetadata(metadata), { ...options, segments }));
  });
}

function formatFinding({ place, defect, remedy }: Finding): string {
  return `${place}: ${defect.replace(/[.\s]+$/, '')}.\n  ${remedy}`;
}

function formatOutcome(outcome: VerifyOutcome, elapsedMs: number): string {
  const { segments, chunks, samples, tags, logBlocks, evidenceBlocks, bytes, findings } = outcome;
  const kept = evidenceBlocks ? `, ${formatAmount(evidenceBlocks, 'block')} of evidence` : '';
  const log = logBlocks === undefined ? '' : `, ${formatAmount(logBlocks, 'block')} in the log${kept}`;
  const read = `${formatAmount(samples, 'sample')} of ${formatAmount(tags, 'tag')} in ${formatAmount(segments, 'segment')}`;
  const verdict =
    findings === 0 ? 'Nothing is wrong.' : `${findings} ${findings === 1 ? 'place is' : 'places are'} damaged.`;
  return `${read} (${formatAmount(chunks, 'chunk')})${log}: ${formatBytes(bytes)} in ${formatSpan(elapsedMs)}. ${verdict}`;
}
