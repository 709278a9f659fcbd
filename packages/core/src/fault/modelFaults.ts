/** What can be wrong with the model of a plant, with its twins, alarms and events, and with what is computed from them. */

import type { FaultEntry } from './faultEntry.ts';

export const MODEL_FAULTS = {
  'aas.unknown': {
    meaning: 'No shell, submodel, element or concept description has this identifier or path.',
    httpStatus: 404,
    remedy: 'List them with /aas/v3/shells and so on; identifiers stand in addresses as base64url.',
  },
  'asset.unknown': {
    meaning: 'No asset has this path or id, now or before.',
    httpStatus: 404,
    remedy: 'Look it up with /api/v1/assets; `at` asks for the model as it was at another time.',
  },
  'attribute.unknown': {
    meaning: 'An asset has no attribute of this name, and had none in the time that was asked for.',
    httpStatus: 404,
    remedy: 'List its attributes with /api/v1/assets/{asset}; what is derived ends in .expected, .residual or .sigmas.',
  },
  'model.none': {
    meaning: 'No model of the plant has been applied, or none held at the time that was asked for.',
    httpStatus: 404,
    remedy: 'Apply one with `tidegate model apply DIR`; docs/model.md tells what it is made of.',
  },
  'model.invalid': {
    meaning: 'The texts of a model have defects, and nothing of them was applied.',
    httpStatus: 422,
    remedy:
      'Correct them; `tidegate model plan DIR` names each with file, line and hint. Or apply the rest without them.',
  },
  'model.breaks-subscriber': {
    meaning: 'A change of the model takes away, or changes, what somebody listens to at this moment.',
    httpStatus: 409,
    remedy: 'Talk to the subscribers that are named, keep the attribute beside the new one, or accept the break.',
  },
  'model.version-unknown': {
    meaning: 'There is no version of the model with this number.',
    httpStatus: 404,
    remedy: 'List them with `tidegate model versions`.',
  },
  'model.damaged': {
    meaning: 'A version of the model cannot be read from the disk.',
    httpStatus: 500,
    remedy: 'Apply the directory of the model again: a new version takes its place. Then look at the disk.',
  },
  'model.import': {
    meaning: 'A list of tags cannot be read, so that no model can be proposed for it.',
    httpStatus: 422,
    remedy: 'Send CSV or XLSX whose first row names the columns, among them one of tag names.',
  },
  'frame.unknown': {
    meaning: 'There is no event frame of this number.',
    httpStatus: 404,
    remedy: 'List the frames of the asset and of the time that is meant.',
  },
  'performance.too-little': {
    meaning:
      'The history does not carry the figure that was asked for: too few intervals, or nothing in them that changes.',
    httpStatus: 422,
    remedy: 'Ask for a longer period, in which what drives the figure has been different.',
  },
  'performance.unknown': {
    meaning: 'The model asks for no such account of a machine or of energy, or for several of that name.',
    httpStatus: 404,
    remedy: 'List the accounts, and name one of them with its asset; or add it to the frames of the model.',
  },
  'twin.fit-refused': {
    meaning: 'The history that was chosen cannot carry a fit of the parameters of a twin.',
    httpStatus: 422,
    remedy:
      'Choose a stretch of history that is longer, or in which the load changed, or in which the modes that count occurred.',
  },
  'twin.none': {
    meaning: 'An asset has no twin: no template is there for its type.',
    httpStatus: 404,
    remedy: 'Write twins/<type>.yaml into the model, or ask for an asset of another type.',
  },
  'twin.study-busy': {
    meaning: 'As many fits, what-if runs and diagnoses as the server computes at once are under way.',
    httpStatus: 503,
    remedy: 'Ask again when another one has ended.',
  },
  'twin.study-long': {
    meaning: 'A fit, what-if run or diagnosis of a twin took longer, or more memory, than it may.',
    httpStatus: 408,
    remedy: 'Ask for a shorter stretch of history, or for a longer interval between its moments.',
  },
  'twin.whatif-refused': {
    meaning: 'A what-if run was asked for that cannot be made.',
    httpStatus: 422,
    remedy: 'Correct what the detail names: an attribute, a parameter, or the stretch of time.',
  },
} as const satisfies Record<string, FaultEntry>;
