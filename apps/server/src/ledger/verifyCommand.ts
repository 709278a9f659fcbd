/** `ledger verify`: says of a proof whether everything in it fits, with nothing but the file and the authority one trusts. */

import { readFile } from 'node:fs/promises';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { ArchiveCommand } from '../archive/commandRun.ts';
import { formatAmount, formatCount } from '../archive/figures.ts';
import { readProof } from './readProof.ts';
import { timeText } from './timeText.ts';
import { type ProofReport, verifyProof } from './verifyProof.ts';

const OPTIONS = { authority: { type: 'string' } } as const;

export const VERIFY_PROOF: ArchiveCommand<typeof OPTIONS> = {
  name: 'ledger verify',
  options: OPTIONS,
  async run({ values, positionals }, { print }) {
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return failure('launch.option', 'Name one file.');
    const authorities = values.authority === undefined ? undefined : await readFile(values.authority, 'utf8');
    const proof = readProof(await readFile(file));
    if (!proof.ok) return proof;
    const report = verifyProof(proof.value, authorities);
    print(formatReport(report), report);
    return success(report.holds ? EXIT.ok : EXIT.failed);
  },
};

export function formatReport(report: ProofReport): string {
  const { head, checkpoints, blocks, samples, edits, findings, expired, damaged } = report;
  const rows = [
    ['tag', `${head.tag.path} of ${head.gateway}, ${head.lane} lane`],
    ['period', `${timeText(head.start)} to ${timeText(head.end)}`],
    [
      'signed',
      `${formatAmount(checkpoints, 'checkpoint')} over ${formatAmount(blocks.proved, 'block')} that are proved`,
    ],
    ['trust', report.isAnchored ? 'the authority given' : 'none: name the authority with --authority'],
    ...(blocks.missing > 0 ? [['holes', holeText(blocks.missing, blocks.unproved, expired, damaged)]] : []),
    [
      'samples',
      `${formatCount(samples.signed)} signed, ${formatCount(samples.equal)} in the archive as they were signed`,
    ],
    ['answers', `${formatCount(samples.edited)} changed by edits, ${formatCount(samples.altered)} by nobody`],
    ...edits.map((edit) => ['edit', edit]),
    ...report.breaks.map((text) => ['break', text]),
    ...findings.map(({ kind, detail }) => ['FINDING', `${kind}: ${detail}`]),
    ['verdict', report.holds ? 'everything fits' : 'IT DOES NOT HOLD'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

function holeText(missing: number, unproved: number, expired: number, damaged: number): string {
  const beside = unproved > 0 ? `, ${unproved} beside them not provable` : '';
  const why = `the gateway signed that ${expired} samples expired and ${damaged} were damaged`;
  return `${formatAmount(missing, 'block')} missing${beside}; ${why}`;
}
