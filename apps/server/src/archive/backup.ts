/** `archive backup`: a copy of the archive as it is now, while it is in use. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import { type BackupOutcome, writeBackup } from '@tidegate/platform/historian/archive/care/backup.ts';
import { filesOf } from '@tidegate/platform/historian/archive/care/backupManifest.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { ArchiveCommand } from './commandRun.ts';
import { ArchiveClient } from './control/archiveClient.ts';
import { DATA_OPTION } from './dataOption.ts';
import { formatAmount, formatBytes, formatSpan } from './figures.ts';

const OPTIONS = { ...DATA_OPTION, to: { type: 'string' } } as const;
const PACKAGE_FILE = new URL('../../../../package.json', import.meta.url);

export const BACKUP: ArchiveCommand<typeof OPTIONS> = {
  name: 'archive backup',
  options: OPTIONS,
  async run({ values }, { signal, progress, print, events }) {
    const { data, to } = values;
    if (to === undefined) return failure('backup.target', 'Where the backup is to stand is not said (--to DIR).');
    const opened = await ArchiveClient.open(data, events);
    if (!opened.ok) return opened;
    const client = opened.value;
    const line = progress('backing up', 'bytes');
    const { version }: { version: string } = JSON.parse(readFileSync(PACKAGE_FILE, 'utf8'));
    const options = { at: systemClock.now(), product: version, signal };
    const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
      line.update(doneBytes, totalBytes);
    const written = await client
      .hold((held) => writeBackup(held, resolve(to), { ...options, onProgress }))
      .finally(() => client.close());
    if (!written.ok) return written;
    const { manifest, copiedFiles, copiedBytes } = written.value;
    print(formatBackup(resolve(to), written.value, line.elapsedMs), {
      to: resolve(to),
      copiedFiles,
      copiedBytes,
      ...manifest,
    });
    return success(EXIT.ok);
  },
};

function formatBackup(to: string, { manifest, copiedFiles, copiedBytes }: BackupOutcome, elapsedMs: number): string {
  const { samples, tags } = manifest;
  const files = filesOf(manifest).length;
  const what = `${formatAmount(samples, 'sample')} of ${formatAmount(tags, 'tag')} in ${files} files`;
  return `${to}: ${what}; ${copiedFiles} of them copied (${formatBytes(copiedBytes)}) in ${formatSpan(elapsedMs)}.`;
}
