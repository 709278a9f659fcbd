/** Event frames as they are asked for: the list in pages, one of them, and notes about them. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { ModelStore } from '../../../model/assets/modelStore.ts';
import type { FramePosition } from '../../../monitor/events/frameStore.ts';
import type { PlantFrames } from '../../../monitor/events/plantFrames.ts';
import {
  type FrameDetail,
  type FrameListQuery,
  type FrameNote,
  type FrameNoteBody,
  type FramePage,
  MAX_FRAMES,
} from '../../contract/event.ts';
import { lookUpAsset, modelAt } from '../assets/assetRead.ts';
import { momentOf } from '../history/moments.ts';
import { answer, invalidFields, type Outcome } from '../outcome.ts';
import { type FrameContext, frameJson, provenanceJson } from './frameJson.ts';

/** What frames are read from. */
export interface FrameSources {
  readonly frames: PlantFrames;
  readonly model: ModelStore;
}

export async function listFrames(
  { frames, model }: FrameSources,
  query: z.output<typeof FrameListQuery>,
  now: Timestamp,
): Promise<Outcome<FramePage>> {
  const { template, kind, open, limit, cursor } = query;
  const applied = await modelAt(model, undefined, now);
  if (!applied.ok) return applied;
  const root = query.asset === undefined ? undefined : lookUpAsset(applied.value, query.asset);
  if (root && !root.ok) return root;
  const start = momentOf('start', query.start, 'UTC', now);
  if (!start.ok) return start;
  const end = momentOf('end', query.end, 'UTC', now);
  if (!end.ok) return end;
  const before = cursor === undefined ? undefined : positionOf(cursor);
  if (cursor !== undefined && !before) {
    return invalidFields([{ field: 'cursor', detail: 'must be the `next` of a page of the same question' }]);
  }
  const below = root && [...applied.value.model.assets.values()].filter(({ path }) => isBelow(path, root.value.path));
  const ofKind = kind && [...frames.templates.values()].filter((one) => one.kind === kind).map(({ name }) => name);
  const listed = frames.store.list({
    ...{ start: start.value, end: query.end === '*' ? Number.POSITIVE_INFINITY : end.value, open, before },
    assets: below?.map(({ id }) => id),
    templates: template === undefined ? ofKind : (ofKind ?? [template]).filter((name) => name === template),
    limit: limit + 1,
  });
  if (!listed.ok) return { ...listed, extras: {} };
  const newest = listed.value.toReversed();
  const page = newest.slice(0, limit);
  const last = page.at(-1);
  const context = { applied: applied.value, templates: frames.templates, now };
  return answer({
    frames: page.map((frame) => frameJson(frame, context)),
    next: newest.length > limit && last ? `${last.start}.${last.id}` : null,
  });
}

export async function readFrame(
  { frames, model }: FrameSources,
  id: number,
  now: Timestamp,
): Promise<Outcome<FrameDetail>> {
  const applied = await modelAt(model, undefined, now);
  if (!applied.ok) return applied;
  const { store, templates } = frames;
  const frame = store.get(id);
  if (!frame.ok) return { ...frame, extras: {} };
  const notes = store.notes(id);
  if (!notes.ok) return { ...notes, extras: {} };
  const always = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
  const children = store.list({ ...always, parent: id, limit: MAX_FRAMES });
  if (!children.ok) return { ...children, extras: {} };
  const context: FrameContext = { applied: applied.value, templates, now };
  const around = frame.value.parent === undefined ? undefined : store.get(frame.value.parent);
  return answer({
    ...frameJson(frame.value, context),
    ...provenanceJson(frame.value, context),
    gone: frame.value.gone,
    around: around?.ok ? frameJson(around.value, context) : null,
    children: children.value.map((child) => frameJson(child, context)),
    notes: notes.value.map(({ id: number, at, by, text }) => ({ id: number, at, by, text })),
  });
}

export function annotateFrame(
  { frames }: FrameSources,
  { frame, by, text }: z.output<typeof FrameNoteBody>,
  now: Timestamp,
): Outcome<FrameNote> {
  const written = frames.store.annotate(frame, by, text, now);
  if (!written.ok) return { ...written, extras: {} };
  return answer({ id: written.value.id, at: now, by, text });
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function positionOf(cursor: string): FramePosition | undefined {
  const match = /^(-?\d{1,16})\.(\d{1,15})$/.exec(cursor);
  return match ? { start: Number(match[1]), id: Number(match[2]) } : undefined;
}
