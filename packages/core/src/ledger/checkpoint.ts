/**
 * A checkpoint: what a gateway says, and signs, of one lane since the checkpoint before. It is a line of JSON that a person
 * can read, and one text only stands for it: a decoder that gets any other refuses it. See `docs/formats/checkpoint.md`.
 */

import { type BlockPosition, comparePositions } from '../block/sampleBlock.ts';
import { formatTimestamp, parseTimestamp, type Timestamp } from '../clock/timestamp.ts';
import { failure, type Result, success } from '../fault/fault.ts';
import { LANES, type Lane } from '../sample/lane.ts';
import { type BlockRun, type ChainSpan, DIGEST_BYTES, type Hash, MAX_STRETCHES, markCount } from './blockChain.ts';
import { TALLY_FIELDS, type Tally } from './tally.ts';

/** Why a chain begins anew: it is the gateway's first, it lost its note of the last checkpoint, or blocks that it had sealed. */
export type BreakReason = 'first' | 'note-lost' | 'blocks-lost';

export interface ChainBreak {
  readonly reason: BreakReason;
  /** The last block that an earlier checkpoint has signed for, where that is known. What came between may never be signed. */
  readonly after: BlockPosition | null;
}

export interface Checkpoint {
  readonly gateway: string;
  readonly lane: Lane;
  /** From 0, and one more for each checkpoint of the lane. */
  readonly number: number;
  /** What was done between these two moments by the gateway's clock. */
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly chain: ChainSpan;
  /** In the blocks of the span. */
  readonly samples: number;
  /** The lane's tally, and by how much it has changed. A count that was taken back makes a change negative. */
  readonly total: Tally;
  readonly change: Tally;
  /** Of all accepted samples, those that the other side has acknowledged, and those that still wait. */
  readonly sent: number;
  readonly waiting: number;
  /** The oldest block that waits; `null` where none does. What is older has been acknowledged, has expired or was damaged. */
  readonly oldest: BlockPosition | null;
  /** Digest of the text of the checkpoint before; `null` in the first one, and where the note of it was lost. */
  readonly previous: Uint8Array | null;
  readonly break: ChainBreak | null;
  /** SHA-256 of the conduit policy and of the configuration, in hexadecimal. */
  readonly policy: string | null;
  readonly configuration: string | null;
  /** SHA-256 of the certificate (DER) whose key signs, in hexadecimal. */
  readonly certificate: string;
}

/** A checkpoint as it came, its signature not yet verified. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** What was signed. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** Ed25519 (RFC 8032): 64 bytes. */
export type Sign = (bytes: Uint8Array) => Uint8Array;
/** Whether the signature is that of the certificate's key. */
export type VerifySignature = (bytes: Uint8Array, signature: Uint8Array) => boolean;

/** A gateway writes one sooner than its span grows beyond this. */
export const MAX_CHECKPOINT_BLOCKS = 65_536;
export const MAX_CHECKPOINT_RUNS = 64;

const VERSION = 1;
const SIGNATURE_BYTES = 64;
const MAX_TEXT = 16 * 1024;
const BREAK_REASONS: readonly BreakReason[] = ['first', 'note-lost', 'blocks-lost'];
const HEXADECIMAL = /^[0-9a-f]{64}$/;
const utf8 = new TextEncoder();

/** The text of the checkpoint with its signature. */
export function signCheckpoint(checkpoint: Checkpoint, sign: Sign): string {
  const body = bodyOf(checkpoint);
  return join(body, sign(utf8.encode(body)));
}

/** What the checkpoint behind it names as `previous`. */
export function checkpointDigest(text: string, hash: Hash): Uint8Array {
  return hash(utf8.encode(text));
}

/** Fault: `ledger.malformed`. */
export function decodeCheckpoint(text: string): Result<SignedCheckpoint> {
  if (text.length > MAX_TEXT) return malformed(`${text.length} characters`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return malformed('it is no JSON');
  }
  const fields = record(given);
  const checkpoint = fields && readCheckpoint(fields);
  const signature = fields && readSignature(fields);
  if (!checkpoint || !signature) return malformed('a field is missing or of the wrong kind');
  const body = bodyOf(checkpoint);
  if (join(body, signature) !== text) return malformed('it is not written as a gateway writes it');
  return success({ checkpoint, signed: utf8.encode(body), signature });
}

export function countBlocks({ runs }: Pick<ChainSpan, 'runs'>): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}

const malformed = (detail: string) => failure('ledger.malformed', detail);

function join(body: string, signature: Uint8Array): string {
  return `${body.slice(0, -1)},"signature":"${base64(signature)}"}`;
}

/** The order of the keys is the order here. */
function bodyOf(checkpoint: Checkpoint): string {
  const { gateway, lane, number, from, to, chain, samples, total, change, sent, waiting, oldest } = checkpoint;
  const { previous, policy, configuration, certificate } = checkpoint;
  return JSON.stringify({
    checkpoint: VERSION,
    ...{ gateway, lane, number, from: formatTimestamp(from), to: formatTimestamp(to) },
    blocks: chain.runs.map(({ epoch, first, count }) => [epoch, first, count]),
    samples,
    total: tallyJson(total),
    change: tallyJson(change),
    ...{ sent, waiting, oldest: oldest && pair(oldest) },
    before: base64(chain.before),
    stride: chain.stride,
    marks: chain.marks.map(base64),
    after: base64(chain.after),
    previous: previous && base64(previous),
    break: checkpoint.break && {
      reason: checkpoint.break.reason,
      after: checkpoint.break.after && pair(checkpoint.break.after),
    },
    ...{ policy, configuration, certificate },
  });
}

