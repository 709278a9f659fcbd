/** `ledger export`: the proof of a tag and a period as a file, by the server that has the archive open or without one. */

import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { parseTimeExpression } from '@tidegate/platform/northbound/contract/timeExpression.ts';
import { resolveTimeExpression } from '@tidegate/platform/northbound/contract/timeResolution.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { ArchiveCommand, CommandRun } from '../archive/commandRun.ts';
import { ArchiveClient } from '../archive/control/archiveClient.ts';
import type { ProveRequest } from '../archive/control/controlMessage.ts';
import { DATA_OPTION } from '../archive/dataOption.ts';
import { formatAmount, formatBytes } from '../archive/figures.ts';

const OPTIONS = {
  ...DATA_OPTION,
  to: { type: 'string' },
  start: { type: 'string' },
  end: { type: 'string' },
} as const;

const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const EXPORT_PROOF: ArchiveCommand<typeof OPTIONS> = {
  name: 'ledger export',
  options: OPTIONS,
  async run({ values, positionals }, run) {
    const { data, to, start = '*-1h', end = '*' } = values;
    const [tag, ...more] = positionals;
    if (tag === undefined || more.length > 0) return failure('launch.option', 'Name one tag.');
    if (to === undefined) return failure('launch.option', 'Name the file with --to.');
    const range = readRange(start, end);
    if (!range.ok) return range;
    const opened = await ArchiveClient.open(data, run.events);
    if (!opened.ok) return opened;
    try {
      return await exportTo(to, opened.value, { tag, ...range.value }, run);
    } finally {
      await opened.value.close();
    }
  },
};

/** The file is there whole, or not at all. */
async function exportTo(
  to: string,
  client: ArchiveClient,
  question: Omit<ProveRequest, 'ask'>,
  { signal, print }: CommandRun,
): Promise<Result<number>> {
  const draft = `${to}.new`;
  const file = await open(draft, 'w');
  try {
    const hash = createHash('sha256');
    const texts: string[] = [];
    let lines = 0;
    const proved = await client.prove(
      question,
      (line) => {
        const text = `${JSON.stringify(line)}\n`;
        hash.update(text);
        texts.push(text);
        lines++;
      },
      signal,
    );
    if (!proved.ok) return proved;
    texts.push(`${JSON.stringify({ lines, sha256: hash.digest('hex') })}\n`);
    for (const text of texts) await file.write(text);
    const { size } = await file.stat();
    await rename(draft, to);
    print(`${to}: ${formatAmount(lines + 1, 'line')}, ${formatBytes(size)}.`, { to, lines: lines + 1, bytes: size });
    return success(EXIT.ok);
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

function readRange(start: string, end: string): Result<{ start: number; end: number }> {
  const now = systemClock.now();
  const times: number[] = [];
  for (const [name, text] of Object.entries({ start, end })) {
    const expression = parseTimeExpression(text);
    const time = expression && resolveTimeExpression(expression, now, LOCAL_ZONE);
    if (time === undefined) {
      return failure('launch.option', `--${name} takes a time such as 2026-01-31T12:00:00Z or '*-8h', not "${text}".`);
    }
    times.push(time);
  }
  return success({ start: times[0], end: times[1] });
}
