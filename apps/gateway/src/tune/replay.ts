/** What settings would have made of a history: it is given to the conditioning of the gateway as if it were read now. */

import { AT, CHECKSUM_BYTES } from '@tidegate/core/block/blockLayout.ts';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { Conditioner } from '@tidegate/edge/conditioning/conditioner.ts';
import type { LaneWriter } from '@tidegate/edge/conditioning/laneWriter.ts';
import type { CompressionRule, ExceptionRule } from '@tidegate/edge/conditioning/tagRule.ts';

export interface Settings {
  readonly exception: ExceptionRule;
  readonly compression: CompressionRule | undefined;
}

export interface Replay {
  /** How many samples are kept. */
  readonly stored: number;
  /** Of these as they stand in blocks, without their headers. */
  readonly bytes: number;
  /** How far the numbers of the history lie from what is drawn through those that are kept; the greatest, and the root of the mean square. */
  readonly maxError: number;
  readonly rmsError: number;
}

const HEADER = {
  gateway: '-',
  lane: 'analytical',
  epoch: 0,
  sequence: 0,
  sealedAt: 0 as Timestamp,
  tally: EMPTY_TALLY,
} as const;
const HEADER_BYTES = AT.gateway + HEADER.gateway.length + CHECKSUM_BYTES;

/** `history` in order of time, all of tag 0. */
export function replay(history: SampleBlock, settings: Settings, stepped: boolean): Replay {
  const stored = new SampleBlockBuilder();
  const encoder = new BlockEncoder();
  let bytes = 0;
  const writer: LaneWriter = {
    write(kept) {
      bytes += encoder.encode(HEADER, kept).length - HEADER_BYTES;
      for (let at = 0; at < kept.count; at++) stored.copy(kept, at);
    },
  };
  const rule = { number: 0, lane: 'analytical', stepped, ...settings } as const;
  const conditioner = new Conditioner(
    [rule],
    perLane(() => writer),
  );
  conditioner.write(history);
  conditioner.release();
  return { stored: stored.count, bytes, ...errorsOf(history, stored, stepped) };
}

function errorsOf(history: SampleBlock, stored: SampleBlock, stepped: boolean): Pick<Replay, 'maxError' | 'rmsError'> {
  let maxError = 0;
  let squares = 0;
  let numbers = 0;
  let before = 0;
  for (let at = 0; at < history.count; at++) {
    if (history.kinds[at] !== ValueKind.number || !Number.isFinite(history.values[at])) continue;
    const time = history.times[at];
    while (before + 1 < stored.count && stored.times[before + 1] <= time) before++;
    const error = Math.abs(history.values[at] - drawnAt(stored, before, time, stepped));
    if (error > maxError) maxError = error;
    squares += error * error;
    numbers++;
  }
  return { maxError, rmsError: Math.sqrt(squares / numbers) };
}

/** The value at `time` of what is drawn from the stored sample at `before`: a line to the next where both have a place on it, else a step. */
function drawnAt(
  { count, times, values, kinds, statuses }: SampleBlock,
  before: number,
  time: number,
  stepped: boolean,
): number {
  const after = before + 1;
  const from = values[before];
  const hasLine =
    !stepped &&
    after < count &&
    time > times[before] &&
    kinds[after] === ValueKind.number &&
    statuses[after] === statuses[before] &&
    Number.isFinite(values[after]);
  if (!hasLine) return from;
  return from + ((values[after] - from) * (time - times[before])) / (times[after] - times[before]);
}
