/** The endpoints of event frames, and of the accounts that are reckoned from states and counters. */

import { type Endpoint, JSON_TYPE, read } from './endpointParts.ts';
import {
  FrameDetail,
  FrameListQuery,
  FrameNote,
  FrameNoteBody,
  FrameOverlay,
  FrameOverlayQuery,
  FramePage,
  FrameParams,
  MAX_NOTE_BYTES,
} from './event.ts';
import { AccountList, EnergyAnswer, EnergyQuery, OeeAnswer, OeeQuery } from './performance.ts';

export const EVENT_ENDPOINTS = {
  frames: {
    ...read('/frames', 'listFrames', 'List event frames', 'What happened to an asset and what is below it, in pages.'),
    query: FrameListQuery,
    answers: { [JSON_TYPE]: FramePage },
  },
  frame: {
    ...read(
      '/frames/{frame}',
      'getFrame',
      'One event frame',
      'With its figures and where each comes from, the frames around it and within it, and its notes.',
    ),
    params: FrameParams,
    answers: { [JSON_TYPE]: FrameDetail },
  },
  frameNote: {
    ...read(
      '/frames/notes',
      'annotateFrame',
      'Write a note about a frame',
      'It stays with the frame when late data or a correction moves its edges.',
    ),
    method: 'POST',
    body: { schema: FrameNoteBody, maxBytes: MAX_NOTE_BYTES },
    answers: { [JSON_TYPE]: FrameNote },
  },
  frameOverlay: {
    ...read(
      '/frames/overlay',
      'overlayFrames',
      'Frames on one axis of time',
      'An attribute in several frames, each from its start, with their mean and the band that they lie in.',
    ),
    query: FrameOverlayQuery,
    answers: { [JSON_TYPE]: FrameOverlay },
  },
  accounts: {
    ...read('/performance', 'listAccounts', 'List accounts', 'Machines and energy that the model asks accounts of.'),
    answers: { [JSON_TYPE]: AccountList },
  },
  oee: {
    ...read(
      '/performance/oee',
      'readOee',
      'Overall equipment effectiveness',
      'Of a machine after ISO 22400-2, as a whole and by interval, with its losses and what each figure comes from.',
    ),
    query: OeeQuery,
    answers: { [JSON_TYPE]: OeeAnswer },
  },
  energy: {
    ...read(
      '/performance/energy',
      'readEnergy',
      'Energy against its baseline',
      'After ISO 50006: what was used, what was to be expected for what was made, and what was saved.',
    ),
    query: EnergyQuery,
    answers: { [JSON_TYPE]: EnergyAnswer },
  },
} as const satisfies Record<string, Endpoint>;
