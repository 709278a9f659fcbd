/**
 * What an outstation is to be asked next. It holds wishes and no results: each wish once, the most important first.
 *
 * After a start, of the link or of the outstation, everything is read before anything else is asked; events that were
 * stamped by a clock that is wrong are read before the clock is set.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Dnp3Options } from './options.ts';

/** In the order in which they are done. */
const TASKS = [
  'link reset',
  'disable unsolicited',
  'clear restart',
  'integrity poll',
  'read of the rest',
  'record current time',
  'delay measurement',
  'write time',
  'enable unsolicited',
  'immediate freeze',
  'read of frozen counters',
  'event poll',
  'link status',
] as const;

export type Task = (typeof TASKS)[number];

/** How often an outstation that goes on asking for the time is told it, or asked how. */
const TIME_RETRY_MS = 60_000;
/** How many event polls may follow each other in one scan, where each leaves events behind. */
const MAX_EVENT_POLLS = 16;

export class Agenda {
  readonly #options: Dnp3Options;
  readonly #clock: Clock;
  readonly #wanted = new Set<Task>();
  #integrityMs = Number.POSITIVE_INFINITY;
  #freezeMs = Number.POSITIVE_INFINITY;
  #timeMs = Number.NEGATIVE_INFINITY;
  #eventPolls = 0;
  /** Whether the indication of the latest restart has been cleared, in vain or not. */
  #clearedRestart = false;

  constructor(options: Dnp3Options, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  get count(): number {
    return this.#wanted.size;
  }

  get next(): Task | undefined {
    return TASKS.find((task) => this.#wanted.has(task));
  }

  /** Whether the outstation was told that its restart was noticed. */
  get clearedRestart(): boolean {
    return this.#clearedRestart;
  }

  wants(task: Task): boolean {
    return this.#wanted.has(task);
  }

  /** A link is open, or a silent outstation is called again. */
  start(): void {
    this.#wanted.clear();
    if (this.#options.resetLink) this.#wanted.add('link reset');
    this.#wanted.add('disable unsolicited');
    this.#clearedRestart = false;
    this.#freezeMs = Math.min(this.#freezeMs, this.#clock.elapsedMs());
    this.readEverything();
    this.#enable();
  }

  /** Nothing can be asked any more. */
  clear(): void {
    this.#wanted.clear();
  }

  /** A scan class is due. */
  tick(): void {
    const nowMs = this.#clock.elapsedMs();
    this.#eventPolls = 0;
    this.#wanted.add(nowMs >= this.#integrityMs ? 'integrity poll' : 'event poll');
    const { freezeInterval } = this.#options;
    if (freezeInterval === undefined || nowMs < this.#freezeMs) return;
    this.#freezeMs = nowMs + freezeInterval;
    this.#wanted.add('immediate freeze');
    this.#wanted.add('read of frozen counters');
  }

  /** The outstation has restarted: it has forgotten that it may report, and where its values had been. */
  restarted(): void {
    this.#clearedRestart = false;
    this.readEverything();
    this.#enable();
  }

  readEverything(): void {
    this.#wanted.add('integrity poll');
  }

  readRest(): void {
    this.#wanted.add('read of the rest');
  }

  clearRestart(): void {
    if (this.#options.clearRestart && !this.#clearedRestart) this.#wanted.add('clear restart');
  }

  readEvents(): void {
    if (this.#eventPolls < MAX_EVENT_POLLS) this.#wanted.add('event poll');
  }

  /** It has been silent for long, and would be so if the link were dead. */
  requestStatus(): void {
    this.#wanted.add('link status');
  }

  setTime(): void {
    const { synchroniseTime } = this.#options;
    if (synchroniseTime === 'off' || this.#clock.elapsedMs() < this.#timeMs) return;
    this.#wanted.add(synchroniseTime === 'lan' ? 'record current time' : 'delay measurement');
    this.#wanted.add('write time');
  }

  /** The outstation does not know how. */
  drop(task: Task): void {
    this.#wanted.delete(task);
  }

  done(task: Task): void {
    this.#wanted.delete(task);
    // Whatever it was asked, it has answered.
    this.#wanted.delete('link status');
    const nowMs = this.#clock.elapsedMs();
    switch (task) {
      case 'clear restart':
        this.#clearedRestart = true;
        break;
      case 'record current time':
      case 'delay measurement':
        this.#timeMs = nowMs + TIME_RETRY_MS;
        break;
      case 'integrity poll':
        this.#integrityMs = nowMs + this.#options.integrityInterval;
        this.#wanted.delete('event poll');
        break;
      case 'event poll':
        this.#eventPolls++;
        break;
    }
  }

  #enable(): void {
    if (this.#options.unsolicited && this.#options.classes.some((eventClass) => eventClass > 0)) {
      this.#wanted.add('enable unsolicited');
    }
  }
}
