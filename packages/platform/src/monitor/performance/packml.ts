/** The states of equipment after PackML: ANSI/ISA-TR88.00.02-2015, clause 4.2, figure 4; their numbers as in clause 6.4.1. */

import type { TimeCategory } from './oee.ts';

/** Number 0 is "undefined"; the seventeen states follow. */
export const PACKML_STATES = [
  'undefined',
  'clearing',
  'stopped',
  'starting',
  'idle',
  'suspended',
  'execute',
  'stopping',
  'aborting',
  'aborted',
  'holding',
  'held',
  'unholding',
  'suspending',
  'unsuspending',
  'resetting',
  'completing',
  'complete',
] as const;

export type PackmlState = (typeof PACKML_STATES)[number];

/** What the time in a state is for the account of the machine, where its model says nothing else (ISO 22400-2:2014, 5). */
export const PACKML_CATEGORIES: Readonly<Record<PackmlState, TimeCategory>> = {
  undefined: 'unknown',
  execute: 'productive',
  completing: 'productive',
  complete: 'planned-stop',
  idle: 'planned-stop',
  stopped: 'planned-stop',
  starting: 'unplanned-stop',
  stopping: 'unplanned-stop',
  resetting: 'unplanned-stop',
  clearing: 'unplanned-stop',
  aborting: 'unplanned-stop',
  aborted: 'unplanned-stop',
  holding: 'unplanned-stop',
  held: 'unplanned-stop',
  unholding: 'unplanned-stop',
  suspending: 'unplanned-stop',
  suspended: 'unplanned-stop',
  unsuspending: 'unplanned-stop',
};
