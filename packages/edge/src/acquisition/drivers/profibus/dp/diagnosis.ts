/**
 * What a slave says of itself in its answer to Slave_Diag.
 *
 *     0          1          2          3        4       6
 *     +----------+----------+----------+--------+-------+----------------------------...
 *     | status 1 | status 2 | status 3 | master | ident | blocks of extended diagnosis
 *     +----------+----------+----------+--------+-------+----------------------------...
 *
 *     a block    | 00, length | bytes of the manufacturer                               of the device
 *                | 01, length | a bit for each module                                   of modules
 *                | 10, module | kind, channel | type, error |                           of a channel
 *                | 11, revision |
 *
 * Source: IEC 61158-6-3, coding of Diag_Data.
 */

export type DiagnosisBlock =
  | { readonly kind: 'device'; readonly data: Uint8Array }
  | { readonly kind: 'modules'; readonly slots: readonly number[] }
  | { readonly kind: 'channel'; readonly slot: number; readonly channel: number; readonly error: number }
  | { readonly kind: 'revision'; readonly revision: number };

export interface Diagnosis {
  /** The telegram's data as it came. */
  readonly bytes: Uint8Array;
  /** The master that has the slave; undefined where none has. */
  readonly master: number | undefined;
  readonly ident: number;
  /** Whether the slave has a fault, and not only something to tell. */
  readonly faulty: boolean;
  readonly blocks: readonly DiagnosisBlock[];
  /** False where the blocks contradict their lengths; those before are given. */
  readonly wellFormed: boolean;
}

/** Bits of status 1 and, eight higher, of status 2 that a slave sets itself. */
export const DIAGNOSIS_FLAG = {
  notReady: 1 << 1,
  configurationFault: 1 << 2,
  extended: 1 << 3,
  notSupported: 1 << 4,
  parameterFault: 1 << 6,
  lockedByAnother: 1 << 7,
  parametersRequired: 1 << 8,
  static: 1 << 9,
  watchdogOn: 1 << 11,
  frozen: 1 << 12,
  synchronous: 1 << 13,
} as const;

export const MIN_DIAGNOSIS_BYTES = 6;
const NO_MASTER = 255;
const CHANNEL_BYTES = 3;
const LENGTH = 0x3f;
const ERROR = 0x1f;

/** `undefined` where it is shorter than its header. The bytes are copied. */
export function parseDiagnosis(bytes: Uint8Array): Diagnosis | undefined {
  if (bytes.length < MIN_DIAGNOSIS_BYTES) return undefined;
  const held = bytes.slice();
  const blocks: DiagnosisBlock[] = [];
  let at = MIN_DIAGNOSIS_BYTES;
  while (at < held.length) {
    const length = blockLength(held[at]);
    if (length === 0 || at + length > held.length) break;
    blocks.push(readBlock(held.subarray(at, at + length)));
    at += length;
  }
  return {
    bytes: held,
    master: held[3] === NO_MASTER ? undefined : held[3],
    ident: (held[4] << 8) | held[5],
    faulty: hasFlag(held, DIAGNOSIS_FLAG.extended),
    blocks,
    wellFormed: at === held.length,
  };
}

/** Whether one of `flags` is set in the first two bytes of a diagnosis. */
export function hasFlag(bytes: Uint8Array, flags: number): boolean {
  return ((bytes[0] | (bytes[1] << 8)) & flags) !== 0;
}

function blockLength(header: number): number {
  switch (header >> 6) {
    case 2:
      return CHANNEL_BYTES;
    case 3:
      return 1;
    default:
      return header & LENGTH;
  }
}

function readBlock(block: Uint8Array): DiagnosisBlock {
  switch (block[0] >> 6) {
    case 0:
      return { kind: 'device', data: block.subarray(1) };
    case 1:
      return { kind: 'modules', slots: faultySlots(block.subarray(1)) };
    case 2:
      // Modules count from 0 here, slots from 1.
      return { kind: 'channel', slot: (block[0] & LENGTH) + 1, channel: block[1] & LENGTH, error: block[2] & ERROR };
    default:
      return { kind: 'revision', revision: block[0] & LENGTH };
  }
}

function faultySlots(bits: Uint8Array): number[] {
  return Array.from({ length: bits.length * 8 }, (_, module) => module)
    .filter((module) => (bits[module >> 3] >> (module & 7)) & 1)
    .map((module) => module + 1);
}
