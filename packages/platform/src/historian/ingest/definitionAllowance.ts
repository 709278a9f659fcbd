/**
 * How much a gateway may define. Every version of a definition is kept for ever: a gateway that defines its tags anew
 * without end must fill neither the memory nor the disk for all others (IEC 62443-3-3, SR 7.1, SR 7.2).
 */

export interface DefinitionLimits {
  /** Tags kept of one gateway. */
  readonly tags: number;
  /** Their definitions as they are now. */
  readonly bytes: number;
  /** Definitions that may be written in a day; all of them at once. */
  readonly bytesPerDay: number;
}

const MIB = 1024 * 1024;

/** Several times what the longest list has that a gateway can send. */
export const DEFINITION_LIMITS: DefinitionLimits = { tags: 500_000, bytes: 256 * MIB, bytesPerDay: 512 * MIB };

const US_PER_DAY = 86_400e6;

export class DefinitionAllowance {
  readonly #limits: DefinitionLimits;
  /** What is kept of each gateway. */
  readonly #kept = new Map<string, { tags: number; bytes: number }>();
  readonly #written = new Map<string, { bytes: number; at: number }>();

  constructor(limits: DefinitionLimits = DEFINITION_LIMITS) {
    this.#limits = limits;
  }

  /** Why a gateway may not have so many tags and bytes more, of which `written` are written now (µs); else `undefined`. */
  defect(gateway: string, more: { tags: number; bytes: number; written: number }, now: number): string | undefined {
    const { tags, bytes, bytesPerDay } = this.#limits;
    const kept = this.#kept.get(gateway) ?? NOTHING;
    if (more.tags > 0 && kept.tags + more.tags > tags)
      return `${kept.tags} tags are kept, and ${more.tags} would be new: ${tags} are the most`;
    if (more.bytes > 0 && kept.bytes + more.bytes > bytes)
      return `definitions of ${kept.bytes} bytes are kept, and ${more.bytes} would be new: ${bytes} are the most`;
    if (more.written > 0 && this.#writtenLately(gateway, now) + more.written > bytesPerDay)
      return `definitions change too often: ${bytesPerDay} bytes of them may be written in a day`;
    return undefined;
  }

  /** Counts what has become of a gateway's definitions. */
  count(gateway: string, more: { tags: number; bytes: number; written: number }, now: number): void {
    const { tags, bytes } = this.#kept.get(gateway) ?? NOTHING;
    this.#kept.set(gateway, { tags: tags + more.tags, bytes: bytes + more.bytes });
    if (more.written === 0) return;
    this.#written.set(gateway, { bytes: this.#writtenLately(gateway, now) + more.written, at: now });
  }

  /** What is written is forgotten evenly, within a day. */
  #writtenLately(gateway: string, now: number): number {
    const { bytes, at } = this.#written.get(gateway) ?? { bytes: 0, at: now };
    return Math.max(0, bytes - (this.#limits.bytesPerDay * Math.max(0, now - at)) / US_PER_DAY);
  }
}

const NOTHING = { tags: 0, bytes: 0 };
