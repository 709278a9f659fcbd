/**
 * The lines of a proof: JSON, one object each, told apart by its first key. A proof holds everything that is needed to check
 * it, but for the authority that one trusts. See `docs/formats/proof.md`.
 */

import { LANES } from '@tidegate/core/sample/lane.ts';
import { z } from 'zod';

const time = z.int();
const value = z.union([z.number(), z.string(), z.null()]);
/** Time (µs), value and status; NaN and infinities are texts behind `"#"`. */
const row = z.tuple([time, z.union([value, z.object({ number: z.enum(['NaN', 'Infinity', '-Infinity']) })]), z.int()]);

export const PROOF_VERSION = 1;

const Head = z.strictObject({
  proof: z.literal(PROOF_VERSION),
  exportedAt: time,
  gateway: z.string(),
  lane: z.enum(LANES),
  tag: z.strictObject({ number: z.int(), id: z.string(), path: z.string(), type: z.string(), unit: z.string() }),
  start: time,
  end: time,
});

const Certificate = z.strictObject({ certificate: z.string() });
const CheckpointLine = z.strictObject({ checkpoint: z.string() });
/** Digests (base64url) of blocks of the stream that are held and not in the file: from `first` on, without a gap. */
const Digests = z.strictObject({ epoch: z.int(), first: z.int(), digests: z.array(z.string()) });
/** A block with samples of the tag, in base64. */
const Block = z.strictObject({ block: z.string() });
const EditLine = z.strictObject({
  edit: z.strictObject({
    id: z.int(),
    kind: z.string(),
    at: time,
    by: z.string(),
    reason: z.string(),
    /** Ranges of time that it touches: the end is not in them. */
    ranges: z.array(z.tuple([z.number(), z.number()])),
  }),
});
/** What the archive took in, and what it answers, in the order of time. */
const Stored = z.strictObject({ stored: z.array(row) });
const Answered = z.strictObject({ answered: z.array(row) });
/** The last line: how many stand before it, and the SHA-256 (hexadecimal) of all their bytes. */
const End = z.strictObject({ lines: z.int(), sha256: z.string() });

export const ProofLine = z.union([Head, Certificate, CheckpointLine, Digests, Block, EditLine, Stored, Answered, End]);

export type ProofLine = z.infer<typeof ProofLine>;
export type ProofHead = z.infer<typeof Head>;
export type ProofRow = z.infer<typeof row>;
export type ProofEdit = z.infer<typeof EditLine>['edit'];

/** A value as a line holds it: JSON has no NaN. */
export function writeValue(given: number | string | null): ProofRow[1] {
  if (typeof given !== 'number' || Number.isFinite(given)) return Object.is(given, -0) ? 0 : given;
  return { number: String(given) as 'NaN' | 'Infinity' | '-Infinity' };
}
