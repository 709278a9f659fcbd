/** Prints a fragment as the log of the conformance harness does: a line to the header, to each object header, to each point. */

import type { Dnp3Fragment } from '../dissectDnp3Fragment.ts';
import type { Dnp3Point } from '../dnp3Field.ts';
import { dnp3PointsOf } from '../dnp3PointsOf.ts';
import type { Dnp3ObjectHeader } from '../walkDnp3Objects.ts';

export function asConformanceLog(fragment: Dnp3Fragment): string[] {
  const { functionCode, first, final, confirm, unsolicited, sequence } = fragment;
  const flags = [first, final, confirm, unsolicited].map(Number);
  const head = ['fir', 'fin', 'con', 'uns'].map((name, index) => `${name}: ${flags[index]}`).join(' ');
  return [
    `(${octet(functionCode)}) ${head} seq: ${octet(sequence)}`,
    ...fragment.objects.flatMap((header) => [headerLine(header), ...pointLines(header)]),
  ];
}

function headerLine({ group, variation, range, prefix, first, last, count }: Dnp3ObjectHeader): string {
  const name = `g${group}v${variation}`;
  if (range.kind === 'all') return `${name}, All Objects`;
  if (range.kind === 'span') return `${name}, ${range.bytes}-Byte Start/Stop, start: ${first} stop: ${last}`;
  return `${name}, ${range.bytes}-Byte Count${prefix.kind === 'index' ? ' and Index' : ''}, count: ${count}`;
}

const COUNTER_GROUPS = [20, 21, 22, 23];
const STATE_GROUPS = [1, 2, 3, 4, 10, 11];

function pointLines(header: Dnp3ObjectHeader): string[] {
  if (header.group === 60) return [];
  return dnp3PointsOf(header).map((point) => pointLine(header, point));
}

/** States are in the flags, which the harness prints; the counts and times of a relay command we do not tell apart. */
function pointLine({ group }: Dnp3ObjectHeader, point: Dnp3Point): string {
  const { index, value, flags, timeMs, delayMs, control, status } = point;
  if (group === 50 || group === 51) return `time: ${timeMs}`;
  if (group === 52) return `delay: ${delayMs}`;
  if (group === 80) return `[${index}] - BooleanValue(${value === 1})`;
  const parts = [
    control !== undefined && `code: ${control}`,
    flags !== undefined && `flags: ${octet(flags)}`,
    value !== undefined &&
      !STATE_GROUPS.includes(group) &&
      `${COUNTER_GROUPS.includes(group) ? 'count' : 'value'}: ${value}`,
    timeMs !== undefined && `time: ${timeMs}`,
    delayMs !== undefined && `cto: ${delayMs}`,
    status !== undefined && `status: ${status}`,
  ];
  return `[${index}] - ${parts.filter((part) => part !== false).join(' ')}`;
}

function octet(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
}
