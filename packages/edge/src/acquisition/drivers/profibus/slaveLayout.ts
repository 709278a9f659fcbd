/** Where the points of a slave lie in its images: known from a configuration, and from the diagnosis which of them are faulty. */

import type { Configuration } from './dp/configuration.ts';
import type { Diagnosis } from './dp/diagnosis.ts';
import type { Gsd } from './gsd/gsd.ts';
import { laySlots, type Slot } from './gsd/slots.ts';

type Area = 'input' | 'output';

export class SlaveLayout {
  readonly configuration: Configuration;
  readonly slots: readonly Slot[];

  constructor(configuration: Configuration, gsd: Gsd | undefined) {
    this.configuration = configuration;
    this.slots = laySlots(configuration, gsd);
  }

  /** The first byte of a slot's inputs or outputs, and how many it has; `undefined` where there is no such slot. */
  placeOf(slot: number, area: Area): { readonly start: number; readonly bytes: number } | undefined {
    const found = this.slots[slot - 1];
    if (!found) return undefined;
    return area === 'input'
      ? { start: found.inputStart, bytes: found.inputBytes }
      : { start: found.outputStart, bytes: found.outputBytes };
  }

  /** Whether the diagnosis names a module among whose bytes are some of those from `at` on. A module is an identifier here. */
  isFaulty(diagnosis: Diagnosis, area: Area, at: number, width: number): boolean {
    return diagnosis.blocks.some((block) => {
      if (block.kind === 'modules') return block.slots.some((module) => this.#touches(module, area, at, width));
      return block.kind === 'channel' && this.#touches(block.slot, area, at, width);
    });
  }

  #touches(module: number, area: Area, at: number, width: number): boolean {
    const found = this.configuration.modules[module - 1];
    if (!found) return false;
    const start = area === 'input' ? found.inputStart : found.outputStart;
    const bytes = area === 'input' ? found.inputBytes : found.outputBytes;
    return at < start + bytes && start < at + width;
  }
}
