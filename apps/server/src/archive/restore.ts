/** `archive restore`: a data directory made of a backup, every file checked on the way. */

import { resolve } from 'node:path';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import { restoreBackup } from '@tidegate/platform/historian/archive/care/restoreBackup.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { ArchiveCommand } from './commandRun.ts';
import { formatAmount, formatSpan } from './figures.ts';

const OPTIONS = { from: { type: 'string' }, to: { type: 'string' } } as const;

export const RESTORE: ArchiveCommand<typeof OPTIONS> = {
  name: 'archive restore',
  options: OPTIONS,
  async run({ values: { from, to } }, { signal, progress, print }) {
    if (from === undefined || to === undefined) {
      return failure('backup.target', 'Which backup is to be restored, and where, is not said (--from DIR --to DIR).');
    }
    const line = progress('restoring', 'bytes');
    const onProgress = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
      line.update(doneBytes, totalBytes);
    const restored = await restoreBackup(resolve(from), resolve(to), { signal, onProgress });
    if (!restored.ok) return restored;
    const { samples, tags, madeAt } = restored.value;
    const what = `${formatAmount(samples, 'sample')} of ${formatAmount(tags, 'tag')}, as of ${madeAt}`;
    print(`${resolve(to)}: ${what}, restored in ${formatSpan(line.elapsedMs)}.`, {
      to: resolve(to),
      ...restored.value,
    });
    return success(EXIT.ok);
  },
};
