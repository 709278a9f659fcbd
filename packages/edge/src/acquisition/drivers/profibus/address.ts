/**
 * Addresses of PROFIBUS points.
 *
 * A byte of the I/O image, counted from 0: `input:4`, `output:0`; within a slot, counted from 1 as in the GSD file:
 * `slot:2/input:0`. A byte of the diagnosis as the slave sends it: `diagnosis:6`. Behind them may stand `.3` (bit 3, the
 * lowest is 0) or `[8]` (8 bytes of text). What is known beyond bytes has names: `diagnosis:state`, `bus:rotation`.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Where bytes are read. */
export interface ByteAddress {
  readonly area: 'input' | 'output' | 'diagnosis';
  /** `undefined` where the offset is that of the whole image. */
  readonly slot: number | undefined;
  readonly offset: number;
  readonly bit: number | undefined;
  /** How many bytes a text takes. */
  readonly length: number | undefined;
}

export const DIAGNOSIS_NAMES = ['state', 'text'] as const;
export const BUS_NAMES = [
  'rotation',
  'max-rotation',
  'load',
  'telegrams',
  'check-errors',
  'noise',
  'retries',
  'unanswered',
  'stations',
  'masters',
] as const;

export type DiagnosisName = (typeof DIAGNOSIS_NAMES)[number];
export type BusName = (typeof BUS_NAMES)[number];

export type ProfibusAddress =
  | ByteAddress
  | { readonly area: 'state'; readonly name: DiagnosisName }
  | { readonly area: 'bus'; readonly name: BusName };

/** A telegram has no more data, a slave no more modules. */
const MAX_BYTES = 246;
const MAX_SLOT = 244;
const MAX_BIT = 7;

const BYTES =
  /^(?:slot:(?<slot>\d{1,5})\/(?=input|output))?(?<area>input|output|diagnosis):(?<offset>\d{1,5})(?:\.(?<bit>\d{1,3})|\[(?<length>\d{1,5})\])?$/i;
const NAME = /^(?<area>diagnosis|bus):(?<name>[a-z-]{1,20})$/i;

const EXAMPLES =
  'write input:4 or output:0 (bytes, counted from 0), input:4.3 (a bit), slot:2/input:0, diagnosis:0, diagnosis:state or bus:rotation';

/** Fault: `point.address`. */
export function parseAddress(text: string): Result<ProfibusAddress> {
  const trimmed = text.trim();
  const bytes = BYTES.exec(trimmed)?.groups;
  if (bytes) return byteAddress(text, bytes);
  const { area = '', name = '' } = NAME.exec(trimmed.toLowerCase())?.groups ?? {};
  const diagnosisName = DIAGNOSIS_NAMES.find((known) => area === 'diagnosis' && known === name);
  if (diagnosisName) return success({ area: 'state', name: diagnosisName });
  const busName = BUS_NAMES.find((known) => area === 'bus' && known === name);
  if (busName) return success({ area: 'bus', name: busName });
  if (area === '') return failure('point.address', `"${text}" is no address of PROFIBUS: ${EXAMPLES}`);
  const names = area === 'bus' ? BUS_NAMES : DIAGNOSIS_NAMES;
  return failure('point.address', `"${text}" names nothing: choose ${area}: and one of ${names.join(', ')}`);
}

function byteAddress(text: string, groups: Readonly<Record<string, string | undefined>>): Result<ByteAddress> {
  const { area = '', ...numbers } = groups;
  const {
    slot,
    offset = 0,
    bit,
    length,
  } = Object.fromEntries(
    Object.entries(numbers).map(([name, digits]) => [name, digits === undefined ? undefined : Number(digits)]),
  );
  const wrong = (detail: string) => failure('point.address', `"${text}": ${detail}`);
  if (slot !== undefined && (slot < 1 || slot > MAX_SLOT)) {
    return wrong(`slots are counted from 1 to ${MAX_SLOT}, such as slot:1/input:0`);
  }
  if (bit !== undefined && bit > MAX_BIT)
    return wrong(`a byte has the bits 0 to ${MAX_BIT}, such as ${area}:${offset}.7`);
  if (length !== undefined && (length < 1 || length > MAX_BYTES)) {
    return wrong(`a text takes 1 to ${MAX_BYTES} bytes, such as ${area}:${offset}[8]`);
  }
  return success({ area: area.toLowerCase() as ByteAddress['area'], slot, offset, bit, length });
}