type Fields = Readonly<Record<string, unknown>>;

function readSignature({ signature }: Fields): Uint8Array | undefined {
  return bytesOf(signature, SIGNATURE_BYTES);
}

function readCheckpoint(fields: Fields): Checkpoint | undefined {
  const { gateway, number, samples, sent, waiting, policy, configuration, certificate, ...rest } = fields;
  const { lane: laneName, from: fromText, to: toText, total: totals, change: changes } = rest;
  const { oldest: oldestPair, previous: previousText, break: breakFields } = rest;
  const lane = LANES.find((one) => one === laneName);
  const [from, to] = [timeOf(fromText), timeOf(toText)];
  const chain = readChain(fields);
  const [total, change] = [readTally(totals), readTally(changes)];
  const oldest = orNull(oldestPair, positionOf);
  const previous = orNull(previousText, digestOf);
  const broken = orNull(breakFields, readBreak);
  if (typeof gateway !== 'string' || !lane || from === undefined || to === undefined || !chain) return undefined;
  if (!total || !change || oldest === undefined || previous === undefined || broken === undefined) return undefined;
  if (!isCount(number) || !isCount(samples) || !isCount(sent) || !isCount(waiting)) return undefined;
  if (!isHexadecimal(certificate)) return undefined;
  if ((policy !== null && !isHexadecimal(policy)) || (configuration !== null && !isHexadecimal(configuration))) {
    return undefined;
  }
  const counts = { number, samples, total, change, sent, waiting };
  return {
    gateway,
    lane,
    from,
    to,
    chain,
    ...counts,
    oldest,
    previous,
    break: broken,
    policy,
    configuration,
    certificate,
  };
}

function readChain({ blocks, before, stride, marks, after }: Fields): ChainSpan | undefined {
  if (!Array.isArray(blocks) || blocks.length > MAX_CHECKPOINT_RUNS || !Array.isArray(marks)) return undefined;
  const runs = blocks.map(runOf);
  const heads: (Uint8Array | undefined)[] = [before, ...marks, after].map(digestOf);
  if (!isDefined(runs) || !isDefined(heads) || !isCount(stride) || stride < 1) return undefined;
  const count = countBlocks({ runs });
  if (count > MAX_CHECKPOINT_BLOCKS || !ascend(runs)) return undefined;
  if (count > stride * MAX_STRETCHES || markCount(count, stride) !== marks.length) return undefined;
  return { runs, before: heads[0], marks: heads.slice(1, -1), stride, after: heads[heads.length - 1] };
}

function ascend(runs: readonly BlockRun[]): boolean {
  return runs.every((run, at) => {
    const before = runs[at - 1];
    if (!before) return true;
    const end = { epoch: before.epoch, sequence: before.first + before.count };
    return comparePositions(end, { epoch: run.epoch, sequence: run.first }) < 0;
  });
}

function runOf(given: unknown): BlockRun | undefined {
  if (!Array.isArray(given) || given.length !== 3) return undefined;
  const [epoch, first, count] = given as unknown[];
  if (!isCount(epoch) || !isCount(first) || !isCount(count) || count < 1) return undefined;
  return Number.isSafeInteger(first + count) ? { epoch, first, count } : undefined;
}

function readBreak(given: unknown): ChainBreak | undefined {
  const { reason: reasonText, after: afterPair } = record(given) ?? {};
  const reason = BREAK_REASONS.find((one) => one === reasonText);
  const after = orNull(afterPair, positionOf);
  return reason && after !== undefined ? { reason, after } : undefined;
}

function readTally(given: unknown): Tally | undefined {
  const fields = record(given);
  if (!fields || !TALLY_FIELDS.every((field) => Number.isSafeInteger(fields[field]))) return undefined;
  return fields as unknown as Tally;
}

function tallyJson(tally: Tally): Tally {
  return Object.fromEntries(TALLY_FIELDS.map((field) => [field, tally[field]])) as unknown as Tally;
}

function positionOf(given: unknown): BlockPosition | undefined {
  if (!Array.isArray(given) || given.length !== 2) return undefined;
  const [epoch, sequence] = given as unknown[];
  return isCount(epoch) && isCount(sequence) ? { epoch, sequence } : undefined;
}

const pair = ({ epoch, sequence }: BlockPosition) => [epoch, sequence];
const base64 = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
const digestOf = (given: unknown) => bytesOf(given, DIGEST_BYTES);

function bytesOf(given: unknown, length: number): Uint8Array | undefined {
  if (typeof given !== 'string') return undefined;
  try {
    const bytes = Uint8Array.fromBase64(given, { alphabet: 'base64url' });
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(given: unknown): Timestamp | undefined {
  return typeof given === 'string' ? parseTimestamp(given) : undefined;
}

function orNull<T>(given: unknown, read: (given: unknown) => T | undefined): T | null | undefined {
  return given === null ? null : read(given);
}

function record(given: unknown): Fields | undefined {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Fields) : undefined;
}

function isCount(given: unknown): given is number {
  return Number.isSafeInteger(given) && (given as number) >= 0;
}

function isHexadecimal(given: unknown): given is string {
  return typeof given === 'string' && HEXADECIMAL.test(given);
}

function isDefined<T>(list: readonly (T | undefined)[]): list is T[] {
  return list.every((each) => each !== undefined);
}
