/** What a probe has found, value by value: where it stands, what it is taken for, and why. */

import {
  GUESSED_TYPES,
  type GuessedType,
  valueAt,
} from '@tidegate/edge/acquisition/drivers/modbus/probe/plausibility.ts';
import type { ProbedTableReport } from '@tidegate/edge/acquisition/drivers/modbus/probe/probeUnit.ts';
import type { TypeSuggestion } from '@tidegate/edge/acquisition/drivers/modbus/probe/suggestTypes.ts';

export interface ProbedValue {
  /** As configuration writes it. */
  readonly address: string;
  readonly type: string;
  /** Absent where a value has one register. */
  readonly order?: string;
  /** Its registers as they were read last; empty for coils and discrete inputs. */
  readonly raw: readonly number[];
  /** What it was at last; absent for coils and discrete inputs. */
  readonly value?: number | string;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly reason: string;
}

/** Below this nothing speaks for a type but that nothing speaks for another. */
const DOUBTFUL = 0.6;
const SHOWN_DIGITS = 6;

export function probedValues({ table, found, samples, suggestions }: ProbedTableReport): ProbedValue[] {
  if (table === 'coil' || table === 'discrete') {
    return found.flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, index) => ({
        address: `${table}:${first + index}`,
        type: 'bool',
        raw: [],
        confidence: 1,
        reason: 'one bit',
      })),
    );
  }
  return suggestions.map((suggestion) => {
    const { first, registers, dataType, wordOrder, value, confidence } = suggestion;
    const run = found.findIndex((range) => first >= range.first && first < range.first + range.count);
    const at = first - found[run].first;
    const seen = samples[run].map((sample) => sample.subarray(at, at + registers));
    const address = dataType === 'string' ? `${table}:${first}[${registers}]` : `${table}:${first}`;
    const order = registers > 1 ? { order: wordOrder } : {};
    return {
      address,
      type: dataType,
      ...order,
      raw: [...seen.at(-1)!],
      value,
      confidence,
      reason: reasonOf(suggestion, seen),
    };
  });
}

/** What was seen, and what it would have been in another order. */
function reasonOf(
  { dataType, wordOrder, registers, confidence }: TypeSuggestion,
  seen: readonly Uint16Array[],
): string {
  const type = GUESSED_TYPES.find((guessed) => guessed === dataType);
  if (type === undefined) return 'letters that do not change';
  const reason = rangeOf(seen.map((sample) => valueAt(sample, 0, type, wordOrder)));
  const doubt = confidence < DOUBTFUL ? '; a guess: nothing speaks for it, or for another type' : '';
  return `${reason}${registers > 1 ? otherwise(type, wordOrder, seen.at(-1)!) : ''}${doubt}`;
}

function rangeOf(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(shown);
  return low === high ? `always ${low}` : `${low} to ${high}`;
}

function otherwise(type: GuessedType, wordOrder: TypeSuggestion['wordOrder'], sample: Uint16Array): string {
  const other = wordOrder === 'ABCD' ? 'CDAB' : 'ABCD';
  return `; as ${other} it would be ${shown(valueAt(sample, 0, type, other))}`;
}

export function shown(value: number): string {
  return Number.isInteger(value) && Number.isSafeInteger(value)
    ? String(value)
    : String(Number(value.toPrecision(SHOWN_DIGITS)));
}
