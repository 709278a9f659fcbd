/** What can be wrong with data from which the health of equipment is to be learned. */

import type { FaultEntry } from './faultEntry.ts';

export const HEALTH_FAULTS = {
  'health.too-little': {
    meaning: 'The data do not carry the estimate that was asked for: too few rows, or nothing in them that varies.',
    httpStatus: 422,
    remedy: 'Give a longer period, more units, or signals that change; the detail names what is missing.',
  },
  'health.bad-data': {
    meaning:
      'The data cannot be used as they are: a column has no values, labels contradict one another, or lengths differ.',
    httpStatus: 422,
    remedy: 'Look at the column or row that is named, and leave it out or put it right.',
  },
  'health.model-unknown': {
    meaning: 'There is no model with this number for this watch, or no such watch.',
    httpStatus: 404,
    remedy: 'Ask for the list of models of the watch.',
  },
  'health.model-damaged': {
    meaning: 'A learned model is not as it was written, or cannot be read: it scores nothing.',
    httpStatus: 500,
    remedy: 'Activate another version of the model, or learn it again from the archive.',
  },
  'health.model-unfit': {
    meaning: 'The model was learned with other features than the watch has now: its scores would mean nothing.',
    httpStatus: 409,
    remedy: 'Learn a model with the features as they are, or apply the definition that the model was learned with.',
  },
  'health.state-damaged': {
    meaning: 'Where the scoring of a watch stood is not as it was written.',
    httpStatus: 500,
    remedy: 'Nothing: scoring begins anew from its last score, and fatigue is counted again from the archive.',
  },
  'health.learning-busy': {
    meaning: 'A model of this watch is being learned already, or as many models as may be learned at once are.',
    httpStatus: 429,
    remedy: 'Wait until it has been learned.',
  },
  'health.learning-long': {
    meaning: 'Learning a model took more time or memory than it may take.',
    httpStatus: 422,
    remedy: 'Give a shorter period or longer intervals, or watch fewer features at once.',
  },
  'health.learning-failed': {
    meaning: 'Learning a model ended by an error of Tidegate.',
    httpStatus: 500,
    remedy: 'Report it with the detail; the models that there are go on.',
  },
  'health.case-unknown': {
    meaning: 'There is no such case of equipment health.',
    httpStatus: 404,
    remedy: 'Look at the list of cases; a case keeps its number for ever.',
  },
  'health.case-state': {
    meaning:
      'What was asked for does not go with how the case stands: it is closed, ordered, or another is open for the same.',
    httpStatus: 409,
    remedy: 'Look at the case again: somebody may have been there meanwhile.',
  },
  'health.case-refused': {
    meaning: 'What a person said of a case is not complete, or cannot be.',
    httpStatus: 422,
    remedy: 'Put right what the detail names.',
  },
  'health.order-failed': {
    meaning: 'The system of work orders did not take an order.',
    httpStatus: 502,
    remedy: 'Look at its address and at what it answered; the order is kept and offered again until it is taken.',
  },
  'health.photo-refused': {
    meaning: 'A photo of a case is empty, too large, one too many, or neither JPEG, PNG nor WebP.',
    httpStatus: 422,
    remedy: 'Send a photo in one of these formats of at most the size that is named.',
  },
  'health.photo-unknown': {
    meaning: 'A case has no such photo, or its file is damaged.',
    httpStatus: 404,
    remedy:
      'Look at the list of photos of the case; restore the directory of photos from a backup if its file is damaged.',
  },
  'health.watch-unknown': {
    meaning: 'No watch over equipment has this name.',
    httpStatus: 404,
    remedy: 'Ask for the list of watches: a watch has an id, and the path of its asset, a slash and its name.',
  },
  'health.life-unknown': {
    meaning: 'No lives of a fleet have this name.',
    httpStatus: 404,
    remedy: 'Ask for the list of lives; they are defined in `health/*.yaml` of the model (`lives:`).',
  },
  'health.export-failed': {
    meaning:
      'A set of features could not be written: the disk is full, the folder cannot be written to, or it is there already.',
    httpStatus: 507,
    remedy: 'Make room, or give a folder that is not there yet; nothing of the set was left behind.',
  },
  'health.onnx-missing': {
    meaning: 'An ONNX model is to judge, and what runs such models is not installed with the server.',
    httpStatus: 501,
    remedy: 'Install the package onnxruntime-web beside the server (npm install onnxruntime-web), and start it again.',
  },
  'health.onnx-refused': {
    meaning: 'An ONNX file is no model that could judge the rows of this watch; the detail names what does not fit.',
    httpStatus: 422,
    remedy: 'Export a model with one input of floats [rows, features] and one score for each row, and bring it again.',
  },
  'health.onnx-failed': {
    meaning: 'An ONNX model took more time or memory than it may take, or broke down: the rows were not judged.',
    httpStatus: 500,
    remedy: 'Promote another model of the watch, and bring a smaller or sounder one.',
  },
} as const satisfies Record<string, FaultEntry>;
