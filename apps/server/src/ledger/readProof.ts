/** Reads a proof, whose bytes may be anybody's: what is wrong with the file itself is told, and the rest is looked at. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { sha256 } from '@tidegate/platform/historian/ingest/ledger/gatewayCertificate.ts';
import { type ProofEdit, type ProofHead, ProofLine, type ProofRow } from './proofLine.ts';

export interface Proof {
  readonly head: ProofHead;
  readonly certificates: readonly string[];
  readonly checkpoints: readonly string[];
  readonly digests: readonly { readonly epoch: number; readonly sequence: number; readonly digest: string }[];
  readonly blocks: readonly string[];
  readonly edits: readonly ProofEdit[];
  readonly stored: readonly ProofRow[];
  readonly answered: readonly ProofRow[];
  /** What is wrong with the file: it was cut, or changed. */
  readonly defects: readonly string[];
}

/** Fault: `ledger.proof` where it is no proof at all. */
export function readProof(bytes: Uint8Array): Result<Proof> {
  const defects: string[] = [];
  const lines = parseLines(bytes, defects);
  const [first] = lines;
  if (!first || !('proof' in first)) return failure('ledger.proof', 'It does not begin as a proof does.');
  checkEnd(bytes, lines, defects);
  const head = first;
  const proof = {
    ...{ head, defects, certificates: [] as string[], checkpoints: [] as string[], blocks: [] as string[] },
    ...{ edits: [] as ProofEdit[], stored: [] as ProofRow[], answered: [] as ProofRow[] },
    digests: [] as { epoch: number; sequence: number; digest: string }[],
  };
  for (const [at, line] of lines.entries()) {
    if ('certificate' in line) proof.certificates.push(line.certificate);
    else if ('checkpoint' in line) proof.checkpoints.push(line.checkpoint);
    else if ('block' in line) proof.blocks.push(line.block);
    else if ('edit' in line) proof.edits.push(line.edit);
    else if ('stored' in line) for (const row of line.stored) proof.stored.push(row);
    else if ('answered' in line) for (const row of line.answered) proof.answered.push(row);
    else if ('digests' in line) {
      const { epoch, first: from, digests } = line;
      for (const [step, digest] of digests.entries()) proof.digests.push({ epoch, sequence: from + step, digest });
    } else if ('proof' in line && at > 0) defects.push(`line ${at + 1} begins another proof`);
  }
  return success(proof);
}

function parseLines(bytes: Uint8Array, defects: string[]): ProofLine[] {
  const lines: ProofLine[] = [];
  const texts = Buffer.from(bytes).toString('utf8').split('\n');
  if (texts.at(-1) === '') texts.pop();
  else defects.push('it ends within a line');
  for (const [at, text] of texts.entries()) {
    const line = parseLine(text);
    if (line) lines.push(line);
    else defects.push(`line ${at + 1} is not one of a proof`);
  }
  return lines;
}

function parseLine(text: string): ProofLine | undefined {
  try {
    const parsed = ProofLine.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The digest tells of damage and of carelessness; against intent there are the signatures. */
function checkEnd(bytes: Uint8Array, lines: readonly ProofLine[], defects: string[]): void {
  const end = lines.at(-1);
  if (!end || !('sha256' in end)) {
    defects.push('its last line is missing: it was cut');
    return;
  }
  if (end.lines !== lines.length - 1)
    defects.push(`${end.lines} lines were written, and ${lines.length - 1} are there`);
  const lastLine = Buffer.from(bytes).lastIndexOf('\n', bytes.length - 2) + 1;
  if (Buffer.from(sha256(bytes.subarray(0, lastLine))).toString('hex') !== end.sha256) {
    defects.push('it was changed after it was written');
  }
}
