/** The latest events of the plant, as many as one looks through: what SQL knows as the table `events`. */

import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { PlantRows } from './plantTables.ts';

const MOST_EVENTS = 10_000;

export class RecentEvents implements PlantRows<PlantEvent> {
  #events: PlantEvent[] = [];
  #revision = 0;

  readonly record = (event: PlantEvent): void => {
    this.#revision++;
    this.#events.push(event);
    if (this.#events.length >= 2 * MOST_EVENTS) this.#events = this.#events.slice(-MOST_EVENTS);
  };

  revision(): number {
    return this.#revision;
  }

  /** Oldest first. */
  rows(): readonly PlantEvent[] {
    return this.#events.slice(-MOST_EVENTS);
  }
}
