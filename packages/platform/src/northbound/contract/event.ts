/** Event frames: what happened to assets, from when until when, with what was measured. */

import { z } from 'zod';
import { CAPTURES, FRAME_KINDS } from '../../monitor/events/frameTemplate.ts';
import { Instant, TimeExpression } from './time.ts';

export const MAX_FRAMES = 1_000;
export const MAX_OVERLAID = 50;
export const MAX_OVERLAY_POINTS = 2_000;
export const MAX_NOTE_BYTES = 64 * 1024;

const KIND = z.enum(FRAME_KINDS).meta({ description: 'What kind of thing happened.' });
const NUMBER = z.int().meta({ description: 'Number of the frame; it keeps it when it is derived again.' });
const FIGURE = z.union([z.number(), z.string(), z.null()]);

export const HistoryLink = z
  .object({
    path: z.string().meta({
      description: 'Path of an attribute.',
      examples: ['acme/north/compression/train-1/driver/power'],
    }),
    history: z.string().meta({ description: 'Where its history in the range is asked for.' }),
  })
  .meta({ id: 'HistoryLink', description: 'What a figure was calculated from.' });
export type HistoryLink = z.infer<typeof HistoryLink>;

export const Frame = z
  .object({
    id: NUMBER,
    template: z.string().meta({ description: 'Name of the frames in the model.', examples: ['run'] }),
    kind: KIND,
    asset: z.object({ id: z.string(), path: z.string() }).meta({ description: 'What it happened to.' }),
    start: Instant.meta({ description: 'When it began: the time of a sample.' }),
    end: Instant.nullable().meta({ description: 'When it ended; null while it goes on.' }),
    seconds: z.number().meta({ description: 'How long it took, or has taken so far.' }),
    uncertain: z.boolean().meta({
      description: 'Whether its condition was bad or uncertain in it or at its edges: they may lie elsewhere.',
    }),
    parent: z.int().nullable().meta({ description: 'Number of the frame that it lies within, or null.' }),
    figures: z.record(z.string(), FIGURE).meta({ description: 'By name; null where nothing usable was measured.' }),
    derivedAt: Instant.meta({ description: 'When its edges and figures were last calculated anew.' }),
  })
  .meta({ id: 'Frame', description: 'An event frame.' });
export type Frame = z.infer<typeof Frame>;

export const FrameListQuery = z.strictObject({
  asset: z.string().optional().meta({ description: 'Path or id of an asset; what is below it counts too.' }),
  template: z
    .string()
    .optional()
    .meta({ description: 'Frames of this name.', examples: ['run'] }),
  kind: KIND.optional(),
  open: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'Whether it still goes on.' }),
  start: TimeExpression.default('*-7d').meta({ description: 'Frames that reach beyond this (default: a week ago).' }),
  end: TimeExpression.default('*').meta({ description: 'Frames that begin before this (default: now).' }),
  limit: z.coerce.number().int().min(1).max(MAX_FRAMES).default(100).meta({ description: 'Most frames of a page.' }),
  cursor: z.string().optional().meta({ description: '`next` of the page before; the other parameters as they were.' }),
});

export const FramePage = z
  .object({
    frames: z.array(Frame).meta({ description: 'The newest first.' }),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null on the last.' }),
  })
  .meta({ id: 'FramePage', description: 'Event frames.' });
export type FramePage = z.infer<typeof FramePage>;

export const FrameParams = z.strictObject({
  frame: z.coerce.number().int().min(1).meta({ description: 'Number of the frame.' }),
});

export const FrameNote = z
  .object({
    id: z.int().meta({ description: 'Number of the note.' }),
    at: Instant.meta({ description: 'When it was written.' }),
    by: z.string().meta({ description: 'Who wrote it.' }),
    text: z.string().meta({ description: 'The note.' }),
  })
  .meta({ id: 'FrameNote', description: 'What somebody wrote about a frame.' });
export type FrameNote = z.infer<typeof FrameNote>;

export const FrameDetail = Frame.extend({
  gone: z.boolean().meta({ description: 'Whether late data or a correction took it away; it is there for its notes.' }),
  description: z.string().meta({ description: 'What such frames are.' }),
  conditions: z
    .array(
      z.object({
        edge: z.enum(['start', 'end']).meta({ description: 'Which edge it makes.' }),
        expression: z.string().meta({ description: 'Over attributes of the asset.' }),
        sources: z.array(HistoryLink).meta({ description: 'What it reads.' }),
      }),
    )
    .meta({ description: 'What made its edges, as the model has it now; none where it has it no more.' }),
  captured: z
    .array(
      z.object({
        name: z.string(),
        value: FIGURE,
        unit: z.string().meta({ description: 'UCUM code; empty where there is none.' }),
        capture: z.enum(CAPTURES).meta({ description: 'How it was made of the attribute.' }),
        source: HistoryLink,
      }),
    )
    .meta({ description: 'Each figure with what it came from.' }),
  around: Frame.nullable().meta({ description: 'The frame that it lies within.' }),
  children: z.array(Frame).meta({ description: 'Frames that lie within it, in order of time.' }),
  notes: z.array(FrameNote).meta({ description: 'In the order in which they were written.' }),
}).meta({ id: 'FrameDetail', description: 'An event frame with everything that belongs to it.' });
export type FrameDetail = z.infer<typeof FrameDetail>;

export const FrameNoteBody = z
  .strictObject({
    frame: z.int().min(1).meta({ description: 'Number of the frame.' }),
    by: z.string().trim().min(1).max(200).meta({ description: 'Who writes it.' }),
    text: z.string().trim().min(1).max(10_000).meta({ description: 'The note.' }),
  })
  .meta({ id: 'FrameNoteBody', description: 'A note about a frame.' });

export const FrameOverlayQuery = z.strictObject({
  frames: z
    .string()
    .regex(/^\d{1,15}(,\d{1,15})*$/, { error: 'must be numbers of frames, separated by commas' })
    .meta({ description: `Numbers of frames, separated by commas, at most ${MAX_OVERLAID}.`, examples: ['1,2,3'] }),
  attribute: z
    .string()
    .min(1)
    .meta({ description: 'As a formula of the assets names it.', examples: ['driver/power'] }),
  points: z.coerce
    .number()
    .int()
    .min(2)
    .max(MAX_OVERLAY_POINTS)
    .default(200)
    .meta({ description: 'How many points of time the longest frame is divided into.' }),
});

const column = (description: string) => z.array(z.number().nullable()).meta({ description });

export const FrameOverlay = z
  .object({
    attribute: z.string().meta({ description: 'As it was asked for.' }),
    unit: z.string().meta({ description: 'UCUM code; empty where there is none.' }),
    seconds: z.array(z.number()).meta({ description: 'The one axis: seconds since the start of each frame.' }),
    frames: z.array(
      z.object({
        frame: Frame,
        values: column('One for each point of the axis; null behind its end, and where nothing usable is.'),
        source: HistoryLink,
      }),
    ),
    mean: column('Of the frames that have a value there.'),
    low: column('The least of them.'),
    high: column('The greatest of them.'),
  })
  .meta({ id: 'FrameOverlay', description: 'One attribute in several frames, each from its start.' });
export type FrameOverlay = z.infer<typeof FrameOverlay>;
