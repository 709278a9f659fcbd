/** Alarm floods: more alarms than an operator can respond to (ANSI/ISA-18.2-2016, clause 16.5.4). */

import type { AlarmEpisode } from './alarmEpisode.ts';
import { TEN_MINUTES_US } from './alarmRate.ts';

/** It begins with ten activations within ten minutes, and ends when fewer than five were made in ten minutes. */
const BEGINS_WITH = 10;
const ENDS_BELOW = 5;

export interface AlarmFlood {
  /** Of the first of the ten activations with which it begins, and of its last (µs). */
  readonly start: number;
  readonly end: number;
  /** The most activations within any ten minutes of it. */
  readonly peak: number;
  /** What was activated, in order; an alarm as often as it was. */
  readonly sequence: readonly AlarmEpisode[];
}

/** Floods among `episodes`, which are in the order of their activation. */
export function findFloods(episodes: readonly AlarmEpisode[]): AlarmFlood[] {
  const floods: AlarmFlood[] = [];
  let tail = 0;
  let begun: { first: number; peak: number } | undefined;
  for (const [at, { activated }] of episodes.entries()) {
    while (episodes[tail].activated <= activated - TEN_MINUTES_US) tail++;
    // What is left of the window right before this activation.
    if (begun && at - tail < ENDS_BELOW) {
      floods.push(floodOf(episodes.slice(begun.first, at), begun.peak));
      begun = undefined;
    }
    const within = at - tail + 1;
    if (begun) begun.peak = Math.max(begun.peak, within);
    else if (within >= BEGINS_WITH) begun = { first: tail, peak: within };
  }
  if (begun) floods.push(floodOf(episodes.slice(begun.first), begun.peak));
  return floods;
}

function floodOf(sequence: readonly AlarmEpisode[], peak: number): AlarmFlood {
  return { start: sequence[0].activated, end: sequence[sequence.length - 1].activated, peak, sequence };
}
