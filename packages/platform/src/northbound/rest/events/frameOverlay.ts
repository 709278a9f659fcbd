/** Several frames on one axis of time: an attribute in each of them from its start on, and the band that they lie in. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { KeptFrame } from '../../../monitor/events/frameStore.ts';
import { type FrameOverlay, type FrameOverlayQuery, MAX_OVERLAID } from '../../contract/event.ts';
import { modelAt } from '../assets/assetRead.ts';
import { answer, invalidFields, type Outcome, refusal } from '../outcome.ts';
import { frameJson } from './frameJson.ts';
import type { FrameSources } from './frameList.ts';
import { historyLink } from './historyLink.ts';

const BAD = 0x80000000;

export async function overlayFrames(
  { frames, model }: FrameSources,
  { frames: numbers, attribute, points }: z.output<typeof FrameOverlayQuery>,
  now: Timestamp,
): Promise<Outcome<FrameOverlay>> {
  const ids = [...new Set(numbers.split(',').map(Number))];
  if (ids.length > MAX_OVERLAID) {
    return invalidFields([{ field: 'frames', detail: `must be at most ${MAX_OVERLAID}; they are ${ids.length}` }]);
  }
  const applied = await modelAt(model, undefined, now);
  if (!applied.ok) return applied;
  const { model: assets, lookup } = applied.value;
  const chosen: KeptFrame[] = [];
  let unit: string | undefined;
  for (const id of ids) {
    const frame = frames.store.get(id);
    if (!frame.ok) return { ...frame, extras: {} };
    const asset = assets.assets.get(frame.value.asset);
    const found = asset && lookup.attribute(asset, attribute);
    if (!found) return refusal('attribute.unknown', `${frame.value.asset} has no attribute "${attribute}".`);
    unit ??= found.attribute.unit;
    if (found.attribute.unit !== unit) {
      const detail = `"${attribute}" is in ${found.attribute.unit} in frame ${id}, and in ${unit} in those before it.`;
      return refusal('unit.incommensurable', detail);
    }
    chosen.push(frame.value);
  }
  const stepUs = Math.max(...chosen.map((frame) => lengthOf(frame, now))) / (points - 1);
  const seconds = Array.from({ length: points }, (_, at) => (at * stepUs) / US_PER_S);
  const context = { applied: applied.value, templates: frames.templates, now };
  const overlaid: FrameOverlay['frames'] = [];
  for (const frame of chosen) {
    const values = await column(frames, frame, attribute, stepUs, points, now);
    if (!values.ok) return values;
    const range = { start: frame.start, end: (frame.end ?? now) + 1 };
    const source = historyLink(applied.value, frame.asset, attribute, range);
    overlaid.push({ frame: frameJson(frame, context), values: values.value, source });
  }
  return answer({ attribute, unit: unit ?? '', seconds, frames: overlaid, ...envelope(overlaid, points) });
}

function lengthOf({ start, end }: KeptFrame, now: number): number {
  return Math.max(1, (end ?? now) - start);
}

/** The values of one frame on the axis; null behind its end. */
async function column(
  { history }: FrameSources['frames'],
  frame: KeptFrame,
  attribute: string,
  stepUs: number,
  points: number,
  now: number,
): Promise<Outcome<(number | null)[]>> {
  // The last point is that of the longest frame, which a rounding error must not leave out.
  const count = Math.min(points, Math.floor(lengthOf(frame, now) / stepUs + 1e-9) + 1);
  const times = Float64Array.from({ length: count }, (_, at) => Math.round(frame.start + at * stepUs));
  const run = await history.at(frame.asset, attribute, new Float64Array(new Set(times)));
  if (!run.ok) return { ...run, extras: {} };
  const known = new Map(Array.from(run.value.times, (time, row) => [time, usable(run.value, row)]));
  return answer(Array.from({ length: points }, (_, at) => known.get(times[at]) ?? null));
}

function usable({ kinds, values, statuses }: SampleRun, row: number): number | null {
  return kinds[row] === ValueKind.number && statuses[row] < BAD && Number.isFinite(values[row]) ? values[row] : null;
}

function envelope(frames: FrameOverlay['frames'], points: number): Pick<FrameOverlay, 'mean' | 'low' | 'high'> {
  const rows = Array.from({ length: points }, (_, at) =>
    frames.map(({ values }) => values[at]).filter((value) => value !== null),
  );
  const over = (reduce: (values: number[]) => number) => rows.map((row) => (row.length === 0 ? null : reduce(row)));
  return {
    mean: over((row) => row.reduce((sum, value) => sum + value, 0) / row.length),
    low: over((row) => Math.min(...row)),
    high: over((row) => Math.max(...row)),
  };
}
